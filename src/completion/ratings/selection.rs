use super::super::{Duplicates, Error, MatrixCompletion};
use super::alternating_least_squares::solve_from;
use super::standardization::Standardization;
use super::{Penalty, Settings};
use crate::random::{StreamKey, uniform_unit};

/// One candidate of [`select`], tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The settings.
    pub settings: Settings,
    /// Root of the mean squared error on the entries held out.
    pub rmse: f64,
    /// Iterations its fit took.
    pub iterations: usize,
}

/// What [`select`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The settings of least validation error, the first of equals.
    pub settings: Settings,
    /// Their root of the mean squared error on the entries held out.
    pub rmse: f64,
    /// Entries held out.
    pub held_out: usize,
    /// Every candidate, in the order given.
    pub trials: Vec<Trial>,
}

/// Ridges of [`candidates`] in standard deviations of the observed values, for [`Penalty::PerRow`].
const PER_ROW: [f64; 6] = [40.0, 28.0, 20.0, 14.0, 10.0, 7.0];
/// The same for [`Penalty::PerEntry`].
const PER_ENTRY: [f64; 6] = [0.4, 0.28, 0.2, 0.14, 0.1, 0.07];

/// The grid to [`select`] from: `base` with each of the ranks and each of six ridges, 7σ to 40σ ([`Penalty::PerRow`])
/// or 0.07σ to 0.4σ ([`Penalty::PerEntry`]), greatest first; biases alone come first where the model has them. A ridge
/// that `base` sets stands alone.
#[must_use]
pub fn candidates(problem: &MatrixCompletion, base: &Settings, ranks: &[usize]) -> Vec<Settings> {
    let sigma = Standardization::new(problem, base.biases).sigma;
    let grid = match base.penalty {
        Penalty::PerRow => PER_ROW,
        Penalty::PerEntry => PER_ENTRY,
    };
    let ridges = base.ridge.map_or_else(|| grid.map(|ridge| ridge * sigma).to_vec(), |ridge| vec![ridge]);
    let alone = base.biases.then(|| Settings { rank: 0, ..base.clone() });
    let ranks = ranks.iter().filter(|&&rank| rank > 0);
    let factored = ranks.flat_map(|&rank| {
        ridges.iter().map(move |&ridge| Settings { rank, ridge: Some(ridge), ..base.clone() })
    });
    alone.into_iter().chain(factored).collect()
}

/// Fits every candidate to the observed entries but a `share` of them, drawn from `key`, and takes the one that predicts
/// those best.
///
/// A candidate of the rank of the one before starts where that one ended, so that ridges in descending order cost few
/// iterations each. Nothing is fitted to all of Ω here: [`solve`](super::solve) with the settings found does that.
///
/// # Errors
/// [`Error::Setting`] for no candidates, and for a share outside (0, 1) or one that leaves nothing to fit or to predict;
/// else as [`solve`](super::solve).
///
/// ```
/// use proofsketch::completion::ratings::{Settings, candidates, select};
/// use proofsketch::completion::{Duplicates, MatrixCompletion};
/// use proofsketch::random::StreamKey;
///
/// // Biases and nothing else: no rank predicts better than rank 0.
/// let rating = |i: u32, j: u32| f64::from(i % 3) - f64::from(j % 4) + f64::from((i * 31 + j * 17) % 7) / 7.0;
/// let pairs = (0..60).flat_map(|i| (0..40).map(move |j| (i, j)));
/// let observed: Vec<_> = pairs.filter(|(i, j)| (i * i + j) % 3 > 0).map(|(i, j)| (i, j, rating(i, j))).collect();
/// let problem = MatrixCompletion::from_triplets(60, 40, &observed, Duplicates::Refuse)?;
/// let grid = candidates(&problem, &Settings::default(), &[2, 4]);
/// let selection = select(&problem, &grid, 0.1, StreamKey::from_seed(1))?;
/// assert_eq!(selection.trials.len(), 13);
/// assert!(selection.rmse <= selection.trials[0].rmse);
/// # Ok::<(), proofsketch::completion::Error>(())
/// ```
pub fn select(
    problem: &MatrixCompletion,
    candidates: &[Settings],
    share: f64,
    key: StreamKey,
) -> Result<Selection, Error> {
    let (train, held_out) = split(problem, share, key.named("validation"))?;
    let (mut trials, mut state) = (Vec::<Trial>::with_capacity(candidates.len()), None);
    for settings in candidates {
        let (report, last) = solve_from(&train, settings, state.take(), key.named("fit"))?;
        let (rmse, iterations) = (report.solution.rmse(held_out.iter().copied()), report.iterations());
        trials.push(Trial { settings: settings.clone(), rmse, iterations });
        state = Some(last);
    }
    let best = trials.iter().min_by(|a, b| a.rmse.total_cmp(&b.rmse));
    let Some(best) = best else {
        return Err(Error::Setting { name: "candidates", value: 0.0, range: "one at least" });
    };
    Ok(Selection { settings: best.settings.clone(), rmse: best.rmse, held_out: held_out.len(), trials })
}

type Triplets = Vec<(u32, u32, f64)>;

/// The problem without a random share of its entries, and these. One stream a row, so that the cut of one row does not
/// depend on another's length.
fn split(
    problem: &MatrixCompletion,
    share: f64,
    key: StreamKey,
) -> Result<(MatrixCompletion, Triplets), Error> {
    let (mut kept, mut held_out) = (Vec::new(), Triplets::new());
    let mut place = 0;
    for i in 0..problem.nrows() {
        let mut rng = key.block(i as u64);
        let (columns, values) = problem.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            let weight = problem.weights().map_or(1.0, |weights| weights[place]);
            place += 1;
            if uniform_unit(&mut rng) < share {
                held_out.push((i as u32, j, value));
            } else {
                kept.push((i as u32, j, value, weight));
            }
        }
    }
    if kept.is_empty() || held_out.is_empty() || !(0.0..1.0).contains(&share) {
        let range = "0 < share < 1, with entries to fit and entries to hold out";
        return Err(Error::Setting { name: "share", value: share, range });
    }
    let (nrows, ncols) = (problem.nrows(), problem.ncols());
    let train = if problem.weights().is_some() {
        MatrixCompletion::from_weighted_triplets(nrows, ncols, &kept, Duplicates::Refuse)
    } else {
        let kept: Triplets = kept.into_iter().map(|(i, j, value, _)| (i, j, value)).collect();
        MatrixCompletion::from_triplet_vec(nrows, ncols, kept, Duplicates::Refuse)
    };
    Ok((train?, held_out))
}

use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::factor::{Factor, orthonormalise, perturb};
use super::half_step::{Outcome, Squares, Task, regress, squared_residuals};
use super::held_out::Observations;
use super::iterate::Iterate;
use super::row_solver::Effort;
use super::{Error, MatrixCompletion, Record, Sampling, Settings, Solution};
use super::{reuse, split};
use crate::linalg::{Svd, euclidean_norm};
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// Completes M from P_Ω(M) by alternating minimization: spectral initialisation, then least squares for V given U and
/// for U given V in turn, the factor given always orthonormalised.
///
/// The entries held out and the test matrix of the initialisation are drawn from `key`. The bits of the answer do not
/// depend on the number of threads.
///
/// The iteration ends as [`Status::Converged`] by one of the tolerances, or where the residual has stopped falling within
/// 1000 times `tol` or under a fixed ridge; as [`Status::Stagnated`] where it has stopped falling further from it, as with
/// noise or a rank too low: the fit is the best of this rank that was found; as [`Status::NotRecovered`] where the entries
/// held out contradict the fit, their residual above a thousandth of their norm and above ten times that of the others
/// (twice, at the limit of iterations): the answer fits Ω and is not to be trusted elsewhere.
///
/// # Errors
/// [`Error::Rank`] and [`Error::Setting`] for settings out of range; [`Error::TooFewToSplit`] with the number of entries
/// that [`Sampling::Split`] would need; [`Error::Overflow`].
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::completion::{Duplicates, MatrixCompletion, Settings, solve};
/// use proofsketch::random::StreamKey;
///
/// // A matrix of rank 2, two entries of three observed.
/// let m = DMatrix::from_fn(40, 30, |i, j| (i as f64).sin() * (j as f64).cos() + 0.02 * i as f64);
/// let mut triplets = Vec::new();
/// for (i, j) in (0..40).flat_map(|i| (0..30).map(move |j| (i, j))) {
///     if (i * 7 + j * 11) % 3 != 0 {
///         triplets.push((i as u32, j as u32, m[(i, j)]));
///     }
/// }
/// let problem = MatrixCompletion::from_triplets(40, 30, &triplets, Duplicates::Refuse)?;
/// let report = solve(&problem, &Settings::of_rank(2), StreamKey::from_seed(1))?;
/// let completed = &report.solution.u * report.solution.v.transpose();
/// assert!((completed - &m).norm() < 1e-9 * m.norm());
/// # Ok::<(), proofsketch::completion::Error>(())
/// ```
pub fn solve(
    problem: &MatrixCompletion,
    settings: &Settings,
    key: StreamKey,
) -> Result<Report<Solution, Record>, Error> {
    solve_observed(problem, settings, key, |_, _| ControlFlow::Continue(()))
}

/// [`solve`] with an observer: it sees every record and iterate as they are made, and may stop the iteration.
///
/// # Errors
/// As [`solve`].
pub fn solve_observed(
    problem: &MatrixCompletion,
    settings: &Settings,
    key: StreamKey,
    mut observe: impl FnMut(&Record, &Iterate<'_>) -> ControlFlow<()>,
) -> Result<Report<Solution, Record>, Error> {
    settings.check(problem)?;
    let scale = scale_of_values(problem);
    let Some(scale) = scale else {
        let zero = |nrows| DMatrix::zeros(nrows, settings.rank);
        let solution = Solution::new(problem, zero(problem.nrows()), zero(problem.ncols()), 0.0, None)?;
        return Ok(Report { solution, status: Status::Converged, history: Vec::new() });
    };
    let report = match settings.sampling {
        Sampling::Reuse => reuse::solve(problem, settings, scale, key, &mut observe),
        Sampling::Split { iterations, incoherence } => {
            split::solve(problem, settings, (iterations, incoherence), scale, key, &mut observe)
        }
    }?;
    let Solution { u, v, relative_residual, .. } = &report.solution;
    if u.iter().chain(v).chain([relative_residual]).any(|number| !number.is_finite()) {
        return Err(Error::Overflow { what: "a factor" });
    }
    Ok(report)
}

/// The ridge of a coordinate exceeds that of the first by no more than this.
const LARGEST_SHARE: f64 = 1e12;

pub(crate) type Observer<'o> = dyn FnMut(&Record, &Iterate<'_>) -> ControlFlow<()> + 'o;

/// 1/s for the root mean square s of the observed values; none where all are zero.
fn scale_of_values(problem: &MatrixCompletion) -> Option<f64> {
    let norm = euclidean_norm(&problem.by_rows.values);
    let root = (problem.observed() as f64).sqrt();
    let mean =
        || euclidean_norm(&problem.by_rows.values.iter().map(|value| value / root).collect::<Vec<_>>());
    let scale = if norm.is_finite() { root / norm } else { 1.0 / mean() };
    (norm > 0.0).then_some(if scale.is_finite() { scale } else { f64::MAX })
}

/// U and V, in units in which observed values have mean square 1.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) u: Factor,
    pub(crate) v: Factor,
}

/// The relative norm of a residual, from squares; 0 for a residual of 0.
pub(crate) fn relative(square: f64, total: f64) -> f64 {
    if square > 0.0 { (square / total).sqrt() } else { 0.0 }
}

/// What one iteration did.
pub(crate) struct Step {
    /// How far U Vᵀ moved over both half-steps, relative to its norm.
    pub(crate) change: f64,
    pub(crate) effort: Effort,
    /// The residual it leaves.
    pub(crate) squares: Squares,
}

/// How a half-step prepares its basis, and the ridge it uses there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Penalty {
    /// An orthonormal basis and no ridge.
    None,
    /// An orthonormal basis of singular vectors of the last U Vᵀ and the ridge λ·σ₁/σⱼ on coordinate j: λ times the
    /// nuclear norm of U Vᵀ, to first order.
    Nuclear(f64),
    /// The basis as it is and the ridge λ.
    Plain(f64),
}

/// V from U, then U from V.
pub(crate) fn step(
    state: &mut State,
    rows: &Observations<'_>,
    columns: &Observations<'_>,
    settings: &Settings,
    penalty: Penalty,
    key: StreamKey,
) -> Result<Step, Error> {
    let State { u, v } = state;
    let for_v = half_step(u, v, columns, settings, (penalty, false), key.named("columns"))?;
    let mut step = half_step(v, u, rows, settings, (penalty, true), key.named("rows"))?;
    step.change += for_v.change;
    step.effort += for_v.effort;
    Ok(step)
}

/// Prepares `basis`, takes the change of basis into `factor`, so that the product stays, and solves for `factor`.
fn half_step(
    basis: &mut Factor,
    factor: &mut Factor,
    observations: &Observations<'_>,
    settings: &Settings,
    (penalty, measure): (Penalty, bool),
    key: StreamKey,
) -> Result<Step, Error> {
    let ridge = prepare(basis, factor, penalty)?;
    let inexact = settings.step_error > 0.0;
    let metric = matches!(penalty, Penalty::Plain(_)).then(|| basis.gram());
    let task = Task {
        solver: settings.solver,
        ridge: &ridge,
        metric: metric.as_ref(),
        measure: measure && !inexact,
        key: key.named("sketch"),
    };
    let Outcome { effort, mut squares, moved, total } = regress(observations, basis, factor, &task)?;
    if inexact {
        perturb(factor, settings.step_error, key.named("step error"))?;
        if measure {
            squares = squared_residuals(observations, factor, basis);
        }
    }
    Ok(Step { change: relative(moved, total), effort, squares })
}

/// Turns `basis` and `factor` without changing their product; the ridge of each coordinate.
fn prepare(basis: &mut Factor, factor: &mut Factor, penalty: Penalty) -> Result<Vec<f64>, Error> {
    let rank = basis.ncols();
    match penalty {
        Penalty::Plain(ridge) => Ok(vec![ridge; rank]),
        Penalty::None => {
            let r = orthonormalise(basis)?;
            factor.multiply(&r.transpose());
            Ok(vec![0.0; rank])
        }
        Penalty::Nuclear(ridge) => {
            let r = orthonormalise(basis)?;
            let svd = Svd::new(&r)?;
            basis.multiply(&svd.u);
            factor.multiply(&(r.transpose() * &svd.u));
            let values = &svd.singular_values;
            let share = |value: f64| (values[0] / value).min(LARGEST_SHARE);
            Ok(values
                .iter()
                .map(|&value| if values[0] > 0.0 { ridge * share(value) } else { ridge })
                .collect())
        }
    }
}

/// The answer in the units of M.
pub(crate) fn finish(
    problem: &MatrixCompletion,
    state: State,
    (scale, units): (f64, (f64, f64)),
    (status, history): (Status, Vec<Record>),
    validation: Option<f64>,
) -> Result<Report<Solution, Record>, Error> {
    let rows = Observations::of_rows(problem, None, scale);
    let norm = squared_values(&rows).kept;
    let residual = relative(squared_residuals(&rows, &state.u, &state.v).kept, norm);
    // One factor at a time, so that no more than three are held.
    let State { u, v } = state;
    let u = in_units(u, units.0);
    let v = in_units(v, units.1);
    let solution = Solution::new(problem, u, v, residual, validation)?;
    Ok(Report { solution, status, history })
}

fn in_units(factor: Factor, unit: f64) -> DMatrix<f64> {
    let mut matrix = factor.to_matrix();
    matrix *= unit;
    matrix
}

/// ‖P M‖² over the entries in use and over those held out.
pub(crate) fn squared_values(rows: &Observations<'_>) -> Squares {
    let lines = rows.lines.len();
    let crossing = rows.lines.indices.iter().max().map_or(0, |&last| last as usize + 1);
    squared_residuals(rows, &Factor::zeros(lines, 1), &Factor::zeros(crossing, 1))
}

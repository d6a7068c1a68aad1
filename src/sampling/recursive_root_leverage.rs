use nalgebra::DMatrix;

use super::error::{check_exponent, in_range};
use super::weighted_rows::relative_rows;
use super::{Coreset, Error, RowScores, ScoreKind, leverage_scores};
use crate::random::StreamKey;
use crate::sketch::{RowSampling, SketchDistribution};
use crate::solve::{Report, Status};

/// Settings of [`recursive_root_leverage`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RootLeverageSettings {
    /// α ∈ (0, 1]: the score from which a row is kept for sure. For distortion ε a round, Θ(ε²/(log³n + log(1/δ))).
    pub alpha: f64,
    /// The recursion ends with the round that keeps more than this share of its rows, in (0, 1).
    pub shrinkage: f64,
    /// Most rounds.
    pub max_rounds: usize,
}

impl Default for RootLeverageSettings {
    /// α = ¼, until a round keeps more than 0.9 of its rows, 50 rounds at most.
    fn default() -> Self {
        Self { alpha: 0.25, shrinkage: 0.9, max_rounds: 50 }
    }
}

/// One round of [`recursive_root_leverage`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RootLeverageRound {
    /// From 1.
    pub round: usize,
    /// n_t, rows at its start.
    pub rows: usize,
    /// Στᵢ of these rows: their rank.
    pub leverage: f64,
    /// Σqᵢ.
    pub expected_rows: f64,
    /// n_{t+1}, rows kept.
    pub kept: usize,
}

/// Rows sampled by root leverage scores again and again, p ≠ 2, down to about d·α^(−2/p) of them for p < 2.
///
/// With A₀ = A, a round computes the leverage scores τᵢ of the n_t rows of A_t, keeps row i with probability
///
///   qᵢ = min(1, τᵢ^(p/2)/α) for p < 2,  qᵢ = min(1, n_t^(p/2−1)τᵢ^(p/2)/α) for p > 2,
///
/// and multiplies it by qᵢ^(−1/p); the rounds end with one that keeps more than 0.9 of its rows. The weights of the coreset
/// are the products of the 1/qᵢ, and E ΣWᵢ|aᵢᵀx|ᵖ = ‖Ax‖ₚᵖ.
///
/// * p < 2: with N = r·α^(−2/p), r = rank A, the power mean inequality gives E n_{t+1}/N ≤ (n_t/N)^(1−p/2), with equality
///   where all leverage is alike: O(log log n) rounds down to N, where one round keeps n^(1−p/2)r^(p/2)/α. Where qᵢ = 1 for
///   all rows, τᵢ ≥ α^(2/p), and there are at most N of them.
///   The rule of 0.9 ends them at up to N·0.9^(1−2/p), 1.11N at p = 1 and 1.17N at p = 0.8, or by chance a little earlier.
/// * p > 2: E n_{t+1} ≤ 2n_t^(1−2/p)r·α^(−2/p), down to at most (2r)^(p/2)/α rows. Where all leverage is alike one round keeps
///   r^(p/2)/α.
///
/// At α = Θ(ε²)/(log³n + log(1/δ)) each round is a (1 ± ε) embedding but with probability δ, for Õ(ε^(−4/p)r) rows in the
/// end for p < 2; the distortions of the rounds multiply, so that each needs its share of ε. Cost 2nd² flops for the
/// first round, less for all others together. Whether row i survives a round depends on the key, the round, i and qᵢ alone.
///
/// [`Status::Converged`]: a round kept more than its share. [`Status::IterationLimit`]: `max_rounds` came first.
/// [`Status::Stagnated`]: a round kept no row at all, of probability at most exp(−Σqᵢ).
///
/// # Errors
/// [`Error::Exponent`] unless 0 < p < ∞ and p ≠ 2; [`Error::Setting`] for α outside (0, 1], a share outside (0, 1) or no
/// rounds; otherwise as [`leverage_scores`].
///
/// Source: T. Yasuda, PhD thesis, CMU-CS-24-110, 2024, Theorems 8.0.2, 8.0.3 and 8.1.1, which have the sizes and α without
/// their constants; the contraction is derived above.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{RootLeverageSettings, instances, recursive_root_leverage};
///
/// let a = instances::gaussian(20_000, 4, StreamKey::from_seed(1));
/// let settings = RootLeverageSettings::default();
/// let sampled = recursive_root_leverage(&a, 1.0, &settings, StreamKey::from_seed(2))?;
/// // 20000 rows, then about √20000·√4·4 = 1131, … down to 4·4² = 64.
/// let sizes: Vec<usize> = sampled.history.iter().map(|round| round.kept).collect();
/// assert!((1000..1250).contains(&sizes[0]) && (50..80).contains(&sampled.solution.len()), "{sizes:?}");
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn recursive_root_leverage(
    a: &DMatrix<f64>,
    p: f64,
    settings: &RootLeverageSettings,
    key: StreamKey,
) -> Result<Report<Coreset, RootLeverageRound>, Error> {
    check_exponent(p, |p| p > 0.0 && p != 2.0, "0 < p < ∞, p ≠ 2")?;
    settings.check()?;
    let mut leverage = leverage_scores(a)?;
    let rows = (0..a.nrows()).filter(|&i| leverage[i] > 0.0).collect::<Vec<_>>();
    leverage.retain(|&tau| tau > 0.0);
    let weights = vec![1.0; rows.len()];
    let mut coreset = Coreset::of_rows(a.nrows(), p, rows, weights);
    let (mut history, mut status) = (Vec::new(), Status::IterationLimit);
    for round in 1..=settings.max_rounds {
        if round > 1 {
            leverage = leverage_scores(&relative_rows(a, &coreset))?;
        }
        let (kept, expected_rows) = draw(&coreset, &leverage, settings.alpha, key.indexed(round as u64))?;
        let record = RootLeverageRound {
            round,
            rows: coreset.len(),
            leverage: leverage.iter().sum(),
            expected_rows,
            kept: kept.len(),
        };
        history.push(record);
        coreset = kept;
        if record.kept == 0 {
            status = Status::Stagnated;
            break;
        }
        if record.kept as f64 > settings.shrinkage * record.rows as f64 {
            status = Status::Converged;
            break;
        }
    }
    Ok(Report { solution: coreset.drawn_by(ScoreKind::RootLeverage, None), status, history })
}

/// The rows that one round keeps, and how many it keeps in expectation.
fn draw(coreset: &Coreset, leverage: &[f64], alpha: f64, key: StreamKey) -> Result<(Coreset, f64), Error> {
    let scores = RowScores::root_leverage(leverage, coreset.norm_exponent())?;
    // By the row of A, not by its position, so that a row has the same stream whatever was dropped before.
    let mut probabilities = vec![0.0; coreset.nrows()];
    for (&row, score) in coreset.indices().iter().zip(scores.values()) {
        probabilities[row] = (score / alpha).min(1.0);
    }
    let sampling = RowSampling::new(probabilities, coreset.norm_exponent())?;
    let kept = sampling.sample(key);
    let q = sampling.probabilities();
    let pairs = coreset.indices().iter().zip(coreset.weights());
    let (rows, weights) = pairs
        .filter(|(row, _)| kept.kept().binary_search(row).is_ok())
        .map(|(&row, weight)| (row, (weight / q[row]).min(f64::MAX)))
        .unzip();
    let kept = Coreset::of_rows(coreset.nrows(), coreset.norm_exponent(), rows, weights);
    Ok((kept, sampling.expected_rows()))
}

impl RootLeverageSettings {
    fn check(&self) -> Result<(), Error> {
        let Self { alpha, shrinkage, max_rounds } = *self;
        in_range("alpha", alpha, alpha > 0.0 && alpha <= 1.0, "0 < α ≤ 1")?;
        in_range("shrinkage", shrinkage, shrinkage > 0.0 && shrinkage < 1.0, "0 < shrinkage < 1")?;
        in_range("max_rounds", max_rounds as f64, max_rounds > 0, "max_rounds ≥ 1")
    }
}

use nalgebra::DMatrix;

use super::halving::Halving;
use super::{Coreset, Error, Flattening, HalvingRound, HalvingSettings, ScoreKind};
use crate::random::StreamKey;
use crate::solve::Report;

/// Rows flattened by ℓp sensitivities and half of them dropped, again and again, 1 ≤ p < ∞.
///
/// A round on n rows of total sensitivity S splits them by [`Flattening`] at C = 4, into at most 5n/4 copies of sensitivity
/// at most 4S/n, and keeps each copy with probability ½ and weight 2, so that row i weighs 2·Bin(kᵢ, ½)/kᵢ times what it
/// did. At most 5n/8 rows are left in expectation; a draw of more than 15n/16, or of smaller rank, is discarded. The weights
/// of the coreset are the products over the rounds.
///
/// The rounds end at `target_rows`, or before a round whose error, by the formula
///
///   e(n) = c·p·(D·ln n/n)^(1/2)·ln(pr),  D = S^(2−2/p) for p ≥ 2,  D = r^(1−p/2)S for p ≤ 2,
///
/// exceeds `epsilon`; r = rank A, and S is the sum of the upper bounds at hand. Errors of rounds add, and each is about
/// (8/5)^(1/2) times that before it, so that their sum is a multiple of the last. With the right c, m = Õ(ε⁻²D) rows embed.
/// c = `constant` is not known. At c = 1 the sum of e over one to four rounds was 5 to 70 times the distortion seen, on 2000
/// Gaussian, heavy-tailed and Chebyshev rows of rank 5 and 9, p = 1 to 4. A run that ends at `target_rows` carries no
/// guarantee of its own: measure it with [`distortion()`](super::distortion()).
///
/// With `reuse` > 1 sensitivities serve several rounds: a row that a draw gives weight W is bounded by 2Wσᵢ afterwards, which
/// holds if the draw lost at most half of ‖Ax‖ₚᵖ, cut with its root leverage score.
///
/// Cost: [`sensitivities_to_factor`](super::sensitivities_to_factor) of n rows, then of those kept, …: in all about 8/3 of the
/// first. Whether row i survives a round depends on the key, the round, i and kᵢ alone, but for discarded draws.
///
/// [`Status::Converged`](crate::solve::Status::Converged): the rounds ended as above;
/// [`Status::Stagnated`](crate::solve::Status::Stagnated): `max_draws` of a round were discarded, and the rows before it are
/// returned; [`Status::IterationLimit`](crate::solve::Status::IterationLimit).
///
/// # Errors
/// [`Error::Exponent`] unless 1 ≤ p < ∞; [`Error::Setting`] with the first setting that is out of range; otherwise as
/// [`RowBasis::new`](super::RowBasis::new).
///
/// Source: T. Yasuda, PhD thesis, CMU-CS-24-110, 2024, Lemma 7.4.4, for p > 2; D for p ≤ 2 and the rank of a draw are this
/// library's.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{HalvingSettings, instances, recursive_sensitivity};
///
/// let a = instances::heavy_tails(600, 4, 1.0, StreamKey::from_seed(1));
/// let settings = HalvingSettings { target_rows: 150, epsilon: f64::INFINITY, ..HalvingSettings::default() };
/// let sampled = recursive_sensitivity(&a, 3.0, &settings, StreamKey::from_seed(2))?;
/// assert!(sampled.solution.len() <= 150 && sampled.solution.len() >= 40);
/// assert!(sampled.history.iter().all(|round| round.copies <= 5 * round.rows / 4));
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn recursive_sensitivity(
    a: &DMatrix<f64>,
    p: f64,
    settings: &HalvingSettings,
    key: StreamKey,
) -> Result<Report<Coreset, HalvingRound>, Error> {
    let rounds = Halving {
        kind: ScoreKind::Sensitivity,
        flatten: |_, scores, constant| Flattening::new(scores, constant),
        dimension: |p, r, total| {
            if p > 2.0 { total.powf(2.0 - 2.0 / p) } else { r.powf(1.0 - p / 2.0) * total }
        },
    };
    rounds.run(a, p, settings, key)
}

use nalgebra::DMatrix;

use super::error::check_exponent;
use super::halving::Halving;
use super::{Coreset, Error, Flattening, HalvingRound, HalvingSettings, ScoreKind};
use crate::random::StreamKey;
use crate::solve::Report;

/// Rows flattened by ℓp sensitivities and then by leverage scores, and half of them dropped, again and again, 2 < p < ∞.
///
/// [`recursive_sensitivity`](super::recursive_sensitivity()) with
/// [`Flattening::by_sensitivity_and_leverage`] in each round: at C = 4 at most 3n/2 copies, of sensitivity at most 4S/n and
/// leverage at most 4r^(2/p)S^(1−2/p)/n, of which at most 3n/4 rows are left in expectation. A round's error by chaining is
/// of the order of p·τ^(1/2)(σn)^(1/2−1/p) but for logarithms, for largest leverage τ and largest sensitivity σ of its copies:
///
///   e(n) = c·p·(D·ln n/n)^(1/2)·ln(pr),  D = r^(2/p)S^(2−4/p),
///
/// which is m = Õ(ε⁻²r^(2/p)S^(2−4/p)) rows for error ε. D ≤ S^(2−2/p) because r ≤ S. Rounds, settings, statuses and cost are as
/// in [`recursive_sensitivity`](super::recursive_sensitivity()), with the leverage scores of the copies besides.
///
/// The number of rows is that of D. Woodruff and T. Yasuda, "Sharper Bounds for ℓp Sensitivity Sampling", ICML 2023, who
/// combine sensitivity with leverage score sampling for it. The algorithm here is this library's reconstruction from that rate
/// and from the lemmas of T. Yasuda's thesis (CMU-CS-24-110, 2024, 7.3.1, 7.3.3 and 7.4.2); it may differ from theirs.
///
/// # Errors
/// [`Error::Exponent`] unless 2 < p < ∞; otherwise as [`recursive_sensitivity`](super::recursive_sensitivity()).
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{HalvingSettings, instances, recursive_leverage_sensitivity};
///
/// let a = instances::heavy_tails(600, 4, 1.0, StreamKey::from_seed(1));
/// let settings = HalvingSettings { target_rows: 150, epsilon: f64::INFINITY, ..HalvingSettings::default() };
/// let sampled = recursive_leverage_sensitivity(&a, 3.0, &settings, StreamKey::from_seed(2))?;
/// assert!(sampled.solution.len() <= 150);
/// assert!(sampled.history.iter().all(|round| round.copies <= 3 * round.rows / 2));
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn recursive_leverage_sensitivity(
    a: &DMatrix<f64>,
    p: f64,
    settings: &HalvingSettings,
    key: StreamKey,
) -> Result<Report<Coreset, HalvingRound>, Error> {
    check_exponent(p, |p| p > 2.0, "2 < p < ∞")?;
    let rounds = Halving {
        kind: ScoreKind::LeverageSensitivity,
        flatten: Flattening::by_sensitivity_and_leverage,
        dimension: |p, r, total| r.powf(2.0 / p) * total.powf(2.0 - 4.0 / p),
    };
    rounds.run(a, p, settings, key)
}

//! Sensitivities of many rows to a constant factor.

use rayon::prelude::*;

use super::lewis_bounds::{sensitivity_bounds, whitened};
use super::moment_bounds::MomentBounds;
use super::program::Program;
use super::{Interval, SensitivitySettings, check, solve};
use crate::linalg::{PairSums, pair_sums};
use crate::sampling::error::in_range;
use crate::sampling::{Error, LewisSettings, LewisWeights, RowBasis, lewis_weights};

/// Every ℓp sensitivity with `upper` ≤ `factor` · `lower`, 1 ≤ p < ∞: what sampling needs, at a fraction of the cost of
/// [`sensitivities`](super::sensitivities).
///
/// Rows that [`sensitivity_bounds`] leaves too wide get a primal and a dual point of their own from Lewis weights w, with
/// M = (QᵀW^(1−2/p)Q)⁻¹: the point x = Mqᵢ, and the best of W^(1−2/p)Qx + t eᵢ over t, each of which is dual feasible. Their
/// norms are Σwⱼtⱼᵃ, tⱼ = |qⱼᵀx|wⱼ^(−1/p), at a = p and at a = p*. For 4/3 ≤ p ≤ 4 and r³ ≤ n they are bounded first, by
/// Hölder's inequality between a = 0, 2 and 4, where the sums are a quadratic and a quartic form of x. Rows that this leaves
/// too wide have them computed, k of them by one product of a k×r and an r×n matrix. Rows that still miss are solved one by
/// one; one that runs into `settings.max_iterations` keeps the interval reached. `settings.relative_gap` is not used.
///
/// Cost: nr⁴ flops for the forms, 2nr flops and 2n powers a row with a product and O(nr²) an iteration for each row solved.
///
/// # Errors
/// [`Error::Setting`] unless `factor` > 1; otherwise as [`sensitivities`](super::sensitivities).
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{RowBasis, SensitivitySettings, instances, sensitivities_to_factor};
///
/// let basis = RowBasis::new(&instances::heavy_tails(200, 4, 1.0, StreamKey::from_seed(1)))?;
/// let all = sensitivities_to_factor(&basis, 3.0, 2.0, &SensitivitySettings::default())?;
/// assert!(all.iter().all(|sensitivity| sensitivity.upper <= 2.0 * sensitivity.lower));
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn sensitivities_to_factor(
    basis: &RowBasis,
    p: f64,
    factor: f64,
    settings: &SensitivitySettings,
) -> Result<Vec<Interval>, Error> {
    check(p, settings)?;
    in_range("factor", factor, factor.is_finite() && factor > 1.0, "1 < factor < ∞")?;
    let lewis = lewis_weights(basis, p, &LewisSettings { tolerance: 1e-3, ..Default::default() })?.solution;
    let mut all = sensitivity_bounds(basis, &lewis)?;
    let misses = |all: &[Interval]| -> Vec<usize> {
        (0..all.len()).filter(|&i| all[i].upper > factor * all[i].lower).collect()
    };
    if let Some(moments) = MomentBounds::new(basis, &lewis)? {
        let bounds = moments.of_rows(&misses(&all));
        bounds.into_iter().for_each(|(row, bound)| all[row] = all[row].intersection(&bound));
    }
    let pending = misses(&all);
    if p > 1.0 && !pending.is_empty() {
        let own = own_points(basis, &lewis, &pending)?;
        pending.iter().zip(own).for_each(|(&i, own)| all[i] = all[i].intersection(&own));
    }
    let program = Program::new(basis.q(), p);
    let settings = SensitivitySettings { relative_gap: factor - 1.0, ..settings.clone() };
    let solved = misses(&all).into_par_iter().map(|row| {
        let c = program.row(row);
        (row, solve::solve(&program, &c, &c, 1.0, &settings).solution)
    });
    for (row, interval) in solved.collect::<Vec<_>>() {
        all[row] = all[row].intersection(&interval);
    }
    Ok(all)
}

/// The intervals of `rows` from their primal and dual points.
fn own_points(basis: &RowBasis, lewis: &LewisWeights, rows: &[usize]) -> Result<Vec<Interval>, Error> {
    let p = lewis.p;
    let conjugate = p / (p - 1.0);
    let slope = 1.0 - 2.0 / p;
    // A row of zeros has no share in any product.
    let weigh = |w: &f64, power: f64| if *w > 0.0 { w.powf(power) } else { 0.0 };
    let weights: Vec<f64> = lewis.weights.iter().map(|w| weigh(w, slope * conjugate)).collect();
    let sums = pair_sums(&whitened(basis, lewis)?, rows, (p, conjugate), &weights);
    let of =
        |(&i, sums): (&usize, &PairSums)| interval(sums, weigh(&lewis.weights[i], slope) * sums.square, p);
    Ok(rows.iter().zip(&sums).map(of).collect())
}

/// min over t of (R + t^p*)^(1/p*)/(1 + t − uᵢ), uᵢ the i-th entry of the dual point and R the power sum of the others, is
/// met at t = (R/(1 − uᵢ))^(p−1).
pub(super) fn interval(sums: &PairSums, u: f64, p: f64) -> Interval {
    let own = sums.square.powf(p);
    let lower = own / (own + sums.first);
    let conjugate = p / (p - 1.0);
    let t = (sums.second / (1.0 - u)).powf(p - 1.0);
    let norm = (sums.second + t.powf(conjugate)).powf(1.0 / conjugate);
    let upper = (norm / (1.0 + t - u)).powf(p);
    Interval {
        lower: if lower.is_finite() { lower } else { 0.0 },
        upper: if u < 1.0 && upper.is_finite() { upper.min(1.0) } else { 1.0 },
    }
}

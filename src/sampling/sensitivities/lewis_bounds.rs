//! Bounds of all sensitivities at once from Lewis weights.

use nalgebra::DMatrix;

use super::Interval;
use crate::linalg::{Qr, solve_upper_triangular_transpose};
use crate::sampling::{Error, LewisWeights, RowBasis};

/// Every ℓp sensitivity between bounds that cost O(nr²) in all, 0 < p < ∞.
///
/// For any w > 0 let hᵢ = qᵢᵀ(QᵀW^(1−2/p)Q)⁻¹qᵢ, bᵢ = hᵢ^(p/2) and κ = maxⱼ hⱼ^(1/2) wⱼ^(−1/p). Then
///
///   bᵢ (Σw)^(p/2−1) ≤ σᵢ ≤ bᵢ κ^(2−p) for p ≤ 2,  bᵢ κ^(2−p) ≤ σᵢ ≤ bᵢ (Σw)^(p/2−1) for p ≥ 2,
///
/// by Hölder's inequality for y = Qx, and for the other end at y = Q(QᵀW^(1−2/p)Q)⁻¹qᵢ. At the Lewis weights bᵢ = wᵢ, κ = 1 and
/// Σw = r, so that the ends lie r^|p/2−1| apart; how nearly w are Lewis weights does not matter to validity. The bounds are
/// cut with those of leverage, τᵢ^(p/2) on one side and n^(p/2−1)τᵢ^(p/2) on the other, and with σᵢ ≤ 1.
///
/// # Errors
/// [`Error::Length`] unless there is one weight a row; [`Error::Factorization`].
///
/// Source: the upper bounds are the classical ones of Lewis weights (M. Cohen and R. Peng, STOC 2015), the lower bound for
/// p < 2 is in X. Chen and M. Derezinski, COLT 2021; that for p > 2 is proved above.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::{LewisSettings, RowBasis, lewis_weights, sensitivity_bounds};
///
/// let basis = RowBasis::new(&dmatrix![1.0, 0.0; 0.0, 1.0; 1.0, -1.0])?;
/// let lewis = lewis_weights(&basis, 4.0, &LewisSettings::default())?.solution;
/// // 2/3 ≤ 8/9 ≤ 1: the sensitivity is 1/(1 + 2⁻³).
/// let bounds = sensitivity_bounds(&basis, &lewis)?[0];
/// assert!((bounds.lower - 2.0 / 3.0).abs() < 1e-9 && bounds.upper == 1.0);
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn sensitivity_bounds(basis: &RowBasis, lewis: &LewisWeights) -> Result<Vec<Interval>, Error> {
    let n = basis.nrows();
    if lewis.weights.len() != n {
        return Err(Error::Length { what: "Lewis weights", found: lewis.weights.len(), nrows: n });
    }
    let p = lewis.p;
    let squares: Vec<f64> = whitened(basis, lewis)?.column_iter().map(|z| z.norm_squared()).collect();
    let live = || squares.iter().zip(&lewis.weights).filter(|(_, weight)| **weight > 0.0);
    let kappa = live().map(|(h, weight)| h.sqrt() * weight.powf(-1.0 / p)).fold(0.0, f64::max);
    let ends = [kappa.powf(2.0 - p), lewis.total().powf(p / 2.0 - 1.0)];
    let leverage = basis.leverage_scores();
    let spread = (n as f64).powf(p / 2.0 - 1.0);
    let interval = |(h, tau): (&f64, &f64)| {
        let (b, root) = (h.powf(p / 2.0), tau.powf(p / 2.0));
        let lower = (b * ends[0].min(ends[1])).max(root * spread.min(1.0));
        let upper = (b * ends[0].max(ends[1])).min(root * spread.max(1.0)).min(1.0);
        Interval { lower: lower.min(upper), upper: upper.max(lower) }
    };
    Ok(squares.iter().zip(&leverage).map(interval).collect())
}

/// Zᵀ with rows zᵢ of squared length hᵢ: Z = QR⁻¹ for the triangle R of W^(1/2−1/p)Q.
pub(super) fn whitened(basis: &RowBasis, lewis: &LewisWeights) -> Result<DMatrix<f64>, Error> {
    let mut scaled = basis.q().clone();
    for mut column in scaled.column_iter_mut() {
        let weights = column.iter_mut().zip(&lewis.weights);
        for (entry, weight) in weights.filter(|(_, weight)| **weight > 0.0) {
            *entry *= weight.powf(0.5 - 1.0 / lewis.p);
        }
    }
    Ok(solve_upper_triangular_transpose(&Qr::new(&scaled)?.r(), &basis.q().transpose())?)
}

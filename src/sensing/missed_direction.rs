use super::iterate::SymmetricIterate;
use super::{Error, MatrixSensing};
use crate::linalg::{SymmetricEigen, euclidean_norm};

/// Slope of the ℓ₁ loss, in units of √(d/m), above which it is none of signs at random: those reach √2.
const NOISE: f64 = 2.0;
/// An eigenvalue this share of ‖U Uᵀ‖_F counts as missing.
const SHARE: f64 = 1e-3;

/// Whether the ℓ₁ loss at X = U Uᵀ falls towards X + τvvᵀ, v the eigenvector of the least eigenvalue of the subgradient,
/// more steeply than signs at random let it, and is least at a τ that is no rounding: X lacks an eigenvector of X★.
pub(super) fn misses_a_direction(
    problem: &MatrixSensing<'_>,
    iterate: &SymmetricIterate<'_>,
    subgradient: &nalgebra::DMatrix<f64>,
) -> Result<bool, Error> {
    let eigen = SymmetricEigen::new(subgradient)?;
    let ratio = subgradient.nrows() as f64 / problem.measurements() as f64;
    if -eigen.eigenvalues[0] <= NOISE * ratio.sqrt() {
        return Ok(false);
    }
    let v = eigen.eigenvectors.column(0);
    let image = problem.map().apply(&(v * v.transpose()));
    let points = iterate.pass.residual.iter().zip(&image).map(|(residual, a)| (-residual / a, a.abs()));
    Ok(weighted_median(points.collect()) > SHARE * euclidean_norm(iterate.product.as_slice()))
}

/// The τ of least Σ wᵢ|τ − τᵢ|.
fn weighted_median(mut points: Vec<(f64, f64)>) -> f64 {
    points.retain(|point| point.1 > 0.0);
    points.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let half = 0.5 * points.iter().map(|point| point.1).sum::<f64>();
    let mut below = 0.0;
    for (place, weight) in points {
        below += weight;
        if below >= half {
            return place;
        }
    }
    0.0
}

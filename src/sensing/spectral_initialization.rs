use nalgebra::{DMatrix, DVector};

use super::error::in_range;
use super::factor_products::symmetric_part;
use super::symmetric_iteration::dimension;
use super::{Error, MatrixSensing, sign};
use crate::linalg::SymmetricEigen;

/// α² is to stay far from underflow.
const LEAST_SCALE: f64 = 1e-150;

/// The direction B ∈ ℝ^{d×r′} of a small start U₀ = αB: B Bᵀ is the best positive semidefinite approximation of rank r′ to
///
///   C = (1/m) Σ sign(yᵢ) (Aᵢ + Aᵢᵀ)/2,
///
/// the negative of a subgradient of (1/m)‖y − 𝒜(X)‖₁ at X = 0.
///
/// Columns belong to eigenvalues of C in descending order; those of eigenvalues ≤ 0 are zero, and a descent that multiplies U
/// from the left leaves them zero: the search rank is at most the number of positive eigenvalues of C, about d/2 at r ≪ d.
/// Cost: one product with 𝒜\* and an eigendecomposition. Zero if C has no positive eigenvalue.
///
/// Source: Ma and Fattahi, JMLR 24(96), 2023, Algorithm 2.
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Rank`]; [`Error::Factorization`] if the eigenvalues do not converge.
///
/// ```
/// use nalgebra::{DMatrix, dvector};
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{MatrixSensing, MeasurementMap, PackedGaussian, sign_spectral_direction};
///
/// let map = PackedGaussian::draw(6, 3000, StreamKey::from_seed(1))?;
/// let v = dvector![1.0, -1.0, 1.0, 0.0, 0.0, 1.0] / 2.0;
/// let y = map.apply(&(&v * v.transpose() * 7.0));
/// let b = sign_spectral_direction(&MatrixSensing::new(&map, &y)?, 1)?;
/// // E C = √(2/π) X★/‖X★‖_F: the scale of X★ is lost, its direction is not.
/// let expected = &v * (2.0 / std::f64::consts::PI).powf(0.25);
/// assert!((&b.column(0) * b[(0, 0)].signum() - expected).norm() < 0.1);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn sign_spectral_direction(problem: &MatrixSensing<'_>, rank: usize) -> Result<DMatrix<f64>, Error> {
    leading_factor(problem, &problem.y().map(sign), rank)
}

/// The spectral estimate of X★ in scale: the best positive semidefinite approximation U₀U₀ᵀ of rank r to the symmetric part of
/// (1/m) Σ yᵢ Aᵢ over the measurements with |yᵢ| at most the `kept`-quantile of |y|; `kept` = 1 keeps all.
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Rank`], [`Error::Setting`] unless 0 < kept ≤ 1; [`Error::Factorization`].
pub fn spectral_initialization(
    problem: &MatrixSensing<'_>,
    rank: usize,
    kept: f64,
) -> Result<DMatrix<f64>, Error> {
    in_range("kept", kept, kept > 0.0 && kept <= 1.0, "0 < kept ≤ 1")?;
    let largest = absolute_quantile(problem.y(), kept);
    leading_factor(problem, &problem.y().map(|value| if value.abs() <= largest { value } else { 0.0 }), rank)
}

/// U ∈ ℝ^{d×r} with U Uᵀ the best positive semidefinite approximation of rank r to the symmetric part of (1/m) 𝒜\*(w).
fn leading_factor(
    problem: &MatrixSensing<'_>,
    weights: &DVector<f64>,
    rank: usize,
) -> Result<DMatrix<f64>, Error> {
    let dim = dimension(problem, "a start that is positive semidefinite")?;
    check_rank(problem, rank)?;
    let mean = symmetric_part(&problem.map().adjoint(weights));
    let eigen = SymmetricEigen::new(&mean)?;
    let mut factor = DMatrix::zeros(dim, rank);
    for (j, mut column) in factor.column_iter_mut().enumerate() {
        let (value, vector) = (eigen.eigenvalues[dim - 1 - j], eigen.eigenvectors.column(dim - 1 - j));
        if value > 0.0 {
            column.copy_from(&(vector * value.sqrt()));
        }
    }
    Ok(factor)
}

/// The q-quantile of |yᵢ|: the least value that at least q·m of them do not exceed.
pub(super) fn absolute_quantile(y: &DVector<f64>, q: f64) -> f64 {
    let mut sizes: Vec<f64> = y.iter().map(|value| value.abs()).collect();
    let place = ((q * sizes.len() as f64).ceil() as usize).clamp(1, sizes.len()) - 1;
    *sizes.select_nth_unstable_by(place, f64::total_cmp).1
}

/// ‖X★‖_F as the measurements have it if N(0, ‖X★‖_F²) is the law of most: the median of |yᵢ| over that of |N(0, 1)|, √2·erf⁻¹(½).
pub(super) fn robust_norm(problem: &MatrixSensing<'_>) -> f64 {
    const MEDIAN_OF_ABSOLUTE_NORMAL: f64 = 0.674_489_750_196_081_7;
    absolute_quantile(problem.y(), 0.5) / MEDIAN_OF_ABSOLUTE_NORMAL
}

/// Refuses a rank that the matrix cannot have.
pub(super) fn check_rank(problem: &MatrixSensing<'_>, rank: usize) -> Result<(), Error> {
    let (nrows, ncols) = problem.shape();
    let holds = (1..=nrows.min(ncols)).contains(&rank);
    if holds { Ok(()) } else { Err(Error::Rank { rank, nrows, ncols }) }
}

/// Refuses a scale of a start that is no scale.
pub(super) fn check_scale(name: &'static str, alpha: f64) -> Result<(), Error> {
    in_range(name, alpha, alpha.is_finite() && alpha >= LEAST_SCALE, "10⁻¹⁵⁰ ≤ alpha < ∞")
}

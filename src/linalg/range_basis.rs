use nalgebra::DMatrix;

use super::operator::assert_fits;
use super::{Error, LinearOperator, Qr};

/// An orthonormal basis Q ∈ ℝⁿˣˡ of the range of (A Aᵀ)^q Y, for a sample Y = A Ω ∈ ℝⁿˣˡ of the range of A.
///
/// Each of the q power iterations multiplies by Aᵀ and by A and orthonormalises after each product, so that
/// singular values far below the first are not lost to rounding. With Ω Gaussian, ‖A − QQᵀA‖ is near the best of rank l.
///
/// Source: N. Halko, P.-G. Martinsson and J. Tropp, "Finding structure with randomness", SIAM Review 53 (2011),
/// Algorithm 4.1 (q = 0) and Algorithm 4.4 (q > 0).
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::range_basis;
///
/// let a = dmatrix![1.0, 2.0; 2.0, 4.0; 3.0, 6.0]; // of rank 1
/// let q = range_basis(&a, &(&a * dmatrix![1.0; 1.0]), 0)?;
/// assert!((&q * q.transpose() * &a - &a).norm() < 1e-14);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotFinite`] for an entry of Y or of a product.
///
/// # Panics
/// If Y has another number of rows than A.
pub fn range_basis(
    a: &dyn LinearOperator,
    sample: &DMatrix<f64>,
    power_iterations: usize,
) -> Result<DMatrix<f64>, Error> {
    assert_fits("QᵀA", (sample.ncols(), sample.nrows()), (a.nrows(), a.ncols()));
    let mut basis = Qr::new(sample)?.q();
    for _ in 0..power_iterations {
        let co_range = Qr::new(&a.adjoint_apply(&basis))?.q();
        basis = Qr::new(&a.apply(&co_range))?.q();
    }
    Ok(basis)
}

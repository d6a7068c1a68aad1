use nalgebra::DMatrix;

use crate::linalg::{Error, Qr, Svd, adjoint_product, product};

/// dist(X, Y) = ‖(I − XXᵀ)Y‖₂ for bases with orthonormal columns: the sine of the largest angle from range Y to
/// range X. Small angles come out to about 10⁻¹⁶, as no difference from 1 is taken.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::completion::subspace_distance;
///
/// let x = dmatrix![1.0; 0.0];
/// let y = dmatrix![0.8; 0.6];
/// assert!((subspace_distance(&x, &y)? - 0.6).abs() < 1e-15);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotFinite`].
///
/// # Panics
/// If X and Y have different numbers of rows.
pub fn subspace_distance(x: &DMatrix<f64>, y: &DMatrix<f64>) -> Result<f64, Error> {
    let outside = y - product(x, &adjoint_product(x, y));
    Ok(Svd::new(&Qr::new(&outside)?.r())?.singular_values.iter().copied().fold(0.0, f64::max))
}

/// Q of X = QR: an orthonormal basis of the columns of X, if they are independent.
///
/// # Errors
/// [`Error::NotFinite`].
pub fn orthonormal_basis(x: &DMatrix<f64>) -> Result<DMatrix<f64>, Error> {
    Ok(Qr::new(x)?.q())
}

/// μ of a basis U ∈ ℝᵐˣᵏ with orthonormal columns: the least μ with ‖uᵢ‖₂ ≤ μ√(k/m) for every row.
///
/// 1 ≤ μ ≤ √(m/k). This is the form of Jain, Netrapalli and Sanghavi (STOC 2013); where an incoherence bounds
/// ‖uᵢ‖² ≤ μ₀k/m instead, μ₀ = μ².
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::completion::incoherence;
///
/// let coordinate = DMatrix::from_fn(16, 1, |i, _| if i == 3 { 1.0 } else { 0.0 });
/// assert_eq!(incoherence(&coordinate), 4.0);
/// assert_eq!(incoherence(&DMatrix::from_element(16, 1, 0.25)), 1.0);
/// ```
#[must_use]
pub fn incoherence(basis: &DMatrix<f64>) -> f64 {
    let (nrows, ncols) = basis.shape();
    let largest = basis.row_iter().map(|row| row.norm_squared()).fold(0.0, f64::max);
    (largest * nrows as f64 / ncols as f64).sqrt()
}

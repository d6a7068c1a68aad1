use nalgebra::DMatrix;

use super::{Error, RowBasis};

/// The leverage scores τᵢ = aᵢᵀ(AᵀA)⁺aᵢ = max_x (aᵢᵀx)²/‖Ax‖₂² ∈ [0, 1] of the rows of A ∈ ℝⁿˣᵈ, Στᵢ = rank A.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::leverage_scores;
///
/// let scores = leverage_scores(&dmatrix![1.0, 0.0; 1.0, 0.0; 0.0, 5.0; 0.0, 0.0])?;
/// assert!(scores.iter().zip([0.5, 0.5, 1.0, 0.0]).all(|(found, exact)| (found - exact).abs() < 1e-15));
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
///
/// # Errors
/// As [`RowBasis::new`].
pub fn leverage_scores(a: &DMatrix<f64>) -> Result<Vec<f64>, Error> {
    Ok(RowBasis::new(a)?.leverage_scores())
}

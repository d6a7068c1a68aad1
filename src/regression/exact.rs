use nalgebra::{DMatrix, DVector};

use super::scaled_factor::{ScaledFactor, as_column};
use super::{Error, LeastSquares};
use crate::linalg::{Svd, column_norms};

/// The exact answer of a least-squares problem, and the two numbers that the ℓ∞ guarantee is measured in.
#[derive(Clone, Debug, PartialEq)]
pub struct ExactSolution {
    /// x★ ∈ ℝᵈ; below full rank the shortest minimiser.
    pub coefficients: DVector<f64>,
    /// Numerical rank of A with unit columns.
    pub rank: usize,
    /// ‖r‖₂ = ‖b − A x★‖₂.
    pub residual_norm: f64,
    /// ‖A⁺‖₂ = 1/σ_min(A), over the nonzero singular values; 0 for A = 0.
    pub pseudoinverse_norm: f64,
}

impl ExactSolution {
    /// C = √m·‖x′ − x★‖_∞/(‖r‖₂·‖A⁺‖₂): the ℓ∞ guarantee at m = c·d/ε² says C ≤ √c. About √(2 ln 2d) at most, flat
    /// in d, for a sketch that obeys it.
    #[must_use]
    pub fn normalized_error(&self, coefficients: &DVector<f64>, sketch_rows: usize) -> f64 {
        let error = (coefficients - &self.coefficients).amax();
        (sketch_rows as f64).sqrt() * error / (self.residual_norm * self.pseudoinverse_norm)
    }

    /// (ε/√d)·‖r‖₂·‖A⁺‖₂, the error that the ℓ∞ guarantee allows in each coordinate.
    #[must_use]
    pub fn linf_bound(&self, epsilon: f64) -> f64 {
        epsilon / (self.coefficients.len() as f64).sqrt() * self.residual_norm * self.pseudoinverse_norm
    }
}

/// Solves by QR with column pivoting of the whole of A, its columns scaled to unit length. Cost 2nd² flops.
///
/// # Errors
/// [`Error::Factorization`] if the singular values of the triangle do not converge, [`Error::Overflow`] where the answer
/// exceeds the largest number.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::regression::{LeastSquares, solve_exact};
///
/// let (a, b) = (dmatrix![1.0, 0.0; 0.0, 2.0; 0.0, 0.0], dvector![3.0, 4.0, 5.0]);
/// let exact = solve_exact(&LeastSquares::new(&a, &b)?)?;
/// assert!((exact.coefficients - dvector![3.0, 2.0]).norm() < 1e-14);
/// assert!((exact.residual_norm - 5.0).abs() < 1e-14);
/// assert!((exact.pseudoinverse_norm - 1.0).abs() < 1e-14);
/// # Ok::<(), proofsketch::regression::Error>(())
/// ```
pub fn solve_exact(problem: &LeastSquares<'_>) -> Result<ExactSolution, Error> {
    let a = problem.a().row_block(0..problem.nrows()).to_dense();
    let factor = ScaledFactor::new(&a, &column_norms(&a))?;
    let coefficients = factor.solve(&as_column(problem.b()))?;
    let residual_norm = column_norms(&(problem.b() - &a * &coefficients))[0];
    if !residual_norm.is_finite() {
        return Err(Error::Overflow { what: "the answer" });
    }
    let pseudoinverse_norm = 1.0 / smallest_singular_value(&factor)?;
    Ok(ExactSolution { coefficients, rank: factor.rank(), residual_norm, pseudoinverse_norm })
}

/// σ_min over the kept directions, ∞ if there is none: of R₁₁ Πᵀ D at full rank, where it has the singular values of A.
fn smallest_singular_value(factor: &ScaledFactor) -> Result<f64, Error> {
    if factor.rank() == 0 {
        return Ok(f64::INFINITY);
    }
    let mut unscaled: DMatrix<f64> = factor.unscaled_triangle();
    if unscaled.nrows() < unscaled.ncols() {
        unscaled = unscaled.transpose();
    }
    let values = Svd::new(&unscaled)?.singular_values;
    Ok(values[factor.rank() - 1])
}

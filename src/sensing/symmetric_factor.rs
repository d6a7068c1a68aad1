use nalgebra::DMatrix;

use super::factor_products::outer_gram;
use crate::linalg::{self, Svd};

/// A positive semidefinite answer X = U Uᵀ.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sensing::SymmetricFactor;
///
/// let factor = SymmetricFactor { u: dmatrix![2.0, 0.0; 0.0, 1.0], loss: 0.0 };
/// assert_eq!(factor.matrix(), dmatrix![4.0, 0.0; 0.0, 1.0]);
/// assert_eq!(factor.eigenvalues()?.as_slice(), [4.0, 1.0]);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SymmetricFactor {
    /// U ∈ ℝ^{d×r′}.
    pub u: DMatrix<f64>,
    /// The loss of the method at U.
    pub loss: f64,
}

impl SymmetricFactor {
    /// U Uᵀ.
    #[must_use]
    pub fn matrix(&self) -> DMatrix<f64> {
        outer_gram(&self.u)
    }

    /// The min(d, r′) leading eigenvalues of U Uᵀ, descending.
    ///
    /// # Errors
    /// [`linalg::Error::NotFinite`], [`linalg::Error::NoConvergence`].
    pub fn eigenvalues(&self) -> Result<nalgebra::DVector<f64>, linalg::Error> {
        Ok(Svd::new(&self.u)?.singular_values.map(|value| value * value))
    }

    /// How many eigenvalues of U Uᵀ exceed `threshold` times the first.
    ///
    /// # Errors
    /// As [`eigenvalues`](Self::eigenvalues).
    pub fn effective_rank(&self, threshold: f64) -> Result<usize, linalg::Error> {
        let values = self.eigenvalues()?;
        Ok(values.iter().filter(|&&value| value > threshold * values[0]).count())
    }
}

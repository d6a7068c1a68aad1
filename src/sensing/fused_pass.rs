use nalgebra::{DMatrix, DVector};

use crate::linalg::euclidean_norm;

/// What one pass over the measurements gives: the residual 𝒜(X) − y, and the mean of the Aᵢ weighted by a function of it.
#[derive(Clone, Debug, PartialEq)]
pub struct FusedPass {
    /// (1/m) Σ weight(residualᵢ) Aᵢ, n₁×n₂.
    pub gradient: DMatrix<f64>,
    /// 𝒜(X) − y.
    pub residual: DVector<f64>,
}

impl FusedPass {
    /// (1/m) ‖𝒜(X) − y‖₁; no sum overflows.
    #[must_use]
    pub fn mean_absolute(&self) -> f64 {
        let count = self.residual.len() as f64;
        let (chunks, rest) = self.residual.as_slice().as_chunks::<16>();
        let mut sums = [0.0; 16];
        for chunk in chunks {
            for (sum, residual) in sums.iter_mut().zip(chunk) {
                *sum += residual.abs() / count;
            }
        }
        sums.iter().sum::<f64>() + rest.iter().map(|residual| residual.abs() / count).sum::<f64>()
    }

    /// ‖𝒜(X) − y‖₂/√m; no square overflows or vanishes.
    #[must_use]
    pub fn root_mean_square(&self) -> f64 {
        let root = (self.residual.len() as f64).sqrt();
        let norm = euclidean_norm(self.residual.as_slice());
        if norm.is_finite() { norm / root } else { euclidean_norm((&self.residual / root).as_slice()) }
    }

    /// ‖𝒜(X) − y‖_∞.
    #[must_use]
    pub fn largest(&self) -> f64 {
        self.residual.amax()
    }
}

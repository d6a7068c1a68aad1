use nalgebra::DMatrix;

use super::factor_products::outer_product;

/// An answer X = F Gᵀ.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sensing::Factors;
///
/// let factors = Factors { f: dmatrix![1.0; 2.0], g: dmatrix![3.0; 4.0], loss: 0.0 };
/// assert_eq!(factors.matrix(), dmatrix![3.0, 4.0; 6.0, 8.0]);
/// assert_eq!(factors.imbalance(), dmatrix![5.0 - 25.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Factors {
    /// F ∈ ℝ^{n₁×k}.
    pub f: DMatrix<f64>,
    /// G ∈ ℝ^{n₂×k}.
    pub g: DMatrix<f64>,
    /// The loss of the method at F and G.
    pub loss: f64,
}

impl Factors {
    /// F Gᵀ.
    #[must_use]
    pub fn matrix(&self) -> DMatrix<f64> {
        outer_product(&self.f, &self.g)
    }

    /// The imbalance FᵀF − GᵀG.
    #[must_use]
    pub fn imbalance(&self) -> DMatrix<f64> {
        self.f.tr_mul(&self.f) - self.g.tr_mul(&self.g)
    }
}

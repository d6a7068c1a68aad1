use nalgebra::DMatrix;

use super::factor::Factor;

/// An iterate U Vᵀ, as an observer sees it.
#[derive(Clone, Copy, Debug)]
pub struct Iterate<'a> {
    pub(super) u: &'a Factor,
    pub(super) v: &'a Factor,
    /// What U and V are to be multiplied by.
    pub(super) units: (f64, f64),
}

impl Iterate<'_> {
    /// U ∈ ℝᵐˣᵏ, a copy.
    #[must_use]
    pub fn u(&self) -> DMatrix<f64> {
        self.u.to_matrix() * self.units.0
    }

    /// V ∈ ℝⁿˣᵏ, a copy.
    #[must_use]
    pub fn v(&self) -> DMatrix<f64> {
        self.v.to_matrix() * self.units.1
    }
}

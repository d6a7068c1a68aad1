use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::FusedPass;

/// An iterate U_t of a symmetric method as an observer sees it, before the step from it; the last one too.
#[derive(Clone, Copy, Debug)]
pub struct SymmetricIterate<'a> {
    /// t, from 0.
    pub iteration: usize,
    /// U_t ∈ ℝ^{d×r′}.
    pub u: &'a DMatrix<f64>,
    /// U_tU_tᵀ.
    pub product: &'a DMatrix<f64>,
    /// The residual 𝒜(U_tU_tᵀ) − y, and the mean (1/m) Σ wᵢ Aᵢ weighted as the method does: by its signs, or by the residual
    /// itself. For a map that is not symmetric this mean is not either.
    pub pass: &'a FusedPass,
}

/// An iterate (F_t, G_t) as an observer sees it, before the step from it; the last one too.
#[derive(Clone, Copy, Debug)]
pub struct AsymmetricIterate<'a> {
    /// t, from 0.
    pub iteration: usize,
    /// F_t ∈ ℝ^{n₁×k}.
    pub f: &'a DMatrix<f64>,
    /// G_t ∈ ℝ^{n₂×k}.
    pub g: &'a DMatrix<f64>,
    /// F_tG_tᵀ.
    pub product: &'a DMatrix<f64>,
    /// The residual 𝒜(F_tG_tᵀ) − y, and Z_t = (1/m) 𝒜\*(𝒜(F_tG_tᵀ) − y).
    pub pass: &'a FusedPass,
}

pub(super) type SymmetricObserver<'o> = dyn FnMut(&SymmetricIterate<'_>) -> ControlFlow<()> + 'o;
pub(super) type AsymmetricObserver<'o> = dyn FnMut(&AsymmetricIterate<'_>) -> ControlFlow<()> + 'o;

/// Whether a loss has left the region in which the method can come back.
pub(super) fn has_diverged(loss: f64, at_zero: f64) -> bool {
    const GROWTH: f64 = 1e3;
    !loss.is_finite() || loss > GROWTH * at_zero
}

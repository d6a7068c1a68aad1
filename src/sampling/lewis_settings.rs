use super::Error;
use super::error::in_range;

/// How far a step of the Lewis iteration goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum LewisStep {
    /// θ = 4/(p + 2) with Anderson acceleration over the last five steps, forgotten where the residual doubles.
    #[default]
    Automatic,
    /// w ← w^(1−θ) f(w)^θ with a fixed θ ∈ (0, 2).
    Damped(f64),
}

/// Settings of [`lewis_weights`](super::lewis_weights).
#[derive(Clone, Debug, PartialEq)]
pub struct LewisSettings {
    /// Converged when maxᵢ |ln(f(w)ᵢ/wᵢ)| ≤ tolerance.
    pub tolerance: f64,
    /// Iterations at most.
    pub max_iterations: usize,
    /// The step.
    pub step: LewisStep,
}

impl Default for LewisSettings {
    /// Tolerance 10⁻¹⁰, 1000 iterations, automatic step.
    fn default() -> Self {
        Self { tolerance: 1e-10, max_iterations: 1000, step: LewisStep::Automatic }
    }
}

impl LewisSettings {
    pub(super) fn check(&self) -> Result<(), Error> {
        let tolerance = self.tolerance;
        in_range("tolerance", tolerance, tolerance > 0.0 && tolerance < 1.0, "0 < tolerance < 1")?;
        let limit = self.max_iterations;
        in_range("max_iterations", limit as f64, limit > 0, "max_iterations ≥ 1")?;
        if let LewisStep::Damped(theta) = self.step {
            in_range("theta", theta, theta > 0.0 && theta < 2.0, "0 < theta < 2")?;
        }
        Ok(())
    }
}

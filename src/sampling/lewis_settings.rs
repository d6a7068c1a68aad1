use super::Error;
use super::error::in_range;

/// How far a step of the Lewis iteration goes: w ← w^(1−θ) f(w)^θ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum LewisStep {
    /// θ = 1 for 1 ≤ p ≤ 2; θ = 4/(p + 2) for p > 2, and 2/p from a step on which the residual has grown; for p < 1 θ = 1
    /// with Anderson acceleration.
    #[default]
    Automatic,
    /// A fixed θ ∈ (0, 1].
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
        if let LewisStep::Damped(theta) = self.step {
            in_range("theta", theta, theta > 0.0 && theta <= 1.0, "0 < theta ≤ 1")?;
        }
        Ok(())
    }
}

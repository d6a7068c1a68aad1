use super::error::in_range;
use super::factor_products::symmetric_part;
use super::operator_norm::OperatorNorm;
use super::{Error, MatrixSensing};

/// The constant step η of a gradient method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepSize {
    /// η itself, in the unit of 1/‖X★‖₂.
    Fixed(f64),
    /// η = c/‖(1/m) 𝒜\*(y)‖₂, to about a thousandth; in expectation c/‖X★‖₂.
    Relative(f64),
}

impl StepSize {
    /// η.
    pub(super) fn of(self, problem: &MatrixSensing<'_>) -> Result<f64, Error> {
        let (Self::Fixed(size) | Self::Relative(size)) = self;
        in_range("step", size, size > 0.0 && size.is_finite(), "0 < step < ∞")?;
        if let Self::Fixed(eta) = self {
            return Ok(eta);
        }
        let mean = problem.map().adjoint(problem.y());
        let norm = OperatorNorm::default().of(&if problem.map().is_symmetric() {
            symmetric_part(&mean)
        } else {
            mean
        });
        Ok(if norm > 0.0 && norm.is_finite() { size / norm } else { size })
    }
}

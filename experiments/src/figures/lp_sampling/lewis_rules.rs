//! Rules for the step of the Lewis iteration, and what it does by them.

use proofsketch::sampling::{LewisSettings, LewisStep, RowBasis, lewis_weights};
use proofsketch::solve::Status;

use crate::error::Fault;

pub const UNDAMPED: &str = "θ = 1";
pub const LEE: &str = "θ = 2/p";
pub const BALANCED: &str = "θ = 4/(p + 2)";
pub const DEFAULT: &str = "accelerated (default)";
pub const RULES: [&str; 4] = [UNDAMPED, LEE, BALANCED, DEFAULT];
/// Residual at which a run ends as converged.
pub const REACHED: f64 = 1e-11;
/// Residuals of the tail, where the map is nearly linear and rounding is far.
const TAIL: (f64, f64) = (1e-10, 1e-4);

/// The step of a rule; `None` where 0 < θ < 2 does not hold, which no fixed step converges without.
pub fn step(rule: &str, p: f64) -> Option<LewisStep> {
    let theta = match rule {
        UNDAMPED => 1.0,
        LEE => 2.0 / p,
        BALANCED => 4.0 / (p + 2.0),
        _ => return Some(LewisStep::Automatic),
    };
    (theta < 2.0).then_some(LewisStep::Damped(theta))
}

/// The largest magnitude of an eigenvalue of the step at the solution, over all μ ∈ [0, 1].
pub fn bound(rule: &str, p: f64) -> f64 {
    match rule {
        UNDAMPED => (p / 2.0 - 1.0).abs(),
        LEE => (1.0 - 2.0 / p).abs(),
        BALANCED => (p - 2.0).abs() / (p + 2.0),
        _ => f64::NAN,
    }
}

/// One run from equal weights.
pub struct Run {
    pub residuals: Vec<f64>,
    pub converged: bool,
    /// Mean factor an iteration over the tail; NaN where fewer than three residuals lie there.
    pub rate: f64,
}

impl Run {
    pub fn new(basis: &RowBasis, p: f64, step: LewisStep, limit: usize) -> Result<Self, Fault> {
        let settings = LewisSettings { tolerance: REACHED, max_iterations: limit, step };
        let report = lewis_weights(basis, p, &settings)?;
        let residuals: Vec<f64> = report.history.iter().map(|record| record.residual).collect();
        let converged = report.status == Status::Converged;
        let from = residuals.iter().copied().skip_while(|&residual| residual > TAIL.1);
        let tail: Vec<f64> = from.take_while(|&residual| residual >= TAIL.0).collect();
        let steps = tail.len().saturating_sub(1);
        let rate = if steps < 2 { f64::NAN } else { (tail[steps] / tail[0]).powf(1.0 / steps as f64) };
        Ok(Self { residuals, converged, rate })
    }

    /// The residual at an iteration, or at the end of a run that ended before.
    pub fn at(&self, iteration: usize) -> f64 {
        self.residuals.get(iteration).or(self.residuals.last()).copied().unwrap_or(f64::NAN)
    }
}

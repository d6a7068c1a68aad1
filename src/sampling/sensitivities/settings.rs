use super::Interval;
use crate::sampling::Error;
use crate::sampling::error::in_range;

/// How closely a sensitivity is to be known.
#[derive(Clone, Debug, PartialEq)]
pub struct SensitivitySettings {
    /// Wanted `upper`/`lower` − 1 of an interval.
    pub relative_gap: f64,
    /// Most iterations a row; one that runs into it keeps the interval reached.
    pub max_iterations: usize,
}

impl Default for SensitivitySettings {
    /// A relative gap of 10⁻⁶ and 200 iterations.
    fn default() -> Self {
        Self { relative_gap: 1e-6, max_iterations: 200 }
    }
}

/// What one iteration reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SensitivityRecord {
    /// From 1.
    pub iteration: usize,
    /// The best certificates so far.
    pub interval: Interval,
}

impl SensitivitySettings {
    pub(super) fn check(&self) -> Result<(), Error> {
        let gap = self.relative_gap;
        in_range("relative_gap", gap, gap.is_finite() && gap >= 0.0, "0 ≤ relative_gap < ∞")
    }
}

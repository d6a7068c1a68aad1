use super::{Penalty, Settings};

/// λ, λ_b and ω in units where the standard deviation of the values is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ScaledSettings {
    /// k.
    pub(super) rank: usize,
    /// Whether there are biases.
    pub(super) biases: bool,
    /// λ.
    pub(super) ridge: f64,
    /// λ_b.
    pub(super) bias_ridge: f64,
    /// ω.
    pub(super) pattern: Option<f64>,
    /// Whether the ridge counts a row by its entries.
    pub(super) is_per_entry: bool,
}

impl ScaledSettings {
    pub(super) fn new(settings: &Settings, sigma: f64) -> Self {
        Self {
            rank: settings.rank,
            biases: settings.biases,
            ridge: settings.scaled_ridge(sigma),
            bias_ridge: settings.bias_ridge(),
            pattern: settings.pattern_weight(),
            is_per_entry: settings.penalty == Penalty::PerEntry,
        }
    }

    /// Variables of a regression: k, and one for a bias.
    pub(super) fn variables(&self) -> usize {
        self.rank + usize::from(self.biases)
    }

    /// The entry s of the basis that b/s is the coefficient of: one ridge then serves both, as λ(b/s)² = λ_b b² for
    /// s² = λ/λ_b.
    pub(super) fn bias_entry(&self) -> f64 {
        if self.rank == 0 || self.ridge == 0.0 { 1.0 } else { (self.ridge / self.bias_ridge).sqrt() }
    }

    /// The ridge of the regressions.
    pub(super) fn regression_ridge(&self) -> f64 {
        if self.rank == 0 { self.bias_ridge } else { self.ridge }
    }
}

use super::error::in_range;
use super::{Error, SensitivitySettings};

/// Settings of [`recursive_sensitivity`](super::recursive_sensitivity()) and
/// [`recursive_leverage_sensitivity`](super::recursive_leverage_sensitivity()).
#[derive(Clone, Debug, PartialEq)]
pub struct HalvingSettings {
    /// The recursion ends with at most so many rows; 0 for no such end.
    pub target_rows: usize,
    /// It ends before a round whose predicted error exceeds this; ∞ for no such end.
    pub epsilon: f64,
    /// The constant of the predicted error, which the theorems hide.
    pub constant: f64,
    /// C > 1 of the flattening, for at most (1 + 1/C)n rows before a half is dropped, or (1 + 2/C)n with leverage.
    pub flattening: f64,
    /// Sensitivities are known to a factor of this.
    pub factor: f64,
    /// Rounds that one computation of sensitivities serves, at least 1.
    pub reuse: usize,
    /// Most draws a round.
    pub max_draws: usize,
    /// Most rounds.
    pub max_rounds: usize,
    /// How sensitivities are computed.
    pub sensitivity: SensitivitySettings,
}

impl Default for HalvingSettings {
    /// ε = ½ at the constant 1 and no target; C = 4; sensitivities to a factor of 2 in every round; at most 20 draws a round
    /// and 100 rounds.
    fn default() -> Self {
        Self {
            target_rows: 0,
            epsilon: 0.5,
            constant: 1.0,
            flattening: 4.0,
            factor: 2.0,
            reuse: 1,
            max_draws: 20,
            max_rounds: 100,
            sensitivity: SensitivitySettings::default(),
        }
    }
}

/// One round: n rows flattened to copies, of which about half are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalvingRound {
    /// From 1.
    pub round: usize,
    /// n, rows at its start.
    pub rows: usize,
    /// r, their rank.
    pub rank: usize,
    /// Ŝ, the sum of the bounds on their sensitivities.
    pub total_sensitivity: f64,
    /// Σkᵢ, rows after flattening.
    pub copies: usize,
    /// The error of the round by the formula of the method.
    pub predicted_error: f64,
    /// Draws made: all but the last were discarded.
    pub draws: usize,
    /// Rows of which a copy was kept; n if no draw would do.
    pub kept: usize,
}

impl HalvingSettings {
    pub(super) fn check(&self) -> Result<(), Error> {
        let Self { epsilon, constant, flattening, factor, .. } = *self;
        in_range("epsilon", epsilon, epsilon > 0.0, "0 < ε ≤ ∞")?;
        in_range("constant", constant, constant.is_finite() && constant > 0.0, "0 < constant < ∞")?;
        let finite = flattening.is_finite() && flattening > 1.0;
        in_range("flattening", flattening, finite, "1 < flattening < ∞")?;
        in_range("factor", factor, factor.is_finite() && factor > 1.0, "1 < factor < ∞")?;
        for (name, count) in
            [("reuse", self.reuse), ("max_draws", self.max_draws), ("max_rounds", self.max_rounds)]
        {
            in_range(name, count as f64, count > 0, "at least 1")?;
        }
        Ok(())
    }
}

use std::f64::consts::FRAC_2_PI;

use super::Error;
use super::error::in_range;
use super::growth_budget::{decay_for_growth, log_amplitude, required_growth};

/// The norm of Q that a geometric step is divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepNorm {
    /// ‖(Q + Qᵀ)/2‖₂: all that a symmetric map knows of Q.
    #[default]
    Symmetric,
    /// ‖Q‖₂ of Q as the Aᵢ give it, larger by a factor up to √2; the same as `Symmetric` for a symmetric map.
    Full,
}

/// The steps η_t of the subgradient method, U ← U − η_t (Q_t + Q_tᵀ) U.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepSchedule {
    /// η_t = (η/2) f(U_t), for data without noise: with Gaussian Aᵢ and to first order a step of η·2/π on
    /// ¼‖U Uᵀ − X★‖_F².
    Loss {
        /// η, in the unit of 1/‖X★‖.
        eta: f64,
    },
    /// η_t = ηρᵗ/‖Q_t‖: the rule for outliers and noise.
    Geometric {
        /// η.
        eta: f64,
        /// ρ, 0 < ρ < 1.
        decay: f64,
        /// Which norm of Q_t.
        norm: StepNorm,
    },
    /// `Geometric` with the ρ at which the steps of the whole run can amplify the start by `slack` times what learning the
    /// eigenvalues 1, κ^{−1/2}, κ^{−1} takes ([`required_growth`](super::required_growth)): less leaves the smallest
    /// unlearned, more amplifies what does not belong to X★. A rule of this library.
    GrowthBudget {
        /// η.
        eta: f64,
        /// Budget over need.
        slack: f64,
        /// κ, a guess of σ₁/σᵣ.
        condition: f64,
    },
}

impl Default for StepSchedule {
    /// `GrowthBudget` with η = 0.4, slack 1.15, κ = 10.
    fn default() -> Self {
        Self::GrowthBudget { eta: 0.4, slack: 1.15, condition: 10.0 }
    }
}

impl StepSchedule {
    /// The schedule with its ρ decided, for a start αB and ‖X★‖_F of this size.
    pub(super) fn resolve(self, norm: f64, alpha: f64) -> Result<Self, Error> {
        match self {
            Self::Loss { eta } => {
                in_range("eta", eta, eta > 0.0 && eta.is_finite(), "0 < eta < ∞")?;
                Ok(self)
            }
            Self::Geometric { eta, decay, .. } => {
                super::available_growth(eta, decay)?;
                Ok(self)
            }
            Self::GrowthBudget { eta, slack, condition } => {
                in_range("eta", eta, eta > 0.0 && eta.is_finite(), "0 < eta < ∞")?;
                in_range("slack", slack, slack > 0.0 && slack.is_finite(), "0 < slack < ∞")?;
                in_range("condition", condition, (1.0..=1e6).contains(&condition), "1 ≤ condition ≤ 10⁶")?;
                let spectrum = [1.0, condition.sqrt().recip(), condition.recip()];
                // A start that is not small needs nothing: the steps then still have to reach far enough.
                let amplitude = log_amplitude(norm, FRAC_2_PI.sqrt(), alpha).max(LEAST_AMPLITUDE);
                let least = 0.5 * (2.0 * eta).ln_1p();
                let wanted = (slack * required_growth(&spectrum, amplitude)).max(2.0 * least);
                let decay = decay_for_growth(eta, wanted)?;
                Ok(Self::Geometric { eta, decay, norm: StepNorm::Symmetric })
            }
        }
    }
}

/// Log-amplitude that is budgeted at least: a factor of ten.
const LEAST_AMPLITUDE: f64 = std::f64::consts::LN_10;

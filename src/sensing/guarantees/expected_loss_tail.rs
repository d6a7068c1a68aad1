use nalgebra::DMatrix;

use super::{SmallStart, ma_fattahi};
use crate::guarantee::{Calibrated, Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// c of the error in [`ExpectedLossTail`].
pub const EXPECTED_LOSS_TAIL: Calibrated =
    Calibrated { constant: 1.5, on: "σ = (10, 5, 1), d = 20, r′ = d, ησ₁ = 1/2, α = 0.1" };

/// c of the length of the first phases in [`ExpectedLossTail`].
pub const EXPECTED_LOSS_PHASES: Calibrated =
    Calibrated { constant: 3.0, on: "σ = (10, 5, 1), d = 20, r′ = d, ησ₁ = 1/2, α = 0.1" };

/// On the expected loss the error falls to the order of α² and then sublinearly: from a [`SmallStart`] and with
/// U₊ = U − η(UUᵀ − X★)U,
///
/// ‖U_tU_tᵀ − X★‖ ≤ c·α²/(ηα²t + 1)  for t ≥ T̄ = c′·ln(σ₁/α)/(ησᵣ).
///
/// The residual part is what is left, and it obeys ‖E_tE_tᵀ‖ ≤ λ/(1 + ηλt) with λ = ‖E₀E₀ᵀ‖ ≤ α²σᵣ at *every* t: by the
/// fourth of [`OneStepInequalities`](super::OneStepInequalities), 1/‖EEᵀ‖ grows by η at least. (1/‖EEᵀ‖ grows by 2η in the
/// limit.)
///
/// Ma and Fattahi (2023), Theorem 18, with hidden constants: c is [`EXPECTED_LOSS_TAIL`], c′ is [`EXPECTED_LOSS_PHASES`]. As
/// there, σ₁ ≥ 1 ≥ σᵣ.
#[derive(Clone, Debug)]
pub struct ExpectedLossTail<F> {
    /// η.
    pub eta: f64,
    /// The implementation: U₀, U₁, … from a start, the last beyond T̄.
    pub trajectory: F,
}

impl<F> ExpectedLossTail<F> {
    /// T̄.
    #[must_use]
    pub fn first_phases(&self, start: &SmallStart) -> usize {
        let spectrum = start.truth.spectrum();
        let (first, last) = (spectrum[0], spectrum[spectrum.len() - 1]);
        EXPECTED_LOSS_PHASES.bound((first / start.alpha).ln() / (self.eta * last)).ceil() as usize
    }
}

impl<F: Fn(&SmallStart) -> Vec<DMatrix<f64>> + Sync> Guarantee for ExpectedLossTail<F> {
    type Instance = SmallStart;

    const CITATION: Citation = ma_fattahi("Theorem 18");

    fn hypotheses(&self, start: &SmallStart) -> Vec<Hypothesis> {
        let spectrum = start.truth.spectrum();
        let (first, last) = (spectrum[0], spectrum[spectrum.len() - 1]);
        let mut hypotheses = start.hypotheses(self.eta);
        hypotheses.push(Hypothesis::require("σ₁ ≥ 1 ≥ σᵣ", first >= 1.0 && last <= 1.0, || {
            format!("σ₁ = {first}, σᵣ = {last}")
        }));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest error over its bound for T̄ ≤ t, of bound 1.
    fn trial(&self, start: &SmallStart, _: StreamKey) -> Outcome {
        let square = start.alpha * start.alpha;
        let iterates = (self.trajectory)(start);
        let late = iterates.iter().enumerate().skip(self.first_phases(start));
        let observed = late
            .map(|(t, u)| {
                let bound = EXPECTED_LOSS_TAIL.bound(square / (self.eta * square * t as f64 + 1.0));
                start.truth.operator_error(&(u * u.transpose())).map_or(f64::INFINITY, |error| error / bound)
            })
            .reduce(f64::max);
        Outcome { bound: 1.0, observed: observed.unwrap_or(f64::NAN) }
    }
}

use nalgebra::DMatrix;

use super::super::LowRankTruth;
use super::{SignalResidual, ma_fattahi};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// One step U₊ = U − η(UUᵀ − X★)U on the expected loss, in the parts S and E of [`SignalResidual`]: with λ = λ_min(SSᵀ),
///
/// * λ_min(S₊S₊ᵀ) ≥ ((1 + ησᵣ)² − 2η‖EEᵀ‖)λ − 2η(1 + ησᵣ)λ²,
/// * ‖Σ − S₊S₊ᵀ‖ ≤ (1 − ηλ)‖Σ − SSᵀ‖ + 5η‖SEᵀ‖²,
/// * ‖S₊E₊ᵀ‖ ≤ (1 − ηλ + 2η‖Σ − SSᵀ‖ + 2η‖EEᵀ‖)‖SEᵀ‖,
/// * ‖E₊E₊ᵀ‖ ≤ ‖EEᵀ‖ − η‖EEᵀ‖²,
/// * ‖S₊S₊ᵀ‖ ≤ 1.01σ₁
///
/// whenever ‖SSᵀ‖ ≤ 1.01σ₁, ‖EEᵀ‖ ≤ σ₁ and η ≤ c/σ₁. Deterministic: held at every step of a trajectory, a violation counting
/// relative to σ₁ and against rounding, 10⁻¹¹. c is hidden in the paper; 1/2 is taken here, where the fourth inequality is
/// elementary: E₊ = E(I − ηUᵀU).
///
/// Ma and Fattahi (2023), Propositions 16 and 17, inequalities (16) to (20).
#[derive(Clone, Debug)]
pub struct OneStepInequalities<F> {
    /// η.
    pub eta: f64,
    /// The implementation: U₀, U₁, … for the truth, from a start drawn by the key.
    pub trajectory: F,
}

impl<F> OneStepInequalities<F> {
    /// The largest violation of the five inequalities from U to U₊, negative if all have room.
    fn violation(&self, truth: &LowRankTruth, before: &SignalResidual, after: &SignalResidual) -> f64 {
        let eta = self.eta;
        let (first, last) = (truth.spectrum()[0], truth.spectrum()[truth.rank() - 1]);
        let smallest = |parts: &SignalResidual| parts.signal_eigenvalues()[truth.rank() - 1];
        let (lambda, residual, cross) = (smallest(before), before.residual(), before.cross());
        let error = before.signal_error();
        let growth = 1.0 + eta * last;
        let least = (growth * growth - 2.0 * eta * residual) * lambda - 2.0 * eta * growth * lambda * lambda;
        let violations = [
            least - smallest(after),
            after.signal_error() - ((1.0 - eta * lambda) * error + 5.0 * eta * cross * cross),
            after.cross() - (1.0 - eta * lambda + 2.0 * eta * (error + residual)) * cross,
            after.residual() - (residual - eta * residual * residual),
            after.signal_eigenvalues()[0] - 1.01 * first,
        ];
        violations
            .iter()
            .fold(f64::NEG_INFINITY, |most, v| if v.is_nan() { f64::INFINITY } else { most.max(*v) })
    }
}

impl<F: Fn(&LowRankTruth, StreamKey) -> Vec<DMatrix<f64>> + Sync> Guarantee for OneStepInequalities<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = ma_fattahi("Propositions 16 and 17");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let scaled = self.eta * truth.spectrum()[0];
        vec![
            positive_semidefinite(truth),
            Hypothesis::require("0 < ησ₁ ≤ 1/2", scaled > 0.0 && scaled <= 0.5, || {
                format!("ησ₁ = {scaled}")
            }),
            Hypothesis::assumed("‖S₀S₀ᵀ‖ ≤ 1.01σ₁ and ‖E₀E₀ᵀ‖ ≤ σ₁, which the inequalities carry on"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let parts: Vec<SignalResidual> =
            (self.trajectory)(truth, key).iter().map(|u| SignalResidual::of(truth, u)).collect();
        let worst = parts
            .windows(2)
            .map(|pair| self.violation(truth, &pair[0], &pair[1]))
            .fold(f64::NEG_INFINITY, f64::max);
        Outcome { bound: 1e-11, observed: (worst / truth.spectrum()[0]).max(0.0) }
    }
}

/// What a theorem about UUᵀ asks of the truth.
pub(super) fn positive_semidefinite(truth: &LowRankTruth) -> Hypothesis {
    let symmetric = truth.left_basis() == truth.right_basis();
    Hypothesis::require("X★ is positive semidefinite", symmetric, || {
        "its left and right singular vectors differ".to_owned()
    })
}

use std::f64::consts::FRAC_2_PI;

use nalgebra::DMatrix;

use super::ma_fattahi;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// Without noise the loss is the error: for Gaussian Aᵢ and a fixed Δ = UUᵀ − X★,
///
/// |f(U)/‖Δ‖_F − √(2/π)| ≤ t/√m,  f(U) = (1/m) Σ |⟨Aᵢ, Δ⟩|
///
/// but with probability 2exp(−t²/2): the mean of m independent |N(0, 1)| is a 1/√m-Lipschitz function of them, with
/// mean √(2/π).
///
/// Ma and Fattahi (2023): E f = √(2/π)‖Δ‖_F is Lemma 15, and Lemma 12 has (1 ± δ)φ‖Δ‖_F at all Δ where Sign-RIP holds.
#[derive(Clone, Debug)]
pub struct ExpectedLoss<F> {
    /// m.
    pub measurements: usize,
    /// t ≥ 0.
    pub t: f64,
    /// The implementation: draws 𝒜 by a key and gives the loss at Δ.
    pub loss: F,
}

impl<F: Fn(&DMatrix<f64>, StreamKey) -> f64 + Sync> Guarantee for ExpectedLoss<F> {
    type Instance = DMatrix<f64>;

    const CITATION: Citation =
        ma_fattahi("Lemmas 12 and 15, at a fixed point with the constants documented at this type");

    fn hypotheses(&self, delta: &DMatrix<f64>) -> Vec<Hypothesis> {
        let norm = delta.norm();
        vec![
            Hypothesis::require("Δ ≠ 0, finite", norm > 0.0 && norm.is_finite(), || {
                format!("‖Δ‖_F = {norm}")
            }),
            Hypothesis::require("Δ is symmetric", *delta == delta.transpose(), || "it is not".to_owned()),
            Hypothesis::assumed("Aᵢ has independent N(0, 1) entries; there is no noise"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        2.0 * (-0.5 * self.t * self.t).exp()
    }

    fn trial(&self, delta: &DMatrix<f64>, key: StreamKey) -> Outcome {
        let ratio = (self.loss)(delta, key) / delta.norm();
        Outcome {
            bound: self.t / (self.measurements as f64).sqrt(),
            observed: (ratio - FRAC_2_PI.sqrt()).abs(),
        }
    }
}

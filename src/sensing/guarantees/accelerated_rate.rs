use super::super::LowRankTruth;
use super::{linear_rate, xiong_ding_du};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// One changed step makes the rate independent of the start: after F is rescaled to singular values β, with G such that F Gᵀ
/// stays, the error falls by exp(−ηβ²/2) a step or faster, for every scale α of the start.
///
/// After the step FᵀF = β²I, and the redundant columns of G decay by 1 − ηβ². Xiong, Ding and Du (2024), Theorem 5.1, state
/// that the rate does not depend on α, with hidden constants; 1/2 is taken here.
#[derive(Clone, Debug)]
pub struct AcceleratedRate<F> {
    /// η.
    pub eta: f64,
    /// β.
    pub beta: f64,
    /// The scales of the start, α.
    pub alphas: Vec<f64>,
    /// The errors between which the rate is read off, relative to ‖M★‖_F.
    pub window: (f64, f64),
    /// The implementation: the Frobenius errors e₀, e₁, … of a run from a start of scale α, drawn by the key.
    pub errors: F,
}

impl<F: Fn(&LowRankTruth, f64, StreamKey) -> Vec<f64> + Sync> Guarantee for AcceleratedRate<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = xiong_ding_du("Theorem 5.1, in the form documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let first = truth.spectrum()[0];
        let last = truth.spectrum()[truth.rank() - 1];
        let (square, scaled) = (self.beta * self.beta, self.eta * (self.beta.max(first / self.beta)).powi(2));
        vec![
            Hypothesis::require("0 < β² ≤ σᵣ", square > 0.0 && square <= last, || {
                format!("β² = {square}, σᵣ = {last}")
            }),
            Hypothesis::require("η max(β, σ₁/β)² ≤ 1", self.eta > 0.0 && scaled <= 1.0, || {
                format!("it is {scaled}")
            }),
            Hypothesis::require(
                "there is a scale α > 0",
                self.alphas.iter().any(|alpha| *alpha > 0.0),
                || "there is none".to_owned(),
            ),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// Observed is ηβ²/2, bounded by the slowest rate over the scales.
    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let norm = truth.matrix().norm();
        let window = (self.window.0 * norm, self.window.1 * norm);
        let rates = self.alphas.iter().map(|&alpha| linear_rate(&(self.errors)(truth, alpha, key), window));
        let slowest =
            rates.fold(
                f64::INFINITY,
                |least, rate| if rate.is_nan() { f64::NEG_INFINITY } else { least.min(rate) },
            );
        Outcome { bound: slowest.max(0.0), observed: 0.5 * self.eta * self.beta * self.beta }
    }
}

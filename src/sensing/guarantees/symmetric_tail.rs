use super::super::LowRankTruth;
use super::one_step_inequalities::positive_semidefinite;
use super::xiong_ding_du;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// Over-parameterization slows symmetric gradient descent down to 1/t: with k > r columns, X₊ = X − η(XXᵀ − M★)X,
///
/// 2ηt·‖X_tX_tᵀ − M★‖_F/√(k − r) → 1,
///
/// held to a tolerance at all t in a range. With k = r the error falls linearly.
///
/// Xiong, Ding and Du (2024) prove the lower bound Ω(1/t²) of the squared error with a hidden constant (Theorem 1.1, in
/// detail Theorem 3.1). The limit is this library's: the k − r redundant columns obey E₊ = E(I − ηEᵀE) once the signal is learned,
/// so that each eigenvalue λ of EEᵀ has 1/λ₊ = 1/λ + 2η + O(η²λ). With λ of the order α² at the start, the tolerance is reached
/// when 2ηα²t is large against its inverse.
#[derive(Clone, Debug)]
pub struct SymmetricTail<F> {
    /// η.
    pub eta: f64,
    /// k.
    pub search_rank: usize,
    /// The range of t, both ends included.
    pub range: (usize, usize),
    /// The largest deviation from 1.
    pub tolerance: f64,
    /// The implementation: the Frobenius errors e₀, e₁, … from a start drawn by the key.
    pub errors: F,
}

impl<F: Fn(&LowRankTruth, StreamKey) -> Vec<f64> + Sync> Guarantee for SymmetricTail<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = xiong_ding_du("Theorems 1.1 and 3.1, in the form documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let (n, r, k) = (truth.shape().0, truth.rank(), self.search_rank);
        let scaled = self.eta * truth.spectrum()[0];
        vec![
            positive_semidefinite(truth),
            Hypothesis::require("r < k ≤ n", r < k && k <= n, || format!("r = {r}, k = {k}, n = {n}")),
            Hypothesis::require("0 < ησ₁ ≤ 1/2", scaled > 0.0 && scaled <= 0.5, || {
                format!("ησ₁ = {scaled}")
            }),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let redundant = (self.search_rank - truth.rank()) as f64;
        let (first, last) = self.range;
        let errors = (self.errors)(truth, key);
        let deviation = |t: usize| {
            let error = errors.get(t).copied().unwrap_or(f64::NAN);
            let deviation = (2.0 * self.eta * t as f64 * error / redundant.sqrt() - 1.0).abs();
            if deviation.is_nan() { f64::INFINITY } else { deviation }
        };
        Outcome { bound: self.tolerance, observed: (first..=last).map(deviation).fold(0.0, f64::max) }
    }
}

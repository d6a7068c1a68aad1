use super::super::LowRankTruth;
use super::ma_fattahi;
use super::one_step_inequalities::positive_semidefinite;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// The subgradient method converges at a rate that does not depend on the search rank: for two r′ ≥ r and the same 𝒜 and noise
/// the error curves agree to a tolerance as long as the error exceeds a floor ε‖X★‖_F, and both get below the floor.
///
/// Ma and Fattahi (2023), Corollaries 23 and 28: neither the number of measurements nor that of iterations nor the bound of the
/// error has r′ in it.
#[derive(Clone, Debug)]
pub struct SearchRankIndependence<F> {
    /// The two r′.
    pub search_ranks: (usize, usize),
    /// ε.
    pub floor: f64,
    /// The largest |e_t/e′_t − 1| that is agreement.
    pub tolerance: f64,
    /// The share of draws of 𝒜 and noise that may do otherwise.
    pub failure_probability: f64,
    /// The implementation: e₀, e₁, … for r′, in the Frobenius norm, with 𝒜 and noise drawn by the key.
    pub errors: F,
}

impl<F: Fn(&LowRankTruth, usize, StreamKey) -> Vec<f64> + Sync> Guarantee for SearchRankIndependence<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = ma_fattahi("Corollaries 23 and 28, in the form documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let (one, other) = self.search_ranks;
        let (d, r) = (truth.shape().0, truth.rank());
        vec![
            positive_semidefinite(truth),
            Hypothesis::require("r ≤ r′ ≤ d", one.min(other) >= r && one.max(other) <= d, || {
                format!("r′ = {one} and {other}, r = {r}, d = {d}")
            }),
            Hypothesis::assumed("Sign-RIP: there are enough measurements"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        self.failure_probability
    }

    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let curve = |rank| (self.errors)(truth, rank, key);
        let (one, other) = (curve(self.search_ranks.0), curve(self.search_ranks.1));
        let floor = self.floor * truth.matrix().norm();
        let reaches = |errors: &[f64]| errors.iter().any(|error| *error <= floor);
        if !reaches(&one) || !reaches(&other) {
            return Outcome { bound: self.tolerance, observed: f64::INFINITY };
        }
        let above = one.iter().zip(&other).take_while(|(one, other)| one.min(**other) > floor);
        let observed = above.map(|(one, other)| (one / other - 1.0).abs()).fold(0.0, f64::max);
        Outcome { bound: self.tolerance, observed }
    }
}

use super::super::LowRankTruth;
use super::ma_fattahi;
use super::one_step_inequalities::positive_semidefinite;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// The subgradient method converges at a rate that does not depend on the search rank: for two r′ ≥ r and the same 𝒜 and noise
/// the numbers of steps to a floor ε‖X★‖_F agree to a tolerance, and both get there. (Errors at one step do not agree as
/// closely: where an eigenvalue is being learned they fall by a factor in a few steps.)
///
/// Ma and Fattahi (2023), Corollaries 23 and 28: neither the number of measurements nor that of iterations nor the bound of the
/// error has r′ in it.
#[derive(Clone, Debug)]
pub struct SearchRankIndependence<F> {
    /// The two r′.
    pub search_ranks: (usize, usize),
    /// ε.
    pub floor: f64,
    /// The largest |T/T′ − 1| that is agreement, T and T′ the numbers of steps.
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
        let steps = |errors: &[f64]| errors.iter().position(|error| *error <= floor);
        let observed = match (steps(&one), steps(&other)) {
            (Some(one), Some(other)) => (one as f64 / other.max(1) as f64 - 1.0).abs(),
            _ => f64::INFINITY,
        };
        Outcome { bound: self.tolerance, observed }
    }
}

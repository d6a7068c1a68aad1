use super::super::LowRankTruth;
use super::ma_fattahi;
use super::one_step_inequalities::positive_semidefinite;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// With geometric steps the subgradient method needs no early stopping: the error is small at *all* t ≥ T_end. Held as
///
/// e_t ≤ min(ε‖X★‖_F, 1.01·e_{T_end})  for T_end ≤ t ≤ T,
///
/// where e_t = ‖U_tU_tᵀ − X★‖_F.
///
/// Ma and Fattahi (2023), Theorem 27 and Corollary 28: e_t ≲ dα^{2−o(1)} from T_end = O((κ/η) log²(1/α)) on. Constants are
/// hidden; ε, T_end and T are given here.
#[derive(Clone, Debug)]
pub struct NoEarlyStopping<F> {
    /// T_end.
    pub end: usize,
    /// T, above T_end.
    pub last: usize,
    /// ε.
    pub accuracy: f64,
    /// The share of draws of 𝒜 and noise that may do otherwise.
    pub failure_probability: f64,
    /// The implementation: e₀, …, e_T with 𝒜 and noise drawn by the key. An iteration that ended earlier stays where it is.
    pub errors: F,
}

impl<F: Fn(&LowRankTruth, StreamKey) -> Vec<f64> + Sync> Guarantee for NoEarlyStopping<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = ma_fattahi("Theorem 27 and Corollary 28, in the form documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        vec![
            positive_semidefinite(truth),
            Hypothesis::require("T_end < T", self.end < self.last, || {
                format!("{} and {}", self.end, self.last)
            }),
            Hypothesis::assumed("Sign-RIP: there are enough measurements"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        self.failure_probability
    }

    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let errors = (self.errors)(truth, key);
        let Some(final_error) = errors.last().copied() else {
            return Outcome { bound: f64::NAN, observed: f64::NAN };
        };
        let reached = errors.get(self.end).copied().unwrap_or(final_error);
        let late = errors.iter().take(self.last + 1).skip(self.end).copied();
        let observed = late
            .fold(final_error, |most, error| if error.is_nan() { f64::INFINITY } else { most.max(error) });
        Outcome { bound: (self.accuracy * truth.matrix().norm()).min(1.01 * reached), observed }
    }
}

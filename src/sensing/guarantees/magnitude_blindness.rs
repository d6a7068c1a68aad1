use super::super::LowRankTruth;
use super::ma_fattahi;
use super::one_step_inequalities::positive_semidefinite;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// The subgradient method does not see how large outliers are: with outliers at the same places and of the same signs, but of two
/// sizes, the final relative errors are both at most ε and within a factor of each other.
///
/// φ of Sign-RIP depends on the law of an outlier through E exp(−o²/(2‖X‖_F²)) ∈ \[0, 1\] alone, and the theorem asks only
/// for p < 1: Ma and Fattahi (2023), Theorem 10 and Corollary 28. Sizes far above ‖X★‖_F, as are meant here, give the same φ.
#[derive(Clone, Debug)]
pub struct MagnitudeBlindness<F> {
    /// The two sizes.
    pub magnitudes: (f64, f64),
    /// ε.
    pub accuracy: f64,
    /// The factor, at least 1.
    pub factor: f64,
    /// The share of draws of 𝒜 and noise that may do otherwise.
    pub failure_probability: f64,
    /// The implementation: the final relative error for a size, with 𝒜, places and signs drawn by the key.
    pub final_error: F,
}

impl<F: Fn(&LowRankTruth, f64, StreamKey) -> f64 + Sync> Guarantee for MagnitudeBlindness<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = ma_fattahi("Theorem 10 and Corollary 28, in the form documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let norm = truth.matrix().norm();
        let least = self.magnitudes.0.min(self.magnitudes.1);
        vec![
            positive_semidefinite(truth),
            Hypothesis::require("outliers are at least 5‖X★‖_F", least >= 5.0 * norm, || {
                format!("{least} against ‖X★‖_F = {norm}")
            }),
            Hypothesis::assumed("Sign-RIP: there are enough measurements"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        self.failure_probability
    }

    /// The larger of max(e, e′)/ε and (max/min)/factor, of bound 1.
    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let error = |size: f64| (self.final_error)(truth, size, key);
        let (one, other) = (error(self.magnitudes.0), error(self.magnitudes.1));
        let (low, high) = (one.min(other), one.max(other));
        let nan = one.is_nan() || other.is_nan();
        let observed = if nan { f64::NAN } else { (high / self.accuracy).max(high / low / self.factor) };
        Outcome { bound: 1.0, observed }
    }
}

use super::{ROUNDING, lower_total, own, upper_total};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};

/// The total sensitivity S = Σσᵢ lies between r and r^(p/2), r = rank A: r^(p/2) ≤ S ≤ r for p ≤ 2, r ≤ S ≤ r^(p/2) for
/// p ≥ 2.
///
/// Proof. Sum [`LewisUpperBound`](super::LewisUpperBound) and [`LewisLowerBound`](super::LewisLowerBound) over the rows;
/// Σwᵢ = r. Both ends are reached up to a factor that depends on p alone: by the identity matrix, S = r, and by Gaussian
/// matrices, S → r^(p/2)/E|g|ᵖ.
#[derive(Clone, Debug)]
pub struct TotalSensitivityRange<S> {
    /// p > 0.
    pub p: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
}

impl<S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync> Guarantee for TotalSensitivityRange<S> {
    type Instance = RowBasis;

    const CITATION: Citation = own("TotalSensitivityRange", "The range of the total sensitivity");

    fn hypotheses(&self, _: &RowBasis) -> Vec<Hypothesis> {
        let p = self.p;
        vec![Hypothesis::require("0 < p < ∞", p > 0.0 && p.is_finite(), || format!("p = {p}"))]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The larger of S over its upper end and its lower end over S.
    fn trial(&self, basis: &RowBasis, _: StreamKey) -> Outcome {
        let sigma = (self.sensitivities)(basis, self.p);
        let rank = basis.rank() as f64;
        let power = rank.powf(self.p / 2.0);
        let (least, most) = (rank.min(power), rank.max(power));
        let above = lower_total(&sigma) / most;
        let below = least / upper_total(&sigma);
        Outcome { bound: 1.0 + ROUNDING, observed: super::largest([above, below]) }
    }
}

use super::{ROUNDING, largest, quotient};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};

/// Lewis weights bound sensitivities from below: wᵢ ≤ r^(1−p/2)σᵢ for p ≤ 2 and wᵢ ≤ σᵢ for p ≥ 2, r = rank A.
///
/// Proof. In the notation of [`LewisUpperBound`](super::LewisUpperBound), x = uᵢ/‖uᵢ‖ has |aᵢᵀx|ᵖ = wᵢ. For p ≤ 2
/// Hölder's inequality gives ‖Ax‖ₚᵖ = Σwⱼ^(1−p/2)|uⱼᵀx|ᵖ ≤ (Σwⱼ)^(1−p/2)(Σ|uⱼᵀx|²)^(p/2) = r^(1−p/2); for p ≥ 2
/// |uⱼᵀx| ≤ wⱼ^(1/2) gives ‖Ax‖ₚᵖ ≤ Σ|uⱼᵀx|² = 1.
#[derive(Clone, Debug)]
pub struct LewisLowerBound<S, W> {
    /// p > 0.
    pub p: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
    /// wᵢ.
    pub lewis_weights: W,
}

impl<S, W> Guarantee for LewisLowerBound<S, W>
where
    S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync,
    W: Fn(&RowBasis, f64) -> Vec<f64> + Sync,
{
    type Instance = RowBasis;

    const CITATION: Citation = Citation {
        key: "ChenDerezinski2021",
        authors: "X. Chen and M. Dereziński",
        title: "Query Complexity of Least Absolute Deviation Regression via Robust Uniform Convergence",
        venue: "34th Conference on Learning Theory",
        year: 2021,
        locator: "in the form documented and proved at this type",
    };

    fn hypotheses(&self, _: &RowBasis) -> Vec<Hypothesis> {
        let p = self.p;
        vec![Hypothesis::require("0 < p < ∞", p > 0.0 && p.is_finite(), || format!("p = {p}"))]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest wᵢ over its bound.
    fn trial(&self, basis: &RowBasis, _: StreamKey) -> Outcome {
        let sigma = (self.sensitivities)(basis, self.p);
        let weights = (self.lewis_weights)(basis, self.p);
        let factor = (basis.rank() as f64).powf((1.0 - self.p / 2.0).max(0.0));
        let rows = sigma.iter().zip(&weights);
        let observed = largest(rows.map(|(sigma, weight)| quotient(*weight, factor * sigma.upper)));
        Outcome { bound: 1.0 + ROUNDING, observed }
    }
}

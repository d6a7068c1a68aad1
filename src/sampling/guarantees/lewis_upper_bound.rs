use super::{ROUNDING, largest, quotient, thesis};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};

/// Lewis weights bound sensitivities from above: σᵢ ≤ wᵢ for p ≤ 2 and σᵢ ≤ r^(p/2−1)wᵢ for p ≥ 2, r = rank A.
///
/// Proof. Let uᵢ = wᵢ^(1/2−1/p)aᵢ be the rows of W^(1/2−1/p)A, in a basis where they are orthonormal; ‖uᵢ‖² = wᵢ and
/// Σwᵢ = r. With ‖x‖ = 1, |aᵢᵀx|ᵖ = wᵢ^(1−p/2)|uᵢᵀx|ᵖ ≤ wᵢ. For p ≤ 2, |uⱼᵀx| ≤ wⱼ^(1/2) gives
/// ‖Ax‖ₚᵖ = Σwⱼ^(1−p/2)|uⱼᵀx|ᵖ ≥ Σ|uⱼᵀx|² = 1. For p ≥ 2 Hölder's inequality gives ‖Ax‖ₚᵖ ≥ (Σwⱼ)^(1−p/2).
#[derive(Clone, Debug)]
pub struct LewisUpperBound<S, W> {
    /// p > 0.
    pub p: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
    /// wᵢ.
    pub lewis_weights: W,
}

impl<S, W> Guarantee for LewisUpperBound<S, W>
where
    S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync,
    W: Fn(&RowBasis, f64) -> Vec<f64> + Sync,
{
    type Instance = RowBasis;

    const CITATION: Citation = thesis("Lemma 6.2.4");

    fn hypotheses(&self, _: &RowBasis) -> Vec<Hypothesis> {
        let p = self.p;
        vec![Hypothesis::require("0 < p < ∞", p > 0.0 && p.is_finite(), || format!("p = {p}"))]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest σᵢ over its bound.
    fn trial(&self, basis: &RowBasis, _: StreamKey) -> Outcome {
        let sigma = (self.sensitivities)(basis, self.p);
        let weights = (self.lewis_weights)(basis, self.p);
        let factor = (basis.rank() as f64).powf((self.p / 2.0 - 1.0).max(0.0));
        let rows = sigma.iter().zip(&weights);
        let observed = largest(rows.map(|(sigma, weight)| quotient(sigma.lower, factor * weight)));
        Outcome { bound: 1.0 + ROUNDING, observed }
    }
}

use super::{ROUNDING, largest, thesis};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};

/// The largest sensitivity of all rows grows with the exponent: maxᵢ σᵢᵖ ≤ maxᵢ σᵢ^q for p ≤ q.
///
/// Proof. It is the largest ‖y‖_∞ᵖ/‖y‖ₚᵖ over y = Ax, and ‖y‖ₚᵖ/‖y‖_∞ᵖ = Σ(|yⱼ|/‖y‖_∞)ᵖ falls as p grows.
#[derive(Clone, Debug)]
pub struct LargestSensitivity<S> {
    /// p.
    pub p: f64,
    /// q ≥ p.
    pub q: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
}

impl<S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync> Guarantee for LargestSensitivity<S> {
    type Instance = RowBasis;

    const CITATION: Citation = thesis("Lemma 7.3.1, for the largest sensitivity");

    fn hypotheses(&self, _: &RowBasis) -> Vec<Hypothesis> {
        let (p, q) = (self.p, self.q);
        let ordered = p > 0.0 && p <= q && q.is_finite();
        vec![Hypothesis::require("0 < p ≤ q < ∞", ordered, || format!("p = {p}, q = {q}"))]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest sensitivity at p, to be at most that at q.
    fn trial(&self, basis: &RowBasis, _: StreamKey) -> Outcome {
        let at_p = largest((self.sensitivities)(basis, self.p).iter().map(|sigma| sigma.lower));
        let at_q = largest((self.sensitivities)(basis, self.q).iter().map(|sigma| sigma.upper));
        Outcome { bound: at_q * (1.0 + ROUNDING), observed: at_p }
    }
}

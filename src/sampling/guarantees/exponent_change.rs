use super::{ROUNDING, largest, own, quotient};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};

/// Sensitivities at two exponents p ≤ q bound each other: (σᵢᵖ)^(1/p) ≤ (σᵢ^q)^(1/q) ≤ n^(1/p−1/q)·(σᵢᵖ)^(1/p), n the rows
/// that are not zero.
///
/// Proof. σᵢ^(1/p) is the largest |yᵢ|/‖y‖ₚ over y = Ax, and ‖y‖_q ≤ ‖y‖ₚ ≤ n^(1/p−1/q)‖y‖_q. With one exponent 2 these are
/// the root leverage scores: σᵢ ≤ τᵢ^(p/2) for p ≤ 2 and σᵢ ≤ n^(p/2−1)τᵢ^(p/2) for p ≥ 2.
///
/// σᵢ itself need not grow with p: of the rows 1 and 10 in one dimension, the first has σ = 1/(1 + 10ᵖ). Its maximum over
/// the rows does: [`LargestSensitivity`](super::LargestSensitivity).
#[derive(Clone, Debug)]
pub struct ExponentChange<S> {
    /// p.
    pub p: f64,
    /// q ≥ p.
    pub q: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
}

impl<S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync> Guarantee for ExponentChange<S> {
    type Instance = RowBasis;

    const CITATION: Citation = own("ExponentChange", "Sensitivities at two exponents, by the norms");

    fn hypotheses(&self, _: &RowBasis) -> Vec<Hypothesis> {
        let (p, q) = (self.p, self.q);
        let ordered = p > 0.0 && p <= q && q.is_finite();
        vec![Hypothesis::require("0 < p ≤ q < ∞", ordered, || format!("p = {p}, q = {q}"))]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest of all quotients of a side that should be smaller by one that should be larger.
    fn trial(&self, basis: &RowBasis, _: StreamKey) -> Outcome {
        let (p, q) = (self.p, self.q);
        let rows = (basis.nrows() - basis.zero_rows().len()) as f64;
        let factor = rows.powf(1.0 / p - 1.0 / q);
        let (at_p, at_q) = ((self.sensitivities)(basis, p), (self.sensitivities)(basis, q));
        let observed = largest(at_p.iter().zip(&at_q).flat_map(|(at_p, at_q)| {
            let rise = quotient(at_p.lower.powf(1.0 / p), at_q.upper.powf(1.0 / q));
            let growth = quotient(at_q.lower.powf(1.0 / q), factor * at_p.upper.powf(1.0 / p));
            [rise, growth]
        }));
        Outcome { bound: 1.0 + ROUNDING, observed }
    }
}

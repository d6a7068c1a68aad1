use super::{largest, thesis, upper_total};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis, SampledRows};

/// Sampling preserves the total sensitivity: S(SA) ≤ 8S(A) with probability ½, if SA is a (1 ± ½) embedding with probability
/// at least ¾.
///
/// Proof. Where ‖SAx‖ₚᵖ ≥ ½‖Ax‖ₚᵖ for all x, a kept row has sensitivity at most Wᵢσᵢ/½, so that S(SA) ≤ 2Z with
/// Z = Σ_{i kept} Wᵢσᵢ. E Z = S, and Z > 4S with probability below ¼. Where σᵢ/qᵢ ≤ b for all i, Chernoff's bound for sums of
/// terms in \[0, b\] gives more: Z ≤ (1 + ε)S but with probability exp(−ε²S/(3b)), ε ≤ 1.
///
/// That a draw embeds is assumed. What is checked is necessary for it: no row that may be kept forces a ratio above 3/2,
/// σᵢ ≤ (3/2)qᵢ.
#[derive(Clone, Debug)]
pub struct SampledTotalSensitivity<S, T> {
    /// σᵢ between certificates, at an exponent.
    pub sensitivities: S,
    /// The implementation: S(SA) of one draw, or a lower bound on it.
    pub sampled_total: T,
}

/// S(SA)/S(A) that a draw may reach.
const GROWTH: f64 = 8.0;
/// 1 + ε.
const LARGEST_RATIO: f64 = 1.5;

impl<S, T> Guarantee for SampledTotalSensitivity<S, T>
where
    S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync,
    T: Fn(&SampledRows, StreamKey) -> f64 + Sync,
{
    type Instance = SampledRows;

    const CITATION: Citation = thesis("7.3.4 and 7.3.5, with the constants proved at this type");

    fn hypotheses(&self, rows: &SampledRows) -> Vec<Hypothesis> {
        let (n, q) = (rows.basis.nrows(), rows.sampling.probabilities());
        let p = rows.sampling.norm_exponent();
        let paired = Hypothesis::require("a probability for each row", n == q.len(), || {
            format!("{} for {n} rows", q.len())
        });
        let inside = Hypothesis::require("1 ≤ p < ∞", p >= 1.0, || format!("p = {p}"));
        if paired.is_failing() || inside.is_failing() {
            return vec![paired, inside];
        }
        let sigma = (self.sensitivities)(&rows.basis, p);
        let forced = largest(
            sigma.iter().zip(q).map(|(sigma, q)| if sigma.lower > 0.0 { sigma.lower / q } else { 0.0 }),
        );
        vec![
            paired,
            inside,
            Hypothesis::require("no row forces a ratio above 3/2", forced <= LARGEST_RATIO, || {
                format!("the largest σᵢ/qᵢ is {forced}")
            }),
            Hypothesis::assumed("a draw is a (1 ± ½) embedding with probability ¾"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.5
    }

    /// S(SA), to be at most 8S(A).
    fn trial(&self, rows: &SampledRows, key: StreamKey) -> Outcome {
        let sigma = (self.sensitivities)(&rows.basis, rows.sampling.norm_exponent());
        Outcome { bound: GROWTH * upper_total(&sigma), observed: (self.sampled_total)(rows, key) }
    }
}

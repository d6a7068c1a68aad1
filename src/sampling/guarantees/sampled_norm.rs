use super::own;
use crate::guarantee::{Citation, Hypothesis, MomentLaw, Moments};
use crate::random::StreamKey;

/// A vector y ∈ ℝⁿ and the probabilities qᵢ that its entries are kept with.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledVector {
    /// y = Ax.
    pub values: Vec<f64>,
    /// qᵢ ∈ [0, 1].
    pub probabilities: Vec<f64>,
    /// p > 0.
    pub p: f64,
}

/// The sampled norm Z = Σ_{i kept} |yᵢ|ᵖ/qᵢ has E Z = ‖y‖ₚᵖ and Var Z = Σ(1/qᵢ − 1)|yᵢ|²ᵖ.
///
/// Proof. Z is a sum of independent terms, each |yᵢ|ᵖ/qᵢ with probability qᵢ and else 0.
#[derive(Clone, Debug)]
pub struct SampledNorm<F> {
    /// The implementation: Z of one draw.
    pub sample: F,
}

impl<F: Fn(&SampledVector, StreamKey) -> f64 + Sync> MomentLaw for SampledNorm<F> {
    type Instance = SampledVector;

    const CITATION: Citation = own("SampledNorm", "Moments of a Bernoulli sample of a norm");

    fn hypotheses(&self, vector: &SampledVector) -> Vec<Hypothesis> {
        let SampledVector { values, probabilities, p } = vector;
        let lost = values.iter().zip(probabilities).position(|(y, q)| *y != 0.0 && *q <= 0.0);
        let paired = values.len() == probabilities.len();
        vec![
            Hypothesis::require("0 < p < ∞", *p > 0.0 && p.is_finite(), || format!("p = {p}")),
            Hypothesis::require("y and q are of one length", paired, || {
                format!("{} values, {} probabilities", values.len(), probabilities.len())
            }),
            Hypothesis::require("qᵢ > 0 where yᵢ ≠ 0", lost.is_none(), || {
                format!("not at i = {lost:?}")
            }),
        ]
    }

    fn moments(&self, vector: &SampledVector) -> Moments {
        let terms = vector.values.iter().zip(&vector.probabilities).filter(|(_, q)| **q > 0.0);
        let (mut mean, mut variance) = (0.0, 0.0);
        for (y, q) in terms {
            let power = y.abs().powf(vector.p);
            mean += power;
            variance += (1.0 / q - 1.0) * power * power;
        }
        Moments { mean, variance }
    }

    fn draw(&self, vector: &SampledVector, key: StreamKey) -> f64 {
        (self.sample)(vector, key)
    }
}

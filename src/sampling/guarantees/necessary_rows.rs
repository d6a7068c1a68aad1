use super::{ROUNDING, largest, own};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};
use crate::sketch::{RowSampling, SketchDistribution};

/// A matrix and the probabilities that its rows are kept with.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledRows {
    /// A, by its basis.
    pub basis: RowBasis,
    /// qᵢ, and the exponent of the norm.
    pub sampling: RowSampling,
}

impl SampledRows {
    /// Wᵢ = 1/qᵢ of the rows that one draw keeps, zero for the others.
    #[must_use]
    pub fn draw(&self, key: StreamKey) -> Vec<f64> {
        let probabilities = self.sampling.probabilities();
        let mut weights = vec![0.0; probabilities.len()];
        self.sampling.sample(key).kept().iter().for_each(|&i| weights[i] = 1.0 / probabilities[i]);
        weights
    }
}

/// A kept row of weight Wᵢ forces a ratio: ρ_max = max_x ΣWⱼ|aⱼᵀx|ᵖ/‖Ax‖ₚᵖ ≥ maxᵢ Wᵢσᵢ.
///
/// Proof. At the x that attains σᵢ, row i alone contributes Wᵢσᵢ. So a sampler whose draws all are (1 ± ε) embeddings has
/// qᵢ ≥ σᵢ/(1 + ε), and keeps at least S/(1 + ε) rows in expectation.
///
/// Held against a search for ρ_max, which the bound must not exceed.
#[derive(Clone, Debug)]
pub struct NecessaryRatio<S, D> {
    /// σᵢ between certificates, at an exponent.
    pub sensitivities: S,
    /// The implementation: ρ_max for weights and an exponent.
    pub largest_ratio: D,
}

impl<S, D> Guarantee for NecessaryRatio<S, D>
where
    S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync,
    D: Fn(&RowBasis, &[f64], f64, StreamKey) -> f64 + Sync,
{
    type Instance = SampledRows;

    const CITATION: Citation = own("NecessaryRatio", "What a kept row forces");

    fn hypotheses(&self, rows: &SampledRows) -> Vec<Hypothesis> {
        let (n, given) = (rows.basis.nrows(), rows.sampling.probabilities().len());
        vec![Hypothesis::require("a probability for each row", n == given, || {
            format!("{given} for {n} rows")
        })]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// maxᵢ Wᵢσᵢ of a draw, to be at most the ratio found for it.
    fn trial(&self, rows: &SampledRows, key: StreamKey) -> Outcome {
        let p = rows.sampling.norm_exponent();
        let weights = rows.draw(key.named("draw"));
        let sigma = (self.sensitivities)(&rows.basis, p);
        let forced = sigma.iter().zip(&weights).map(|(sigma, weight)| sigma.lower * weight);
        let found = (self.largest_ratio)(&rows.basis, &weights, p, key.named("search"));
        Outcome { bound: found * (1.0 + ROUNDING), observed: largest(forced) }
    }
}

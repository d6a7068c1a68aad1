use super::super::LowRankTruth;
use super::ma_fattahi;
use super::one_step_inequalities::positive_semidefinite;
use crate::guarantee::{Calibrated, Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// c of [`GaussianNoiseError`].
pub const GAUSSIAN_NOISE_ERROR: Calibrated =
    Calibrated { constant: 2.5, on: "σ = (10, 5, 1), d = 20, m = 500, ν = 0.7, r′ = 20" };

/// Under Gaussian noise the error is of the order of the noise, whatever the search rank: ‖UUᵀ − X★‖_F ≤ c·ν√(dr/m) with
/// c = [`GAUSSIAN_NOISE_ERROR`].
///
/// ν√(dr/m) is the order of the best possible error. Ma and Fattahi (2023), Corollary 29, prove O(√(ν²κ⁴dr² log⁵(1/α)
/// log²(m)/m)), with r′ nowhere in it; the form held here, without κ, logarithms and one √r, is what is measured at small r.
#[derive(Clone, Debug)]
pub struct GaussianNoiseError<F> {
    /// ν.
    pub deviation: f64,
    /// m.
    pub measurements: usize,
    /// r′.
    pub search_rank: usize,
    /// The share of draws of 𝒜 and noise that may do worse.
    pub failure_probability: f64,
    /// The implementation: ‖UUᵀ − X★‖_F at the end for ν, m, r′, with 𝒜 and noise drawn by the key.
    pub final_error: F,
}

impl<F: Fn(&LowRankTruth, (f64, usize, usize), StreamKey) -> f64 + Sync> Guarantee for GaussianNoiseError<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = ma_fattahi("Corollary 29, in the form documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let (d, r, m) = (truth.shape().0, truth.rank(), self.measurements);
        let last = truth.spectrum()[r - 1];
        let level = self.deviation * (d as f64 / m as f64).sqrt();
        vec![
            positive_semidefinite(truth),
            Hypothesis::require("r ≤ r′ ≤ d", (r..=d).contains(&self.search_rank), || {
                format!("r′ = {}, r = {r}, d = {d}", self.search_rank)
            }),
            Hypothesis::require("m ≥ 4dr", m >= 4 * d * r, || format!("m = {m}, d = {d}, r = {r}")),
            Hypothesis::require("ν√(d/m) ≤ σᵣ/5", level <= 0.2 * last, || {
                format!("{level}: the smallest eigenvalue {last} drowns")
            }),
        ]
    }

    fn failure_probability(&self) -> f64 {
        self.failure_probability
    }

    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let (d, r, m) = (truth.shape().0 as f64, truth.rank() as f64, self.measurements as f64);
        Outcome {
            bound: GAUSSIAN_NOISE_ERROR.bound(self.deviation * (d * r / m).sqrt()),
            observed: (self.final_error)(truth, (self.deviation, self.measurements, self.search_rank), key),
        }
    }
}

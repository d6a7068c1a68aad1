use nalgebra::DMatrix;

use super::super::LowRankTruth;
use super::ky_fan_norm;
use super::one_step_inequalities::positive_semidefinite;
use crate::guarantee::Hypothesis;
use crate::random::{StreamKey, normal_matrix};

/// A truth and a small start that leans on it: ‖U₀U₀ᵀ − 2α²X★‖ ≤ α²σᵣ, as the spectral initialisation gives from enough
/// measurements.
#[derive(Clone, Debug, PartialEq)]
pub struct SmallStart {
    /// X★.
    pub truth: LowRankTruth,
    /// α.
    pub alpha: f64,
    /// U₀ ∈ ℝᵈˣʳ′.
    pub start: DMatrix<f64>,
}

impl SmallStart {
    /// U₀ = α(√2 V√Σ, √(ρσᵣ) N) with N ∈ ℝᵈˣ⁽ʳ′⁻ʳ⁾ of norm 1 and random directions: U₀U₀ᵀ = 2α²X★ + ρα²σᵣNNᵀ.
    ///
    /// # Panics
    /// If r′ < r.
    #[must_use]
    pub fn leaning(
        truth: LowRankTruth,
        alpha: f64,
        (search_rank, rho): (usize, f64),
        key: StreamKey,
    ) -> Self {
        let (d, r) = (truth.shape().0, truth.rank());
        assert!(search_rank >= r, "the search rank {search_rank} is below the rank {r}");
        let last = truth.spectrum()[r - 1];
        let roots = DMatrix::from_diagonal(&truth.spectrum().map(|s| (2.0 * s).sqrt() * alpha));
        let mut start = DMatrix::zeros(d, search_rank);
        start.columns_mut(0, r).copy_from(&(truth.left_basis() * roots));
        if search_rank > r {
            let noise = normal_matrix(d, search_rank - r, key.named("start"));
            let scale = alpha * (rho * last).sqrt() / ky_fan_norm(&noise, 1);
            start.columns_mut(r, search_rank - r).copy_from(&(noise * scale));
        }
        Self { truth, alpha, start }
    }

    /// What both theorems about the expected loss from a small start ask.
    pub(super) fn hypotheses(&self, eta: f64) -> Vec<Hypothesis> {
        let spectrum = self.truth.spectrum();
        let (first, last) = (spectrum[0], spectrum[spectrum.len() - 1]);
        let (square, scaled) = (self.alpha * self.alpha, eta * first);
        let product = &self.start * self.start.transpose();
        let off = ky_fan_norm(&(product - self.truth.matrix() * (2.0 * square)), 1) / square;
        vec![
            positive_semidefinite(&self.truth),
            Hypothesis::require("0 < ησ₁ ≤ 1/2", scaled > 0.0 && scaled <= 0.5, || {
                format!("ησ₁ = {scaled}")
            }),
            Hypothesis::require("α² ≤ σᵣ/10", square <= 0.1 * last, || format!("α = {}", self.alpha)),
            Hypothesis::require(
                "‖U₀U₀ᵀ − 2α²X★‖ ≤ α²σᵣ",
                off <= last * (1.0 + 1e-9),
                || format!("it is {off}·α²; σᵣ = {last}"),
            ),
        ]
    }
}

use nalgebra::DMatrix;

use super::super::LowRankTruth;
use super::conserved_imbalance::imbalance;
use super::xiong_ding_du;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::{SymmetricEigen, product};
use crate::random::StreamKey;

/// Gradient descent on F Gᵀ from an imbalanced start converges linearly although k > r: the error falls by exp(−ηλ_min(Δ₀)/2) a
/// step or faster, Δ₀ = F₀ᵀF₀ − G₀ᵀG₀ ≻ 0.
///
/// Xiong, Ding and Du (2024), Theorem 1.3, have exp(−Ω(ηα²t)) for F₀ of size α and G₀ of size α/3, where λ_min(Δ₀) is of the order α²
/// if n > 4k; the constant 1/2 here is half of what the mechanism gives: where the residual is small a redundant column of G
/// obeys g₊ = (1 − ηf²)g with f² ≥ λ_min(Δ), which is conserved ([`ConservedImbalance`](super::ConservedImbalance)).
#[derive(Clone, Debug)]
pub struct ImbalancedRate<F> {
    /// η.
    pub eta: f64,
    /// k.
    pub search_rank: usize,
    /// The errors between which the rate is read off, relative to ‖M★‖_F.
    pub window: (f64, f64),
    /// The implementation: (F₀, G₀), (F₁, G₁), … from a start drawn by the key.
    pub trajectory: F,
}

/// The mean of ln(e_t/e_{t+1}) from the first error at or below `high` to the first at or below `low`; NaN if either is not
/// reached, or both are at once.
///
/// ```
/// use proofsketch::sensing::linear_rate;
///
/// let errors: Vec<f64> = (0..100).map(|t| (-0.2 * f64::from(t)).exp()).collect();
/// assert!((linear_rate(&errors, (1e-2, 1e-6)) - 0.2).abs() < 1e-12);
/// assert!(linear_rate(&errors, (1e-2, 1e-12)).is_nan());
/// ```
#[must_use]
pub fn linear_rate(errors: &[f64], (high, low): (f64, f64)) -> f64 {
    let first = |level: f64| errors.iter().position(|error| *error <= level);
    match (first(high), first(low)) {
        (Some(start), Some(end)) => (errors[start] / errors[end]).ln() / (end - start) as f64,
        _ => f64::NAN,
    }
}

impl<T> Guarantee for ImbalancedRate<T>
where
    T: Fn(&LowRankTruth, StreamKey) -> Vec<(DMatrix<f64>, DMatrix<f64>)> + Sync,
{
    type Instance = LowRankTruth;

    const CITATION: Citation = xiong_ding_du("Theorem 1.3, in the form documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let (shape, r, k) = (truth.shape(), truth.rank(), self.search_rank);
        let n = shape.0.min(shape.1);
        let scaled = self.eta * truth.spectrum()[0];
        vec![
            Hypothesis::require("r ≤ k", r <= k, || format!("r = {r}, k = {k}")),
            Hypothesis::require("n > 4k, so that Δ₀ ≻ 0 from a start at ratio 1/3", n > 4 * k, || {
                format!("n = {n}, k = {k}")
            }),
            Hypothesis::require("0 < ησ₁ ≤ 1/2", scaled > 0.0 && scaled <= 0.5, || {
                format!("ησ₁ = {scaled}")
            }),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// Observed is the least rate the theorem allows, bounded by the rate seen.
    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let trajectory = (self.trajectory)(truth, key);
        let norm = truth.matrix().norm();
        let errors: Vec<f64> = trajectory
            .iter()
            .map(|(f, g)| truth.frobenius_error(&product(f, &g.transpose())) / norm)
            .collect();
        let least = trajectory.first().map_or(f64::NAN, |(f, g)| smallest_eigenvalue(&imbalance(f, g)));
        let observed = if least > 0.0 { 0.5 * self.eta * least } else { f64::NAN };
        Outcome { bound: linear_rate(&errors, self.window), observed }
    }
}

fn smallest_eigenvalue(matrix: &DMatrix<f64>) -> f64 {
    SymmetricEigen::new(matrix).map_or(f64::NAN, |eigen| eigen.eigenvalues.min())
}

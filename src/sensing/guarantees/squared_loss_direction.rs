use nalgebra::DMatrix;

use super::{MeasurementNoise, ma_fattahi};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// The direction of the squared loss is as far off as the noise is large: with Q₂(X) = (1/m) Σ (⟨Aᵢ, X⟩ − sᵢ)(Aᵢ + Aᵢᵀ)/2, whose
/// mean is X, for a fixed symmetric X ≠ 0 and outliers of law N(0, σ²) with probability p,
///
/// Pr\[‖Q₂(X) − X‖_F < (d/2)·√((‖X‖_F² + pσ²)/m)\] ≤ 1/2.
///
/// Given the residuals r, the part of Q₂(X) across X is ‖r‖₂/m times a matrix of independent normal coordinates in
/// D = d(d+1)/2 − 1 dimensions, so that
///
/// E‖Q₂(X) − X‖_F² = ((D + 2)‖X‖_F² + (D + 1)(pσ² + ν²))/m  ([`mean_square`](Self::mean_square)),
///
/// of which the bound takes about half. An ℓ₂ restricted isometry is therefore of no use against outliers, whose size enters,
/// where [`SignRip`](super::SignRip) does not see it.
///
/// Ma and Fattahi (2023), Proposition 5, has the order d√((1 + pσ²)/m) for the supremum over X in the unit sphere, with
/// a hidden constant.
#[derive(Clone, Debug)]
pub struct SquaredLossDirection<F> {
    /// d.
    pub dim: usize,
    /// m.
    pub measurements: usize,
    /// The law of s.
    pub noise: MeasurementNoise,
    /// The implementation: draws 𝒜 and s by a key and gives Q₂(X).
    pub direction: F,
}

impl<F> SquaredLossDirection<F> {
    /// E‖Q₂(X) − X‖_F² for ‖X‖_F = `norm`.
    #[must_use]
    pub fn mean_square(&self, norm: f64) -> f64 {
        let across = (self.dim * (self.dim + 1) / 2 - 1) as f64;
        ((across + 2.0) * norm * norm + (across + 1.0) * self.noise.mean_square()) / self.measurements as f64
    }
}

impl<F: Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync> Guarantee for SquaredLossDirection<F> {
    type Instance = DMatrix<f64>;

    const CITATION: Citation =
        ma_fattahi("Proposition 5, at a fixed point with the constant documented at this type");

    fn hypotheses(&self, x: &DMatrix<f64>) -> Vec<Hypothesis> {
        let (d, spread) = (self.dim, self.noise.mean_square());
        // Enough outliers that their mean square is near its mean.
        let expected = self.noise.outliers.fraction * self.measurements as f64;
        vec![
            Hypothesis::require("X is symmetric, d×d", x.shape() == (d, d) && *x == x.transpose(), || {
                format!("it is {:?}", x.shape())
            }),
            Hypothesis::require("X ≠ 0", x.norm() > 0.0, || "X = 0".to_owned()),
            Hypothesis::require("d ≥ 5", d >= 5, || format!("d = {d}")),
            Hypothesis::require("the noise has a variance", spread.is_finite(), || {
                format!("E s² = {spread}")
            }),
            Hypothesis::require(
                "no outliers, or pm ≥ 20 of them",
                expected == 0.0 || expected >= 20.0,
                || format!("pm = {expected}"),
            ),
            Hypothesis::assumed("Aᵢ has independent N(0, 1) entries; s is independent of 𝒜"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.5
    }

    /// Observed is the bound from below, and bounded by the deviation.
    fn trial(&self, x: &DMatrix<f64>, key: StreamKey) -> Outcome {
        let variance = (x.norm_squared() + self.noise.mean_square()) / self.measurements as f64;
        Outcome {
            bound: ((self.direction)(x, key) - x).norm(),
            observed: 0.5 * self.dim as f64 * variance.sqrt(),
        }
    }
}

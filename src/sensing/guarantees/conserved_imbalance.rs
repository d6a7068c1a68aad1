use nalgebra::DMatrix;

use super::{SensingInstance, xiong_ding_du};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::{gram, product};
use crate::random::StreamKey;

/// Gradient descent on both factors conserves their imbalance Δ = FᵀF − GᵀG but for terms of second order in the step: with Z =
/// (1/m)𝒜\*(𝒜(FGᵀ) − y), F₊ = F − ηZG and G₊ = G − ηZᵀF,
///
/// Δ₊ − Δ = η²(GᵀZᵀZG − FᵀZZᵀF).
///
/// Exact for simultaneous steps: the terms of first order, −η(FᵀZG + GᵀZᵀF), are in FᵀF and in GᵀG alike. Deterministic, held
/// at every step relative to ‖F‖_F² + ‖G‖_F² and against rounding, 10⁻¹⁴√k. It is what keeps the imbalance that makes
/// [`ImbalancedRate`](super::ImbalancedRate) linear.
#[derive(Clone, Debug)]
pub struct ConservedImbalance<F> {
    /// η.
    pub eta: f64,
    /// The implementation: (F₀, G₀), (F₁, G₁), … from a start drawn by the key.
    pub trajectory: F,
}

/// Δ = FᵀF − GᵀG ∈ ℝᵏˣᵏ.
pub(super) fn imbalance(f: &DMatrix<f64>, g: &DMatrix<f64>) -> DMatrix<f64> {
    gram(f) - gram(g)
}

impl<T> Guarantee for ConservedImbalance<T>
where
    T: Fn(&SensingInstance, StreamKey) -> Vec<(DMatrix<f64>, DMatrix<f64>)> + Sync,
{
    type Instance = SensingInstance;

    const CITATION: Citation =
        xiong_ding_du("imbalance of the factors; the identity is documented at this type");

    fn hypotheses(&self, _: &SensingInstance) -> Vec<Hypothesis> {
        vec![Hypothesis::require("η > 0", self.eta > 0.0, || format!("η = {}", self.eta))]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest violation over the steps.
    fn trial(&self, instance: &SensingInstance, key: StreamKey) -> Outcome {
        let trajectory = (self.trajectory)(instance, key);
        let mut observed = f64::NAN;
        for pair in trajectory.windows(2) {
            let ((f, g), (f_next, g_next)) = (&pair[0], &pair[1]);
            let z =
                instance.map.fused(&product(f, &g.transpose()), &instance.y, &|residual| residual).gradient;
            let second = (gram(&(&z * g)) - gram(&z.tr_mul(f))) * (self.eta * self.eta);
            let off = imbalance(f_next, g_next) - imbalance(f, g) - second;
            let relative = off.norm() / (f.norm_squared() + g.norm_squared());
            observed = if relative.is_nan() { f64::INFINITY } else { relative.max(observed) };
        }
        let columns = trajectory.first().map_or(0, |(f, _)| f.ncols());
        Outcome { bound: 1e-14 * (columns as f64).sqrt(), observed }
    }
}

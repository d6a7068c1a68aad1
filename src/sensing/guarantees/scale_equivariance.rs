use nalgebra::DMatrix;

use super::super::LowRankTruth;
use super::ma_fattahi;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// With geometric steps, whose length does not depend on the size of y, four times the measurements and twice the start
/// make every step twice as long: U_t(4y, 2α) = 2U_t(y, α), to the bit, as scaling by powers of two is exact and signs
/// of residuals stay.
///
/// More generally U_t(c²y, cα) = cU_t(y, α), up to rounding, if the normalised step is: U − ηρᵗ(Q + Qᵀ)U/‖Q‖ is linear in U
/// where Q does not change. It is a property of (10) in Ma and Fattahi (2023) that gradient descent on the squared loss has
/// not.
#[derive(Clone, Debug)]
pub struct ScaleEquivariance<F> {
    /// The implementation: U_T of a truth for measurements c²y and a start cα, given c, with 𝒜 and noise drawn by the key.
    pub factor: F,
}

impl<F: Fn(&LowRankTruth, f64, StreamKey) -> DMatrix<f64> + Sync> Guarantee for ScaleEquivariance<F> {
    type Instance = LowRankTruth;

    const CITATION: Citation = ma_fattahi("equation (10), by the argument documented at this type");

    fn hypotheses(&self, truth: &LowRankTruth) -> Vec<Hypothesis> {
        let norm = truth.matrix().norm();
        vec![
            Hypothesis::require(
                "10⁻¹⁰⁰ ≤ ‖X★‖_F ≤ 10¹⁰⁰",
                (1e-100..=1e100).contains(&norm),
                || format!("‖X★‖_F = {norm:e}: numbers underflow or overflow"),
            ),
            Hypothesis::assumed("no other number underflows or overflows"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// max |U_T(4y, 2α) − 2U_T(y, α)|, of bound 0.
    fn trial(&self, truth: &LowRankTruth, key: StreamKey) -> Outcome {
        let (plain, scaled) = ((self.factor)(truth, 1.0, key), (self.factor)(truth, 2.0, key));
        let finite = plain.iter().chain(&scaled).all(|value| value.is_finite()) && plain.amax() > 0.0;
        Outcome { bound: 0.0, observed: if finite { (scaled - plain * 2.0).amax() } else { f64::NAN } }
    }
}

//! Runs on the expected loss.

use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    Identity, Loss, MatrixSensing, MeasurementMap, StepSchedule, SubgradientSettings, SymmetricIterate,
    SymmetricStart, sign_spectral_direction,
};

use super::instance::{DIM, Instance, MEASUREMENTS, Noise, Span, measured};
use crate::error::Fault;

/// η, recovered from the decay of 0.9000 an iteration in the paper's figure: 1 − 2ησ₃.
pub const ETA: f64 = 0.05;

/// A run on the expected loss from αB, B from 500 Gaussian measurements of the same X★.
pub fn expected<const K: usize>(
    alpha: f64,
    span: Span,
    key: StreamKey,
    mut measure: impl FnMut(&Instance, &SymmetricIterate<'_>) -> Result<[f64; K], Fault>,
) -> Result<Vec<[f64; K]>, Fault> {
    let instance = Instance::draw(MEASUREMENTS, Noise::None, key)?;
    let start = sign_spectral_direction(&instance.problem()?, DIM)? * alpha;
    let map = Identity::symmetric(DIM)?;
    let y = map.apply(instance.truth.matrix());
    let settings = SubgradientSettings {
        rank: DIM,
        loss: Loss::Frobenius,
        start: SymmetricStart::Given(start),
        schedule: StepSchedule::Loss { eta: ETA },
        tol: 0.0,
        ..SubgradientSettings::default()
    };
    measured(&MatrixSensing::new(&map, &y)?, &settings, span, |iterate| measure(&instance, iterate))
}

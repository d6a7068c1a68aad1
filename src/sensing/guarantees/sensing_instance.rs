use nalgebra::DVector;

use super::super::{Error, LowRankTruth, MatrixSensing, MeasurementMap};
use super::MeasurementNoise;
use crate::random::StreamKey;

/// A truth, a map and measurements of it: what a theorem about a solver is held on.
#[derive(Debug)]
pub struct SensingInstance {
    /// X★.
    pub truth: LowRankTruth,
    /// 𝒜.
    pub map: Box<dyn MeasurementMap>,
    /// y = 𝒜(X★) + s.
    pub y: DVector<f64>,
}

impl SensingInstance {
    /// Measures X★, with noise.
    ///
    /// # Errors
    /// Those of [`MeasurementNoise::added_to`].
    ///
    /// # Panics
    /// If the map measures matrices of another shape than the truth has.
    pub fn measure(
        truth: LowRankTruth,
        map: Box<dyn MeasurementMap>,
        noise: &MeasurementNoise,
        key: StreamKey,
    ) -> Result<Self, Error> {
        let y = noise.added_to(&truth.measured_by(map.as_ref()), key)?;
        Ok(Self { truth, map, y })
    }

    /// 𝒜 and y, without the truth.
    ///
    /// # Errors
    /// Those of [`MatrixSensing::new`].
    pub fn problem(&self) -> Result<MatrixSensing<'_>, Error> {
        MatrixSensing::new(self.map.as_ref(), &self.y)
    }
}

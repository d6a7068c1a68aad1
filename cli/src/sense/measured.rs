use nalgebra::{DMatrix, DVector};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    Corruption, DenseGaussian, MatrixSensing, MeasurementMap, OutlierLaw, PackedGaussian, SketchMeasurements,
    with_gaussian_noise,
};
use proofsketch::sketch::{Replacement, SketchDistribution, Srht};

use super::{MapName, MethodName, Sense};
use crate::failure::Failure;

/// Measurements for each degree of freedom unless a number is asked for.
const OVERSAMPLING: usize = 6;
/// Bytes of a stored map at most.
const MOST_STORED: usize = 8 << 30;

/// A matrix by its measurements.
#[derive(Debug)]
pub(super) struct Measured {
    pub(super) method: MethodName,
    pub(super) map: Box<dyn MeasurementMap>,
    pub(super) y: DVector<f64>,
    /// The root mean square of the measurements before outliers and noise.
    pub(super) size: f64,
    pub(super) outliers: usize,
    pub(super) degrees_of_freedom: usize,
}

impl Sense {
    /// y = 𝒜(X) with outliers and noise.
    pub(super) fn measure(
        &self,
        x: &DMatrix<f64>,
        method: MethodName,
        key: StreamKey,
    ) -> Result<Measured, Failure> {
        let (nrows, ncols) = x.shape();
        if self.rank == 0 || self.rank > nrows.min(ncols) {
            let limit = nrows.min(ncols);
            return Err(self.failure(&format!(
                "--rank {} is out of range for a {nrows}×{ncols} matrix: need 1 ≤ K ≤ {limit}",
                self.rank
            )));
        }
        let rank = self.rank;
        let degrees_of_freedom = if method.is_symmetric() {
            rank * (2 * nrows - rank + 1) / 2
        } else {
            rank * (nrows + ncols - rank)
        };
        let count = self.measurements.unwrap_or(OVERSAMPLING * degrees_of_freedom);
        let map = self.map((nrows, ncols), method.is_symmetric(), count, key.named("map"))?;
        let clean = map.apply(x);
        let size = proofsketch::linalg::frobenius_norm(&clean) / (count as f64).sqrt();
        let refused = |error: proofsketch::sensing::Error| Failure::input(error.to_string());
        let law = OutlierLaw::Normal { deviation: self.outliers * size };
        let corruption = Corruption { fraction: self.corrupt, law };
        let noisy = with_gaussian_noise(&clean, self.noise * size, key).map_err(refused)?;
        let y = corruption.added_to(&noisy, key).map_err(refused)?;
        let outliers = corruption.support(count, key).map_err(refused)?.len();
        Ok(Measured { method, map, y, size, outliers, degrees_of_freedom })
    }

    fn map(
        &self,
        shape: (usize, usize),
        symmetric: bool,
        count: usize,
        key: StreamKey,
    ) -> Result<Box<dyn MeasurementMap>, Failure> {
        let refused = |error: proofsketch::sensing::Error| Failure::input(error.to_string());
        let entries = if symmetric { shape.0 * (shape.0 + 1) / 2 } else { shape.0 * shape.1 };
        if self.map == MapName::Srht {
            let replacement = if count > entries { Replacement::With } else { Replacement::Without };
            let sketch = Srht::with_replacement(count, entries, replacement)
                .map_err(|error| Failure::input(format!("--measurements {count}: {error}")))?
                .sample(key);
            let map = if symmetric {
                SketchMeasurements::symmetric(shape.0, sketch)
            } else {
                SketchMeasurements::new(shape, sketch)
            };
            return Ok(Box::new(map.map_err(refused)?));
        }
        let stored = entries.saturating_mul(4).saturating_mul(count);
        if stored > MOST_STORED {
            let size = stored as f64 / 1e9;
            return Err(self.failure(&format!(
                "{count} Gaussian measurements take {size:.0} GB: take fewer (--measurements), or --map srht"
            )));
        }
        if symmetric {
            return Ok(Box::new(PackedGaussian::draw(shape.0, count, key).map_err(refused)?));
        }
        Ok(Box::new(DenseGaussian::draw(shape, count, key).map_err(refused)?))
    }
}

impl Measured {
    /// The problem of other data with the same map.
    pub(super) fn problem<'a>(
        &'a self,
        y: &'a DVector<f64>,
    ) -> Result<MatrixSensing<'a>, proofsketch::sensing::Error> {
        MatrixSensing::new(&*self.map, y)
    }
}

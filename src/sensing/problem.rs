use nalgebra::DVector;

use super::error::check_shape;
use super::{Error, MeasurementMap};

/// The sensing problem: a matrix of low rank is sought from y = 𝒜(X★) + s, m finite numbers, some of them corrupted.
///
/// ```
/// use nalgebra::DVector;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{Error, MatrixSensing, PackedGaussian};
///
/// let map = PackedGaussian::draw(4, 30, StreamKey::from_seed(1))?;
/// let mut y = DVector::from_element(30, 1.0);
/// assert_eq!(MatrixSensing::new(&map, &y)?.measurements(), 30);
/// y[3] = f64::NAN;
/// assert!(matches!(MatrixSensing::new(&map, &y), Err(Error::NotFinite { index: 3, .. })));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MatrixSensing<'a> {
    map: &'a dyn MeasurementMap,
    y: &'a DVector<f64>,
}

impl<'a> MatrixSensing<'a> {
    /// The problem of 𝒜 and y.
    ///
    /// # Errors
    /// [`Error::Empty`] and [`Error::NoMeasurements`] for shapes without an answer, [`Error::Length`] unless y has m
    /// entries, [`Error::NotFinite`] with the first NaN or infinity.
    pub fn new(map: &'a dyn MeasurementMap, y: &'a DVector<f64>) -> Result<Self, Error> {
        check_shape(map.shape(), map.measurements())?;
        if y.len() != map.measurements() {
            return Err(Error::Length { measurements: map.measurements(), entries: y.len() });
        }
        if let Some(index) = y.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotFinite { index, value: y[index] });
        }
        Ok(Self { map, y })
    }

    /// 𝒜.
    #[must_use]
    pub fn map(&self) -> &'a dyn MeasurementMap {
        self.map
    }

    /// y.
    #[must_use]
    pub fn y(&self) -> &'a DVector<f64> {
        self.y
    }

    /// n₁ and n₂.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        self.map.shape()
    }

    /// m.
    #[must_use]
    pub fn measurements(&self) -> usize {
        self.map.measurements()
    }

    /// Degrees of freedom of a matrix of rank r: r(2d − r + 1)/2 if the map is symmetric, else r(n₁ + n₂ − r). Fewer
    /// measurements do not determine it.
    #[must_use]
    pub fn degrees_of_freedom(&self, rank: usize) -> usize {
        let (nrows, ncols) = self.shape();
        let rank = rank.min(nrows).min(ncols);
        if self.map.is_symmetric() {
            rank * (2 * nrows - rank + 1) / 2
        } else {
            rank * (nrows + ncols - rank)
        }
    }
}

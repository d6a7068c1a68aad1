use nalgebra::{DMatrix, DVector};

use super::error::check_shape;
use super::measurement_map::{assert_matrix, assert_measurements};
use super::{Error, FusedPass, MeasurementMap};
use crate::linalg::SinglePrecisionRows;
use crate::random::{StreamKey, fill_standard_normal};

/// The Gaussian map: independent N(0, 1) entries of Aᵢ ∈ ℝ^{n₁×n₂}, rounded once to `f32`: those numbers *are* the map.
///
/// Sums are in `f64`, so that answers are as accurate as with `f64` storage. Storage: 4n₁n₂m bytes. Cost of a pass: 2n₁n₂m
/// products, reading the storage once; in parallel from 2 MiB. Measurement i is drawn from a stream of its own: a map with
/// fewer measurements is the beginning of one with more.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{DenseGaussian, MeasurementMap};
///
/// let (few, more) = (
///     DenseGaussian::draw((3, 5), 10, StreamKey::from_seed(1))?,
///     DenseGaussian::draw((3, 5), 20, StreamKey::from_seed(1))?,
/// );
/// assert_eq!(few.matrix(9), more.matrix(9));
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DenseGaussian {
    shape: (usize, usize),
    rows: SinglePrecisionRows,
}

impl DenseGaussian {
    /// m measurements of n₁×n₂ matrices.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NoMeasurements`], [`Error::TooLarge`].
    pub fn draw(shape: (usize, usize), measurements: usize, key: StreamKey) -> Result<Self, Error> {
        check_shape(shape, measurements)?;
        let entries = shape.0.saturating_mul(shape.1);
        let rows = SinglePrecisionRows::generate((measurements, entries), |i, row| {
            let mut normals = vec![0.0; entries];
            fill_standard_normal(&mut key.block(i as u64), &mut normals);
            row.iter_mut().zip(normals).for_each(|(entry, normal)| *entry = normal as f32);
        });
        rows.map(|rows| Self { shape, rows }).ok_or(Error::TooLarge { measurements, entries })
    }

    fn mean(&self, sum: Vec<f64>) -> DMatrix<f64> {
        DMatrix::from_vec(self.shape.0, self.shape.1, sum) / self.measurements() as f64
    }
}

impl MeasurementMap for DenseGaussian {
    fn shape(&self) -> (usize, usize) {
        self.shape
    }

    fn measurements(&self) -> usize {
        self.rows.nrows()
    }

    fn is_symmetric(&self) -> bool {
        false
    }

    fn matrix(&self, i: usize) -> DMatrix<f64> {
        DMatrix::from_iterator(self.shape.0, self.shape.1, self.rows.row(i))
    }

    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64> {
        assert_matrix(self.shape, x);
        DVector::from_vec(self.rows.product(x.as_slice()))
    }

    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64> {
        assert_measurements(self.measurements(), w);
        self.mean(self.rows.weighted_sum(w.as_slice()))
    }

    fn fused(&self, x: &DMatrix<f64>, y: &DVector<f64>, weight: &(dyn Fn(f64) -> f64 + Sync)) -> FusedPass {
        assert_matrix(self.shape, x);
        assert_measurements(self.measurements(), y);
        let (products, sum) = self.rows.fused(x.as_slice(), &|i, product| weight(product - y[i]));
        FusedPass { gradient: self.mean(sum), residual: DVector::from_vec(products) - y }
    }
}

use nalgebra::{DMatrix, DVector};

use super::error::check_shape;
use super::measurement_map::{assert_matrix, assert_measurements};
use super::{Error, FusedPass, MeasurementMap};
use crate::linalg::SinglePrecisionRows;
use crate::random::{StreamKey, fill_standard_normal};

/// The symmetric Gaussian map: Aᵢ = (Gᵢ + Gᵢᵀ)/2 with independent N(0, 1) entries of Gᵢ ∈ ℝᵈˣᵈ.
///
/// On symmetric X it measures what Gᵢ measures, since only the symmetric part acts. Stored are the diagonal, N(0, 1), and
/// the sums g_jk + g_kj, N(0, 2), of the strict triangle, rounded once to `f32`: those numbers *are* the map. Sums are in
/// `f64`, so that answers are as accurate as with `f64` storage.
///
/// Storage: 2d(d + 1)m bytes. Cost of a pass: d(d + 1)m products, reading the storage once; in parallel from 2 MiB.
/// Measurement i is drawn from a stream of its own: a map with fewer measurements is the beginning of one with more.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{MeasurementMap, PackedGaussian};
///
/// let map = PackedGaussian::draw(10, 4000, StreamKey::from_seed(1))?;
/// assert_eq!(map.matrix(3), map.matrix(3).transpose());
/// // (1/m) 𝒜*𝒜 is near the identity on symmetric matrices.
/// let x = DMatrix::<f64>::identity(10, 10);
/// assert!((map.adjoint(&map.apply(&x)) - &x).norm() < 0.3 * x.norm());
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct PackedGaussian {
    dim: usize,
    rows: SinglePrecisionRows,
}

impl PackedGaussian {
    /// m measurements of d×d matrices.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NoMeasurements`], [`Error::TooLarge`].
    pub fn draw(dim: usize, measurements: usize, key: StreamKey) -> Result<Self, Error> {
        check_shape((dim, dim), measurements)?;
        let entries = dim.saturating_mul(dim.saturating_add(1)) / 2;
        let rows = SinglePrecisionRows::generate((measurements, entries), |i, row| {
            let mut normals = vec![0.0; entries];
            fill_standard_normal(&mut key.block(i as u64), &mut normals);
            let mut pairs = row.iter_mut().zip(normals);
            for column in 0..dim {
                // The last entry of a column of the triangle is diagonal.
                for (k, (entry, normal)) in (0..=column).zip(&mut pairs) {
                    *entry = (if k == column { normal } else { std::f64::consts::SQRT_2 * normal }) as f32;
                }
            }
        });
        rows.map(|rows| Self { dim, rows }).ok_or(Error::TooLarge { measurements, entries })
    }

    /// x_jj and (x_jk + x_kj)/2 of the upper triangle, column after column.
    fn pack(&self, x: &DMatrix<f64>) -> Vec<f64> {
        let mut packed = Vec::with_capacity(self.dim * (self.dim + 1) / 2);
        for j in 0..self.dim {
            packed.extend((0..=j).map(|i| if i == j { x[(j, j)] } else { 0.5 * (x[(i, j)] + x[(j, i)]) }));
        }
        packed
    }

    /// The mean from the sum over packed rows.
    fn unpack(&self, sum: &[f64]) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(self.dim, self.dim);
        let count = self.measurements() as f64;
        let mut sum = sum.iter();
        for j in 0..self.dim {
            for (i, sum) in (0..=j).zip(&mut sum) {
                let value = if i == j { sum / count } else { 0.5 * (sum / count) };
                matrix[(i, j)] = value;
                matrix[(j, i)] = value;
            }
        }
        matrix
    }
}

impl MeasurementMap for PackedGaussian {
    fn shape(&self) -> (usize, usize) {
        (self.dim, self.dim)
    }

    fn measurements(&self) -> usize {
        self.rows.nrows()
    }

    fn is_symmetric(&self) -> bool {
        true
    }

    fn matrix(&self, i: usize) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(self.dim, self.dim);
        let mut row = self.rows.row(i);
        for j in 0..self.dim {
            for (i, value) in (0..=j).zip(&mut row) {
                matrix[(i, j)] = if i == j { value } else { 0.5 * value };
                matrix[(j, i)] = matrix[(i, j)];
            }
        }
        matrix
    }

    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64> {
        assert_matrix(self.shape(), x);
        DVector::from_vec(self.rows.product(&self.pack(x)))
    }

    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64> {
        assert_measurements(self.measurements(), w);
        self.unpack(&self.rows.weighted_sum(w.as_slice()))
    }

    fn fused(&self, x: &DMatrix<f64>, y: &DVector<f64>, weight: &(dyn Fn(f64) -> f64 + Sync)) -> FusedPass {
        assert_matrix(self.shape(), x);
        assert_measurements(self.measurements(), y);
        let (products, sum) = self.rows.fused(&self.pack(x), &|i, product| weight(product - y[i]));
        FusedPass { gradient: self.unpack(&sum), residual: DVector::from_vec(products) - y }
    }
}

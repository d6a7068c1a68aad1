use nalgebra::{DMatrix, DVector};

use super::error::{check_finite, check_shape};
use super::measurement_map::{assert_matrix, assert_measurements};
use super::{Error, MeasurementMap};
use crate::linalg::LinearOperator;

/// Measurement matrices that are given: for ensembles drawn elsewhere, and the plain reference for all others.
///
/// Storage: 8n₁n₂m bytes. Two products with the m×n₁n₂ matrix of rows vec(Aᵢ)ᵀ a pass.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sensing::{ExplicitMeasurements, MeasurementMap};
///
/// let map = ExplicitMeasurements::new(&[dmatrix![1.0, 0.0; 0.0, 1.0], dmatrix![0.0, 1.0; 1.0, 0.0]])?;
/// assert!(map.is_symmetric());
/// assert_eq!(map.apply(&dmatrix![1.0, 2.0; 4.0, 3.0]).as_slice(), [4.0, 6.0]);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExplicitMeasurements {
    shape: (usize, usize),
    symmetric: bool,
    rows: DMatrix<f64>,
}

impl ExplicitMeasurements {
    /// The map of A₁, …, Aₘ. It is symmetric if each of them is, exactly.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NoMeasurements`]; [`Error::Shape`] unless all have the shape of the first;
    /// [`Error::MatrixNotFinite`].
    pub fn new(matrices: &[DMatrix<f64>]) -> Result<Self, Error> {
        let needed = matrices.first().map_or((0, 0), DMatrix::shape);
        check_shape(needed, matrices.len())?;
        let mut rows = DMatrix::zeros(matrices.len(), needed.0 * needed.1);
        for (matrix, mut row) in matrices.iter().zip(rows.row_iter_mut()) {
            let (what, found) = ("a measurement matrix", matrix.shape());
            if found != needed {
                return Err(Error::Shape { what, found, needed });
            }
            check_finite(what, matrix)?;
            row.iter_mut().zip(matrix).for_each(|(entry, value)| *entry = *value);
        }
        let symmetric = needed.0 == needed.1 && matrices.iter().all(|matrix| *matrix == matrix.transpose());
        Ok(Self { shape: needed, symmetric, rows })
    }
}

impl MeasurementMap for ExplicitMeasurements {
    fn shape(&self) -> (usize, usize) {
        self.shape
    }

    fn measurements(&self) -> usize {
        self.rows.shape().0
    }

    fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    fn matrix(&self, i: usize) -> DMatrix<f64> {
        DMatrix::from_iterator(self.shape.0, self.shape.1, self.rows.row(i).iter().copied())
    }

    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64> {
        assert_matrix(self.shape, x);
        self.rows.apply_vector(&DVector::from_column_slice(x.as_slice()))
    }

    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64> {
        assert_measurements(self.measurements(), w);
        let sum = self.rows.adjoint_apply_vector(w) / self.measurements() as f64;
        DMatrix::from_column_slice(self.shape.0, self.shape.1, sum.as_slice())
    }
}

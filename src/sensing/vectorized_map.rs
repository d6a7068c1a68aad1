use std::ops::Range;

use nalgebra::{DMatrix, DVector};

use super::{MeasurementMap, symmetric_vectorization};
use crate::linalg::{LinearOperator, RowBlock, assert_fits};
use crate::sketch::SketchOperator;

/// A map as a sketch of vec(X): S = 𝒜/√m ∈ ℝ^{m×N}, N = n₁n₂, or N = d(d + 1)/2 and svec(X) for a symmetric map, so that the
/// laws and theorems of sketches can be held against it.
///
/// ```
/// use nalgebra::DVector;
/// use proofsketch::linalg::LinearOperator;
/// use proofsketch::sensing::{Identity, VectorizedMap};
///
/// let s = VectorizedMap::new(Identity::new((2, 3))?);
/// let x = DVector::from_fn(6, |i, _| i as f64);
/// assert!((s.apply_vector(&x) - &x).norm() < 1e-14);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct VectorizedMap<M> {
    map: M,
}

impl<M: MeasurementMap> VectorizedMap<M> {
    /// S = 𝒜/√m.
    #[must_use]
    pub fn new(map: M) -> Self {
        Self { map }
    }

    /// 𝒜.
    #[must_use]
    pub fn map(&self) -> &M {
        &self.map
    }

    fn root(&self) -> f64 {
        (self.map.measurements() as f64).sqrt()
    }

    fn matricize(&self, v: &[f64]) -> DMatrix<f64> {
        let (nrows, ncols) = self.map.shape();
        if self.map.is_symmetric() {
            symmetric_vectorization::matrix(nrows, v)
        } else {
            DMatrix::from_column_slice(nrows, ncols, v)
        }
    }

    fn vectorize(&self, x: &DMatrix<f64>) -> Vec<f64> {
        if self.map.is_symmetric() { symmetric_vectorization::vectorize(x) } else { x.as_slice().to_vec() }
    }

    fn image(&self, v: &[f64]) -> DVector<f64> {
        self.map.apply(&self.matricize(v)) / self.root()
    }
}

impl<M: MeasurementMap> LinearOperator for VectorizedMap<M> {
    fn nrows(&self) -> usize {
        self.map.measurements()
    }

    fn ncols(&self) -> usize {
        let (nrows, ncols) = self.map.shape();
        if self.map.is_symmetric() { symmetric_vectorization::length(nrows) } else { nrows * ncols }
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("S X", (self.nrows(), self.ncols()), x.shape());
        let mut image = DMatrix::zeros(self.nrows(), x.ncols());
        for (mut image, x) in image.column_iter_mut().zip(x.column_iter()) {
            image.copy_from(&self.image(x.as_slice()));
        }
        image
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Sᵀ Y", (self.ncols(), self.nrows()), y.shape());
        let mut image = DMatrix::zeros(self.ncols(), y.ncols());
        for (mut image, y) in image.column_iter_mut().zip(y.column_iter()) {
            let mean = self.map.adjoint(&y.into_owned()) * self.root();
            image.copy_from_slice(&self.vectorize(&mean));
        }
        image
    }

    fn to_dense(&self) -> DMatrix<f64> {
        let rows = (0..self.nrows()).map(|i| self.vectorize(&self.map.matrix(i)));
        let mut dense = DMatrix::zeros(self.nrows(), self.ncols());
        for (mut dense, row) in dense.row_iter_mut().zip(rows) {
            dense.iter_mut().zip(row).for_each(|(dense, entry)| *dense = entry / self.root());
        }
        dense
    }
}

impl<M: MeasurementMap + Send> SketchOperator for VectorizedMap<M> {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert!(columns.end <= self.ncols(), "columns {columns:?} of {} do not exist", self.ncols());
        self.to_dense().columns_range(columns).into_owned()
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        let fits = columns.end <= self.ncols() && columns.len() == block.nrows();
        assert!(
            fits && out.shape() == (self.nrows(), block.ncols()),
            "shape mismatch in out += S[:, columns] · block: S is {}×{}, columns {columns:?}, block {}×{}, out {}×{}",
            self.nrows(),
            self.ncols(),
            block.nrows(),
            block.ncols(),
            out.nrows(),
            out.ncols()
        );
        let block = block.to_dense();
        let mut padded = vec![0.0; self.ncols()];
        for (mut out, column) in out.column_iter_mut().zip(block.column_iter()) {
            padded[columns.clone()].copy_from_slice(column.as_slice());
            out += self.image(&padded);
        }
    }
    /// A measurement reads all of X: a stream is gathered whole.
    fn block_rows(&self) -> usize {
        self.ncols().max(1)
    }
}

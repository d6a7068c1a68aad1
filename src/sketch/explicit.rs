use std::ops::Range;

use nalgebra::DMatrix;

use super::SketchOperator;
use super::dense::accumulate_piece;
use super::operator::{assert_accumulates, assert_columns};
use crate::linalg::{LinearOperator, RowBlock, assert_fits};

/// A sketch given as a matrix: for maps drawn elsewhere, to be held against the laws and theorems of this library.
///
/// The one operator that stores m·n numbers.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sketch::{ExplicitSketch, SketchOperator};
///
/// let s = ExplicitSketch::new(dmatrix![1.0, 0.0, -1.0; 0.0, 1.0, 0.0]);
/// assert_eq!(s.sketch(&dmatrix![1.0; 2.0; 3.0]), dmatrix![-2.0; 2.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ExplicitSketch {
    matrix: DMatrix<f64>,
}

impl ExplicitSketch {
    /// The sketch that is this matrix.
    #[must_use]
    pub fn new(matrix: DMatrix<f64>) -> Self {
        Self { matrix }
    }
}

impl LinearOperator for ExplicitSketch {
    fn nrows(&self) -> usize {
        self.matrix.nrows()
    }

    fn ncols(&self) -> usize {
        self.matrix.ncols()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("S X", self.matrix.shape(), x.shape());
        self.sketch(x)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        self.matrix.adjoint_apply(y)
    }
}

impl SketchOperator for ExplicitSketch {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert_columns(self.matrix.shape(), &columns);
        self.matrix.columns_range(columns).into_owned()
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        assert_accumulates(self.matrix.shape(), &columns, block, out);
        let m = self.matrix.nrows();
        let entries = &self.matrix.as_slice()[m * columns.start..m * columns.end];
        accumulate_piece(entries, block, out);
    }

    /// All rows: the product is taken whole.
    fn block_rows(&self) -> usize {
        self.matrix.ncols().max(1)
    }
}

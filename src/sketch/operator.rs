use std::fmt::Debug;
use std::ops::Range;

use nalgebra::{DMatrix, DVector};

use crate::linalg::{DataMatrix, LinearOperator, RowBlock, assert_fits};
use crate::random::BLOCK;

/// Entries of a transposed block that [`SketchOperator::sketch_rows`] holds at a time.
const TRANSPOSED_ENTRIES: usize = 1 << 22;

/// One draw S ∈ ℝᵐˣⁿ of a sketch. Object-safe.
///
/// [`columns`](Self::columns) is the definition of the map, entry by entry; [`accumulate`](Self::accumulate) is the
/// product that a family makes fast. All other products are built of the second.
pub trait SketchOperator: LinearOperator + Debug + Send {
    /// S\[:, columns\] as a dense matrix: any submatrix of S can be had without the rest.
    ///
    /// # Panics
    /// If the range ends beyond n.
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64>;

    /// out += S\[:, columns\] · block.
    ///
    /// # Panics
    /// If the range ends beyond n, the block has other than |columns| rows, or `out` is not m × (block columns).
    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>);

    /// Rows that are summed as one: a stream cut at multiples of this number gives the bits of the uncut product.
    fn block_rows(&self) -> usize {
        BLOCK
    }

    /// S A for A ∈ ℝⁿˣᵈ, an m × d matrix.
    ///
    /// # Panics
    /// If A has other than n rows.
    fn sketch(&self, a: &dyn DataMatrix) -> DMatrix<f64> {
        assert_fits("S A", (self.nrows(), self.ncols()), (a.nrows(), a.ncols()));
        let mut out = DMatrix::zeros(self.nrows(), a.ncols());
        self.accumulate(0..a.nrows(), &a.row_block(0..a.nrows()), &mut out);
        out
    }

    /// S [A b], an m × (d + 1) matrix, with every column of S drawn once for both.
    ///
    /// # Panics
    /// If A has other than n rows or b other than n entries.
    fn sketch_augmented(&self, a: &dyn DataMatrix, b: &DVector<f64>) -> DMatrix<f64> {
        let mut out = self.sketch(a).insert_column(a.ncols(), 0.0);
        out.set_column(a.ncols(), &self.sketch_vector(b));
        out
    }

    /// The variance of the error of sketched regression, relative to that of a sketch with independent rows: 1, or
    /// 1 − m/N where m rows of an orthogonal transform of order N are sampled without replacement.
    fn variance_factor(&self) -> f64 {
        1.0
    }

    /// S x for one vector.
    ///
    /// # Panics
    /// If x has other than n entries.
    fn sketch_vector(&self, x: &DVector<f64>) -> DVector<f64> {
        self.sketch(x).column(0).into_owned()
    }

    /// A Sᵀ for A ∈ ℝᴺˣⁿ, an N × m matrix: the rows of A, embedded.
    ///
    /// # Panics
    /// If A has other than n columns.
    fn sketch_rows(&self, a: &dyn DataMatrix) -> DMatrix<f64> {
        sketch_rows_by_blocks(self, a)
    }
}

/// A Sᵀ as the transpose of S Aᵀ, a block of rows of A at a time.
pub(super) fn sketch_rows_by_blocks<S: SketchOperator + ?Sized>(s: &S, a: &dyn DataMatrix) -> DMatrix<f64> {
    assert_row_lengths((s.nrows(), s.ncols()), a);
    let mut out = DMatrix::zeros(a.nrows(), s.nrows());
    let step = (TRANSPOSED_ENTRIES / a.ncols().max(1)).max(1);
    for start in (0..a.nrows()).step_by(step) {
        let rows = start..a.nrows().min(start + step);
        let embedded = match a.row_block(rows.clone()) {
            RowBlock::Dense(view) => s.sketch(&view.transpose()),
            RowBlock::Csr(csr) => s.sketch(&csr.to_csr().transpose()),
        };
        out.rows_range_mut(rows).copy_from(&embedded.transpose());
    }
    out
}

/// Panics with the shapes where A Sᵀ does not fit.
pub(super) fn assert_row_lengths((m, n): (usize, usize), a: &dyn DataMatrix) {
    assert!(a.ncols() == n, "shape mismatch in A Sᵀ: A is {}×{} and S is {m}×{n}", a.nrows(), a.ncols());
}

/// Panics with the shapes where `out += S[:, columns] · block` does not fit.
pub(super) fn assert_accumulates(
    sketch: (usize, usize),
    columns: &Range<usize>,
    block: &RowBlock<'_>,
    out: &DMatrix<f64>,
) {
    let (m, n) = sketch;
    assert!(
        columns.end <= n && columns.len() == block.nrows() && out.shape() == (m, block.ncols()),
        "shape mismatch in out += S[:, columns] · block: S is {m}×{n}, columns {columns:?}, block {}×{}, out {}×{}",
        block.nrows(),
        block.ncols(),
        out.nrows(),
        out.ncols()
    );
}

/// Panics where `columns` is no range of columns of S.
pub(super) fn assert_columns(sketch: (usize, usize), columns: &Range<usize>) {
    assert!(
        columns.start <= columns.end && columns.end <= sketch.1,
        "columns {columns:?} of a {}×{} sketch do not exist",
        sketch.0,
        sketch.1
    );
}

impl LinearOperator for Box<dyn SketchOperator> {
    fn nrows(&self) -> usize {
        (**self).nrows()
    }

    fn ncols(&self) -> usize {
        (**self).ncols()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        (**self).apply(x)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        (**self).adjoint_apply(y)
    }

    fn to_dense(&self) -> DMatrix<f64> {
        (**self).to_dense()
    }
}

impl SketchOperator for Box<dyn SketchOperator> {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        (**self).columns(columns)
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        (**self).accumulate(columns, block, out);
    }

    fn block_rows(&self) -> usize {
        (**self).block_rows()
    }

    fn sketch(&self, a: &dyn DataMatrix) -> DMatrix<f64> {
        (**self).sketch(a)
    }

    fn sketch_augmented(&self, a: &dyn DataMatrix, b: &DVector<f64>) -> DMatrix<f64> {
        (**self).sketch_augmented(a, b)
    }

    fn variance_factor(&self) -> f64 {
        (**self).variance_factor()
    }

    fn sketch_rows(&self, a: &dyn DataMatrix) -> DMatrix<f64> {
        (**self).sketch_rows(a)
    }
}

use std::fmt::Debug;
use std::ops::Range;

use nalgebra::{DMatrix, DMatrixView, DVector};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::SketchOperator;
use super::operator::{assert_accumulates, assert_columns, assert_row_lengths, sketch_rows_by_blocks};
use super::sparse_rows::add_sparse_rows;
use crate::linalg::{
    DataMatrix, LargePages, LinearOperator, RowBlock, accumulate_packed_product,
    accumulate_product_with_transpose, assert_fits,
};
use crate::random::{BLOCK, StreamKey};

/// Columns of S that are drawn and multiplied at a time.
const COLUMNS_AT_ONCE: usize = 4 * BLOCK;

/// A family of sketches with independent, everywhere nonzero entries.
///
/// A family says how one block of columns is drawn; every product is shared by [`DenseSketch`].
pub trait DenseColumns: Clone + Debug + Send + Sync {
    /// m, the sketch dimension.
    fn nrows(&self) -> usize;

    /// n, the ambient dimension.
    fn ncols(&self) -> usize;

    /// Fills the first columns of a block, one after another, drawn in order from the block's stream.
    fn draw(&self, rng: &mut ChaCha8Rng, columns: &mut [f64]);
}

/// One draw of a family of dense sketches; at most a few blocks of its columns exist at a time.
#[derive(Clone, Debug)]
pub struct DenseSketch<F> {
    family: F,
    key: StreamKey,
}

impl<F: DenseColumns> DenseSketch<F> {
    /// The draw of this family that the key names.
    pub(super) fn new(family: F, key: StreamKey) -> Self {
        Self { family, key }
    }

    /// The family and shape this was drawn from.
    #[must_use]
    pub fn family(&self) -> &F {
        &self.family
    }

    fn shape(&self) -> (usize, usize) {
        (self.family.nrows(), self.family.ncols())
    }

    /// The parts of `columns` between multiples of [`COLUMNS_AT_ONCE`], each with the columns of S it holds.
    fn for_pieces(&self, columns: &Range<usize>, mut visit: impl FnMut(Range<usize>, &[f64])) {
        let m = self.family.nrows();
        let most = m * COLUMNS_AT_ONCE.min(columns.len() + BLOCK);
        let mut memory = LargePages::zeros(most).expect("memory for a few blocks of columns");
        let mut start = columns.start;
        while start < columns.end {
            let end = columns.end.min((start / COLUMNS_AT_ONCE + 1) * COLUMNS_AT_ONCE);
            let first = start / BLOCK * BLOCK;
            let drawn = &mut memory[..m * (end - first)];
            drawn.par_chunks_mut(m * BLOCK).enumerate().for_each(|(offset, block)| {
                self.family.draw(&mut self.key.block((first / BLOCK + offset) as u64), block);
            });
            visit(start - columns.start..end - columns.start, &drawn[m * (start - first)..]);
            start = end;
        }
    }
}

/// out += S A for some columns of S, one after another, and the rows of A they meet.
pub(super) fn accumulate_piece(s: &[f64], a: &RowBlock<'_>, out: &mut DMatrix<f64>) {
    match a {
        RowBlock::Dense(a) => accumulate_packed_product(out, s, a),
        RowBlock::Csr(a) => {
            let m = out.nrows();
            add_sparse_rows(out, a, |i| &s[i * m..(i + 1) * m]);
        }
    }
}

impl<F: DenseColumns> LinearOperator for DenseSketch<F> {
    fn nrows(&self) -> usize {
        self.family.nrows()
    }

    fn ncols(&self) -> usize {
        self.family.ncols()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("S X", self.shape(), x.shape());
        self.sketch(x)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        let (m, n) = self.shape();
        assert_fits("Sᵀ Y", (n, m), y.shape());
        let mut out = DMatrix::zeros(n, y.ncols());
        self.for_pieces(&(0..n), |within, s| {
            let s = DMatrixView::from_slice(s, m, within.len());
            out.rows_range_mut(within).copy_from(&s.tr_mul(y));
        });
        out
    }
}

impl<F: DenseColumns> SketchOperator for DenseSketch<F> {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert_columns(self.shape(), &columns);
        let mut dense = DMatrix::zeros(self.family.nrows(), columns.len());
        self.for_pieces(&columns, |within, s| dense.columns_range_mut(within).copy_from_slice(s));
        dense
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        assert_accumulates(self.shape(), &columns, block, out);
        self.for_pieces(&columns, |within, s| accumulate_piece(s, &block.rows(within), out));
    }

    fn sketch_augmented(&self, a: &dyn DataMatrix, b: &DVector<f64>) -> DMatrix<f64> {
        assert_fits("S A", self.shape(), (a.nrows(), a.ncols()));
        assert_fits("S b", self.shape(), (b.len(), 1));
        let mut sa = DMatrix::zeros(self.family.nrows(), a.ncols());
        let mut sb = DMatrix::zeros(self.family.nrows(), 1);
        self.for_pieces(&(0..b.len()), |within, s| {
            accumulate_piece(s, &a.row_block(within.clone()), &mut sa);
            accumulate_piece(s, &b.row_block(within), &mut sb);
        });
        let mut out = sa.insert_column(a.ncols(), 0.0);
        out.set_column(a.ncols(), &sb.column(0));
        out
    }

    fn sketch_rows(&self, a: &dyn DataMatrix) -> DMatrix<f64> {
        let RowBlock::Dense(view) = a.row_block(0..a.nrows()) else {
            return sketch_rows_by_blocks(self, a);
        };
        assert_row_lengths(self.shape(), a);
        let mut out = DMatrix::zeros(a.nrows(), self.family.nrows());
        self.for_pieces(&(0..a.ncols()), |within, s| {
            accumulate_product_with_transpose(&mut out, &view.columns_range(within), s);
        });
        out
    }

    fn block_rows(&self) -> usize {
        COLUMNS_AT_ONCE
    }
}

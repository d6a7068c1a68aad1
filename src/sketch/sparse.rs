use std::convert::identity;
use std::fmt::Debug;
use std::ops::Range;

use nalgebra::{DMatrix, DMatrixView};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::SketchOperator;
use super::operator::{assert_accumulates, assert_columns};
use super::signed_entries::{SignedEntries, decode};
use super::sparse_panel::{PIECE, Panel, WIDTH};
use super::sparse_rows::for_parts_of_columns;
use super::sparse_updates::Updates;
use crate::linalg::{CsrRows, LinearOperator, RowBlock, assert_fits};
use crate::random::{BLOCK, StreamKey};

/// Pieces that are held at a time: between batches threads wait for each other, and nonzeros take 8 bytes each.
const PIECES_AT_ONCE: usize = 256;

/// Rows of a stream gathered for one product; the bits do not depend on it.
const STREAMED_ROWS: usize = 16 * BLOCK;

/// A family of sketches with few nonzeros a column, all of one magnitude.
///
/// A family says how one block of columns is drawn; every product is shared by [`SparseSketch`].
pub trait SparseColumns: Clone + Debug + Send + Sync {
    /// m, the sketch dimension.
    fn nrows(&self) -> usize;

    /// n, the ambient dimension.
    fn ncols(&self) -> usize;

    /// The magnitude that all nonzeros share.
    fn magnitude(&self) -> f64;

    /// Appends the nonzeros of the first `count` columns of a block, drawn in order from the block's stream.
    fn draw(&self, rng: &mut ChaCha8Rng, count: usize, entries: &mut SignedEntries);
}

/// One draw of a family of sparse sketches; the nonzeros are drawn again where they are needed.
#[derive(Clone, Debug)]
pub struct SparseSketch<F> {
    family: F,
    key: StreamKey,
}

/// Nonzeros of some columns of S, and where those columns stand in the range asked for.
struct Piece {
    within: Range<usize>,
    first: usize,
    entries: SignedEntries,
}

impl Piece {
    /// What the piece adds to the m rows of S A, and the rows of A it meets.
    fn into_updates(self, m: usize) -> (Range<usize>, Updates) {
        let updates = Updates::new(self.entries, self.first, self.within.len(), m);
        (self.within, updates)
    }

    /// Adds what the rows of A have in the columns of a part to those of S A, m entries each in `target`.
    fn add_sparse_rows(&self, a: &CsrRows<'_>, scale: f64, part: &Range<usize>, target: &mut [f64]) {
        let m = target.len() / part.len();
        for (j, i) in (self.first..).zip(self.within.clone()) {
            let (indices, values) = a.row_within(i, part);
            for &code in self.entries.column(j) {
                let (row, sign) = decode(code);
                for (&k, &value) in indices.iter().zip(values) {
                    target[(k - part.start) * m + row] += sign * (scale * value);
                }
            }
        }
    }
}

impl<F: SparseColumns> SparseSketch<F> {
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

    /// The part of `columns` that lies in piece `index` of S, [`PIECE`] columns long.
    fn piece(&self, columns: &Range<usize>, index: usize) -> Piece {
        let (start, end) = (columns.start.max(index * PIECE), columns.end.min((index + 1) * PIECE));
        let drawn = start / BLOCK * BLOCK;
        let mut entries = SignedEntries::new();
        for block in start / BLOCK..end.div_ceil(BLOCK) {
            let count = BLOCK.min(end - block * BLOCK);
            self.family.draw(&mut self.key.block(block as u64), count, &mut entries);
        }
        Piece { within: start - columns.start..end - columns.start, first: start - drawn, entries }
    }

    /// Calls `visit` with what `map` makes of the pieces of `columns`, in order, a limited number at a time.
    fn for_pieces<T: Send>(
        &self,
        columns: &Range<usize>,
        map: impl Fn(Piece) -> T + Sync,
        mut visit: impl FnMut(&[T]),
    ) {
        let indices = columns.start / PIECE..columns.end.div_ceil(PIECE);
        for start in indices.clone().step_by(PIECES_AT_ONCE) {
            let batch = start..indices.end.min(start + PIECES_AT_ONCE);
            let pieces: Vec<_> = batch.into_par_iter().map(|index| map(self.piece(columns, index))).collect();
            visit(&pieces);
        }
    }

    fn accumulate_dense(&self, columns: &Range<usize>, a: &DMatrixView<'_, f64>, out: &mut DMatrix<f64>) {
        let (m, scale) = (out.nrows(), self.family.magnitude());
        let mut panels: Vec<_> = out
            .as_mut_slice()
            .par_chunks_mut(WIDTH * m)
            .enumerate()
            .map(|(index, target)| Panel::load(index * WIDTH, target, m))
            .collect();
        self.for_pieces(
            columns,
            |piece| piece.into_updates(m),
            |pieces| {
                panels.par_iter_mut().for_each(|panel| {
                    pieces.iter().for_each(|(within, updates)| panel.add(updates, within, a, scale));
                });
            },
        );
        panels.into_par_iter().for_each(Panel::store);
    }

    fn accumulate_csr(&self, columns: &Range<usize>, a: &CsrRows<'_>, out: &mut DMatrix<f64>) {
        let scale = self.family.magnitude();
        self.for_pieces(columns, identity, |pieces| {
            for_parts_of_columns(out, |part, target| {
                for piece in pieces {
                    piece.add_sparse_rows(a, scale, &part, target);
                }
            });
        });
    }
}

impl<F: SparseColumns> LinearOperator for SparseSketch<F> {
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
        let scale = self.family.magnitude();
        let mut out = DMatrix::zeros(n, y.ncols());
        self.for_pieces(&(0..n), identity, |pieces| {
            for piece in pieces {
                for (offset, j) in piece.within.clone().enumerate() {
                    for &code in piece.entries.column(piece.first + offset) {
                        let (row, sign) = decode(code);
                        (0..y.ncols()).for_each(|k| out[(j, k)] += sign * (scale * y[(row, k)]));
                    }
                }
            }
        });
        out
    }
}

impl<F: SparseColumns> SketchOperator for SparseSketch<F> {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert_columns(self.shape(), &columns);
        let mut dense = DMatrix::zeros(self.family.nrows(), columns.len());
        self.for_pieces(&columns, identity, |pieces| {
            for piece in pieces {
                for (offset, j) in piece.within.clone().enumerate() {
                    for &code in piece.entries.column(piece.first + offset) {
                        let (row, sign) = decode(code);
                        dense[(row, j)] = sign * self.family.magnitude();
                    }
                }
            }
        });
        dense
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        assert_accumulates(self.shape(), &columns, block, out);
        match block {
            RowBlock::Dense(view) => self.accumulate_dense(&columns, view, out),
            RowBlock::Csr(rows) => self.accumulate_csr(&columns, rows, out),
        }
    }

    fn block_rows(&self) -> usize {
        STREAMED_ROWS
    }
}

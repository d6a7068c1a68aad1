use std::ops::Range;

use nalgebra::{DMatrix, DMatrixView};
use rayon::prelude::*;

use super::SketchOperator;
use super::column_signs::ColumnSigns;
use super::operator::{assert_accumulates, assert_columns};
use super::sparse_rows::add_sparse_rows;
use crate::linalg::{CsrRows, LinearOperator, RowBlock, assert_fits, fast_walsh_hadamard, hadamard_entry};
use crate::random::StreamKey;

/// Columns of A that one task transforms block by block, sharing the signs of the block.
const COLUMNS_PER_TASK: usize = 4;

/// One draw of [`Srht`](super::Srht): the sampled rows; the signs are drawn again where they are needed.
///
/// A block of 2^c rows of A that starts at a multiple j·2^c contributes
/// S\[t, block\]·A_block = H\[row_t ≫ c, j\]·(H_{2^c} D A_block)\[row_t mod 2^c\]/√m, as H_{2^q} = H_{2^(q−c)} ⊗ H_{2^c}:
/// a short transform and one signed sum a sampled row.
#[derive(Clone, Debug, PartialEq)]
pub struct SrhtSketch {
    pub(super) ncols: usize,
    pub(super) rows: Vec<usize>,
    pub(super) signs: StreamKey,
    pub(super) scale: f64,
    pub(super) variance_factor: f64,
    pub(super) block: usize,
}

/// Rows of A that are transformed together: the shortest aligned block of 2^c that holds them.
struct DyadicBlock {
    columns: Range<usize>,
    /// c.
    power: u32,
}

impl DyadicBlock {
    /// The parts of `columns` between multiples of `limit`, a power of two.
    fn split(columns: &Range<usize>, limit: usize) -> impl Iterator<Item = Self> + Clone + use<> {
        let columns = columns.clone();
        (columns.start / limit..columns.end.div_ceil(limit)).map(move |index| {
            let (start, end) = (columns.start.max(index * limit), columns.end.min((index + 1) * limit));
            Self { columns: start..end, power: usize::BITS - (start ^ (end - 1)).leading_zeros() }
        })
    }

    /// Where the block starts, a multiple of its length.
    fn start(&self) -> usize {
        self.columns.start >> self.power << self.power
    }
}

impl SrhtSketch {
    fn shape(&self) -> (usize, usize) {
        (self.rows.len(), self.ncols)
    }

    /// The indices of the rows of H that were sampled, ascending.
    #[must_use]
    pub fn sampled_rows(&self) -> &[usize] {
        &self.rows
    }

    fn accumulate_dense(&self, columns: &Range<usize>, a: &DMatrixView<'_, f64>, out: &mut DMatrix<f64>) {
        let m = self.rows.len();
        let signs = ColumnSigns::new(self.signs, columns);
        let tasks = out.as_mut_slice().par_chunks_mut(m * COLUMNS_PER_TASK).enumerate();
        tasks.for_each(|(task, out)| {
            let mut scratch = Scratch::new(self.block, m);
            for block in DyadicBlock::split(columns, self.block) {
                scratch.prepare(self, &signs, &block);
                let rows = block.columns.start - columns.start..block.columns.end - columns.start;
                for (offset, out) in out.chunks_exact_mut(m).enumerate() {
                    let column = a.column(task * COLUMNS_PER_TASK + offset);
                    scratch.add(&block, &column.as_slice()[rows.clone()], out);
                }
            }
        });
    }

    /// out += S\[:, columns\] A for sparse rows of A, a column of S at a time.
    fn accumulate_csr(&self, columns: &Range<usize>, a: &CsrRows<'_>, out: &mut DMatrix<f64>) {
        let signs = ColumnSigns::new(self.signs, columns);
        add_sparse_rows(out, a, |i| self.column(columns.start + i, &signs));
    }

    /// Column `j` of S.
    fn column(&self, j: usize, signs: &ColumnSigns) -> Vec<f64> {
        let height = self.scale * signs.sign(j);
        self.rows.iter().map(|&row| height * hadamard_entry(row, j)).collect()
    }
}

/// What a task needs for one block, shared by its columns.
struct Scratch {
    /// D on the block.
    signs: Vec<f64>,
    /// H\[row_t ≫ c, j\]/√m.
    factors: Vec<f64>,
    /// row_t mod 2^c.
    places: Vec<u32>,
    transformed: Vec<f64>,
}

impl Scratch {
    fn new(block: usize, m: usize) -> Self {
        Self {
            signs: vec![0.0; block],
            factors: vec![0.0; m],
            places: vec![0; m],
            transformed: vec![0.0; block],
        }
    }

    fn prepare(&mut self, sketch: &SrhtSketch, signs: &ColumnSigns, block: &DyadicBlock) {
        signs.fill(block.columns.start, &mut self.signs[..block.columns.len()]);
        let (index, mask) = (block.start() >> block.power, (1 << block.power) - 1);
        for ((&row, factor), place) in sketch.rows.iter().zip(&mut self.factors).zip(&mut self.places) {
            *factor = sketch.scale * hadamard_entry(row >> block.power, index);
            *place = (row & mask) as u32;
        }
    }

    /// out += S\[:, block\] x for the entries x of one column of A.
    fn add(&mut self, block: &DyadicBlock, x: &[f64], out: &mut [f64]) {
        let transformed = &mut self.transformed[..1 << block.power];
        let first = block.columns.start - block.start();
        transformed[..first].fill(0.0);
        transformed[first + x.len()..].fill(0.0);
        let signed = transformed[first..].iter_mut().zip(x.iter().zip(&self.signs));
        signed.for_each(|(entry, (x, sign))| *entry = x * sign);
        fast_walsh_hadamard(transformed);
        for ((out, factor), &place) in out.iter_mut().zip(&self.factors).zip(&self.places) {
            *out += factor * transformed[place as usize];
        }
    }
}

impl LinearOperator for SrhtSketch {
    fn nrows(&self) -> usize {
        self.rows.len()
    }

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("S X", self.shape(), x.shape());
        self.sketch(x)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        let (m, n) = self.shape();
        assert_fits("Sᵀ Y", (n, m), y.shape());
        let signs = ColumnSigns::new(self.signs, &(0..n));
        let mut out = DMatrix::zeros(n, y.ncols());
        out.as_mut_slice().par_chunks_mut(n).enumerate().for_each(|(k, out)| {
            let mut spread = vec![0.0; n.next_power_of_two()];
            self.rows.iter().zip(&y.column(k)).for_each(|(&row, y)| spread[row] += y);
            fast_walsh_hadamard(&mut spread);
            signs.fill(0, out);
            out.iter_mut().zip(&spread).for_each(|(sign, value)| *sign *= self.scale * value);
        });
        out
    }
}

impl SketchOperator for SrhtSketch {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert_columns(self.shape(), &columns);
        let signs = ColumnSigns::new(self.signs, &columns);
        let mut dense = DMatrix::zeros(self.rows.len(), columns.len());
        for (mut target, j) in dense.column_iter_mut().zip(columns) {
            target.copy_from_slice(&self.column(j, &signs));
        }
        dense
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        assert_accumulates(self.shape(), &columns, block, out);
        match block {
            RowBlock::Dense(a) => self.accumulate_dense(&columns, a, out),
            RowBlock::Csr(a) => self.accumulate_csr(&columns, a, out),
        }
    }

    fn block_rows(&self) -> usize {
        self.block
    }

    fn variance_factor(&self) -> f64 {
        self.variance_factor
    }
}

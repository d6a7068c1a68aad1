//! A tall matrix by rows, each on whole vector registers.

use nalgebra::DMatrix;
use pulp::NullaryFnOnce;
use rayon::prelude::*;

use super::gathered_gram::{Gathered, NormalEquations};
use super::operator::assert_fits;
use super::vector_kernels::dispatch;

/// Rows of a block over which a Gram matrix is summed.
const GRAM_ROWS: usize = 4096;
/// Rows of a product that one task computes.
const TASK_ROWS: usize = 512;

/// Entries of one register line.
pub(crate) const LANES: usize = 8;

/// Eight consecutive entries of a row: one cache line, one register of 512 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub(crate) struct Line(pub(crate) [f64; LANES]);

/// A ∈ ℝⁿˣᵏ stored by rows; each row is padded with zeros to whole [`Line`]s.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PaddedRows {
    nrows: usize,
    ncols: usize,
    lines: Vec<Line>,
}

impl PaddedRows {
    pub(crate) fn zeros(nrows: usize, ncols: usize) -> Self {
        Self { nrows, ncols, lines: vec![Line::default(); nrows * ncols.div_ceil(LANES)] }
    }

    pub(crate) fn from_matrix(matrix: &DMatrix<f64>) -> Self {
        let mut rows = Self::zeros(matrix.nrows(), matrix.ncols());
        let width = rows.width();
        for (j, column) in matrix.column_iter().enumerate() {
            let lines = rows.lines.iter_mut().skip(j / LANES).step_by(width);
            lines.zip(&column).for_each(|(line, &value)| line.0[j % LANES] = value);
        }
        rows
    }

    pub(crate) fn to_matrix(&self) -> DMatrix<f64> {
        let mut matrix = DMatrix::zeros(self.nrows, self.ncols);
        for (j, mut column) in matrix.column_iter_mut().enumerate() {
            let lines = self.lines.iter().skip(j / LANES).step_by(self.width());
            column.iter_mut().zip(lines).for_each(|(value, line)| *value = line.0[j % LANES]);
        }
        matrix
    }

    /// n.
    pub(crate) fn nrows(&self) -> usize {
        self.nrows
    }

    /// k.
    pub(crate) fn ncols(&self) -> usize {
        self.ncols
    }

    /// Lines of a row.
    pub(crate) fn width(&self) -> usize {
        self.ncols.div_ceil(LANES)
    }

    /// Entry (i, j).
    pub(crate) fn entry(&self, i: usize, j: usize) -> f64 {
        self.lines[i * self.width() + j / LANES].0[j % LANES]
    }

    /// The entries of row `i`, without the padding.
    pub(crate) fn row(&self, i: usize) -> impl Iterator<Item = f64> + '_ {
        (0..self.ncols).map(move |j| self.entry(i, j))
    }

    /// A B for B ∈ ℝᵏˣᶜ.
    pub(crate) fn times(&self, b: &DMatrix<f64>) -> Self {
        assert_fits("A B", (self.nrows, self.ncols), b.shape());
        let mut out = Self::zeros(self.nrows, b.ncols());
        let (columns, width, out_width) = (Self::from_matrix(b), self.width(), out.width());
        let rows = self.lines.par_chunks(width * TASK_ROWS);
        rows.zip(out.lines.par_chunks_mut(out_width * TASK_ROWS)).for_each(|(rows, out)| {
            dispatch(Times { rows, width, columns: &columns, out });
        });
        out
    }

    /// A ← A B for B ∈ ℝᵏˣᵏ.
    pub(crate) fn multiply(&mut self, b: &DMatrix<f64>) {
        assert_fits("A B", (self.nrows, self.ncols), b.shape());
        assert!(b.is_square(), "only a square factor leaves the shape");
        let (columns, width) = (Self::from_matrix(b), self.width());
        self.lines.par_chunks_mut(width * TASK_ROWS).for_each(|rows| {
            let old = rows.to_vec();
            rows.fill(Line::default());
            dispatch(Times { rows: &old, width, columns: &columns, out: rows });
        });
    }

    /// The Euclidean norm of each row.
    pub(crate) fn row_norms(&self) -> Vec<f64> {
        let square =
            |row: &[Line]| row.iter().flat_map(|line| line.0).map(|entry| entry * entry).sum::<f64>();
        self.lines.chunks_exact(self.width()).map(|row| square(row).sqrt()).collect()
    }

    /// The Gram matrix AᵀA, summed over fixed blocks of rows.
    pub(crate) fn gram(&self) -> DMatrix<f64> {
        let starts: Vec<usize> = (0..self.nrows).step_by(GRAM_ROWS).collect();
        let partial: Vec<NormalEquations> = starts
            .into_par_iter()
            .map(|start| {
                let indices: Vec<u32> =
                    (start..self.nrows.min(start + GRAM_ROWS)).map(|i| i as u32).collect();
                let values = vec![0.0; indices.len()];
                let mut equations = NormalEquations::zeros(self.ncols);
                equations.form(&Gathered { rows: self, indices: &indices, values: &values, weights: None });
                equations
            })
            .collect();
        DMatrix::from_fn(self.ncols, self.ncols, |i, j| {
            partial.iter().map(|sums| sums.gram(i.min(j), i.max(j))).sum()
        })
    }

    /// All lines, row by row.
    #[inline(always)]
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    pub(crate) fn lines_mut(&mut self) -> &mut [Line] {
        &mut self.lines
    }
}

struct Times<'a> {
    rows: &'a [Line],
    width: usize,
    /// The other factor by rows.
    columns: &'a PaddedRows,
    /// Zero.
    out: &'a mut [Line],
}

impl NullaryFnOnce for Times<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let out_width = self.columns.width();
        let rows = self.rows.chunks_exact(self.width);
        for (row, sums) in rows.zip(self.out.chunks_exact_mut(out_width)) {
            for (a, terms) in self.columns.lines.chunks_exact(out_width).enumerate() {
                let factor = row[a / LANES].0[a % LANES];
                for (sum, line) in sums.iter_mut().zip(terms) {
                    for lane in 0..LANES {
                        sum.0[lane] += factor * line.0[lane];
                    }
                }
            }
        }
    }
}

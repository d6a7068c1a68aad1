use std::ops::Range;

use nalgebra::DMatrixView;
use pulp::{Simd, WithSimd};

use super::SignedEntries;
use super::sparse_updates::{Runs, Updates};
use crate::linalg::{LANES, Line, deinterleave_columns, dispatch_simd, interleave, interleave_columns};
use crate::random::BLOCK;

/// Columns of S whose nonzeros are applied together, with one tile of A that fits the first-level cache.
pub(super) const PIECE: usize = 2 * BLOCK;

/// Columns of A that one panel sums together: one cache line.
pub(super) const WIDTH: usize = LANES;

/// Rows of A that are read while those before them are added, where a column of S is used as soon as it is met.
const ROWS_AHEAD: usize = 16;

/// The sign of a term, by its last bit.
const SIGNS: [f64; 2] = [1.0, -1.0];

/// [`WIDTH`] columns of S A, held row by row so that a row is one cache line.
pub(super) struct Panel<'a> {
    first: usize,
    target: &'a mut [f64],
    sums: Vec<Line>,
    tile: Vec<Line>,
}

impl<'a> Panel<'a> {
    /// The columns from `first` on, whose m entries each stand in `target`.
    pub(super) fn load(first: usize, target: &'a mut [f64], m: usize) -> Self {
        let mut sums = vec![Line::default(); m];
        let last = target.len() / m - 1;
        let columns: [&[f64]; WIDTH] = std::array::from_fn(|c| &target[c.min(last) * m..][..m]);
        interleave_columns(1.0, columns, &mut sums);
        Self { first, target, sums, tile: vec![Line::default(); PIECE] }
    }

    /// Writes the sums back.
    pub(super) fn store(self) {
        deinterleave_columns(&self.sums, self.target.chunks_exact_mut(self.sums.len()));
    }

    /// Adds what `updates` say of rows `within` of A, times `scale`.
    pub(super) fn add(
        &mut self,
        updates: &Updates,
        within: &Range<usize>,
        a: &DMatrixView<'_, f64>,
        scale: f64,
    ) {
        let last = a.ncols() - 1;
        let views: [_; WIDTH] = std::array::from_fn(|c| a.column(last.min(self.first + c)));
        let columns = std::array::from_fn(|c| &views[c].as_slice()[within.clone()]);
        let (tile, sums) = (&mut *self.tile, &mut *self.sums);
        dispatch_simd(Add { updates, columns, scale, tile, sums });
    }
}

/// Adds ± rows of a tile of A to rows of S A.
struct Add<'a> {
    updates: &'a Updates,
    columns: [&'a [f64]; WIDTH],
    scale: f64,
    tile: &'a mut [Line],
    sums: &'a mut [Line],
}

impl WithSimd for Add<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match self.updates {
            Updates::OneEach(codes) => self.line_by_line(simd, codes),
            Updates::AsDrawn { entries, first } => self.column_by_column(simd, entries, *first),
            Updates::ByRow(runs) => self.row_by_row(simd, runs),
        }
    }
}

impl Add<'_> {
    #[inline(always)]
    fn column_by_column<S: Simd>(self, simd: S, entries: &SignedEntries, first: usize) {
        let height = self.columns[0].len();
        for start in (0..height).step_by(ROWS_AHEAD) {
            let lines = read(simd, self.scale, &self.columns, start, self.tile);
            for (j, line) in (first + start..).zip(lines) {
                for &code in entries.column(j) {
                    add_to_row(simd, self.sums, code, line);
                }
            }
        }
    }

    #[inline(always)]
    fn line_by_line<S: Simd>(self, simd: S, codes: &[u32]) {
        for (part, codes) in codes.chunks(ROWS_AHEAD).enumerate() {
            let lines = read(simd, self.scale, &self.columns, part * ROWS_AHEAD, self.tile);
            for (&code, line) in codes.iter().zip(lines) {
                add_to_row(simd, self.sums, code, line);
            }
        }
    }

    #[inline(always)]
    fn row_by_row<S: Simd>(self, simd: S, runs: &Runs) {
        let height = self.columns[0].len();
        let tile = &mut self.tile[..height];
        interleave(simd, self.scale, &self.columns, tile);
        let (mut rows, mut terms) = (&*runs.rows, &*runs.terms);
        for (&count, length) in runs.counts.iter().zip(1..) {
            let (run_rows, other_rows) = rows.split_at(count);
            let (run_terms, other_terms) = terms.split_at(count * length);
            (rows, terms) = (other_rows, other_terms);
            for (&row, run) in run_rows.iter().zip(run_terms.chunks_exact(length)) {
                let mut sum = self.sums[row as usize];
                for &term in run {
                    add_signed(simd, &mut sum, term, &tile[(term >> 1) as usize]);
                }
                self.sums[row as usize] = sum;
            }
        }
    }
}

/// Rows of A from `start` on, times `scale`: at most [`ROWS_AHEAD`].
#[inline(always)]
fn read<'a, S: Simd>(
    simd: S,
    scale: f64,
    columns: &[&[f64]; WIDTH],
    start: usize,
    tile: &'a mut [Line],
) -> &'a [Line] {
    let lines = &mut tile[..ROWS_AHEAD.min(columns[0].len() - start)];
    let mut parts = [[].as_slice(); WIDTH];
    for (part, column) in parts.iter_mut().zip(columns) {
        *part = &column[start..start + lines.len()];
    }
    interleave(simd, scale, &parts, lines);
    lines
}

/// Adds ± line to the row of the code.
#[inline(always)]
fn add_to_row<S: Simd>(simd: S, sums: &mut [Line], code: u32, line: &Line) {
    let sum = &mut sums[(code >> 1) as usize];
    let mut updated = *sum;
    add_signed(simd, &mut updated, code, line);
    *sum = updated;
}

/// sum += ± line, the sign by the last bit of `code`.
#[inline(always)]
fn add_signed<S: Simd>(simd: S, sum: &mut Line, code: u32, line: &Line) {
    let sign = simd.splat_f64s(SIGNS[(code & 1) as usize]);
    let (sums, _) = S::as_mut_simd_f64s(&mut sum.0);
    for (sum, entries) in sums.iter_mut().zip(S::as_simd_f64s(&line.0).0) {
        // Exact in the product, so it rounds as an addition does.
        *sum = simd.mul_add_f64s(sign, *entries, *sum);
    }
}

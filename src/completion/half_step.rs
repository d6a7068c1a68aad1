//! One half of an iteration: the regressions of all rows, or of all columns, on the other factor.

use std::ops::Range;

use rayon::prelude::*;

use super::factor::Factor;
use super::held_out::Observations;
use super::row_solver::{Effort, Regression, solve_block_by_cg, solve_block_by_cholesky};
use super::{Error, RowSolver};
use crate::linalg::{LANES, Line, gathered_residuals, sum_of_squares};
use crate::random::StreamKey;

/// Observed entries of a block of lines that one task works on: fixed, so that bits do not depend on threads.
const BLOCK_ENTRIES: usize = 1 << 14;

/// ‖P(U Vᵀ − M)‖² over the entries in use and over those held out, in scaled units, weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Squares {
    pub(crate) kept: f64,
    pub(crate) held_out: f64,
}

/// Lines cut into blocks of about [`BLOCK_ENTRIES`] entries, at least one line each.
pub(crate) fn blocks(offsets: &[usize]) -> Vec<Range<usize>> {
    let (mut blocks, mut start) = (Vec::new(), 0);
    for i in 1..offsets.len() {
        if i + 1 == offsets.len() || offsets[i + 1] - offsets[start] > BLOCK_ENTRIES {
            blocks.push(start..i);
            start = i;
        }
    }
    blocks
}

/// A factor, what solving for it took, and the residual it leaves where that was asked for.
pub(crate) struct Solved {
    pub(crate) factor: Factor,
    pub(crate) effort: Effort,
    pub(crate) squares: Squares,
}

/// The factor whose row i solves the regression of line i on `basis`, by `solver` from row i of `start`.
///
/// With `measure` the residual is taken while a block of lines is still in cache.
pub(crate) fn regress(
    observations: &Observations<'_>,
    basis: &Factor,
    start: &Factor,
    (solver, ridge): (&RowSolver, &[f64]),
    measure: bool,
    key: StreamKey,
) -> Result<Solved, Error> {
    let degree = observations.lines.indices.len() as f64 / observations.lines.len() as f64;
    let solver = solver.resolved(basis.ncols(), degree);
    let mut factor = Factor::zeros(observations.lines.len(), basis.ncols());
    let blocks = blocks(&observations.lines.offsets);
    let width = factor.width();
    let parts = split_lines(factor.lines_mut(), &blocks, width);
    let partial: Result<Vec<_>, Error> = parts
        .into_par_iter()
        .map(|(block, out)| {
            let effort = match solver {
                RowSolver::Cholesky => {
                    solve_block_by_cholesky(observations, block.clone(), basis, ridge, out)
                }
                RowSolver::Cg { steps, tol } => {
                    let factors = (basis, start);
                    solve_block_by_cg(observations, block.clone(), factors, (steps, tol), ridge, out)
                }
                _ => solve_one_by_one(observations, block.clone(), basis, (&solver, ridge), key, out)?,
            };
            let squares =
                if measure { block_squares(observations, block, out, basis) } else { Squares::default() };
            Ok((effort, squares))
        })
        .collect();
    let (mut effort, mut squares) = (Effort::default(), Squares::default());
    for (taken, left) in partial? {
        effort += taken;
        squares += left;
    }
    Ok(Solved { factor, effort, squares })
}

/// Every regression formed as a dense matrix and solved by itself.
fn solve_one_by_one(
    observations: &Observations<'_>,
    block: Range<usize>,
    basis: &Factor,
    (solver, ridge): (&RowSolver, &[f64]),
    key: StreamKey,
    out: &mut [Line],
) -> Result<Effort, Error> {
    let mut effort = Effort::default();
    for (i, row) in block.zip(out.chunks_exact_mut(basis.width())) {
        let regression = Regression::of_line(observations, i, basis, ridge);
        let (x, taken) = regression.solve(solver, key.indexed(i as u64))?;
        x.iter().enumerate().for_each(|(j, &value)| row[j / LANES].0[j % LANES] = value);
        effort += taken;
    }
    Ok(effort)
}

/// Each block with its rows of a factor.
pub(crate) fn split_lines<'a>(
    mut rest: &'a mut [Line],
    blocks: &[Range<usize>],
    width: usize,
) -> Vec<(Range<usize>, &'a mut [Line])> {
    let mut parts = Vec::with_capacity(blocks.len());
    for block in blocks {
        let (head, tail) = rest.split_at_mut(block.len() * width);
        parts.push((block.clone(), head));
        rest = tail;
    }
    parts
}

/// The squares of P(U Vᵀ − M), `factor` for the lines of `observations` and `basis` for those that cross them.
pub(crate) fn squared_residuals(observations: &Observations<'_>, factor: &Factor, basis: &Factor) -> Squares {
    let width = factor.width();
    let partial: Vec<Squares> = blocks(&observations.lines.offsets)
        .into_par_iter()
        .map(|block| {
            let rows = &factor.lines()[block.start * width..block.end * width];
            block_squares(observations, block, rows, basis)
        })
        .collect();
    partial.into_iter().fold(Squares::default(), |mut sum, term| {
        sum += term;
        sum
    })
}

/// The part of the lines in `block`, whose rows are `rows`.
fn block_squares(
    observations: &Observations<'_>,
    block: Range<usize>,
    rows: &[Line],
    basis: &Factor,
) -> Squares {
    let lines = observations.lines;
    let (mut squares, mut residuals) = (Squares::default(), Vec::new());
    for (i, x) in block.zip(rows.chunks_exact(basis.width())) {
        let line = lines.line(i);
        gathered_residuals(basis, line.indices, line.values, observations.scale, x, &mut residuals);
        if let Some(weights) = &lines.weights {
            residuals.iter_mut().zip(&weights[lines.range(i)]).for_each(|(r, weight)| *r *= weight.sqrt());
        }
        squares.held_out += observations.take_held_out(i, &mut residuals);
        squares.kept += sum_of_squares(&residuals);
    }
    squares
}

impl std::ops::AddAssign for Squares {
    fn add_assign(&mut self, other: Self) {
        self.kept += other.kept;
        self.held_out += other.held_out;
    }
}

//! One half of an iteration: the regressions of all rows, or of all columns, on the other factor.

use std::ops::Range;

use nalgebra::DMatrix;
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

/// What a half-step did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) effort: Effort,
    /// The residual it leaves, where that was asked for.
    pub(crate) squares: Squares,
    /// ‖(F − F′) Bᵀ‖_F² for the factor F, the one before F′ and the basis B.
    pub(crate) moved: f64,
    /// ‖F Bᵀ‖_F².
    pub(crate) total: f64,
}

impl std::ops::AddAssign for Outcome {
    fn add_assign(&mut self, other: Self) {
        self.effort += other.effort;
        self.squares += other.squares;
        self.moved += other.moved;
        self.total += other.total;
    }
}

/// How a half-step is to be done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Task<'a> {
    pub(crate) solver: RowSolver,
    /// The ridge of each coordinate.
    pub(crate) ridge: &'a [f64],
    /// BᵀB of the basis; none where that is the identity.
    pub(crate) metric: Option<&'a DMatrix<f64>>,
    /// Whether to take the residual, while a block of lines is still in cache.
    pub(crate) measure: bool,
    pub(crate) key: StreamKey,
}

/// Row i of `factor` becomes the solution of the regression of line i on `basis`, by an iterative solver from what it was.
pub(crate) fn regress(
    observations: &Observations<'_>,
    basis: &Factor,
    factor: &mut Factor,
    task: &Task<'_>,
) -> Result<Outcome, Error> {
    let degree = observations.lines.indices.len() as f64 / observations.lines.len() as f64;
    let task = Task { solver: task.solver.resolved(basis.ncols(), degree), ..*task };
    let width = factor.width();
    let blocks = blocks(&observations.lines.offsets);
    let parts = split_lines(factor.lines_mut(), &blocks, width);
    let partial: Result<Vec<Outcome>, Error> = parts
        .into_par_iter()
        .map(|(block, rows)| regress_block(observations, block, basis, rows, &task))
        .collect();
    Ok(partial?.into_iter().fold(Outcome::default(), |mut sum, term| {
        sum += term;
        sum
    }))
}

fn regress_block(
    observations: &Observations<'_>,
    block: Range<usize>,
    basis: &Factor,
    rows: &mut [Line],
    task: &Task<'_>,
) -> Result<Outcome, Error> {
    let before = rows.to_vec();
    let effort = match task.solver {
        RowSolver::Cholesky => solve_block_by_cholesky(observations, block.clone(), basis, task.ridge, rows),
        RowSolver::Cg { steps, tol } => {
            solve_block_by_cg(observations, block.clone(), basis, (steps, tol), task.ridge, rows)
        }
        _ => solve_one_by_one(observations, block.clone(), basis, task, rows)?,
    };
    let mut outcome = Outcome { effort, ..Outcome::default() };
    outcome.effort += solve_overflown(observations, block.clone(), basis, task.ridge, rows)?;
    for (row, before) in rows.chunks_exact(basis.width()).zip(before.chunks_exact(basis.width())) {
        let entry = |j: usize| row[j / LANES].0[j % LANES];
        let change = |j: usize| entry(j) - before[j / LANES].0[j % LANES];
        outcome.total += squared_length(entry, basis.ncols(), task.metric);
        outcome.moved += squared_length(change, basis.ncols(), task.metric);
    }
    if task.measure {
        outcome.squares = block_squares(observations, block, rows, basis);
    }
    Ok(outcome)
}

/// xᵀx, or xᵀG x.
fn squared_length(x: impl Fn(usize) -> f64, k: usize, metric: Option<&DMatrix<f64>>) -> f64 {
    match metric {
        None => (0..k).map(|j| x(j) * x(j)).sum(),
        Some(gram) => (0..k).map(|j| x(j) * (0..k).map(|i| gram[(i, j)] * x(i)).sum::<f64>()).sum(),
    }
}

/// Every regression formed as a dense matrix and solved by itself.
fn solve_one_by_one(
    observations: &Observations<'_>,
    block: Range<usize>,
    basis: &Factor,
    task: &Task<'_>,
    rows: &mut [Line],
) -> Result<Effort, Error> {
    let mut effort = Effort::default();
    for (i, row) in block.zip(rows.chunks_exact_mut(basis.width())) {
        let regression = Regression::of_line(observations, i, basis, task.ridge);
        let (x, taken) = regression.solve(&task.solver, task.key.indexed(i as u64))?;
        x.iter().enumerate().for_each(|(j, &value)| row[j / LANES].0[j % LANES] = value);
        effort += taken;
    }
    Ok(effort)
}

/// Solves anew, in scaled numbers, each line whose row is not finite.
fn solve_overflown(
    observations: &Observations<'_>,
    block: Range<usize>,
    basis: &Factor,
    ridge: &[f64],
    rows: &mut [Line],
) -> Result<Effort, Error> {
    let mut effort = Effort::default();
    for (line, row) in block.zip(rows.chunks_exact_mut(basis.width())) {
        if row.iter().all(|line| line.0.iter().all(|entry| entry.is_finite())) {
            continue;
        }
        let regression = Regression::of_line(observations, line, basis, ridge);
        let (x, taken) = regression.by_pivoted_qr();
        if !regression.is_finite() || x.iter().any(|entry| !entry.is_finite()) {
            return Err(Error::Overflow { what: "the regression of a row or column" });
        }
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

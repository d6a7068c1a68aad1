//! One half of an iteration: the regressions of all rows, or of all columns, on the other factor.

use std::ops::Range;

use rayon::prelude::*;

use super::factor::Factor;
use super::held_out::Observations;
use super::row_solver::{Effort, Regression};
use super::{Error, RowSolver};
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

/// The factor whose row i solves the regression of line i on `basis`, by `solver` from row i of `start`.
pub(crate) fn regress(
    observations: &Observations<'_>,
    basis: &Factor,
    start: &Factor,
    solver: &RowSolver,
    ridge: f64,
    key: StreamKey,
) -> Result<(Factor, Effort), Error> {
    let solved: Result<Vec<_>, _> = blocks(&observations.lines.offsets)
        .into_par_iter()
        .map(|block| {
            let regression = |i| Regression::of_line(observations, i, basis, ridge);
            block
                .map(|i| regression(i).solve(solver, start.row(i), key.indexed(i as u64)))
                .collect::<Result<Vec<_>, _>>()
        })
        .collect();
    let mut factor = Factor::zeros(observations.lines.len(), basis.rank());
    let (stride, mut effort) = (factor.stride(), Effort::default());
    for (row, (x, taken)) in factor.data_mut().chunks_exact_mut(stride).zip(solved?.into_iter().flatten()) {
        row[..x.len()].copy_from_slice(&x);
        effort += taken;
    }
    Ok((factor, effort))
}

/// The squares of P(U Vᵀ − M), `factor` for the lines of `observations` and `basis` for those that cross them.
pub(crate) fn squared_residuals(observations: &Observations<'_>, factor: &Factor, basis: &Factor) -> Squares {
    let lines = observations.lines;
    let partial: Vec<Squares> = blocks(&lines.offsets)
        .into_par_iter()
        .map(|block| {
            let mut squares = Squares::default();
            for i in block {
                for place in lines.range(i) {
                    let crossing = basis.row(lines.indices[place] as usize);
                    let product: f64 = factor.row(i).iter().zip(crossing).map(|(u, v)| u * v).sum();
                    let weight = lines.weights.as_ref().map_or(1.0, |weights| weights[place]);
                    let square = weight * (product - lines.values[place] * observations.scale).powi(2);
                    *if observations.is_kept(place) { &mut squares.kept } else { &mut squares.held_out } +=
                        square;
                }
            }
            squares
        })
        .collect();
    partial.iter().fold(Squares::default(), |sum, term| Squares {
        kept: sum.kept + term.kept,
        held_out: sum.held_out + term.held_out,
    })
}

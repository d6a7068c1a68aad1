use std::ops::Range;

use rayon::prelude::*;

use super::Graph;
use super::adjacency::{Adjacency, balanced_blocks};
use super::operator::Operator;
use super::tiles::{Lanes, WIDTH, sum_of_squares};

/// Arcs that one task adds up, about.
const ARCS_A_TASK: usize = 1 << 15;

/// U ↦ M U in `f32`, tile by tile.
///
/// Nodes stand in order of their numbers of arcs, the largest first, so that the rows met most often share pages and
/// stay in the nearest cache; a *position* is a place in that order. Sums over arcs still run in order of keys. Rows are
/// summed in tasks of about equal numbers of arcs, fixed by the graph.
pub(super) struct Propagation {
    pub(super) adjacency: Adjacency,
    row_scale: Option<Vec<f32>>,
    pub(super) tasks: Vec<Range<usize>>,
    /// The node at each position.
    pub(super) nodes: Vec<u32>,
    /// The position of the node with the r-th smallest key.
    pub(super) positions_by_key: Vec<u32>,
}

impl Propagation {
    /// The product with the M of an operator.
    pub(super) fn new(graph: &Graph, operator: &Operator<'_>) -> Self {
        let count = graph.node_count();
        let mut nodes: Vec<u32> = (0..count as u32).collect();
        let arcs = |node: u32| operator.adjacency.count(node as usize);
        nodes.par_sort_unstable_by_key(|&node| (usize::MAX - arcs(node), node));
        let mut positions = vec![0; count];
        nodes.iter().enumerate().for_each(|(position, &node)| positions[node as usize] = position as u32);
        let adjacency = operator.adjacency.reordered(&nodes, &positions);
        let row_scale = operator.row_scale.as_ref();
        Self {
            row_scale: row_scale.map(|scale| nodes.iter().map(|&node| scale[node as usize] as f32).collect()),
            tasks: balanced_blocks(adjacency.offsets(), ARCS_A_TASK),
            positions_by_key: (0..count).map(|rank| positions[graph.node_of_rank(rank)]).collect(),
            adjacency,
            nodes,
        }
    }

    /// What the sum over the arcs of a row is multiplied by.
    pub(super) fn row_scale(&self, position: usize) -> f32 {
        self.row_scale.as_ref().map_or(1.0, |scale| scale[position])
    }

    /// One tile of M U from the same tile of U; adds the squares of the new rows to `squares`, if there are any.
    pub(super) fn multiply(&self, from: &[Lanes], to: &mut [Lanes], squares: Option<&mut [f64]>) {
        let arch = pulp::Arch::new();
        let to = split(to, &self.tasks);
        let squares = squares.map_or_else(
            || self.tasks.iter().map(|_| None).collect::<Vec<_>>(),
            |squares| split(squares, &self.tasks).into_iter().map(Some).collect(),
        );
        self.tasks.par_iter().zip(to).zip(squares).for_each(|((rows, to), squares)| {
            arch.dispatch(Multiply { propagation: self, rows: rows.clone(), from, to });
            if let Some(squares) = squares {
                arch.dispatch(AddSquares { rows: to, squares });
            }
        });
    }
}

/// Consecutive parts of the given lengths.
pub(super) fn split<'a, T>(mut values: &'a mut [T], parts: &[Range<usize>]) -> Vec<&'a mut [T]> {
    let take = |part: &Range<usize>| {
        let (first, rest) = std::mem::take(&mut values).split_at_mut(part.len());
        values = rest;
        first
    };
    parts.iter().map(take).collect()
}

/// Some rows of a tile of M U.
struct Multiply<'a> {
    propagation: &'a Propagation,
    rows: Range<usize>,
    from: &'a [Lanes],
    to: &'a mut [Lanes],
}

impl pulp::NullaryFnOnce for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let adjacency = &self.propagation.adjacency;
        for (i, to) in self.rows.zip(self.to) {
            let mut sum = [0.0_f32; WIDTH];
            match adjacency.weights(i) {
                None => {
                    for &j in adjacency.targets(i) {
                        add(&mut sum, &self.from[j as usize]);
                    }
                }
                Some(weights) => {
                    for (&j, &weight) in adjacency.targets(i).iter().zip(weights) {
                        add_scaled(&mut sum, weight, &self.from[j as usize]);
                    }
                }
            }
            let scale = self.propagation.row_scale(i);
            for (to, entry) in to.iter_mut().zip(sum) {
                *to = scale * entry;
            }
        }
    }
}

/// sum += row.
#[inline(always)]
pub(super) fn add(sum: &mut Lanes, row: &Lanes) {
    for (sum, &entry) in sum.iter_mut().zip(row) {
        *sum += entry;
    }
}

/// sum += scale·row, each product rounded before it is added.
#[inline(always)]
pub(super) fn add_scaled(sum: &mut Lanes, scale: f32, row: &Lanes) {
    for (sum, &entry) in sum.iter_mut().zip(row) {
        *sum += scale * entry;
    }
}

/// Adds the sum of squares of each row.
struct AddSquares<'a> {
    rows: &'a [Lanes],
    squares: &'a mut [f64],
}

impl pulp::NullaryFnOnce for AddSquares<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (sum, row) in self.squares.iter_mut().zip(self.rows) {
            *sum += sum_of_squares(row);
        }
    }
}

/// Adds the sums of squares of the rows of a tile.
pub(super) fn add_squares(rows: &[Lanes], squares: &mut [f64]) {
    const ROWS: usize = 4096;
    let arch = pulp::Arch::new();
    rows.par_chunks(ROWS)
        .zip(squares.par_chunks_mut(ROWS))
        .for_each(|(rows, squares)| arch.dispatch(AddSquares { rows, squares }));
}

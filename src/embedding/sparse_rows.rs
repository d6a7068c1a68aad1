use std::ops::Range;

use rayon::prelude::*;

use super::propagation::{Propagation, add_squares, split};
use super::random_projection::{RandomProjection, Wanted};
use super::tiles::{Lanes, Tiles, WIDTH, sum_of_squares};
use crate::sketch::SignedEntries;

/// Some columns of L R for a very sparse R, by position.
pub(super) struct SparseRows {
    offsets: Vec<u32>,
    /// Twice the column, plus one if the entry is negative.
    codes: Vec<u32>,
    /// The magnitude that the nonzeros of a row share.
    values: Vec<f32>,
}

/// The nonzeros of all rows of R, block by block as they are drawn.
pub(super) type Drawn = Vec<(Wanted, SignedEntries)>;

/// Draws the nonzeros of R; nothing if R is not very sparse.
pub(super) fn draw(projection: &RandomProjection, wanted: Vec<Wanted>) -> Drawn {
    let drawn = wanted.into_par_iter().map(|wanted| {
        let entries = projection.draw_sparse(&wanted).unwrap_or_default();
        (wanted, entries)
    });
    drawn.collect()
}

impl SparseRows {
    /// Columns `columns` of the rows drawn; `values` are the magnitudes by position.
    pub(super) fn new(
        drawn: &Drawn,
        propagation: &Propagation,
        values: Vec<f32>,
        columns: &Range<usize>,
    ) -> Self {
        let chosen = |code: &&u32| columns.contains(&((**code >> 1) as usize));
        let rows = || {
            drawn.iter().flat_map(|(wanted, entries)| {
                let position = |rank: usize| propagation.positions_by_key[rank] as usize;
                wanted.nodes.iter().map(move |&(rank, place)| (position(rank), entries.column(place)))
            })
        };
        let mut offsets = vec![0; values.len() + 1];
        rows()
            .for_each(|(position, codes)| offsets[position + 1] = codes.iter().filter(chosen).count() as u32);
        (0..values.len()).for_each(|position| offsets[position + 1] += offsets[position]);
        let mut codes = vec![0; offsets[values.len()] as usize];
        for (position, row) in rows() {
            let place = &mut codes[offsets[position] as usize..offsets[position + 1] as usize];
            let row = row.iter().filter(chosen);
            place.iter_mut().zip(row).for_each(|(new, code)| *new = code - 2 * columns.start as u32);
        }
        Self { offsets, codes, values }
    }

    /// Entries of the row at a position: columns and values.
    fn row(&self, position: usize) -> impl Iterator<Item = (usize, f32)> {
        let codes = &self.codes[self.offsets[position] as usize..self.offsets[position + 1] as usize];
        let values = [self.values[position], -self.values[position]];
        codes.iter().map(move |code| ((code >> 1) as usize, values[(code & 1) as usize]))
    }

    /// Tile `tile` of L R; adds the squares of its rows to `squares`.
    pub(super) fn fill(&self, tile: usize, rows: &mut [Lanes], squares: Option<&mut [f64]>) {
        let columns = tile * WIDTH..(tile + 1) * WIDTH;
        rows.par_iter_mut().with_min_len(1024).enumerate().for_each(|(position, row)| {
            *row = [0.0; WIDTH];
            let inside = self.row(position).filter(|(column, _)| columns.contains(column));
            inside.for_each(|(column, value)| row[column - columns.start] = value);
        });
        if let Some(squares) = squares {
            add_squares(rows, squares);
        }
    }

    /// All tiles of M L R, whose cost is d/s operations an arc; adds the squares of its rows to `squares`.
    pub(super) fn multiply(
        &self,
        propagation: &Propagation,
        product: &mut Tiles,
        squares: Option<&mut [f64]>,
    ) {
        let count = product.count();
        let mut tasks: Vec<Vec<&mut [Lanes]>> = propagation.tasks.iter().map(|_| Vec::new()).collect();
        for tile in product.all_mut() {
            tasks.iter_mut().zip(split(tile, &propagation.tasks)).for_each(|(task, rows)| task.push(rows));
        }
        let squares: Vec<_> = match squares {
            Some(squares) => split(squares, &propagation.tasks).into_iter().map(Some).collect(),
            None => tasks.iter().map(|_| None).collect(),
        };
        propagation.tasks.par_iter().zip(tasks).zip(squares).for_each(|((rows, mut tiles), mut squares)| {
            let mut sum = vec![[0.0; WIDTH]; count];
            for (place, position) in rows.clone().enumerate() {
                self.sum_row(propagation, position, &mut sum);
                let scale = propagation.row_scale(position);
                for (tile, sum) in tiles.iter_mut().zip(&sum) {
                    tile[place] = sum.map(|entry| scale * entry);
                    if let Some(squares) = &mut squares {
                        squares[place] += sum_of_squares(&tile[place]);
                    }
                }
            }
        });
    }

    /// The sum over the arcs of one row, unscaled.
    fn sum_row(&self, propagation: &Propagation, position: usize, sum: &mut [Lanes]) {
        sum.fill([0.0; WIDTH]);
        let sum = sum.as_flattened_mut();
        let targets = propagation.adjacency.targets(position);
        match propagation.adjacency.weights(position) {
            None => targets.iter().for_each(|&j| {
                self.row(j as usize).for_each(|(column, value)| sum[column] += value);
            }),
            Some(weights) => targets.iter().zip(weights).for_each(|(&j, weight)| {
                self.row(j as usize).for_each(|(column, value)| sum[column] += weight * value);
            }),
        }
    }
}

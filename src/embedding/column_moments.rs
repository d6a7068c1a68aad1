use rayon::prelude::*;

use super::tiles::{Lanes, WIDTH};

/// Nodes, in order of their keys, whose sums form one term.
const NODES_A_TERM: usize = 1024;

/// Mean and inverse standard deviation of each column, over the nodes whose vector is not zero.
#[derive(Clone, Debug, Default)]
pub(super) struct ColumnMoments {
    means: Vec<f64>,
    inverse_deviations: Vec<f64>,
}

/// Sums of entries and of their squares.
#[derive(Clone, Copy, Default)]
struct Sums {
    entries: [f64; WIDTH],
    squares: [f64; WIDTH],
}

impl ColumnMoments {
    /// Appends the columns of a tile. Zero rows add nothing, so `count`, the number of others, is all that is said of them.
    pub(super) fn push(&mut self, tile: &[Lanes], positions_by_key: &[u32], count: usize) {
        let arch = pulp::Arch::new();
        let terms: Vec<Sums> = positions_by_key
            .par_chunks(NODES_A_TERM)
            .map(|positions| arch.dispatch(SumRows { tile, positions }))
            .collect();
        let count = count as f64;
        for column in 0..WIDTH {
            let mean = terms.iter().map(|sums| sums.entries[column]).sum::<f64>() / count;
            let square = terms.iter().map(|sums| sums.squares[column]).sum::<f64>() / count;
            let (mean, inverse) = standardization(mean, square);
            self.means.push(mean);
            self.inverse_deviations.push(inverse);
        }
    }

    /// (row − mean)/deviation for one node.
    #[inline(always)]
    pub(super) fn standardize(&self, row: &mut [f32]) {
        for ((entry, mean), inverse) in row.iter_mut().zip(&self.means).zip(&self.inverse_deviations) {
            *entry = ((f64::from(*entry) - mean) * inverse) as f32;
        }
    }
}

/// What centres and scales a column of the given mean and mean square: a column that varies less than `f32` can tell is
/// constant, and is multiplied by zero.
pub(super) fn standardization(mean: f64, square: f64) -> (f64, f64) {
    let variance = square - mean * mean;
    let resolution = f64::from(f32::EPSILON).powi(2) * square;
    if variance > resolution { (mean, 1.0 / variance.sqrt()) } else { (mean, 0.0) }
}

/// Sums over some rows of a tile, in the order of their positions in the list.
struct SumRows<'a> {
    tile: &'a [Lanes],
    positions: &'a [u32],
}

impl pulp::NullaryFnOnce for SumRows<'_> {
    type Output = Sums;

    #[inline(always)]
    fn call(self) -> Sums {
        let mut sums = Sums::default();
        for &position in self.positions {
            let row = self.tile[position as usize];
            for ((sum, square), entry) in sums.entries.iter_mut().zip(&mut sums.squares).zip(row) {
                let entry = f64::from(entry);
                *sum += entry;
                *square += entry * entry;
            }
        }
        sums
    }
}

use std::ops::Range;

use super::column_moments::ColumnMoments;
use super::powers::{Powers, Squares};
use super::tiles::{Lanes, Tiles, WIDTH};
use super::weighted_sum::{Coefficients, add_rows};
use super::write_vectors::Finished;
use super::{Error, Settings, Standardize};

/// The weighted sum, a group of tiles after another: norms are computed in a pass of their own and powers twice.
pub(super) struct CoordinateBlocks<'p, 'a> {
    powers: &'p Powers<'a>,
    coefficients: Coefficients,
    /// Which vectors are not zero, by position, where columns are standardised.
    nonzero: Option<Vec<bool>>,
    tiles_a_group: usize,
}

impl<'p, 'a> CoordinateBlocks<'p, 'a> {
    /// Groups so small that `matrices` matrices of a group, and no fewer than the computation itself needs, fit the bytes
    /// given.
    pub(super) fn new(
        powers: &'p Powers<'a>,
        settings: &Settings,
        bytes: usize,
        matrices: usize,
    ) -> Result<Self, Error> {
        let matrices = matrices.max(2 + powers.staged());
        let available = (bytes / powers.tile_bytes()).saturating_sub(2) / matrices;
        if available == 0 {
            return Err(Error::MemoryBudget { budget: bytes, needed: powers.tile_bytes() * (2 + matrices) });
        }
        let tiles_a_group = available.min(powers.tiles());
        let wants_squares = settings.normalize_powers || settings.standardize == Standardize::Columns;
        let squares = wants_squares.then(|| norms(powers, tiles_a_group));
        Ok(Self {
            coefficients: Coefficients::new(settings, powers.scale, powers.nodes(), squares.as_ref()),
            nonzero: squares
                .filter(|_| settings.standardize == Standardize::Columns)
                .map(|s| nonzero_rows(&s)),
            powers,
            tiles_a_group,
        })
    }

    /// Computes all groups in order and shows each with its first coordinate.
    pub(super) fn for_each<E>(
        &self,
        mut visit: impl FnMut(usize, Finished<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (powers, schedule) = (self.powers, self.powers.schedule(&[]));
        for group in groups(powers.tiles(), self.tiles_a_group) {
            let mut sum = Tiles::zeros(powers.nodes(), group.len());
            let mut slots = [Tiles::zeros(powers.nodes(), group.len())];
            let mut sums = sum.all_mut();
            powers.compute(&group, &schedule, &mut slots, None, |tile, power, rows| {
                add_rows(sums[tile], self.coefficients.of(power), rows);
            });
            drop(slots);
            let tiles = sum.all();
            let moments = self.nonzero.as_ref().map(|nonzero| self.moments(&tiles, nonzero));
            let standardization = moments.as_ref().zip(self.nonzero.as_deref());
            let nodes = &powers.propagation.nodes;
            visit(group.start * WIDTH, Finished { tiles, nodes, standardization })?;
        }
        Ok(())
    }

    fn moments(&self, tiles: &[&[Lanes]], nonzero: &[bool]) -> ColumnMoments {
        let count = count(nonzero);
        let mut moments = ColumnMoments::default();
        tiles.iter().for_each(|tile| moments.push(tile, &self.powers.propagation.positions_by_key, count));
        moments
    }
}

/// The tiles in groups of `length`.
fn groups(tiles: usize, length: usize) -> impl Iterator<Item = Range<usize>> {
    (0..tiles).step_by(length).map(move |start| start..tiles.min(start + length))
}

/// Sums of squares of all rows of the weighted powers.
fn norms(powers: &Powers<'_>, tiles_a_group: usize) -> Squares {
    let (mut squares, schedule) = (powers.no_squares(), powers.schedule(&[]));
    for group in groups(powers.tiles(), tiles_a_group) {
        let mut slots = [Tiles::zeros(powers.nodes(), group.len())];
        powers.compute(&group, &schedule, &mut slots, Some(&mut squares), |_, _, _| {});
    }
    squares
}

/// Which rows are not zero in every weighted power.
pub(super) fn nonzero_rows(squares: &Squares) -> Vec<bool> {
    let nodes = squares.first().map_or(0, Vec::len);
    (0..nodes).map(|row| squares.iter().any(|squares| squares[row] > 0.0)).collect()
}

/// How many.
pub(super) fn count(nonzero: &[bool]) -> usize {
    nonzero.iter().filter(|&&nonzero| nonzero).count()
}

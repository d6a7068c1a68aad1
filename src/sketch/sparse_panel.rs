use std::ops::Range;

use nalgebra::DMatrixView;

use crate::random::BLOCK;

/// Columns of S whose nonzeros are applied together, with one tile of A that fits the first-level cache.
pub(super) const PIECE: usize = 2 * BLOCK;

/// Columns of A that one panel sums together: one cache line.
pub(super) const WIDTH: usize = 8;

/// The sign of a code, by its last bit.
const SIGNS: [f64; 2] = [1.0, -1.0];

/// One row of a panel, on one cache line.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Line([f64; WIDTH]);

/// The nonzeros of some columns of S, each to add ± one row of a tile of A to one row of S A.
///
/// They are in order of the row they add to, so that the sums are met one after another; additions to one row keep the
/// order of the columns, and with it their bits.
pub(super) struct Updates {
    /// The rows of A that the tile holds.
    within: Range<usize>,
    list: Vec<Update>,
}

#[derive(Clone, Copy, Default)]
struct Update {
    /// Twice the row of S A, plus one for a minus.
    code: u32,
    /// The row of the tile.
    place: u32,
}

impl Updates {
    /// Sorts the codes of columns by row, by counting; where rows outnumber the codes by far they stay as they come.
    pub(super) fn by_row<'a>(
        within: Range<usize>,
        columns: impl Iterator<Item = (usize, &'a [u32])>,
        m: usize,
    ) -> Self {
        let mut drawn = Vec::new();
        for (place, codes) in columns {
            drawn.extend(codes.iter().map(|&code| Update { code, place: place as u32 }));
        }
        if m > 16 * drawn.len() {
            return Self { within, list: drawn };
        }
        let mut ends = vec![0_u32; m + 1];
        drawn.iter().for_each(|update| ends[(update.code >> 1) as usize + 1] += 1);
        (0..m).for_each(|row| ends[row + 1] += ends[row]);
        let mut list = vec![Update::default(); drawn.len()];
        for update in drawn {
            let next = &mut ends[(update.code >> 1) as usize];
            list[*next as usize] = update;
            *next += 1;
        }
        Self { within, list }
    }
}

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
        for (c, column) in target.chunks_exact(m).enumerate() {
            sums.iter_mut().zip(column).for_each(|(row, &value)| row.0[c] = value);
        }
        Self { first, target, sums, tile: vec![Line::default(); PIECE] }
    }

    /// Writes the sums back.
    pub(super) fn store(self) {
        let m = self.sums.len();
        for (c, column) in self.target.chunks_exact_mut(m).enumerate() {
            column.iter_mut().zip(&self.sums).for_each(|(value, row)| *value = row.0[c]);
        }
    }

    /// Adds what `updates` say of the rows of A, times `scale`.
    pub(super) fn add(&mut self, updates: &[Updates], a: &DMatrixView<'_, f64>, scale: f64) {
        pulp::Arch::new().dispatch(AddUpdates { panel: self, updates, a, scale });
    }

    /// Takes rows `within` of this panel's columns of A, times `scale`, into the tile.
    #[inline(always)]
    fn fill_tile(&mut self, within: &Range<usize>, a: &DMatrixView<'_, f64>, scale: f64) {
        let width = WIDTH.min(a.ncols() - self.first);
        let views: [_; WIDTH] = std::array::from_fn(|c| a.column(self.first + c.min(width - 1)));
        let columns: [&[f64]; WIDTH] = std::array::from_fn(|c| &views[c].as_slice()[within.clone()]);
        for (i, line) in self.tile[..within.len()].iter_mut().enumerate() {
            let mut row = Line::default();
            for (entry, column) in row.0.iter_mut().zip(&columns) {
                *entry = scale * column[i];
            }
            *line = row;
        }
    }
}

/// [`Panel::add`], compiled for the vector units of the machine it runs on.
struct AddUpdates<'p, 'a, 'v> {
    panel: &'p mut Panel<'a>,
    updates: &'p [Updates],
    a: &'p DMatrixView<'v, f64>,
    scale: f64,
}

impl pulp::NullaryFnOnce for AddUpdates<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for updates in self.updates {
            self.panel.fill_tile(&updates.within, self.a, self.scale);
            for update in &updates.list {
                let sign = SIGNS[(update.code & 1) as usize];
                let row = self.panel.tile[update.place as usize];
                let sum = &mut self.panel.sums[(update.code >> 1) as usize];
                let mut updated = *sum;
                for c in 0..WIDTH {
                    updated.0[c] += sign * row.0[c];
                }
                *sum = updated;
            }
        }
    }
}

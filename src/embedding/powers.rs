use std::ops::Range;

use super::halves::Half;
use super::initial_rows::InitialRows;
use super::operator::Operator;
use super::propagation::Propagation;
use super::schedule::Schedule;
use super::sparse_rows::SparseRows;
use super::tiles::{Lanes, Tiles, WIDTH};
use super::{Error, Features, Graph, Settings};

/// Tiles held while a single one is computed: two spare ones, and one of each matrix of a block.
const SMALLEST_BLOCK: usize = 5;

/// The powers M^k L R of some consecutive coordinates, computed tile by tile: all powers of a tile before the next one,
/// so that what is gathered stays in the last cache.
pub(super) struct Powers<'a> {
    pub(super) propagation: Propagation,
    initial: InitialRows<'a>,
    /// The first power that is computed for all tiles at once.
    first: usize,
    /// The last power with a weight.
    last: usize,
    /// Powers with a weight, ascending.
    pub(super) weighted: Vec<usize>,
    /// Number of coordinates.
    pub(super) dim: usize,
    /// What the powers are to be multiplied by, where they are not normalised.
    pub(super) scale: f64,
}

/// Sums of squares of the rows of each weighted power, by position; in the order of [`Powers::weighted`].
pub(super) type Squares = Vec<Vec<f64>>;

impl<'a> Powers<'a> {
    pub(super) fn new(
        graph: &'a Graph,
        features: Option<&'a Features>,
        settings: &Settings,
        half: &Half,
    ) -> Result<Self, Error> {
        let operator = Operator::new(graph, settings, half.direction);
        let propagation = Propagation::new(graph, &operator);
        let initial = InitialRows::new(graph, features, settings, half, &operator, &propagation)?;
        let last = settings.last_power();
        let weighted = settings.weighted_powers();
        let first = usize::from(initial.is_sparse() && last > 0);
        Ok(Self { propagation, initial, first, last, weighted, dim: half.dim, scale: operator.scale })
    }

    /// N.
    pub(super) fn nodes(&self) -> usize {
        self.propagation.nodes.len()
    }

    /// Tiles that hold all coordinates; the last may be padded.
    pub(super) fn tiles(&self) -> usize {
        self.dim.div_ceil(WIDTH)
    }

    /// Bytes of one tile.
    pub(super) fn tile_bytes(&self) -> usize {
        size_of::<Lanes>() * self.nodes()
    }

    /// Bytes that may be held beside the graph and the vectors: as set, or 2·N·d·4, or what the smallest block needs.
    pub(super) fn budget(&self, settings: &Settings) -> usize {
        let matrices = 2 * self.tiles();
        settings.memory_budget.unwrap_or(self.tile_bytes() * matrices.max(SMALLEST_BLOCK))
    }

    /// No sums yet.
    pub(super) fn no_squares(&self) -> Squares {
        vec![vec![0.0; self.nodes()]; self.weighted.len()]
    }

    /// How powers are computed if these are kept.
    pub(super) fn schedule(&self, keep: &[usize]) -> Schedule {
        Schedule::new(self.first, self.last, keep)
    }

    /// Matrices beside the kept ones that are filled while a group starts.
    pub(super) fn staged(&self) -> usize {
        usize::from(!self.initial.is_sparse())
    }

    /// Computes the powers of a group of tiles. `slots` hold the kept ones at the end; `squares` grow by the squares of
    /// the rows; `visit(tile of the group, power, rows)` sees each weighted power of a tile, in ascending order.
    pub(super) fn compute(
        &self,
        group: &Range<usize>,
        schedule: &Schedule,
        slots: &mut [Tiles],
        mut squares: Option<&mut Squares>,
        mut visit: impl FnMut(usize, usize, &[Lanes]),
    ) {
        let sparse = self.initial.sparse(group, &self.propagation);
        self.start(group, sparse.as_ref(), &mut slots[0], self.squares_of(self.first, &mut squares));
        let mut spare = Tiles::zeros(self.nodes(), 2);
        let mut kept: Vec<_> = slots.iter_mut().map(|slot| slot.all_mut().into_iter()).collect();
        for tile in 0..group.len() {
            let mut pool: Vec<&mut [Lanes]> = kept.iter_mut().filter_map(Iterator::next).collect();
            pool.extend(spare.all_mut());
            self.tile(tile, sparse.as_ref(), schedule, &mut pool, &mut squares, &mut visit);
        }
    }

    /// Fills the first slot with the first power of all tiles of a group.
    fn start(
        &self,
        group: &Range<usize>,
        sparse: Option<&SparseRows>,
        slot: &mut Tiles,
        squares: Option<&mut [f64]>,
    ) {
        match sparse {
            Some(rows) if self.first == 1 => rows.multiply(&self.propagation, slot, squares),
            Some(rows) => {
                let mut squares = squares;
                for (tile, to) in slot.all_mut().into_iter().enumerate() {
                    rows.fill(tile, to, squares.as_deref_mut());
                }
            }
            None => self.initial.fill(group, &self.propagation, slot, squares),
        }
    }

    /// The products of one tile.
    fn tile(
        &self,
        tile: usize,
        sparse: Option<&SparseRows>,
        schedule: &Schedule,
        pool: &mut [&mut [Lanes]],
        squares: &mut Option<&mut Squares>,
        visit: &mut impl FnMut(usize, usize, &[Lanes]),
    ) {
        if let (1, true, Some(rows)) = (self.first, self.weighted.contains(&0), sparse) {
            let place = schedule.initial.unwrap_or(pool.len() - 1);
            rows.fill(tile, pool[place], self.squares_of(0, squares));
            visit(tile, 0, pool[place]);
        }
        if self.weighted.contains(&self.first) {
            visit(tile, self.first, pool[0]);
        }
        for step in &schedule.steps {
            let Ok([from, to]) = pool.get_disjoint_mut([step.from, step.to]) else { continue };
            self.propagation.multiply(from, to, self.squares_of(step.power, squares));
            if let Some(copy) = step.copy {
                let Ok([from, to]) = pool.get_disjoint_mut([step.to, copy]) else { continue };
                to.copy_from_slice(from);
            }
            if self.weighted.contains(&step.power) {
                visit(tile, step.power, pool[step.to]);
            }
        }
    }

    /// The sums of one power, if it has a weight and sums are wanted.
    fn squares_of<'s>(&self, power: usize, squares: &'s mut Option<&mut Squares>) -> Option<&'s mut [f64]> {
        let index = self.weighted.iter().position(|&weighted| weighted == power)?;
        squares.as_mut().map(|squares| &mut squares[index][..])
    }
}

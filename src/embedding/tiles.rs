/// Coordinates that are propagated together: one cache line of `f32`.
pub(super) const WIDTH: usize = 16;

/// The coordinates of one node in one tile.
pub(super) type Lanes = [f32; WIDTH];

/// Bytes of a cache line, on which every row of a tile starts.
const LINE: usize = 64;

/// An N × 16t matrix stored tile after tile, each tile N rows of 16 coordinates.
pub(super) struct Tiles {
    values: Vec<f32>,
    /// Where the first cache line begins.
    start: usize,
    nodes: usize,
    tiles: usize,
}

impl Tiles {
    /// t tiles of zeros.
    pub(super) fn zeros(nodes: usize, tiles: usize) -> Self {
        let values = vec![0.0; (nodes * tiles + 1) * WIDTH];
        let start = values.as_ptr().align_offset(LINE).min(WIDTH);
        Self { values, start, nodes, tiles }
    }

    /// Number of tiles.
    pub(super) fn count(&self) -> usize {
        self.tiles
    }

    /// Every tile.
    pub(super) fn all(&self) -> Vec<&[Lanes]> {
        let rows = self.values[self.start..].as_chunks().0;
        rows.chunks_exact(self.nodes).take(self.tiles).collect()
    }

    /// Every tile, to be written.
    pub(super) fn all_mut(&mut self) -> Vec<&mut [Lanes]> {
        let rows = self.values[self.start..].as_chunks_mut().0;
        rows.chunks_exact_mut(self.nodes).take(self.tiles).collect()
    }

    /// The memory, for other use.
    pub(super) fn into_vec(self) -> Vec<f32> {
        self.values
    }
}

/// Σ x² in `f64`, in an order that no instruction set changes.
#[inline(always)]
pub(super) fn sum_of_squares(row: &Lanes) -> f64 {
    let mut sums = [0.0_f64; WIDTH / 2];
    for half in row.as_chunks::<{ WIDTH / 2 }>().0 {
        for (sum, &x) in sums.iter_mut().zip(half) {
            *sum += f64::from(x) * f64::from(x);
        }
    }
    ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]))
}

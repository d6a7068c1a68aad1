use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::Error;
use super::column_moments::ColumnMoments;
use super::tiles::{Lanes, WIDTH};

/// Coordinates of all nodes, ready to be written: tiles by position.
pub(super) struct Finished<'a> {
    pub(super) tiles: Vec<&'a [Lanes]>,
    /// The node at each position.
    pub(super) nodes: &'a [u32],
    /// How the columns are standardised, and by position which vectors are not zero and so take part in it.
    pub(super) standardization: Option<(&'a ColumnMoments, &'a [bool])>,
}

impl Finished<'_> {
    /// Writes the coordinates of every node to `first..first + width` of its vector of `dim` entries.
    pub(super) fn write(
        &self,
        vectors: &mut [f32],
        dim: usize,
        first: usize,
        width: usize,
    ) -> Result<(), Error> {
        let mut by_node: Vec<Option<&mut [f32]>> =
            vectors.chunks_exact_mut(dim).map(|vector| Some(&mut vector[first..first + width])).collect();
        let by_position: Vec<&mut [f32]> =
            self.nodes.iter().filter_map(|&node| by_node[node as usize].take()).collect();
        let arch = pulp::Arch::new();
        let overflow = AtomicBool::new(false);
        by_position.into_par_iter().with_min_len(256).enumerate().for_each(|(position, vector)| {
            if !arch.dispatch(WriteVector { finished: self, position, vector }) {
                overflow.store(true, Ordering::Relaxed);
            }
        });
        if overflow.into_inner() { Err(Error::Overflow) } else { Ok(()) }
    }
}

/// The coordinates of one node; says whether all are finite.
struct WriteVector<'a> {
    finished: &'a Finished<'a>,
    position: usize,
    vector: &'a mut [f32],
}

impl pulp::NullaryFnOnce for WriteVector<'_> {
    type Output = bool;

    #[inline(always)]
    fn call(self) -> bool {
        let tiles = &self.finished.tiles;
        let (parts, rest) = self.vector.as_chunks_mut::<WIDTH>();
        for (part, tile) in parts.iter_mut().zip(tiles) {
            *part = tile[self.position];
        }
        if let Some(tile) = tiles.get(parts.len()) {
            rest.copy_from_slice(&tile[self.position][..rest.len()]);
        }
        if let Some((moments, nonzero)) = self.finished.standardization
            && nonzero[self.position]
        {
            moments.standardize(self.vector);
        }
        self.vector.iter().all(|entry| entry.is_finite())
    }
}

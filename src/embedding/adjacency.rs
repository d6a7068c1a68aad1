use rayon::prelude::*;

/// Arcs that a task handles, about.
const ARCS_A_BLOCK: usize = 1 << 15;

/// A nonnegative sparse matrix in compressed sparse row form: who each node points to, and how heavily.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Adjacency {
    offsets: Vec<usize>,
    targets: Vec<u32>,
    /// One a target; absent if all are 1.
    weights: Option<Vec<f32>>,
}

/// One arc to be stored: from, to, weight.
pub(super) type Arc = (u32, u32, f32);

impl Adjacency {
    /// The arcs by source, each row in order of `rank` of its targets, then of weight: the order of all sums.
    ///
    /// `arcs` is run through twice. `node_of_rank` is the inverse of `rank`.
    pub(super) fn from_arcs<I: Iterator<Item = Arc>>(
        arcs: impl Fn() -> I,
        rank: impl Fn(u32) -> u32 + Sync,
        node_of_rank: impl Fn(u32) -> u32 + Sync,
        nodes: usize,
        weighted: bool,
    ) -> Self {
        let mut offsets = vec![0_usize; nodes + 1];
        arcs().for_each(|(source, ..)| offsets[source as usize + 1] += 1);
        (0..nodes).for_each(|node| offsets[node + 1] += offsets[node]);
        // Weights are not negative, so their bits are ordered as they are.
        let mut next = offsets.clone();
        let mut codes = vec![0_u64; offsets[nodes]];
        for (source, target, weight) in arcs() {
            let place = &mut next[source as usize];
            codes[*place] = u64::from(rank(target)) << 32 | u64::from((weight + 0.0).to_bits());
            *place += 1;
        }
        let blocks = balanced_blocks(&offsets, ARCS_A_BLOCK);
        let rows = split_by_blocks(&mut codes, &offsets, &blocks);
        rows.into_par_iter().zip(&blocks).for_each(|(codes, block)| {
            let start = offsets[block.start];
            block
                .clone()
                .for_each(|node| codes[offsets[node] - start..offsets[node + 1] - start].sort_unstable());
        });
        let targets = codes.par_iter().map(|code| node_of_rank((code >> 32) as u32)).collect();
        let weights = weighted.then(|| codes.par_iter().map(|&code| f32::from_bits(code as u32)).collect());
        Self { offsets, targets, weights }
    }

    /// Number of nodes.
    pub(super) fn node_count(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Targets of a node.
    pub(super) fn targets(&self, node: usize) -> &[u32] {
        &self.targets[self.offsets[node]..self.offsets[node + 1]]
    }

    /// Weights of the arcs of a node, where they are not all 1.
    pub(super) fn weights(&self, node: usize) -> Option<&[f32]> {
        self.weights.as_ref().map(|weights| &weights[self.offsets[node]..self.offsets[node + 1]])
    }

    /// Where each row starts.
    pub(super) fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// Number of arcs of a node.
    pub(super) fn count(&self, node: usize) -> usize {
        self.offsets[node + 1] - self.offsets[node]
    }

    /// Sum of the weights of the arcs of a node.
    pub(super) fn row_sum(&self, node: usize) -> f64 {
        match self.weights(node) {
            None => self.count(node) as f64,
            Some(weights) => weights.iter().map(|&weight| f64::from(weight)).sum(),
        }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        8 * self.offsets.len() + 4 * self.targets.len() + self.weights.as_ref().map_or(0, |w| 4 * w.len())
    }
}

/// Consecutive nodes in blocks of about `arcs` arcs and nodes together: fixed by the graph, whatever the threads.
pub(super) fn balanced_blocks(offsets: &[usize], arcs: usize) -> Vec<std::ops::Range<usize>> {
    let nodes = offsets.len() - 1;
    let mut blocks = Vec::new();
    let mut start = 0;
    while start < nodes {
        let limit = offsets[start] + start + arcs;
        let end = start + 1 + (start + 1..nodes).take_while(|&node| offsets[node + 1] + node < limit).count();
        blocks.push(start..end);
        start = end;
    }
    blocks
}

/// The parts of `values` that belong to each block of rows.
fn split_by_blocks<'a, T>(
    mut values: &'a mut [T],
    offsets: &[usize],
    blocks: &[std::ops::Range<usize>],
) -> Vec<&'a mut [T]> {
    blocks
        .iter()
        .map(|block| {
            let (rows, rest) =
                std::mem::take(&mut values).split_at_mut(offsets[block.end] - offsets[block.start]);
            values = rest;
            rows
        })
        .collect()
}

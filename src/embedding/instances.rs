use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use super::{Error, Graph};
use crate::random::StreamKey;

/// Edges that share one ChaCha stream.
const EDGES_A_STREAM: usize = 4096;

/// Rounds after which a graph counts as too dense to be drawn by rejection.
const ROUNDS: u64 = 200;

/// A random graph made for tests, figures and benchmarks: simple and undirected, its edges sorted.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// N.
    pub nodes: usize,
    /// Edges {u, v} with u < v, all distinct, in ascending order.
    pub edges: Vec<(u32, u32)>,
    /// The community of each node, where the model has communities; else empty.
    pub communities: Vec<u32>,
}

impl Instance {
    /// The graph with keys 0, 1, 2, ….
    ///
    /// # Errors
    /// As [`Graph::undirected`].
    pub fn graph(&self) -> Result<Graph, Error> {
        Graph::undirected((0..self.nodes as u64).collect(), &self.edges, None)
    }
}

/// `count` distinct edges without loops, drawn by `draw`; those that fall on a loop or on an earlier edge are drawn again.
pub(super) fn distinct_edges(
    count: usize,
    key: StreamKey,
    draw: impl Fn(&mut ChaCha8Rng) -> (u32, u32) + Sync,
) -> Result<Vec<(u32, u32)>, Error> {
    let mut edges: Vec<(u32, u32)> = Vec::with_capacity(count);
    for round in 0..ROUNDS {
        let wanted = count - edges.len();
        if wanted == 0 {
            return Ok(edges);
        }
        let streams = key.indexed(round);
        let drawn = (0..wanted.div_ceil(EDGES_A_STREAM)).into_par_iter().flat_map_iter(|stream| {
            let mut rng = streams.block(stream as u64);
            let number = EDGES_A_STREAM.min(wanted - stream * EDGES_A_STREAM);
            let edges: Vec<_> = (0..number).map(|_| draw(&mut rng)).collect();
            edges.into_iter().filter(|(u, v)| u != v).map(|(u, v)| (u.min(v), u.max(v)))
        });
        edges.par_extend(drawn);
        edges.par_sort();
        edges.dedup();
    }
    Err(Error::Setting {
        name: "edges",
        value: count as f64,
        range: "few enough that the model hardly repeats itself",
    })
}

/// Refuses more edges than half of all pairs, and graphs without nodes.
pub(super) fn check_size(nodes: usize, edges: usize) -> Result<(), Error> {
    let pairs = nodes as f64 * nodes.saturating_sub(1) as f64 / 2.0;
    match nodes {
        0 => Err(Error::EmptyGraph),
        _ if nodes > u32::MAX as usize => Err(Error::TooManyNodes { nodes, limit: u32::MAX as usize }),
        _ if edges as f64 > pairs / 2.0 => Err(Error::Setting {
            name: "edges",
            value: edges as f64,
            range: "at most half of all pairs of nodes",
        }),
        _ => Ok(()),
    }
}

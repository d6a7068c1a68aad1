use std::collections::HashMap;

use rayon::prelude::*;

use super::Error;
use super::adjacency::Adjacency;
use super::key_order::KeyOrder;

/// A graph on nodes 0..N with edge weights w ≥ 0, stored as compressed sparse rows of 32-bit indices.
///
/// Each node has a *key*, a number that stays with it when nodes are reordered or added: its row of the random
/// projection is named by the key, and sums over neighbours run in order of their keys, so that the vector of a node
/// depends, to the bit, on the keyed graph and not on the order of nodes or edges. Give the keys 0, 1, 2, … where
/// nothing better is at hand; keys from 2⁶³ on are meant for hashes (see [`RandomProjection`](super::RandomProjection)).
///
/// Edges given twice count twice: their weights add up. A self-loop is one arc from a node to itself and counts once
/// towards its degree, in undirected graphs too.
///
/// ```
/// use proofsketch::embedding::Graph;
///
/// let path = Graph::undirected(vec![10, 11, 12], &[(0, 1), (1, 2)], None)?;
/// assert_eq!((path.node_count(), path.edge_count()), (3, 2));
/// assert_eq!(path.neighbours(1), [0, 2]);
/// assert_eq!(path.isolated(), 0);
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Graph {
    keys: Vec<u64>,
    /// Nodes in ascending order of their keys, and the rank of each; absent if that order is 0, 1, 2, ….
    order: Option<KeyOrder>,
    edges: usize,
    out: Adjacency,
    /// Transposed; absent for undirected graphs.
    incoming: Option<Adjacency>,
}

impl Graph {
    /// The graph of edges {u, v}, each given once in either order; `nodes[i]` is the key of node i.
    ///
    /// # Errors
    /// [`Error::EmptyGraph`], [`Error::TooManyNodes`], [`Error::DuplicateKey`], [`Error::EdgeOutOfRange`],
    /// [`Error::WeightCount`], [`Error::EdgeWeight`].
    pub fn undirected(nodes: Vec<u64>, edges: &[(u32, u32)], weights: Option<&[f32]>) -> Result<Self, Error> {
        let order = check(&nodes, edges, weights)?;
        let arcs = || {
            edges.iter().enumerate().flat_map(move |(edge, &(u, v))| {
                let weight = weights.map_or(1.0, |weights| weights[edge]);
                let back = (u != v).then_some((v, u, weight));
                std::iter::once((u, v, weight)).chain(back)
            })
        };
        let out = adjacency(arcs, order.as_ref(), nodes.len(), weights.is_some());
        Ok(Self { keys: nodes, order, edges: edges.len(), out, incoming: None })
    }

    /// The graph of arcs (u, v) from u to v; `nodes[i]` is the key of node i.
    ///
    /// # Errors
    /// As [`undirected`](Self::undirected).
    pub fn directed(nodes: Vec<u64>, edges: &[(u32, u32)], weights: Option<&[f32]>) -> Result<Self, Error> {
        let order = check(&nodes, edges, weights)?;
        let arcs = |back: bool| {
            edges.iter().enumerate().map(move |(edge, &(u, v))| {
                let weight = weights.map_or(1.0, |weights| weights[edge]);
                if back { (v, u, weight) } else { (u, v, weight) }
            })
        };
        let build = |back: bool| adjacency(|| arcs(back), order.as_ref(), nodes.len(), weights.is_some());
        let (out, incoming) = (build(false), build(true));
        Ok(Self { keys: nodes, order, edges: edges.len(), out, incoming: Some(incoming) })
    }

    /// N.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.keys.len()
    }

    /// Edges given, each once.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges
    }

    /// Stored arcs: nonzeros of the adjacency matrix, parallel edges apart.
    #[must_use]
    pub fn arc_count(&self) -> usize {
        self.out.offsets()[self.node_count()]
    }

    /// Whether edges have a direction.
    #[must_use]
    pub fn is_directed(&self) -> bool {
        self.incoming.is_some()
    }

    /// Whether edges have weights.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        self.out.weights(0).is_some()
    }

    /// The key of each node.
    #[must_use]
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// Targets of the arcs out of `node`, in order of their keys; parallel edges are repeated.
    ///
    /// # Panics
    /// If the graph has no such node.
    #[must_use]
    pub fn neighbours(&self, node: usize) -> &[u32] {
        self.out.targets(node)
    }

    /// Weights of the arcs out of `node`, in the order of [`neighbours`](Self::neighbours); `None` if all are 1.
    ///
    /// # Panics
    /// If the graph has no such node.
    #[must_use]
    pub fn neighbour_weights(&self, node: usize) -> Option<&[f32]> {
        self.out.weights(node)
    }

    /// d_i, the sum of the weights of the arcs out of `node`.
    ///
    /// # Panics
    /// If the graph has no such node.
    #[must_use]
    pub fn degree(&self, node: usize) -> f64 {
        self.out.row_sum(node)
    }

    /// The sum of the weights of the arcs into `node`; the degree where edges have no direction.
    ///
    /// # Panics
    /// If the graph has no such node.
    #[must_use]
    pub fn in_degree(&self, node: usize) -> f64 {
        self.incoming().row_sum(node)
    }

    /// Nodes without any arc of positive weight, in or out.
    #[must_use]
    pub fn isolated(&self) -> usize {
        let alone = |node: &usize| self.degree(*node) == 0.0 && self.in_degree(*node) == 0.0;
        (0..self.node_count()).into_par_iter().filter(alone).count()
    }

    /// The graph on the same nodes without the edges `removed` and with those of `inserted`, (u, v, weight).
    ///
    /// Of parallel edges each mention removes one, the lightest first. Cost: that of building the graph anew.
    ///
    /// # Errors
    /// [`Error::NoSuchEdge`] for a removed edge that is not there, and those of [`undirected`](Self::undirected), edges
    /// being counted in `inserted`.
    pub fn with_changes(&self, removed: &[(u32, u32)], inserted: &[(u32, u32, f32)]) -> Result<Self, Error> {
        let same = |(u, v): (u32, u32)| if self.is_directed() { (u, v) } else { (u.min(v), u.max(v)) };
        let mut leaving: HashMap<(u32, u32), (usize, usize)> = HashMap::new();
        removed
            .iter()
            .enumerate()
            .for_each(|(index, &edge)| leaving.entry(same(edge)).or_insert((index, 0)).1 += 1);
        let new: Vec<_> = inserted.iter().map(|&(u, v, _)| (u, v)).collect();
        let new_weights: Vec<_> = inserted.iter().map(|&(_, _, weight)| weight).collect();
        check(&self.keys, &new, Some(&new_weights))?;
        let (mut edges, mut weights) = (new, new_weights);
        for (u, v, weight) in self.edges() {
            match leaving.get_mut(&same((u, v))) {
                Some((_, count)) if *count > 0 => *count -= 1,
                _ => {
                    edges.push((u, v));
                    weights.push(weight);
                }
            }
        }
        if let Some((&(u, v), &(edge, _))) =
            leaving.iter().filter(|(_, left)| left.1 > 0).min_by_key(|(_, left)| left.0)
        {
            return Err(Error::NoSuchEdge { edge, from: u, to: v });
        }
        let weights =
            (self.is_weighted() || weights.iter().any(|&weight| weight != 1.0)).then_some(&weights[..]);
        let build = if self.is_directed() { Self::directed } else { Self::undirected };
        build(self.keys.clone(), &edges, weights)
    }

    /// Every edge once, with its weight.
    fn edges(&self) -> impl Iterator<Item = (u32, u32, f32)> {
        (0..self.node_count()).flat_map(move |node| {
            let weights = self.out.weights(node);
            let arcs = self.out.targets(node).iter().enumerate();
            arcs.filter(move |&(_, &target)| self.is_directed() || node <= target as usize)
                .map(move |(arc, &target)| (node as u32, target, weights.map_or(1.0, |weights| weights[arc])))
        })
    }

    /// Bytes that the graph holds.
    #[must_use]
    pub fn bytes(&self) -> usize {
        8 * self.keys.len()
            + self.order.as_ref().map_or(0, |order| 8 * order.nodes.len())
            + self.out.bytes()
            + self.incoming.as_ref().map_or(0, Adjacency::bytes)
    }

    /// Rows of S.
    pub(super) fn outgoing(&self) -> &Adjacency {
        &self.out
    }

    /// Rows of Sᵀ.
    pub(super) fn incoming(&self) -> &Adjacency {
        self.incoming.as_ref().unwrap_or(&self.out)
    }

    /// The node with the `rank`-th smallest key.
    pub(super) fn node_of_rank(&self, rank: usize) -> usize {
        self.order.as_ref().map_or(rank, |order| order.nodes[rank] as usize)
    }

    /// The number of nodes with a smaller key.
    pub(super) fn rank_of_node(&self, node: usize) -> usize {
        self.order.as_ref().map_or(node, |order| order.ranks[node] as usize)
    }
}

/// The order of the keys, unless they ascend.
fn check(keys: &[u64], edges: &[(u32, u32)], weights: Option<&[f32]>) -> Result<Option<KeyOrder>, Error> {
    let nodes = keys.len();
    if nodes == 0 {
        return Err(Error::EmptyGraph);
    }
    if nodes > u32::MAX as usize {
        return Err(Error::TooManyNodes { nodes, limit: u32::MAX as usize });
    }
    if let Some(edge) = edges.iter().position(|&(u, v)| u.max(v) as usize >= nodes) {
        let (u, v) = edges[edge];
        let node = if u as usize >= nodes { u } else { v };
        return Err(Error::EdgeOutOfRange { edge, node, nodes });
    }
    if let Some(weights) = weights {
        if weights.len() != edges.len() {
            return Err(Error::WeightCount { edges: edges.len(), weights: weights.len() });
        }
        let bad = |weight: &f32| !(weight.is_finite() && *weight >= 0.0);
        if let Some(edge) = weights.iter().position(bad) {
            return Err(Error::EdgeWeight { edge, value: weights[edge] });
        }
    }
    KeyOrder::of(keys)
}

fn adjacency<I: Iterator<Item = super::adjacency::Arc>>(
    arcs: impl Fn() -> I,
    order: Option<&KeyOrder>,
    nodes: usize,
    weighted: bool,
) -> Adjacency {
    let rank = |node: u32| order.map_or(node, |order| order.ranks[node as usize]);
    let node_of_rank = |rank: u32| order.map_or(rank, |order| order.nodes[rank as usize]);
    Adjacency::from_arcs(arcs, rank, node_of_rank, nodes, weighted)
}

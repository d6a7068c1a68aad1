use crate::{linalg, sketch};

/// Why a graph or an embedding of it has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A graph without nodes.
    #[error("the graph has no nodes")]
    EmptyGraph,
    /// Nodes are indexed by 32 bits.
    #[error("a graph of {nodes} nodes exceeds the limit of {limit}")]
    TooManyNodes {
        /// Nodes given.
        nodes: usize,
        /// The largest number allowed.
        limit: usize,
    },
    /// Two nodes share a key.
    #[error(
        "nodes {first} and {second} have the same key {key}: keys must be distinct (nodes counted from 0)"
    )]
    DuplicateKey {
        /// The key.
        key: u64,
        /// The first node of that key.
        first: usize,
        /// The second one.
        second: usize,
    },
    /// An edge ends outside the graph.
    #[error("edge {edge} ends at node {node} of a graph of {nodes} nodes (both counted from 0)")]
    EdgeOutOfRange {
        /// Its position in the list, from 0.
        edge: usize,
        /// The node that does not exist.
        node: u32,
        /// Nodes of the graph.
        nodes: usize,
    },
    /// Not one weight an edge.
    #[error("{edges} edges and {weights} weights: they must agree")]
    WeightCount {
        /// Edges given.
        edges: usize,
        /// Weights given.
        weights: usize,
    },
    /// A weight that is negative, NaN or infinite, the first.
    #[error("edge {edge} has weight {value}: weights must be finite and not negative (edges counted from 0)")]
    EdgeWeight {
        /// Its position in the list, from 0.
        edge: usize,
        /// The weight.
        value: f32,
    },
    /// d = 0.
    #[error("the dimension of the embedding must be at least 1")]
    ZeroDimension,
    /// d is odd where it is split between two directions.
    #[error("dimension {0} cannot be split between the out- and the in-direction: it must be even")]
    OddDimension(usize),
    /// Every power has weight zero: the embedding would be zero.
    #[error("all weights of the powers and the self-influence are zero")]
    NoWeight,
    /// A setting outside its range.
    #[error("{name} = {value} is out of range: need {range}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
    /// The features are not one column a node.
    #[error(
        "the features are {features}×{columns} for {nodes} nodes: need one or more features, and one column a node"
    )]
    FeatureShape {
        /// f.
        features: usize,
        /// Columns given.
        columns: usize,
        /// N.
        nodes: usize,
    },
    /// A NaN or an infinity in the features, the first.
    #[error("feature {feature} of node {node} is {value}: every feature must be finite (counted from 0)")]
    FeatureNotFinite {
        /// The node, from 0.
        node: usize,
        /// The feature, from 0.
        feature: usize,
        /// Its value.
        value: f32,
    },
    /// A number of the embedding exceeds what `f32` can hold.
    #[error("the powers of the matrix overflow: use the transition matrix, fewer powers or smaller weights")]
    Overflow,
    /// The projection has no meaning.
    #[error(transparent)]
    Sketch(#[from] sketch::Error),
    /// The rows of the projection could not be made orthogonal.
    #[error(transparent)]
    Factorization(#[from] linalg::Error),
}

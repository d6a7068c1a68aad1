/// Why an embedding could not be evaluated.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// A label for a node that is not there.
    #[error("a label for node {node}, but the nodes are 0..{nodes}")]
    UnknownNode {
        /// The node.
        node: u32,
        /// How many nodes there are.
        nodes: usize,
    },
    /// Labels of another number of nodes than the embedding has.
    #[error("labels of {labels} nodes for an embedding of {nodes}")]
    NodeCount {
        /// Nodes that the labels know of.
        labels: usize,
        /// Columns of the embedding.
        nodes: usize,
    },
    /// A setting outside its range.
    #[error("{name} is {value}: {expected}")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it was.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// A split that leaves nothing to learn from or nothing to test on.
    #[error("{training} of {labelled} labelled nodes to train on: both parts of the split need a node")]
    Split {
        /// Nodes to train on.
        training: usize,
        /// Nodes with a label.
        labelled: usize,
    },
    /// A feature or a target that is NaN or infinite.
    #[error("{what} of example {example} is {value} at index {index}")]
    NotFinite {
        /// "feature" or "target".
        what: &'static str,
        /// The example or node.
        example: usize,
        /// The feature or class.
        index: usize,
        /// What stands there.
        value: f64,
    },
    /// A target that is neither 0 nor 1, or matrices that do not fit.
    #[error("{0}")]
    Shape(String),
    /// A factorization failed.
    #[error(transparent)]
    Linalg(#[from] proofsketch::linalg::Error),
}

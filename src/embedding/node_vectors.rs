use nalgebra::DMatrix;

/// The vectors of a graph's nodes, and what is to be known about them.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding {
    /// d × N: column i is the vector of node i, so that the entries lie in memory as an N × d array in C order does.
    pub vectors: DMatrix<f32>,
    /// Nodes without arcs of positive weight, in or out.
    pub isolated: usize,
    /// Nodes whose vector is zero.
    pub zero_vectors: usize,
    /// What may be wrong with the input, and did not stop the computation.
    pub warnings: Vec<Warning>,
}

/// What may be wrong with a graph or its settings.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// Vectors that are zero, and so compare to nothing: isolated nodes, sinks, and nodes that only see zero rows of R.
    ZeroVectors {
        /// How many.
        count: usize,
        /// N.
        nodes: usize,
    },
    /// The graph is bipartite and all powers with a weight are even, or all odd: the vectors of one side are then
    /// combinations of random rows of one side only, and the two sides cannot be compared.
    OneParity {
        /// Whether the powers are the even ones.
        even: bool,
    },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::ZeroVectors { count, nodes } => {
                write!(
                    f,
                    "{count} of {nodes} vectors are zero: isolated nodes and sinks have nothing to be described by"
                )
            }
            Self::OneParity { even } => {
                let parity = if *even { "even" } else { "odd" };
                write!(
                    f,
                    "the graph is bipartite and only {parity} powers have a weight: its two sides cannot be compared"
                )
            }
        }
    }
}

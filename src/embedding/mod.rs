//! Family: network embedding by very sparse random projection (FastRP).
//!
//! For a graph on N nodes with edge weights S ≥ 0 and degrees D = diag(d_j), let M = D⁻¹S, L = diag(d_j^β), and let the
//! rows of R ∈ ℝᴺˣᵈ be columns of a sketch, E R Rᵀ = I. The vectors of the nodes are the rows of
//!
//!   U = Σ_k w_k·normalise(M^k L R),   k = 0, …, q,
//!
//! computed by q products with the sparse M: no N × N matrix is formed. A power is propagated as it is; only what is
//! added has rows of norm 1. The inner products of rows of M^k L R are, in expectation, those of rows of M^k L.
//!
//! Source: Chen, Sultan, Tian, Chen and Skiena, "Fast and accurate network embeddings via very sparse random projection",
//! CIKM 2019, arXiv 1908.11512.
//!
//! | function or type | what it gives |
//! | --- | --- |
//! | [`embed`], [`embed_with_features`] | the vectors, one a column |
//! | [`embed_blocks`] | the same vectors, some coordinates at a time, within a memory budget |
//! | [`DynamicEmbedding`] | the same vectors while edges come and go; vectors of nodes out of the sample |
//! | [`embed_reference`] | the definition in `f64`, which the others are held against |
//! | [`Graph`] | weights, directions, and keys that stay with the nodes |
//! | [`RandomProjection`] | R, a row a key |
//! | [`StochasticBlockModel`], [`RMat`] | graphs drawn from a key |
//!
//! # Modes
//! [`Settings::of`] has the settings of each. What differs from the program or document that a mode is named for:
//! * [`Mode::Official`], the authors' program. R is another draw of the same law, and is stored in `f32`, as powers are.
//!   Isolated nodes and sinks, on which the program divides by zero, have zero vectors; these stay zero and count for
//!   no mean when columns are standardised. The concatenation of powers, which the program gives without weights, is not
//!   offered.
//! * [`Mode::Paper`]: L is that of the similarity in the paper, (column sum/volume)^β, without the final
//!   standardisation. In an undirected graph the vectors are those of `Official` before it, bit for bit.
//! * [`Mode::Gds`], FastRP of Neo4j Graph Data Science. β is its `normalizationStrength`, w₀ its `nodeSelfInfluence`, the
//!   weights its `iterationWeights`, [`Features`] its `featureProperties` with `propertyRatio`; averages run over the
//!   number of neighbours, whatever the weights. Streams are named by stable keys, not by a seed combined with internal
//!   numbers. Features have independent entries 0 and ±√(3/d), as there.
//! * [`Mode::RandNe`] (Zhang, Cui, Li, Wang and Zhu, "Billion-scale network embedding with iterative random projection",
//!   ICDM 2018): Gaussian R with orthogonal columns of norm √(N/d), powers from 0 on, nothing normalised; M = D⁻¹S, or
//!   S with [`Matrix::Adjacency`].
//!
//! # Cost and memory
//! Sparse products cost nnz·d/s for the first power (R has d/s nonzeros a row; as dense if s < 24) and nnz·d for each
//! further one. Work goes through 16 coordinates at a time and takes them through all powers: what is gathered is
//! N·64 bytes, a cache line an arc, and stays in the last cache up to some 10⁵ nodes. The rate at which that cache
//! delivers random lines bounds the products; the rest of the work is proportional to N·d. Nodes are held in order of
//! degree, and sums run in order of keys.
//!
//! Norms of rows need all coordinates, so weighted powers are kept until they are known: 2·N·d·4 bytes in all for up to two
//! of them, the vectors included. With more of them, or a smaller [`memory_budget`](Settings::memory_budget), powers are
//! computed twice instead. Bits depend on neither.
//!
//! # Theorems
//! | statement | kind | type |
//! | --- | --- | --- |
//! | E⟨Uᵢ, Uⱼ⟩ = ⟨Kᵢ, Kⱼ⟩ for linear settings, with its variance | exact law | [`GramLaw`] |
//! | Var‖Rᵀx‖² = (2‖x‖₂⁴ + (s − 3)‖x‖₄⁴)/d | exact law | [`GramLaw`] with i = j, [`norm_square_variance`](crate::guarantee::norm_square_variance) |
//! | neighbouring seeds give independent embeddings | exact law | [`SeedIndependence`] |
//! | the zero rows of R are Binomial(N, (1 − 1/s)ᵈ) | exact law | [`ZeroRows`] |
//! | the iteration is Σ_k w_k·normalise(M^k L R) | deterministic | [`ExplicitForm`] |
//! | (d_j/2m)^β and d_j^β give one embedding | deterministic | [`ScaleInvariance`] |
//! | the cost is affine in the arcs and proportional to d | deterministic | [`OperationCount`] |
//! | distances survive the projection | explicit, s ≤ 3 | [`DistanceEmbedding`](crate::guarantee::DistanceEmbedding) |
//! | distances survive the projection | explicit, any s, given the points | [`SparseDistanceEmbedding`](crate::guarantee::SparseDistanceEmbedding) |
//! | neighbourhoods become stable as d grows | measured | [`neighbour_overlap`] |

mod adjacency;
mod bipartite;
mod column_moments;
mod coordinate_blocks;
mod coordinate_stream;
mod dynamic_embedding;
mod error;
mod fast_random_projection;
mod features;
mod graph;
mod guarantees;
mod half_powers;
mod halves;
mod initial_rows;
mod instances;
mod key_order;
mod new_node;
mod node_vectors;
mod operator;
mod powers;
mod propagation;
mod r_mat;
mod random_projection;
mod reference;
mod schedule;
mod settings;
mod sparse_rows;
mod stochastic_block_model;
mod tiles;
mod weighted_sum;
mod write_vectors;

pub use bipartite::is_bipartite;
pub use coordinate_stream::{CoordinateBlock, embed_blocks};
pub use dynamic_embedding::{DynamicEmbedding, Update};
pub use error::Error;
pub use fast_random_projection::{embed, embed_with_features, warnings};
pub use features::Features;
pub use graph::Graph;
pub use guarantees::{
    ExplicitEmbedding, ExplicitForm, GramLaw, OperationCount, ScaleInvariance, SeedIndependence,
    SimilarityMatrices, ZeroRows, neighbour_overlap,
};
pub use instances::Instance;
pub use node_vectors::{Embedding, Warning};
pub use r_mat::RMat;
pub use random_projection::RandomProjection;
pub use reference::embed_reference;
pub use settings::{BetaDegree, Direction, Matrix, Mode, Projection, Settings, Standardize};
pub use stochastic_block_model::StochasticBlockModel;

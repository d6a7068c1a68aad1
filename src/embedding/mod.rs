//! Family: network embedding by very sparse random projection (FastRP).
//!
//! For a graph on N nodes with weights S ≥ 0, let M = D⁻¹S, L = diag(d_j^β), and R ∈ ℝᴺˣᵈ random with E R Rᵀ = I. The
//! vectors are the rows of
//!
//!   U = Σ_k w_k·normalise(M^k L R),   k = 0, …, q,
//!
//! computed by q products with the sparse M: no N × N matrix is formed. Powers are propagated as they are; only what is
//! added has rows of norm 1.
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
mod degree_scaling;
mod error;
mod fast_random_projection;
mod features;
mod graph;
mod guarantees;
mod halves;
mod instances;
mod node_vectors;
mod r_mat;
mod random_projection;
mod reference;
mod settings;
mod stochastic_block_model;

pub use bipartite::is_bipartite;
pub use error::Error;
pub use fast_random_projection::{embed, embed_with_features};
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

//! Family: network embedding by very sparse random projection (FastRP).
//!
//! For a graph on N nodes with weights S ≥ 0, let M = D⁻¹S, L = diag(d_j^β), and R ∈ ℝᴺˣᵈ random with E R Rᵀ = I. The
//! vectors are the rows of
//!
//!   U = Σ_k w_k·normalise(M^k L R),   k = 0, …, q,
//!
//! computed by q products with the sparse M: no N × N matrix is formed. Powers are propagated as they are; only what is
//! added has rows of norm 1.

mod adjacency;
mod bipartite;
mod degree_scaling;
mod error;
mod fast_random_projection;
mod features;
mod graph;
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
pub use instances::Instance;
pub use node_vectors::{Embedding, Warning};
pub use r_mat::RMat;
pub use random_projection::RandomProjection;
pub use reference::embed_reference;
pub use settings::{BetaDegree, Direction, Matrix, Mode, Projection, Settings, Standardize};
pub use stochastic_block_model::StochasticBlockModel;

//! The theorems of FastRP as types and computations.

mod cost;
mod explicit_form;
mod gram_law;
mod neighbour_overlap;
mod similarity;
mod zero_rows;

pub use cost::OperationCount;
pub use explicit_form::{ExplicitEmbedding, ExplicitForm, ScaleInvariance};
pub use gram_law::{GramLaw, SeedIndependence};
pub use neighbour_overlap::neighbour_overlap;
pub use similarity::SimilarityMatrices;
pub use zero_rows::ZeroRows;

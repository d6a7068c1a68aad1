//! Family: matrix completion by robust alternating minimization.

mod column_space;
mod low_rank_matrix;
mod observations;
mod propensities;
mod spectrum;

pub use column_space::{incoherence, orthonormal_basis, subspace_distance};
pub use low_rank_matrix::LowRankMatrix;
pub use observations::{ObservationError, Observations, minimum_degree};
pub use spectrum::Spectrum;

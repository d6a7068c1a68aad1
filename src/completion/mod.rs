//! Family: matrix completion by robust alternating minimization.

mod column_space;
mod guarantees;
mod low_rank_matrix;
mod observation_model;
mod propensities;
mod spectrum;

pub use column_space::{incoherence, orthonormal_basis, subspace_distance};
pub use guarantees::{
    CgStepBound, ERROR_FLOOR, ErrorFloor, ForwardError, GramConcentration, HalfStepContraction,
    HalfStepInstance, IncoherenceKept, NoLeak, PartlyObserved, RowRegression, cg_steps, gram_sample_size,
    sampled_grams,
};
pub use low_rank_matrix::LowRankMatrix;
pub use observation_model::{ObservationError, ObservationModel, minimum_degree};
pub use spectrum::Spectrum;

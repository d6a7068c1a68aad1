//! Family: low-rank matrix completion by robust alternating minimization.
//!
//! M ∈ ℝᵐˣⁿ of rank k is known on Ω ⊂ \[m\] × \[n\]. From a spectral initialisation U₀, alternating minimization solves
//!
//!   V ← argmin ‖P_Ω(U Vᵀ − M)‖_F,  U ← argmin ‖P_Ω(U Vᵀ − M)‖_F
//!
//! in turn, one k-variable regression for each column and row. *Robust* means robust to error in these solves: half-steps
//! taken to accuracy ε, as by a few steps of an iterative method, still converge, to a floor proportional to ε. It does not
//! mean robust to outliers among the observed values; against noise the answer is as good as least squares.
//!
//! | what | here |
//! | --- | --- |
//! | the problem | [`MatrixCompletion`] |
//! | settings in, answer out | [`solve`], [`solve_observed`] with [`Settings`], [`Solution`], [`Record`] |
//! | Ω reused, or split as the theory assumes | [`Sampling`] |
//! | a half-step, one regression a row or column | [`multiple_response_regression`], [`RowSolver`], [`Ridge`] |
//! | real ratings: biases, a proper ridge, rank and ridge by validation (beyond the paper) | [`ratings`] |
//! | what Ω alone decides | [`MatrixCompletion::is_identifiable`], [`LineStatus`] |
//! | matrices of rank k and observed entries from a key | [`Instance`], [`LowRankMatrix`], [`Spectrum`], [`ObservationModel`] |
//! | distances and incoherence of column spaces | [`subspace_distance`], [`incoherence`], [`orthonormal_basis`] |
//!
//! # Memory
//! Ω takes 24 bytes an entry (two orientations of 12), a factor 8 a number of rows padded to multiples of eight, entries held
//! out two bits each. A restart keeps the factors of the best start before it, and the answer is copied out of the padded
//! ones. With 10⁷ entries of a 10⁵ × 10⁵ matrix and k = 20 that is 240 MB of Ω, 38 MB of factors and 2.5 MB of bits; measured,
//! 285 MB resident at construction ([`MatrixCompletion::from_triplet_vec`], which starts from 160 MB of triplets), 302 MB
//! in the iteration, of which 13 MB are holes left by the allocator, and 360 MB in a restart.
//!
//! # Theorems
//! | statement | constants | type | status |
//! | --- | --- | --- | --- |
//! | Gram matrices of observed rows concentrate | explicit | [`GramConcentration`] | proved at the type |
//! | conjugate gradients need no sketch under that hypothesis | explicit | [`CgStepBound`] | proved at the type; a remark of this library |
//! | accuracy in the objective bounds the forward error | explicit | [`ForwardError`] | proved at the type, deterministic |
//! | a half-step on fresh entries contracts | explicit | [`HalfStepContraction`] | proved at the type, weaker than the literature's |
//! | incoherence survives a perturbation | explicit | [`IncoherenceKept`] | proved at the type, deterministic |
//! | the final error is proportional to that of a half-step | hidden, calibrated | [`ErrorFloor`] | measured |
//! | unobserved entries are not seen | none | [`NoLeak`] | by definition, to the bit |
//!
//! How many entries suffice for recovery the papers state with hidden constants; no such number is given here.
//!
//! Sources: Y. Gu, Z. Song, J. Yin and L. Zhang, "Low Rank Matrix Completion via Robust Alternating Minimization in Nearly
//! Linear Time", ICLR 2024 (arXiv 2302.11068); P. Jain, P. Netrapalli and S. Sanghavi, "Low-rank matrix completion using
//! alternating minimization", STOC 2013.

mod alternating_minimization;
mod column_space;
mod compressed;
mod error;
mod factor;
mod guarantees;
mod half_step;
mod held_out;
mod instances;
mod iterate;
mod low_rank_matrix;
mod multiple_response_regression;
mod observation_model;
mod observations;
mod pattern;
mod problem;
mod propensities;
pub mod ratings;
mod reuse;
mod ridge_schedule;
mod row_solver;
mod settings;
mod solution;
mod spectral_initialization;
mod spectrum;
mod split;
mod stopping;

pub use alternating_minimization::{solve, solve_observed};
pub use column_space::{incoherence, orthonormal_basis, subspace_distance};
pub use error::Error;
pub use guarantees::{
    CgStepBound, ERROR_FLOOR, ErrorFloor, ForwardError, GramConcentration, HalfStepContraction,
    HalfStepInstance, IncoherenceKept, NoLeak, PartlyObserved, RowRegression, cg_steps, gram_sample_size,
    sampled_grams,
};
pub use instances::{Instance, InstanceError};
pub use iterate::Iterate;
pub use low_rank_matrix::LowRankMatrix;
pub use multiple_response_regression::multiple_response_regression;
pub use observation_model::{ObservationError, ObservationModel, minimum_degree};
pub use observations::Duplicates;
pub use problem::{MatrixCompletion, Side};
pub use settings::{Ridge, RowSolver, Sampling, Settings};
pub use solution::{Diagnostics, LineStatus, Record, Solution};
pub use spectrum::Spectrum;

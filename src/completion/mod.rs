//! Family: low-rank matrix completion by robust alternating minimization.
//!
//! M ∈ ℝᵐˣⁿ of rank k is known on Ω ⊂ [m] × [n]. From a spectral initialisation U₀, alternating minimization solves
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
//!
//! Sources: Y. Gu, Z. Song, J. Yin and L. Zhang, "Low Rank Matrix Completion via Robust Alternating Minimization in Nearly
//! Linear Time", ICLR 2024 (arXiv 2302.11068); P. Jain, P. Netrapalli and S. Sanghavi, "Low-rank matrix completion using
//! alternating minimization", STOC 2013.

mod alternating_minimization;
mod compressed;
mod error;
mod factor;
mod half_step;
mod held_out;
mod iterate;
mod multiple_response_regression;
mod pattern;
mod problem;
pub mod ratings;
mod row_solver;
mod settings;
mod solution;
mod spectral_initialization;
mod split;
mod stopping;

pub use alternating_minimization::{solve, solve_observed};
pub use error::Error;
pub use iterate::Iterate;
pub use multiple_response_regression::multiple_response_regression;
pub use problem::{Duplicates, MatrixCompletion, Side};
pub use settings::{Ridge, RowSolver, Sampling, Settings};
pub use solution::{Diagnostics, LineStatus, Record, Solution};

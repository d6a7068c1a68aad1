//! Family: sketched least-squares regression with the ℓ∞ guarantee.
//!
//! For A ∈ ℝⁿˣᵈ of full column rank and b ∈ ℝⁿ let x★ = argmin ‖Ax − b‖₂ and r = b − Ax★. A sketch S ∈ ℝᵐˣⁿ gives
//! x′ = argmin ‖SAx − Sb‖₂ = x★ + (SA)⁺Sr. The ℓ∞ guarantee asks that the error be spread evenly:
//!
//!   ‖x′ − x★‖_∞ ≤ (ε/√d)·‖r‖₂·‖A⁺‖₂ with probability at least 1 − δ,
//!
//! a factor √d below what an ℓ₂ bound says of one coordinate at the same m ∼ d/ε².
//!
//! # Solvers
//! | function | what it gives | accuracy |
//! | --- | --- | --- |
//! | [`solve`] | settings in, answer out: chooses m, sketches, solves, refines if asked | as below |
//! | [`sketch_and_solve`] | x′ and a [certificate](CoordinateCertificate) for each coordinate, from S A and S b alone | m^(−1/2) |
//! | [`refine`] | x★ by conjugate gradients preconditioned with the sketch, inside iterative refinement | backward stable |
//! | [`solve_kronecker`] | x′ for A₁ ⊗ A₂, the product never formed | m^(−1/2) |
//! | [`solve_exact`] | x★ by a factorization of the whole of A: the reference | backward stable |
//!
//! # Theorems
//! | statement | constants | type | status |
//! | --- | --- | --- | --- |
//! | Gaussian sketch, m of [`SketchSize::GaussianExact`] | explicit | [`GaussianLinf`] | proved at the type: an exact Student law |
//! | SRHT, m = O(ε⁻²·d·ln³(n/δ)) | hidden, calibrated | [`SrhtLinf`] | see below |
//! | balanced Gaussian-pooled sketch, m = O(ε⁻²·d·ln(d/δ)) | hidden, calibrated | [`BgpLinf`] | proved in a manuscript that has not been peer reviewed |
//! | embedding of the subspace and of fixed pairs does not suffice | explicit | [`coupled_sketch`] | counterexample, holds for every d |
//! | normal entries in place of the signs of the SRHT do not work | explicit | [`hadamard_with_diagonal`] | counterexample |
//! | sparse sketches need about √m nonzeros a column | explicit | [`Instance::adversarial_sparse`] | counterexample |
//!
//! # Status of the SRHT bound
//! Theorem 1.1 of Song, Ye, Yin and Zhang, "A Nearly-Optimal Bound for Fast Regression with ℓ∞ Guarantee" (ICML 2023,
//! PMLR 202:32463–32482, arXiv 2302.00248), claims the second row. A 2026 manuscript by two of the authors (7 August
//! 2026, not peer reviewed) reports that its proof is incomplete: a property shown for each *fixed* pair of vectors is
//! applied to a vector that depends on the same sketch, and "the issue cannot be repaired within the same argument".
//! The bound is neither proved nor refuted at the time of writing. Proved for the SRHT is
//! m = O(ε⁻²·d^(1+γ)) with γ = Θ(√(ln ln n/ln d)) (Price, Song and Woodruff, ICALP 2017, Theorem 10, as quoted in that
//! manuscript). This library measures: no instance tried here breaks the guarantee for the SRHT at the m that suffices
//! for the Gaussian sketch; `reports/` has the figures.

mod certificate;
mod counterexamples;
mod error;
mod exact;
mod guarantees;
mod instances;
mod kronecker;
mod problem;
mod refinement;
mod scaled_factor;
mod sketch_and_solve;
mod sketch_size;
mod solve;
mod warning;

pub use certificate::CoordinateCertificate;
pub use counterexamples::{
    COUPLED_ERROR, coupled_sketch, hadamard_with_diagonal, normal_diagonal, opposite_pair,
};
pub use error::Error;
pub use exact::{ExactSolution, solve_exact};
pub use guarantees::{
    BGP_CONSTANT, BgpLinf, GaussianLinf, SRHT_CONSTANT, SolvedInstance, SrhtLinf, student_statistic,
};
pub use instances::Instance;
pub use kronecker::solve_kronecker;
pub use problem::LeastSquares;
pub use refinement::{RefinedSolution, Refinement, RefinementRecord, refine};
pub use sketch_and_solve::{SketchedSolution, sketch_and_solve, solve_from_sketch};
pub use sketch_size::{SketchSize, gaussian_failure_bound};
pub use solve::{Settings, Solution, solve};
pub use warning::Warning;

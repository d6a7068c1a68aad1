//! Family: low-rank matrices from linear measurements, by subgradient and gradient descent.
//!
//! X★ ∈ ℝ^{n₁×n₂} of rank r is known by y = 𝒜(X★) + s ∈ ℝᵐ, 𝒜(X)ᵢ = ⟨Aᵢ, X⟩. It is sought as U Uᵀ or F Gᵀ with factors of r′
//! columns, r′ ≥ r: *over-parameterized*, since r is not known.
//!
//! | what | here |
//! | --- | --- |
//! | 𝒜, as an object | [`MeasurementMap`], [`FusedPass`], [`sign`] |
//! | Gaussian Aᵢ, symmetric and rectangular, in `f32` | [`PackedGaussian`], [`DenseGaussian`] |
//! | aᵢbᵢᵀ and aᵢaᵢᵀ | [`RankOne`] |
//! | every entry once: the limit m → ∞ | [`Identity`] |
//! | any sketch of vec(X) | [`SketchMeasurements`]; and a map as a sketch, [`VectorizedMap`] |
//! | Aᵢ that are given | [`ExplicitMeasurements`] |
//! | the problem | [`MatrixSensing`] |
//! | truths, outliers and noise from a key | [`LowRankTruth`], [`Corruption`], [`OutlierLaw`], [`with_gaussian_noise`] |
//!
//! Sources: J. Ma and S. Fattahi, "Global Convergence of Sub-gradient Method for Robust Matrix Recovery: Small
//! Initialization, Noisy Measurements, and Over-parameterization", JMLR 24(96), 2023; N. Xiong, L. Ding and S. S. Du, "How
//! Over-Parameterization Slows Down Gradient Descent in Matrix Sensing: The Curses of Symmetry and Initialization", ICLR 2024.

mod corruption;
mod dense_gaussian;
mod error;
mod explicit_measurements;
mod fused_pass;
mod identity;
mod low_rank_truth;
mod measurement_map;
mod packed_gaussian;
mod problem;
mod rank_one;
mod sketch_measurements;
mod symmetric_vectorization;
mod vectorized_map;
mod warning;

pub use corruption::{Corruption, OutlierLaw, with_gaussian_noise};
pub use dense_gaussian::DenseGaussian;
pub use error::Error;
pub use explicit_measurements::ExplicitMeasurements;
pub use fused_pass::FusedPass;
pub use identity::Identity;
pub use low_rank_truth::LowRankTruth;
pub use measurement_map::{MeasurementMap, sign};
pub use packed_gaussian::PackedGaussian;
pub use problem::MatrixSensing;
pub use rank_one::RankOne;
pub use sketch_measurements::SketchMeasurements;
pub use vectorized_map::VectorizedMap;
pub use warning::Warning;

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
//! | X★ ⪰ 0 from data with outliers | [`subgradient_method`], [`SubgradientSettings`], [`Loss`], [`StepSchedule`] |
//! | X★ ⪰ 0 from clean data | [`gradient_descent`], [`GradientSettings`] |
//! | any X★ from clean data, its one-step acceleration | [`asymmetric_gradient_descent`], [`AsymmetricSettings`], [`Rebalancing`], [`rebalance`] |
//! | starts | [`SymmetricStart`], [`AsymmetricStart`], [`sign_spectral_direction`], [`spectral_initialization`] |
//! | what geometric steps can amplify (beyond the papers) | [`required_growth`], [`available_growth`], [`decay_for_growth`] |
//! | preconditioned methods (beyond the papers) | [`preconditioned_gradient_descent`], [`scaled_subgradient_method`], [`polish`] |
//! | answers, and what an observer sees | [`SymmetricFactor`], [`Factors`], [`SymmetricIterate`], [`AsymmetricIterate`] |
//! | truths, outliers and noise from a key | [`LowRankTruth`], [`Corruption`], [`OutlierLaw`], [`with_gaussian_noise`] |
//!
//! # Theorems
//! | statement | constants | type | status |
//! | --- | --- | --- | --- |
//! | Sign-RIP: the direction of the ℓ₁ loss is right, whatever the outliers | explicit | [`SignRip`] | proved at the type, for fixed points |
//! | the ℓ₁ loss is the error | explicit | [`ExpectedLoss`] | proved at the type, for fixed points |
//! | the direction of the ℓ₂ loss is off by the size of the outliers | explicit | [`SquaredLossDirection`] | proved at the type, for fixed points |
//! | one step on the expected loss, five inequalities | explicit | [`OneStepInequalities`] | Ma and Fattahi, deterministic |
//! | error α²/(ηα²t + 1) on the expected loss | hidden, calibrated | [`ExpectedLossTail`] | Ma and Fattahi, deterministic |
//! | eigenvalues are learned at rates (1 + ησᵢ)² | explicit | [`IncrementalLearning`] | measured |
//! | geometric steps need no early stopping | given | [`NoEarlyStopping`] | Ma and Fattahi, in a measured form |
//! | the size of outliers is not seen | given | [`MagnitudeBlindness`] | Ma and Fattahi, in a measured form |
//! | the search rank is not seen | given | [`SearchRankIndependence`] | Ma and Fattahi, in a measured form |
//! | error ν√(dr/m) under Gaussian noise | hidden, calibrated | [`GaussianNoiseError`] | measured; the proved bound is larger |
//! | scaling y scales the iterates | none | [`ScaleEquivariance`] | by definition, to the bit |
//! | symmetric descent with k > r: error √(k − r)/(2ηt) | explicit | [`SymmetricTail`] | measured; the lower bound is Xiong, Ding and Du's |
//! | the imbalance FᵀF − GᵀG is conserved to second order | explicit | [`ConservedImbalance`] | an identity |
//! | imbalanced descent is linear, rate ηλ_min(Δ₀)/2 | explicit | [`ImbalancedRate`] | Xiong, Ding and Du, in a measured form |
//! | one changed step: rate ηβ²/2 from any α | explicit | [`AcceleratedRate`] | Xiong, Ding and Du, in a measured form |
//!
//! What they are held on: [`SensingInstance`], [`MeasurementNoise`], [`SmallStart`], [`SignalResidual`].
//!
//! Sources: J. Ma and S. Fattahi, "Global Convergence of Sub-gradient Method for Robust Matrix Recovery: Small
//! Initialization, Noisy Measurements, and Over-parameterization", JMLR 24(96), 2023; N. Xiong, L. Ding and S. S. Du, "How
//! Over-Parameterization Slows Down Gradient Descent in Matrix Sensing: The Curses of Symmetry and Initialization", ICLR 2024.

mod asymmetric_gradient_descent;
mod corruption;
mod dense_gaussian;
mod error;
mod explicit_measurements;
mod factor_products;
mod factors;
mod fused_pass;
mod gradient_record;
mod growth_budget;
mod guarantees;
mod identity;
mod iterate;
mod least_squares_descent;
mod low_rank_truth;
mod measurement_map;
mod missed_direction;
mod operator_norm;
mod packed_gaussian;
mod polish;
mod preconditioned_gradient_descent;
mod problem;
mod rank_one;
mod rebalancing;
mod scaled_subgradient;
mod sketch_measurements;
mod spectral_initialization;
mod start;
mod step_schedule;
mod step_size;
mod subgradient_method;
mod subgradient_settings;
mod symmetric_factor;
mod symmetric_gradient_descent;
mod symmetric_iteration;
mod symmetric_vectorization;
mod vectorized_map;
mod warning;

pub use asymmetric_gradient_descent::{
    AsymmetricRecord, AsymmetricSettings, asymmetric_gradient_descent, asymmetric_gradient_descent_observed,
};
pub use corruption::{Corruption, OutlierLaw, with_gaussian_noise};
pub use dense_gaussian::DenseGaussian;
pub use error::Error;
pub use explicit_measurements::ExplicitMeasurements;
pub use factors::Factors;
pub use fused_pass::FusedPass;
pub use gradient_record::GradientRecord;
pub use growth_budget::{available_growth, decay_for_growth, log_amplitude, required_growth};
pub use guarantees::{
    AcceleratedRate, ConservedImbalance, EXPECTED_LOSS_PHASES, EXPECTED_LOSS_TAIL, ExpectedLoss,
    ExpectedLossTail, GAUSSIAN_NOISE_ERROR, GaussianNoiseError, ImbalancedRate, IncrementalLearning,
    MagnitudeBlindness, MeasurementNoise, NoEarlyStopping, OneStepInequalities, ScaleEquivariance,
    SearchRankIndependence, SensingInstance, SignRip, SignalResidual, SmallStart, SquaredLossDirection,
    SymmetricTail, ky_fan_norm, linear_rate, sign_direction,
};
pub use identity::Identity;
pub use iterate::{AsymmetricIterate, SymmetricIterate};
pub use low_rank_truth::LowRankTruth;
pub use measurement_map::{MeasurementMap, sign};
pub use packed_gaussian::PackedGaussian;
pub use polish::polish;
pub use preconditioned_gradient_descent::{
    Damping, PreconditionedSettings, preconditioned_gradient_descent,
    preconditioned_gradient_descent_observed,
};
pub use problem::MatrixSensing;
pub use rank_one::RankOne;
pub use rebalancing::{Rebalancing, Side, rebalance};
pub use scaled_subgradient::{
    ScaledSubgradientSettings, scaled_subgradient_method, scaled_subgradient_method_observed,
};
pub use sketch_measurements::SketchMeasurements;
pub use spectral_initialization::{sign_spectral_direction, spectral_initialization};
pub use start::{AsymmetricStart, SymmetricStart};
pub use step_schedule::{StepNorm, StepSchedule};
pub use step_size::StepSize;
pub use subgradient_method::{SubgradientRecord, subgradient_method, subgradient_method_observed};
pub use subgradient_settings::{Loss, SubgradientSettings};
pub use symmetric_factor::SymmetricFactor;
pub use symmetric_gradient_descent::{GradientSettings, gradient_descent, gradient_descent_observed};
pub use vectorized_map::VectorizedMap;
pub use warning::Warning;

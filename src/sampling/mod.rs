//! Family: row sampling for ℓp subspaces by sensitivities, Lewis weights and leverage scores.
//!
//! A ∈ ℝⁿˣᵈ is tall, with rows aᵢᵀ. Row i is kept with probability qᵢ, independently, and then weighs qᵢ^(−1/p):
//! a random diagonal S with E‖SAx‖ₚᵖ = ‖Ax‖ₚᵖ. From *scores* of the rows come the qᵢ for which the kept rows, a
//! *coreset*, have ‖SAx‖ₚᵖ ∈ (1 ± ε)‖Ax‖ₚᵖ for all x at once.
//!
//! | what | here |
//! | --- | --- |
//! | an orthonormal basis of the column space | [`RowBasis`] |
//! | leverage scores τᵢ = aᵢᵀ(AᵀA)⁺aᵢ | [`leverage_scores`]; with a certified factor [`approximate_leverage_scores`], [`LeverageSketch`], [`ApproximateScores`]; as rows arrive [`online_leverage_scores`]; of more rows than memory holds [`StreamedLeverage`] |
//! | Lewis weights wᵢ = τᵢ(W^(1/2−1/p)A) | [`lewis_weights`], [`LewisSettings`], [`LewisStep`], [`LewisWeights`], [`LewisRecord`] |
//! | how far weighted rows are from the whole, over all directions | [`distortion()`], [`weighted_distortion`], [`Distortion`] |
//! | ℓp sensitivities σᵢ = max \|aᵢᵀx\|ᵖ/‖Ax‖ₚᵖ between certificates | [`sensitivity`], [`sensitivities`], [`sensitivities_to_factor`], [`sensitivity_bounds`], [`SensitivitySettings`], [`Interval`], [`SensitivityRecord`] |
//! | overestimates of all sensitivities from few programs; an estimate of Σσᵢ | [`bucketed_sensitivities()`], [`BucketSettings`], [`BucketedSensitivities`]; [`total_sensitivity()`], [`TotalSensitivitySettings`], [`TotalSensitivity`] |
//! | scores sᵢ of the rows, by name | [`RowScores`], [`ScoreKind`], [`ScoreCertificate`] |
//! | qᵢ = min(1, f + sᵢ/α), for m rows in expectation or by a theorem | [`SamplingPlan`], [`SampleSize`] |
//! | kept rows and weights Wᵢ = 1/qᵢ | [`Coreset`] |
//! | rows split until no score is large | [`Flattening`] |
//! | sampling in rounds: by root leverage scores; by halves of flattened rows | [`recursive_root_leverage()`], [`RootLeverageSettings`], [`RootLeverageRound`]; [`recursive_sensitivity()`], [`recursive_leverage_sensitivity()`], [`HalvingSettings`], [`HalvingRound`] |
//! | matrices to measure on | [`instances`] |
//!
//! | theorem | type |
//! | --- | --- |
//! | σᵢ ≤ wᵢ (p ≤ 2), σᵢ ≤ d^(p/2−1)wᵢ (p ≥ 2) | [`LewisUpperBound`] |
//! | wᵢ ≤ d^(1−p/2)σᵢ (p ≤ 2), wᵢ ≤ σᵢ (p ≥ 2) | [`LewisLowerBound`] |
//! | Σσᵢ lies between d and d^(p/2) | [`TotalSensitivityRange`] |
//! | sensitivities at two exponents; root leverage scores | [`ExponentChange`], [`LargestSensitivity`], [`RootLeverageSum`] |
//! | total sensitivities of structured matrices | [`PolynomialTotal`], [`LowRankPlusSparseTotal`], [`PerturbedTotal`], [`gaussian_total_sensitivity`], [`complete_graph_sensitivity`] |
//! | mean and variance of a sampled norm | [`SampledNorm`] |
//! | a kept row forces a ratio of Wᵢσᵢ | [`NecessaryRatio`] |
//! | flattening keeps norms and totals; sampling keeps the total | [`Flattened`], [`SampledTotalSensitivity`] |
//! | how many rows embed the column space | [`LeverageSampleSize`] at p = 2; [`ScoreEmbedding`], [`EMBEDDING_CONSTANT`] |
//!
//! Sources: D. Woodruff and T. Yasuda, "Sharper Bounds for ℓp Sensitivity Sampling", ICML 2023 (arXiv 2306.00732);
//! M. Cohen and R. Peng, "ℓp Row Sampling by Lewis Weights", STOC 2015.

mod anderson;
mod approximate_leverage;
mod bucketed_sensitivities;
mod coreset;
mod distortion;
mod error;
mod flattening;
mod guarantees;
mod halving;
mod halving_settings;
pub mod instances;
mod leverage_scores;
mod lewis_map;
mod lewis_settings;
mod lewis_weights;
mod online_leverage;
mod plan;
mod recursive_leverage_sensitivity;
mod recursive_root_leverage;
mod recursive_sensitivity;
mod row_basis;
mod row_scores;
mod sample_size;
mod sensitivities;
mod streamed_leverage;
mod total_sensitivity;
mod weighted_rows;

pub use approximate_leverage::{ApproximateScores, LeverageSketch, approximate_leverage_scores};
pub use bucketed_sensitivities::{BucketSettings, BucketedSensitivities, bucketed_sensitivities};
pub use coreset::Coreset;
pub use distortion::{Distortion, DistortionSettings, RatioWitness, distortion, weighted_distortion};
pub use error::Error;
pub use flattening::Flattening;
pub use guarantees::{
    EMBEDDING_CONSTANT, EmbeddingInstance, ExponentChange, Flattened, LargestSensitivity, LeverageSampleSize,
    LewisLowerBound, LewisUpperBound, LowRankPlusSparse, LowRankPlusSparseTotal, NecessaryRatio,
    PerturbedMatrix, PerturbedTotal, PolynomialTotal, RootLeverageSum, SampledNorm, SampledPolynomials,
    SampledRows, SampledTotalSensitivity, SampledVector, ScoreEmbedding, TotalSensitivityRange,
    complete_graph_sensitivity, gaussian_absolute_moment, gaussian_total_sensitivity,
};
pub use halving_settings::{HalvingRound, HalvingSettings};
pub use leverage_scores::leverage_scores;
pub use lewis_settings::{LewisSettings, LewisStep};
pub use lewis_weights::{LewisRecord, LewisWeights, lewis_weights};
pub use online_leverage::online_leverage_scores;
pub use plan::SamplingPlan;
pub use recursive_leverage_sensitivity::recursive_leverage_sensitivity;
pub use recursive_root_leverage::{RootLeverageRound, RootLeverageSettings, recursive_root_leverage};
pub use recursive_sensitivity::recursive_sensitivity;
pub use row_basis::RowBasis;
pub use row_scores::{RowScores, ScoreCertificate, ScoreKind};
pub use sample_size::SampleSize;
pub use sensitivities::{
    Interval, SensitivityRecord, SensitivitySettings, sensitivities, sensitivities_to_factor, sensitivity,
    sensitivity_bounds,
};
pub use streamed_leverage::StreamedLeverage;
pub use total_sensitivity::{TotalSensitivity, TotalSensitivitySettings, total_sensitivity};

//! Family: row sampling for ℓp subspaces by sensitivities, Lewis weights and leverage scores.
//!
//! A ∈ ℝⁿˣᵈ is tall, with rows aᵢᵀ. Row i is kept with probability qᵢ, independently, and then weighs qᵢ^(−1/p):
//! a random diagonal S with E‖SAx‖ₚᵖ = ‖Ax‖ₚᵖ. From *scores* of the rows come the qᵢ for which the kept rows, a
//! *coreset*, have ‖SAx‖ₚᵖ ∈ (1 ± ε)‖Ax‖ₚᵖ for all x at once.
//!
//! | what | here |
//! | --- | --- |
//! | an orthonormal basis of the column space | [`RowBasis`] |
//! | leverage scores τᵢ = aᵢᵀ(AᵀA)⁺aᵢ | [`leverage_scores`]; with a certified factor [`approximate_leverage_scores`], [`LeverageSketch`], [`ApproximateScores`]; of a stream [`online_leverage_scores`] |
//! | Lewis weights wᵢ = τᵢ(W^(1/2−1/p)A) | [`lewis_weights`], [`LewisSettings`], [`LewisStep`], [`LewisWeights`], [`LewisRecord`] |
//! | matrices to measure on | [`instances`] |
//!
//! Sources: D. Woodruff and T. Yasuda, "Sharper Bounds for ℓp Sensitivity Sampling", ICML 2023 (arXiv 2306.00732);
//! M. Cohen and R. Peng, "ℓp Row Sampling by Lewis Weights", STOC 2015.

mod anderson;
mod approximate_leverage;
mod error;
pub mod instances;
mod leverage_scores;
mod lewis_map;
mod lewis_settings;
mod lewis_weights;
mod online_leverage;
mod row_basis;

pub use approximate_leverage::{ApproximateScores, LeverageSketch, approximate_leverage_scores};
pub use error::Error;
pub use leverage_scores::leverage_scores;
pub use lewis_settings::{LewisSettings, LewisStep};
pub use lewis_weights::{LewisRecord, LewisWeights, lewis_weights};
pub use online_leverage::online_leverage_scores;
pub use row_basis::RowBasis;

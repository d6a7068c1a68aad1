//! Family: row sampling for ℓp subspaces by sensitivities, Lewis weights and leverage scores.
//!
//! A ∈ ℝⁿˣᵈ is tall, with rows aᵢᵀ. Row i is kept with probability qᵢ, independently, and then weighs qᵢ^(−1/p):
//! a random diagonal S with E‖SAx‖ₚᵖ = ‖Ax‖ₚᵖ. From *scores* of the rows come the qᵢ for which the kept rows, a
//! *coreset*, have ‖SAx‖ₚᵖ ∈ (1 ± ε)‖Ax‖ₚᵖ for all x at once.
//!
//! | what | here |
//! | --- | --- |
//! | an orthonormal basis of the column space | [`RowBasis`] |
//! | leverage scores τᵢ = aᵢᵀ(AᵀA)⁺aᵢ | [`leverage_scores`] |
//! | Lewis weights wᵢ = τᵢ(W^(1/2−1/p)A) | [`lewis_weights`], [`LewisSettings`], [`LewisStep`], [`LewisWeights`], [`LewisRecord`] |
//! | ℓp sensitivities σᵢ = max \|aᵢᵀx\|ᵖ/‖Ax‖ₚᵖ between certificates | [`sensitivity`], [`sensitivities`], [`sensitivities_to_factor`], [`sensitivity_bounds`], [`SensitivitySettings`], [`Interval`], [`SensitivityRecord`] |
//! | matrices to measure on | [`instances`] |
//!
//! Sources: D. Woodruff and T. Yasuda, "Sharper Bounds for ℓp Sensitivity Sampling", ICML 2023 (arXiv 2306.00732);
//! M. Cohen and R. Peng, "ℓp Row Sampling by Lewis Weights", STOC 2015.

mod error;
pub mod instances;
mod leverage_scores;
mod lewis_settings;
mod lewis_weights;
mod row_basis;
mod sensitivities;

pub use error::Error;
pub use leverage_scores::leverage_scores;
pub use lewis_settings::{LewisSettings, LewisStep};
pub use lewis_weights::{LewisRecord, LewisWeights, lewis_weights};
pub use row_basis::RowBasis;
pub use sensitivities::{
    Interval, SensitivityRecord, SensitivitySettings, sensitivities, sensitivities_to_factor, sensitivity,
    sensitivity_bounds,
};

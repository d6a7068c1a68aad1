//! The theorems of ℓp row sampling as types.
//!
//! Each takes the implementation it is held against as a function, so that a wrong one can be put in its place.
//! Inequalities between scores are deterministic (δ = 0) and are read with certified intervals of the sensitivities: what
//! they refute is wrong by more than the width of an interval.

mod closed_forms;
mod embedding;
mod exponent_change;
mod flattening;
mod largest_sensitivity;
mod lewis_lower_bound;
mod lewis_upper_bound;
mod necessary_rows;
mod perturbation;
mod polynomial_total;
mod root_leverage_sum;
mod sample_size;
mod sampled_norm;
mod sampled_total_sensitivity;
mod sparse_total;
mod total_sensitivity_range;

pub use closed_forms::{complete_graph_sensitivity, gaussian_absolute_moment, gaussian_total_sensitivity};
pub use embedding::{EMBEDDING_CONSTANT, EmbeddingInstance, ScoreEmbedding};
pub use exponent_change::ExponentChange;
pub use flattening::Flattened;
pub use largest_sensitivity::LargestSensitivity;
pub use lewis_lower_bound::LewisLowerBound;
pub use lewis_upper_bound::LewisUpperBound;
pub use necessary_rows::{NecessaryRatio, SampledRows};
pub use perturbation::{PerturbedMatrix, PerturbedTotal};
pub use polynomial_total::{PolynomialTotal, SampledPolynomials};
pub use root_leverage_sum::RootLeverageSum;
pub use sample_size::LeverageSampleSize;
pub use sampled_norm::{SampledNorm, SampledVector};
pub use sampled_total_sensitivity::SampledTotalSensitivity;
pub use sparse_total::{LowRankPlusSparse, LowRankPlusSparseTotal};
pub use total_sensitivity_range::TotalSensitivityRange;

use super::Interval;
use crate::guarantee::Citation;

/// Rounding that an inequality between scores is read with, relatively.
const ROUNDING: f64 = 1e-9;

/// The thesis that states these theorems with proofs.
const fn thesis(locator: &'static str) -> Citation {
    Citation {
        key: "Yasuda2024",
        authors: "T. Yasuda",
        title: "Algorithms for Matrix Approximation: Sketching, Sampling, and Sparse Optimization",
        venue: "PhD thesis, Carnegie Mellon University, CMU-CS-24-110",
        year: 2024,
        locator,
    }
}

/// A statement proved in the documentation of its type.
const fn own(key: &'static str, title: &'static str) -> Citation {
    let venue = "documentation of this type";
    Citation { key, authors: "proofsketch", title, venue, year: 2026, locator: "proof given there" }
}

/// maxᵢ of values that may not be comparable: NaN if one is.
fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |largest: f64, value| {
        if value.is_nan() || largest.is_nan() { f64::NAN } else { largest.max(value) }
    })
}

/// `smaller`/`larger` for a claim smaller ≤ larger; 0 ≤ 0 holds.
fn quotient(smaller: f64, larger: f64) -> f64 {
    if smaller <= 0.0 { 0.0 } else { smaller / larger }
}

fn lower_total(intervals: &[Interval]) -> f64 {
    intervals.iter().map(|interval| interval.lower).sum()
}

fn upper_total(intervals: &[Interval]) -> f64 {
    intervals.iter().map(|interval| interval.upper).sum()
}

//! Completion of real ratings: biases and a proper ridge, beyond the paper.
//!
//! The theory of the family knows matrices of exact low rank, observed without noise. Ratings are neither: a user who is
//! hard to please and an item that everybody likes explain most of what can be explained, and what is left is noise to
//! four fifths. Against that stands the model of the field,
//!
//!   M_ij ≈ μ + bᵢ + cⱼ + uᵢᵀvⱼ,
//!
//! fitted by alternating least squares with a ridge. It is a heuristic: no theorem here says how well it predicts, and
//! rank and ridge are chosen on ratings held out ([`select`]).
//!
//! | what | here |
//! | --- | --- |
//! | the model | [`BiasedFactorization`] |
//! | fitted by alternating least squares | [`solve`], [`Settings`], [`Record`] |
//! | what is minimised | [`objective`] |
//! | a ridge for each row, or for each entry | [`Penalty`] |
//! | rank and ridge by validation | [`select`], [`candidates`], [`Selection`] |
//!
//! Sources: Y. Koren, R. Bell and C. Volinsky, "Matrix factorization techniques for recommender systems", Computer 42(8),
//! 2009 (biases); Y. Zhou, D. Wilkinson, R. Schreiber and R. Pan, "Large-scale parallel collaborative filtering for the
//! Netflix prize", AAIM 2008 (alternating least squares, the ridge that grows with the number of ratings); Y. Hu, Y. Koren
//! and C. Volinsky, "Collaborative filtering for implicit feedback datasets", ICDM 2008 (the Gram matrix of a dense
//! pattern); D. Cortes, "Cold-start recommendations in collective matrix factorization", arXiv 1809.00366 (the pattern
//! factorised beside the ratings).

mod alternating_least_squares;
mod biased_factorization;
mod objective;
mod pattern_factor;
mod regressions;
mod scaled_settings;
mod selection;
mod settings;
mod side;
mod standardization;

pub use alternating_least_squares::{Record, solve};
pub use biased_factorization::BiasedFactorization;
pub use objective::objective;
pub use selection::{Selection, Trial, candidates, select};
pub use settings::{Penalty, Settings};

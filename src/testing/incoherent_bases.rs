//! Bases whose rows all have one norm: instances of completion that leave nothing to chance.

use nalgebra::DMatrix;

use crate::completion::{HalfStepInstance, LowRankMatrix};
use crate::linalg::hadamard_entry;

/// Columns `first`, … of the Hadamard matrix of order n, a power of two, over √n: orthonormal, rows of equal norm, μ = 1.
#[must_use]
pub fn hadamard_columns(nrows: usize, first: usize, rank: usize) -> DMatrix<f64> {
    DMatrix::from_fn(nrows, rank, |i, j| hadamard_entry(i, first + j) / (nrows as f64).sqrt())
}

/// Orthonormal with rows of equal norm, μ = 1, each a multiple of a unit vector: Gram matrices of its rows are counts.
#[must_use]
pub fn block_basis(nrows: usize, rank: usize) -> DMatrix<f64> {
    let height = (rank as f64 / nrows as f64).sqrt();
    DMatrix::from_fn(nrows, rank, |i, j| if i * rank / nrows == j { height } else { 0.0 })
}

/// U at the given distance from U★, all of them columns of the Hadamard matrix or turned between two: of orders that are
/// powers of two, at a rank of at most 4.
///
/// # Panics
/// If the rank is 0 or above the number of columns.
#[must_use]
pub fn turned((nrows, ncols): (usize, usize), rank: usize, distance: f64) -> HalfStepInstance {
    let star = hadamard_columns(nrows, 5, rank);
    let truth =
        LowRankMatrix::from_factors(&star, &hadamard_columns(ncols, 1, rank)).expect("finite factors");
    let other = hadamard_columns(nrows, 9, rank);
    let basis = star * (1.0 - distance * distance).sqrt() + other * distance;
    HalfStepInstance { truth, basis }
}

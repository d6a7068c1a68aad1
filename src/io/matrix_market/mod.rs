//! The Matrix Market exchange format: a banner, sizes, then one entry a line.
//!
//! Boisvert, Pozo, Remington, *The Matrix Market Exchange Formats: Initial Design*, NISTIR 5935 (1996).

mod banner;
mod read;
mod write;

pub(super) use banner::BANNER;
pub(super) use read::read;
pub use read::read_matrix_market;
pub use write::{write_matrix_market_array, write_matrix_market_coordinate};

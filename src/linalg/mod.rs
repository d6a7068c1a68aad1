//! Linear algebra without randomness: operators, data matrices, transforms, factorizations, iterations.

mod data_matrix;
mod operator;

pub use data_matrix::{CsrRows, DataMatrix, RowBlock};
pub use operator::LinearOperator;

//! Linear algebra without randomness: operators, data matrices, transforms, factorizations, iterations.

mod data_matrix;
mod hadamard;
mod operator;

pub use data_matrix::{CsrRows, DataMatrix, RowBlock};
pub use hadamard::{
    fast_walsh_hadamard, fast_walsh_hadamard_columns, hadamard_entry, walsh_hadamard_reference,
};
pub use operator::LinearOperator;

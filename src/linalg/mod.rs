//! Linear algebra without randomness: operators, data matrices, transforms, factorizations, iterations.

mod data_matrix;
mod gemm;
mod operator;

pub use data_matrix::{CsrRows, DataMatrix, RowBlock};
pub use gemm::accumulate_product;
pub use operator::LinearOperator;
pub(crate) use operator::assert_fits;

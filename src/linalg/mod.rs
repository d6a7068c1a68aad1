//! Linear algebra without randomness: operators, data matrices, transforms, factorizations, iterations.
//!
//! | what | here |
//! | --- | --- |
//! | linear maps known by their products | [`LinearOperator`] |
//! | matrices read by blocks of rows | [`DataMatrix`], [`RowBlock`], [`CsrRows`] |
//! | dense products | [`product`], [`adjoint_product`], [`gram`], [`add_product`] |
//! | A = QR, A Π = QR | [`Qr`], [`PivotedQr`] |
//! | A = U Σ Vᵀ, A = V Λ Vᵀ, A = L Lᵀ | [`Svd`], [`SymmetricEigen`], [`Cholesky`] |
//! | triangular systems | [`solve_upper_triangular`], [`solve_upper_triangular_transpose`] |
//!
//! The bits of a result do not depend on the number of threads: tasks are fixed by the shape of the input, run a
//! sequential kernel each, and their sums are added in order of index.

mod cholesky;
mod column_pivoting;
mod data_matrix;
mod error;
mod faer_view;
mod finite;
mod gemm;
mod householder;
mod operator;
mod pivoted_qr;
mod qr;
mod scaling;
mod svd;
mod symmetric_eigen;
mod triangular;
mod vector_kernels;

pub use cholesky::Cholesky;
pub use data_matrix::{CsrRows, DataMatrix, RowBlock};
pub use error::Error;
pub use finite::first_non_finite;
pub(crate) use gemm::accumulate_packed_product;
pub use gemm::{add_product, adjoint_product, gram, product};
pub use operator::LinearOperator;
pub(crate) use operator::assert_fits;
pub use pivoted_qr::PivotedQr;
pub use qr::Qr;
pub use svd::Svd;
pub use symmetric_eigen::SymmetricEigen;
pub use triangular::{solve_upper_triangular, solve_upper_triangular_transpose};

/// stub
pub fn column_norms(a: &dyn DataMatrix) -> nalgebra::DVector<f64> {
    let d = a.row_block(0..a.nrows()).to_dense();
    nalgebra::DVector::from_iterator(d.ncols(), d.column_iter().map(|c| c.norm()))
}

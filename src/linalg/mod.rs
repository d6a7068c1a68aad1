//! Linear algebra without randomness: operators, data matrices, transforms, factorizations.
//!
//! | what | here |
//! | --- | --- |
//! | linear maps known by their products | [`LinearOperator`] |
//! | matrices read by blocks of rows | [`DataMatrix`], [`RowBlock`], [`CsrRows`]; as a linear map [`DataOperator`] |
//! | one pass over a data matrix | [`multiply`], [`adjoint_multiply`], [`gram_multiply`], [`residual_and_gradient`] |
//! | norms | [`column_norms`], [`frobenius_norm`], [`spectral_norm`] |
//! | the Hadamard matrix | [`fast_walsh_hadamard`], [`fast_walsh_hadamard_columns`], [`hadamard_entry`] |
//! | dense products | [`product`], [`adjoint_product`], [`gram`], [`weighted_gram`], [`add_product`] |
//! | A = QR, A Π = QR | [`Qr`], [`PivotedQr`] |
//! | A = U Σ Vᵀ, A = V Λ Vᵀ, A = L Lᵀ | [`Svd`], [`SymmetricEigen`], [`Cholesky`] |
//! | A ≈ U Σ Vᵀ of low rank, from a sample of the range | [`range_basis`], [`low_rank_svd`] |
//! | triangular systems | [`solve_upper_triangular`], [`solve_upper_triangular_transpose`] |
//! | input that is not finite | [`first_non_finite`] |
//!
//! The bits of a result do not depend on the number of threads: tasks are fixed by the shape of the input, run a
//! sequential kernel each, and their sums are added in order of index.

mod cholesky;
mod cholesky_lanes;
mod column_pivoting;
mod data_matrix;
mod data_operator;
mod error;
mod faer_view;
mod finite;
mod gathered_gram;
mod gathered_normal_product;
mod gathered_products;
mod gemm;
mod hadamard;
mod householder;
mod interleaved_columns;
mod large_pages;
mod low_rank;
mod norms;
mod operator;
mod padded_rows;
mod pairwise_powers;
mod pivoted_qr;
mod powers;
mod products;
mod qr;
mod range_basis;
mod row_products;
mod scaling;
mod single_precision_rows;
mod svd;
mod symmetric_eigen;
mod triangular;
mod vector_kernels;
mod weighted_gram;

pub use cholesky::Cholesky;
pub(crate) use cholesky_lanes::CholeskyLanes;
pub use data_matrix::{CsrRows, DataMatrix, RowBlock};
pub use data_operator::DataOperator;
pub use error::Error;
pub use finite::first_non_finite;
pub(crate) use gathered_gram::{Gathered, NormalEquations};
pub(crate) use gathered_normal_product::gathered_normal_product;
pub(crate) use gathered_products::{add_combination, gathered_residuals, sum_of_squares};
pub(crate) use gemm::accumulate_packed_product;
pub use gemm::{add_product, adjoint_product, gram, product};
pub use hadamard::{
    fast_walsh_hadamard, fast_walsh_hadamard_columns, hadamard_entry, walsh_hadamard_reference,
};
pub(crate) use interleaved_columns::{deinterleave_columns, interleave, interleave_columns};
pub(crate) use large_pages::LargePages;
pub use low_rank::low_rank_svd;
pub(crate) use norms::squared_row_norms;
pub use norms::{SpectralNorm, column_norms, frobenius_norm, spectral_norm};
pub use operator::LinearOperator;
pub(crate) use operator::assert_fits;
pub(crate) use padded_rows::{LANES, Line, PaddedRows};
pub(crate) use pairwise_powers::{PairSums, pair_sums};
pub use pivoted_qr::PivotedQr;
pub(crate) use powers::{powers, sum_of_powers, sum_of_powers_along};
pub(crate) use products::accumulate_product_with_transpose;
pub use products::{adjoint_multiply, gram_multiply, multiply, residual_and_gradient};
pub use qr::Qr;
pub use range_basis::range_basis;
pub(crate) use row_products::{row_forms, scaled_gram};
pub(crate) use scaling::{PowerOfTwo, normalise_largest};
pub(crate) use single_precision_rows::SinglePrecisionRows;
pub use svd::Svd;
pub use symmetric_eigen::SymmetricEigen;
pub use triangular::{solve_upper_triangular, solve_upper_triangular_transpose};
pub(crate) use vector_kernels::{axpy, axpy4, dispatch, dispatch_simd, dot, dot4, norm as euclidean_norm};
pub use weighted_gram::weighted_gram;

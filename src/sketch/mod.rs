//! Sketches: random maps S ∈ ℝᵐˣⁿ that shrink tall data, one family a file.
//!
//! A [`SketchDistribution`] says which family and which shape; [`sample`](SketchDistribution::sample) draws one
//! [`SketchOperator`] from a [`StreamKey`](crate::random::StreamKey). Every family is normalised inside so that
//! E SᵀS = I (for ℓp row sampling E‖Sx‖ₚᵖ = ‖x‖ₚᵖ): no scale factor is left to the caller.
//!
//! | distribution | entries | cost of S A, A ∈ ℝⁿˣᵈ |
//! | --- | --- | --- |
//! | [`Gaussian`] | N(0, 1/m), independent | m·nnz(A) |
//! | [`Rademacher`] | ±1/√m, independent | m·nnz(A) |
//! | [`SparseSign`] | each column: s distinct rows, ±1/√s (s = 1: CountSketch) | s·nnz(A) |
//! | [`VerySparse`] | ±√(s/m) with probability 1/s, else 0 | (m/s)·nnz(A) |
//! | [`Srht`] | ±1/√m, a random subset of rows of a signed Hadamard transform | nd log min(n, 4m) |
//! | [`Bgp`] | Gaussian combinations of shuffled rows of a signed Hadamard transform | Nd log N |
//! | [`TensorSrht`] | products of two SRHT entries, for A₁ ⊗ A₂ | see there |
//! | [`ExplicitSketch`] | a given matrix | m·nnz(A) |
//! | [`RowSampling`] | row i kept with probability qᵢ and weight qᵢ^(−1/p) | nnz of the kept rows |
//!
//! [`randomized_svd`] uses any of them as its test matrix; [`SketchFamily`] names them on a command line.
//!
//! Drawing stores no m × n matrix: the columns of S are named in blocks of [`BLOCK`](crate::random::BLOCK) by
//! streams of the key, and are drawn again wherever a product meets them.
//!
//! ```
//! use nalgebra::DMatrix;
//! use proofsketch::random::StreamKey;
//! use proofsketch::sketch::{SketchDistribution, SketchOperator, SparseSign};
//!
//! let a = DMatrix::from_fn(1000, 3, |i, j| ((i + 1) * (j + 2) % 7) as f64);
//! let s = SparseSign::new(200, 1000, 8)?.sample(StreamKey::from_seed(1));
//! let sa = s.sketch(&a);
//! assert_eq!(sa.shape(), (200, 3));
//! assert!((sa.norm() / a.norm() - 1.0).abs() < 0.2);
//! # Ok::<(), proofsketch::sketch::Error>(())
//! ```

mod bgp;
mod bgp_sketch;
mod column_signs;
mod dense;
mod distribution;
mod error;
mod explicit;
mod family;
mod gaussian;
mod operator;
mod rademacher;
mod randomized_svd;
mod row_sampling;
mod signed_entries;
mod sparse;
mod sparse_panel;
mod sparse_rows;
mod sparse_sign;
mod sparse_updates;
mod srht;
mod srht_sketch;
mod streaming;
mod tensor_srht;
mod very_sparse;

pub use bgp::Bgp;
pub use bgp_sketch::BgpSketch;
pub use dense::{DenseColumns, DenseSketch};
pub use distribution::{Boxed, DynDistribution, SketchDistribution};
pub use error::Error;
pub use explicit::ExplicitSketch;
pub use family::{SketchFamily, UnknownFamily};
pub use gaussian::{Gaussian, GaussianSketch};
pub use operator::SketchOperator;
pub use rademacher::{Rademacher, RademacherSketch};
pub use randomized_svd::{RandomizedSvd, randomized_svd};
pub use row_sampling::{RowSampling, RowSamplingSketch};
pub use signed_entries::SignedEntries;
pub use sparse::{SparseColumns, SparseSketch};
pub use sparse_sign::{SparseSign, SparseSignSketch};
pub use srht::{Replacement, Srht};
pub use srht_sketch::SrhtSketch;
pub use streaming::StreamingSketch;
pub use tensor_srht::{TensorSrht, TensorSrhtSketch};
pub use very_sparse::{VerySparse, VerySparseSketch};

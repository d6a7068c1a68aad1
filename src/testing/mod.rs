//! What the library is tested with, for other crates to test with: hard instances, the laws of a sketch, the theorems with
//! their mutants. Behind the feature `testing`; strategies for property tests behind `proptest`.
//!
//! ```toml
//! [dev-dependencies]
//! proofsketch = { version = "0.1", features = ["proptest"] }
//! ```
//!
//! | what | for |
//! | --- | --- |
//! | [`check_sketch_laws`] | a sketch of your own: the first law that it breaks |
//! | [`check_threads`], [`with_thread_counts`] | the same bits for 1, 2, 3 and 8 threads |
//! | [`hard_instances`], [`hard_subspaces`], [`rank_deficient`], [`integers`], [`symmetric_points`] | fixed input |
//! | [`hadamard_columns`], [`block_basis`], [`turned`] | bases of rows of equal norm, for completion |
//! | [`Altered`] | mutants: a distribution changed after the fact |
//! | [`theorems`] | every theorem of the library with what it is held against |
//! | [`embedding`], [`sensing_reference`] | algorithms from their definitions, and with one mistake each |
//! | `strategies` | proptest strategies: shapes, matrices, graphs |
//!
//! # A sketch of your own
//!
//! Laws first, which are exact; then a theorem on hard instances; then a mutant, without which the theorem proves little.
//!
//! ```
//! use std::ops::Range;
//!
//! use nalgebra::DMatrix;
//! use proofsketch::guarantee::{MomentEmbedding, Verdict, check};
//! use proofsketch::linalg::{LinearOperator, RowBlock};
//! use proofsketch::random::StreamKey;
//! use proofsketch::sketch::{SketchDistribution, SketchOperator};
//! use proofsketch::testing::{Altered, check_sketch_laws, hard_subspaces};
//! use rand_chacha::rand_core::Rng;
//!
//! /// Every column is ±eᵢ for a row i of its own: CountSketch, one stream a column.
//! #[derive(Clone, Debug)]
//! struct HashAndSign {
//!     nrows: usize,
//!     ncols: usize,
//! }
//!
//! #[derive(Clone, Debug)]
//! struct Drawn(HashAndSign, StreamKey);
//!
//! impl SketchDistribution for HashAndSign {
//!     type Operator = Drawn;
//!     fn ncols(&self) -> usize {
//!         self.ncols
//!     }
//!     fn sample(&self, key: StreamKey) -> Drawn {
//!         Drawn(self.clone(), key)
//!     }
//! }
//!
//! impl LinearOperator for Drawn {
//!     fn nrows(&self) -> usize {
//!         self.0.nrows
//!     }
//!     fn ncols(&self) -> usize {
//!         self.0.ncols
//!     }
//!     fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
//!         self.sketch(x)
//!     }
//!     fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
//!         self.columns(0..self.0.ncols).tr_mul(y)
//!     }
//! }
//!
//! impl SketchOperator for Drawn {
//!     fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
//!         let mut s = DMatrix::zeros(self.0.nrows, columns.len());
//!         for (mut column, j) in s.column_iter_mut().zip(columns) {
//!             let word = self.1.block(j as u64).next_u64();
//!             let sign = if word % 2 == 0 { 1.0 } else { -1.0 };
//!             column[(word / 2) as usize % self.0.nrows] = sign;
//!         }
//!         s
//!     }
//!     fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
//!         let rows = match block {
//!             RowBlock::Dense(view) => view.clone_owned(),
//!             RowBlock::Csr(rows) => DMatrix::from(&rows.to_csr()),
//!         };
//!         // Row by row, so that a stream in any cut adds in one order.
//!         let s = self.columns(columns);
//!         for (i, row) in rows.row_iter().enumerate() {
//!             out.ger(1.0, &s.column(i), &row.transpose(), 1.0);
//!         }
//!     }
//! }
//!
//! let key = StreamKey::from_seed(1);
//! assert_eq!(check_sketch_laws(&HashAndSign { nrows: 9, ncols: 300 }, key), Ok(()));
//!
//! // OSE(0.9, 0.123, 4) by its second moment, and without its signs.
//! let ours = HashAndSign { nrows: 200, ncols: 256 };
//! for (name, space) in hard_subspaces(256, 4) {
//!     let distribution = ours.clone();
//!     let theorem =
//!         MomentEmbedding { distribution, sketch_rows: 200, kurtosis: 1.0, ncols: 4, epsilon: 0.9 };
//!     let evidence = check(&theorem, &space, 100, 1e-6, key);
//!     assert_eq!(evidence.verdict, Verdict::Supported, "{name}: {evidence}");
//!     if name == "equal leverage" {
//!         let distribution = Altered { of: ours.clone(), change: |s| s.abs() };
//!         let mutant =
//!             MomentEmbedding { distribution, sketch_rows: 200, kurtosis: 1.0, ncols: 4, epsilon: 0.9 };
//!         assert_eq!(check(&mutant, &space, 60, 1e-6, key).verdict, Verdict::Refuted);
//!     }
//! }
//! ```

pub mod embedding;
pub mod sampling_rounds;
pub mod sensing_reference;
#[cfg(feature = "proptest")]
pub mod strategies;

mod altered;
mod broken_law;
mod incoherent_bases;
mod instances;
mod sketch_laws;
mod theorems;
mod threads;

pub use altered::Altered;
pub use broken_law::BrokenLaw;
pub use incoherent_bases::{block_basis, hadamard_columns, turned};
pub use instances::{
    hard_instances, hard_subspace, hard_subspaces, integers, rank_deficient, symmetric_points,
};
pub use sketch_laws::{check_close, check_sketch_laws};
pub use theorems::{ALPHA, Case, Finding, Kind, Role, Theorem, theorems};
pub use threads::{check_threads, with_thread_counts};

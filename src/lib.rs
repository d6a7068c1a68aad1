//! Provably-specified randomized linear algebra: sketches, row sampling and matrix recovery.
//!
//! Each solver is a reference implementation of a published algorithm; beside it stands the theorem it is meant to
//! obey, as code that can be held against the solver and can come out *refuted*.
//!
//! The layers, lowest first; a layer uses only what stands above it in this list:
//!
//! | module | what |
//! | --- | --- |
//! | `registers` | what kernels written in vector registers share: inside the crate only |
//! | [`random`] | randomness named by value: [`random::StreamKey`] |
//! | [`linalg`] | operators, data matrices, transforms, dense factorizations: no randomness, no theorems |
//! | [`io`] | readers and writers of tables and matrices |
//! | [`sketch`] | random maps: one family a file |
//! | [`solve`] | what iterative solvers share |
//! | [`guarantee`] | theorems as types, and the statistics that hold them against code |
//! | [`completion`] | family: low-rank matrix completion by robust alternating minimization |
//! | [`embedding`] | family: network embedding by very sparse random projection (FastRP) |
//! | [`regression`] | family: sketched regression with the ℓ∞ guarantee |
//! | [`sensing`] | family: low-rank matrices from linear measurements, by subgradient and gradient descent |
//! | [`sampling`] | family: ℓp row sampling by sensitivities, Lewis weights and leverage scores |
//! | `testing` | laws, hard instances and all theorems with their mutants, for tests: behind the feature `testing` |

pub mod completion;
pub mod embedding;
pub mod guarantee;
pub mod io;
pub mod linalg;
pub mod random;
mod registers;
pub mod regression;
pub mod sampling;
pub mod sensing;
pub mod sketch;
pub mod solve;
#[cfg(feature = "testing")]
pub mod testing;

/// Keeps the example of the README compiling and true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct ReadmeDoctests;

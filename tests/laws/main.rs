//! Laws that hold exactly, or to rounding, for every input.

mod cholesky;
#[path = "../common/mod.rs"]
mod common;
mod guarantee_binomial;
mod guarantee_statistics;
mod sketch_suite;
mod sketches;
mod svd;
mod symmetric_eigen;

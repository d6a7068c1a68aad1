//! Exact laws: identities that hold for every input, most of them to the last bit.

#[path = "../common/mod.rs"]
mod common;
mod guarantee_binomial;
mod guarantee_statistics;
mod sketch_suite;
mod sketches;

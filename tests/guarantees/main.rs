//! Theorems held against the code that is meant to obey them, and against mutants that must not.

mod chernoff_embedding;
#[path = "../common/mod.rs"]
mod common;
mod completion_forward_error;
mod completion_iteration;
mod completion_leaks;
mod completion_regressions;
mod distances;
mod embedding;
mod mechanism;
mod moments;
mod registry;
mod regression;
mod sampling_draws;
mod sampling_inequalities;
mod sampling_mutants;
mod sampling_proptests;
mod sampling_recursion;
mod sensing_maps;
mod sensing_sign_rip;
mod subspace_embedding;

//! Bad input: a typed error that says what and where, never a panic.

mod completion;
mod completion_ratings;
mod embedding;
mod every_reader;
mod io;
mod io_arbitrary;
mod io_edge_lists;
mod io_matrix_market;
mod io_npy;
mod io_ratings;
mod io_tables;
mod lp_regression;
mod regression;
mod sampling;
mod sampling_distortion;
mod sampling_plans;
mod sensing;
mod sensing_solvers;

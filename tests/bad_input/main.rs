//! Bad input: a typed error that says what and where, never a panic.

mod completion;
mod completion_arbitrary;
mod completion_ratings;
mod embedding;
mod embedding_arbitrary;
mod every_reader;
mod hard_numbers;
mod io;
mod io_arbitrary;
mod io_edge_lists;
mod io_matrix_market;
mod io_npy;
mod io_ratings;
mod io_tables;
mod lp_regression;
mod lp_regression_arbitrary;
mod numerical_limits;
mod regression;
mod regression_arbitrary;
mod sampling;
mod sampling_arbitrary;
mod sampling_distortion;
mod sampling_plans;
mod sensing;
mod sensing_arbitrary;
mod sensing_solvers;

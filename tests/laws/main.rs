//! Laws that hold exactly, or to rounding, for every input.

mod cholesky;
#[path = "../common/mod.rs"]
mod common;
mod completion;
mod completion_instances;
mod completion_ratings;
mod data_products;
mod dense_products;
mod embedding;
mod embedding_changes;
mod embedding_graphs;
mod embedding_instances;
mod guarantee_binomial;
mod guarantee_statistics;
mod hadamard;
mod io;
mod io_edge_lists;
mod io_layouts;
mod io_npy_columns;
mod io_ratings;
mod krylov;
mod low_rank;
mod lp_regression;
mod matrices;
mod pivoted_qr;
mod qr;
mod randomized_svd;
mod regression;
mod sampling_distortion;
mod sampling_scores;
mod sampling_sensitivities;
mod sampling_totals;
mod sketch_suite;
mod sketches;
mod svd;
mod symmetric_eigen;

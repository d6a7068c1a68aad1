//! How well an embedding serves: node classification, clustering, link prediction.
//!
//! | what | here |
//! | --- | --- |
//! | classes of nodes | [`Labels`] |
//! | node classification by the DeepWalk protocol | [`node_classification`], [`Protocol`], [`Scores`] |
//! | one-vs-rest logistic regression with liblinear's objective | [`logistic_regression`], [`OneVsRest`] |
//! | the k_i best classes of node i, micro-F1 and macro-F1 | [`top_classes`], [`F1`] |
//!
//! An embedding is the d × N matrix of `proofsketch`: column i embeds node i.

mod error;
mod f1;
mod labels;
mod logistic_regression;
mod node_classification;
mod truncated_newton;

pub use error::Error;
pub use f1::{F1, top_classes};
pub use labels::Labels;
pub use logistic_regression::{LogisticSettings, OneVsRest, logistic_regression};
pub use node_classification::{Protocol, Scores, node_classification};

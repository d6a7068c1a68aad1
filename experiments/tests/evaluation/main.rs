//! What embeddings are evaluated with: classifiers, scores, clusters.

mod clusters;
mod logistic_regression;
mod node_classification;
mod scikit_learn;

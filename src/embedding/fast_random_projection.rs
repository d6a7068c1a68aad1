use nalgebra::DMatrix;
use rayon::prelude::*;

use super::bipartite::is_bipartite;
use super::features::Features;
use super::{Embedding, Error, Graph, Settings, Warning, embed_reference};
use crate::random::StreamKey;

/// Embeds the nodes of a graph: Σ_k w_k·normalise(M^k L R), standardised as the settings say.
///
/// The vector of a node depends on the keyed graph, the settings and the key of the stream only: bit for bit the same for
/// any number of threads and any order of nodes and edges.
///
/// # Errors
/// [`Error::ZeroDimension`], [`Error::OddDimension`], [`Error::NoWeight`], [`Error::Setting`], [`Error::Sketch`] for
/// settings that mean nothing; [`Error::Overflow`] if an entry exceeds `f32`.
///
/// ```
/// use proofsketch::embedding::{Graph, Mode, Settings, embed};
/// use proofsketch::random::StreamKey;
///
/// // Two triangles joined by an edge: nodes of one triangle end up closer than nodes of both.
/// let edges = [(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (2, 3)];
/// let graph = Graph::undirected((0..6).collect(), &edges, None)?;
/// let settings = Settings { weights: vec![1.0, 1.0], ..Settings::of(Mode::Paper, 64) };
/// let vectors = embed(&graph, &settings, StreamKey::from_seed(1))?.vectors;
/// let distance = |i: usize, j: usize| (vectors.column(i) - vectors.column(j)).norm();
/// assert!(distance(0, 1) < distance(0, 5));
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
pub fn embed(graph: &Graph, settings: &Settings, key: StreamKey) -> Result<Embedding, Error> {
    embed_features(graph, None, settings, key)
}

/// [`embed`], with features in place of a part of the random coordinates.
///
/// # Errors
/// As [`embed`], and [`Error::FeatureShape`], [`Error::FeatureNotFinite`], [`Error::Setting`] for features that do not fit.
pub fn embed_with_features(
    graph: &Graph,
    features: &Features,
    settings: &Settings,
    key: StreamKey,
) -> Result<Embedding, Error> {
    embed_features(graph, Some(features), settings, key)
}

fn embed_features(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    key: StreamKey,
) -> Result<Embedding, Error> {
    let vectors: DMatrix<f32> = embed_reference(graph, features, settings, key)?.map(|entry| entry as f32);
    if !vectors.iter().all(|entry| entry.is_finite()) {
        return Err(Error::Overflow);
    }
    let columns = vectors.as_slice().par_chunks(settings.dim);
    let zero_vectors = columns.filter(|column| column.iter().all(|&entry| entry == 0.0)).count();
    let warnings = warnings(graph, settings, zero_vectors);
    Ok(Embedding { isolated: graph.isolated(), zero_vectors, warnings, vectors })
}

fn warnings(graph: &Graph, settings: &Settings, zero_vectors: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if zero_vectors > 0 {
        warnings.push(Warning::ZeroVectors { count: zero_vectors, nodes: graph.node_count() });
    }
    let weighted =
        |parity: usize| (parity..=settings.weights.len()).step_by(2).any(|k| settings.weight(k) != 0.0);
    if weighted(0) != weighted(1) && is_bipartite(graph) {
        warnings.push(Warning::OneParity { even: weighted(0) });
    }
    warnings
}

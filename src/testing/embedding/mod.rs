//! What the theorems of FastRP are held against: small graphs, settings, the library's embedding and mutants of it.

pub mod mutants;

use nalgebra::DMatrix;

use crate::embedding::{Graph, Mode, Projection, Settings, embed};
use crate::random::StreamKey;

/// d of the settings here.
pub const DIM: usize = 16;

const GRAPH: &str = "edges between nodes that are there";

/// A hub with a tail; two cliques joined by a path; a weighted ring with chords; arcs into a sink; a node without an edge.
///
/// # Panics
/// Never: the graphs are constants.
#[must_use]
pub fn graphs() -> Vec<(&'static str, Graph)> {
    let keys = |n: u64| (0..n).map(|i| 3 * i + 1).collect::<Vec<u64>>();
    let hub: Vec<(u32, u32)> = (1..14).map(|i| (0, i)).chain((13..17).map(|i| (i, i + 1))).collect();
    let clique = |from: u32| (from..from + 6).flat_map(move |i| (i + 1..from + 6).map(move |j| (i, j)));
    let cliques: Vec<(u32, u32)> = clique(0).chain(clique(8)).chain([(5, 6), (6, 7), (7, 8)]).collect();
    let ring: Vec<(u32, u32)> =
        (0..16).map(|i| (i, (i + 1) % 16)).chain((0..5).map(|i| (i, i + 8))).collect();
    let weights: Vec<f32> = (0..ring.len()).map(|i| [0.25, 1.0, 3.5, 40.0][i % 4]).collect();
    let arcs: Vec<(u32, u32)> =
        (0..15).map(|i| (i, 15)).chain((0..14).map(|i| (i, (5 * i + 1) % 15))).collect();
    vec![
        ("hub with a tail", Graph::undirected(keys(18), &hub, None).expect(GRAPH)),
        ("two cliques", Graph::undirected(keys(14), &cliques, None).expect(GRAPH)),
        ("weighted ring", Graph::undirected(keys(16), &ring, Some(&weights)).expect(GRAPH)),
        ("arcs into a sink", Graph::directed(keys(16), &arcs, None).expect(GRAPH)),
        ("isolated node", Graph::undirected(keys(15), &cliques, None).expect(GRAPH)),
    ]
}

/// The graph of this name.
///
/// # Panics
/// If none has it.
#[must_use]
pub fn graph(wanted: &str) -> Graph {
    graphs().into_iter().find(|(name, _)| *name == wanted).expect("a graph of this name").1
}

/// The embedding of this library; NaN where there is none, which no theorem forgives.
#[must_use]
pub fn library(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let none = DMatrix::from_element(settings.dim, graph.node_count(), f32::NAN);
    embed(graph, settings, key).map_or(none, |embedding| embedding.vectors)
}

/// Nothing normalised, all powers from 0 to 3.
#[must_use]
pub fn linear(projection: Projection) -> Settings {
    Settings {
        weights: vec![0.5, 1.0, 2.0],
        self_influence: 0.25,
        normalize_powers: false,
        projection,
        ..Settings::of(Mode::Paper, DIM)
    }
}

/// Entries of density 1/s, s = √N where it is not given.
#[must_use]
pub fn very_sparse(sparsity: Option<f64>) -> Projection {
    Projection::VerySparse { sparsity }
}

/// As the paper has it, every power weighted.
#[must_use]
pub fn normalised() -> Settings {
    Settings { weights: vec![0.5, 1.0, 2.0], self_influence: 0.25, ..Settings::of(Mode::Paper, DIM) }
}

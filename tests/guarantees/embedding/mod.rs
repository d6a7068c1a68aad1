//! The theorems of FastRP, held against the library, against mutants that must be refuted, and outside their hypotheses.
//!
//! `moments`: the laws of inner products and norms; `formula`: the iteration against its definition; `zero_rows`;
//! `neighbourhoods`: stability under seeds; `cost`: operations counted one by one; `mutants`: the algorithm with one
//! mistake each.

use nalgebra::DMatrix;
use proofsketch::embedding::{Graph, Mode, Projection, Settings, embed};
use proofsketch::random::StreamKey;

mod cost;
mod formula;
mod moments;
mod mutants;
mod neighbourhoods;
mod zero_rows;

const ALPHA: f64 = 1e-6;
const DIM: usize = 16;
const DRAWS: u64 = 2000;
/// Draws of a mutant that a law of moments must see.
const MUTANT_DRAWS: u64 = 4000;

/// A hub with a tail; two cliques joined by a path; a weighted ring with chords; arcs into a sink; a node without an edge.
fn graphs() -> Vec<(&'static str, Graph)> {
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
        ("hub with a tail", Graph::undirected(keys(18), &hub, None).unwrap()),
        ("two cliques", Graph::undirected(keys(14), &cliques, None).unwrap()),
        ("weighted ring", Graph::undirected(keys(16), &ring, Some(&weights)).unwrap()),
        ("arcs into a sink", Graph::directed(keys(16), &arcs, None).unwrap()),
        ("isolated node", Graph::undirected(keys(15), &cliques, None).unwrap()),
    ]
}

fn graph(wanted: &str) -> Graph {
    graphs().into_iter().find(|(name, _)| *name == wanted).expect("a graph of this name").1
}

/// The embedding of this library; NaN where there is none, which no theorem forgives.
fn library(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let none = DMatrix::from_element(settings.dim, graph.node_count(), f32::NAN);
    embed(graph, settings, key).map_or(none, |embedding| embedding.vectors)
}

/// Nothing normalised, all powers from 0 to 3.
fn linear(projection: Projection) -> Settings {
    Settings {
        weights: vec![0.5, 1.0, 2.0],
        self_influence: 0.25,
        normalize_powers: false,
        projection,
        ..Settings::of(Mode::Paper, DIM)
    }
}

fn very_sparse(sparsity: Option<f64>) -> Projection {
    Projection::VerySparse { sparsity }
}

/// As the paper has it, every power weighted.
fn normalised() -> Settings {
    Settings { weights: vec![0.5, 1.0, 2.0], self_influence: 0.25, ..Settings::of(Mode::Paper, DIM) }
}

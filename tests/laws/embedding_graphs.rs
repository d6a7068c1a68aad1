//! Graphs that the laws of embeddings are held on, and how results are compared.

use nalgebra::DMatrix;
use proofsketch::embedding::{Graph, StochasticBlockModel};
use proofsketch::random::{StreamKey, uniform_below, uniform_unit};

use crate::common::seed;

/// Edges of a block model, some of them twice, with a few loops; the last ten nodes have none.
pub fn edges(nodes: usize) -> Vec<(u32, u32)> {
    let model = StochasticBlockModel {
        nodes: nodes - 10,
        blocks: 4,
        edges: 8 * nodes,
        ..StochasticBlockModel::default()
    };
    let mut edges = model.sample(seed().named("laws")).expect("a sparse graph").edges;
    edges.extend_from_within(..20);
    edges.extend([(3, 3), (7, 7), (7, 7)]);
    edges
}

/// Weights from 0 to 4, every tenth of them 0.
pub fn weights(count: usize) -> Vec<f32> {
    let mut rng = seed().named("weights").block(0);
    let weight =
        |index: usize| if index.is_multiple_of(10) { 0.0 } else { 4.0 * uniform_unit(&mut rng) as f32 };
    (0..count).map(weight).collect()
}

/// The same edges undirected, weighted, directed (with sinks: no arc leaves a node of number 1 modulo 7), and both.
pub fn graphs(nodes: usize) -> Vec<(&'static str, Graph)> {
    let keys: Vec<u64> = (0..nodes as u64).collect();
    let edges = edges(nodes);
    let arcs: Vec<_> = edges.iter().copied().filter(|(u, _)| u % 7 != 1).collect();
    let (heavy, heavy_arcs) = (weights(edges.len()), weights(arcs.len()));
    vec![
        ("undirected", Graph::undirected(keys.clone(), &edges, None).unwrap()),
        ("weighted", Graph::undirected(keys.clone(), &edges, Some(&heavy)).unwrap()),
        ("directed", Graph::directed(keys.clone(), &arcs, None).unwrap()),
        ("directed and weighted", Graph::directed(keys, &arcs, Some(&heavy_arcs)).unwrap()),
    ]
}

/// A random order of 0..n.
pub fn shuffled(n: usize, key: StreamKey) -> Vec<u32> {
    let mut rng = key.block(0);
    let mut order: Vec<u32> = (0..n as u32).collect();
    (1..n).rev().for_each(|last| order.swap(last, uniform_below(&mut rng, last as u32 + 1) as usize));
    order
}

/// ‖a − b‖_F/‖b‖_F.
pub fn relative_distance(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
    (a - b).norm() / b.norm()
}

/// As `f64`.
pub fn widened(a: &DMatrix<f32>) -> DMatrix<f64> {
    a.map(f64::from)
}

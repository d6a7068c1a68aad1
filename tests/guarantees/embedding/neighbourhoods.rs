//! Neighbourhoods under another seed.

use proofsketch::embedding::{Graph, Mode, Settings, neighbour_overlap};
use proofsketch::random::uniform_unit;

use crate::common::seed;
use proofsketch::testing::embedding::library;

/// A stochastic block model of four blocks: the overlap of neighbourhoods across seeds grows with d; that of the rows of R
/// alone, which know nothing of the graph, does not. Over thirty draws of graph and embeddings the overlap at d = 256 exceeds
/// that at d = 8 by 0.385 ± 0.040: a tenth is seven standard deviations away.
#[test]
fn neighbourhoods_become_stable_with_the_dimension() {
    let (nodes, k) = (240_u32, 10);
    let mut rng = seed().named("blocks").block(0);
    let pairs = (0..nodes).flat_map(|i| (i + 1..nodes).map(move |j| (i, j)));
    let edges: Vec<(u32, u32)> =
        pairs.filter(|(i, j)| uniform_unit(&mut rng) < if i % 4 == j % 4 { 0.3 } else { 0.02 }).collect();
    let graph = Graph::undirected((0..u64::from(nodes)).collect(), &edges, None).unwrap();
    let queries: Vec<usize> = (0..nodes as usize).collect();
    let overlap = |settings: &Settings| {
        let vectors = |i| library(&graph, settings, seed().named("overlap").indexed(i));
        neighbour_overlap(&vectors(0), &vectors(1), k, &queries)
    };
    let overlaps: Vec<f64> =
        [8, 256].iter().map(|&dim| overlap(&Settings::of(Mode::Official, dim))).collect();
    println!("overlap for d = 8, 256: {overlaps:.3?}");
    assert!(overlaps[1] > overlaps[0] + 0.1, "{overlaps:?}");
    let noise = Settings { weights: vec![], self_influence: 1.0, ..Settings::of(Mode::Official, 256) };
    let chance = k as f64 / f64::from(nodes - 1);
    let noise = overlap(&noise);
    println!("overlap of R alone: {noise:.3}, chance {chance:.3}");
    assert!((noise - chance).abs() < 0.03, "{noise} for {chance}");
}

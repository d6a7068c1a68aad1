//! FastRP on two cliques joined by one edge: neighbours of a node are those of its clique.

use proofsketch::embedding::{Graph, Mode, Settings, embed};
use proofsketch::random::StreamKey;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clique = |from: u32| (from..from + 8).flat_map(move |i| (i + 1..from + 8).map(move |j| (i, j)));
    let edges: Vec<(u32, u32)> = clique(0).chain(clique(8)).chain([(7, 8)]).collect();
    let graph = Graph::undirected((0..16).collect(), &edges, None)?;
    let vectors = embed(&graph, &Settings::of(Mode::Paper, 256), StreamKey::from_seed(1))?.vectors;
    let cosine = |i: usize, j: usize| {
        let (u, v) = (vectors.column(i), vectors.column(j));
        u.dot(&v) / (u.norm() * v.norm())
    };
    println!("cosine of two nodes of one clique:   {:.3}", cosine(0, 5));
    println!("cosine of two nodes of two cliques: {:.3}", cosine(0, 13));
    assert!(cosine(0, 5) > cosine(0, 13) + 0.3, "nodes of one clique are nearer");
    Ok(())
}

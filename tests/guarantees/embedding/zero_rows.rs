//! Rows that a very sparse projection leaves empty.

use proofsketch::embedding::{Graph, Projection, Settings, ZeroRows, embed};
use proofsketch::random::StreamKey;

use super::ALPHA;
use crate::common::seed;
use proofsketch::testing::embedding::{linear, very_sparse};

/// Zero rows of R over 100 draws, and the rows looked at.
fn zero_rows(graph: &Graph, settings: &Settings, key: StreamKey) -> (u64, u64) {
    let only_r = Settings { self_influence: 1.0, weights: vec![], ..settings.clone() };
    let zeros = (0..100).map(|i| embed(graph, &only_r, key.indexed(i)).unwrap().zero_vectors as u64).sum();
    (zeros, 100 * graph.node_count() as u64)
}

#[test]
fn zero_rows_are_binomial() {
    let ring: Vec<(u32, u32)> = (0..400).map(|i| (i, (i + 1) % 400)).collect();
    let ring = Graph::undirected((0..400).collect(), &ring, None).unwrap();
    let key = seed().named("zero rows");
    for dim in [4, 16, 64] {
        let settings = Settings { dim, beta: 0.0, ..linear(very_sparse(None)) };
        let law = ZeroRows::of(&settings, &ring).unwrap();
        let (zeros, rows) = zero_rows(&ring, &settings, key.indexed(dim as u64));
        let p = law.p_value(zeros, rows);
        println!("zero rows, d = {dim}: {zeros} of {rows} for {:.5}, p = {p:.3}", law.probability());
        assert!(p > ALPHA, "d = {dim}: {zeros} of {rows}, p = {p:e}");
        let denser = Settings { projection: very_sparse(Some(15.0)), ..settings };
        let (zeros, rows) = zero_rows(&ring, &denser, key.indexed(dim as u64));
        let p = law.p_value(zeros, rows);
        assert!(p < ALPHA, "d = {dim}, s = 15 for 20: {zeros} of {rows}, p = {p:e}");
    }
    let gaussian = linear(Projection::Gaussian { orthogonal: false });
    assert!(ZeroRows::of(&gaussian, &ring).unwrap_err().is_failing(), "not applicable to Gaussian rows");
}

/// Rows of M R: a coordinate of two neighbours vanishes if both are zero or they cancel.
#[test]
fn combined_rows_vanish_as_often_as_counted() {
    let law = ZeroRows { sparsity: 4.0, dim: 1 };
    let brute = |signs: usize| {
        let outcomes = [(0_i32, 0.75), (1, 0.125), (-1, 0.125)];
        let mut distribution = vec![(0_i32, 1.0)];
        for _ in 0..signs {
            distribution = distribution
                .iter()
                .flat_map(|&(sum, p)| outcomes.map(|(sign, q)| (sum + sign, p * q)))
                .collect();
        }
        distribution.iter().filter(|(sum, _)| *sum == 0).map(|(_, p)| p).sum::<f64>()
    };
    for count in 0..8 {
        let exact = brute(count);
        let counted = law.combined_probability(&vec![0.3; count]);
        assert!((counted - exact).abs() < 1e-12, "{count} signs: {counted} for {exact}");
    }
    let two_magnitudes = law.combined_probability(&[0.5, -0.5, 0.2, 0.0]);
    assert!((two_magnitudes - brute(2) * 0.75).abs() < 1e-12);
    let dense = ZeroRows { sparsity: 1.0, dim: 2 };
    assert!((dense.combined_probability(&[1.0; 4]) - 0.375 * 0.375).abs() < 1e-12);
}

//! Exact moments of inner products and norms, and independence of seeds.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    BetaDegree, Direction, GramLaw, Graph, Matrix, Projection, SeedIndependence, Settings,
    SimilarityMatrices, Standardize,
};
use proofsketch::guarantee::{
    MomentLaw, Verdict, check_moments, mean_test, norm_square_variance, variance_test,
};
use proofsketch::random::StreamKey;
use rayon::prelude::*;

use super::{ALPHA, DRAWS, MUTANT_DRAWS};
use crate::common::seed;
use proofsketch::testing::embedding::mutants::{
    adds_the_node_to_the_seed, draws_another_density, faithful, normalises_before_propagating,
    scales_for_another_density, scales_the_wrong_side, shifts_the_weights,
};
use proofsketch::testing::embedding::{DIM, graph, graphs, library, linear, very_sparse};

fn gram_verdict(
    name: &str,
    instance: &str,
    settings: Settings,
    pair: (usize, usize),
    draws: u64,
    embedder: impl Fn(&Graph, &Settings, StreamKey) -> DMatrix<f32> + Sync,
) -> Verdict {
    let law = GramLaw { settings, pair, embedder };
    let evidence = check_moments(&law, &graph(instance), draws, ALPHA, seed().named(name).named(instance));
    println!("{name}, {instance}, {pair:?}: {evidence}");
    evidence.verdict
}

#[test]
fn inner_products_are_unbiased_with_the_exact_variance() {
    for (name, _) in graphs() {
        for projection in [
            very_sparse(None),
            very_sparse(Some(3.0)),
            very_sparse(Some(1.0)),
            Projection::Gaussian { orthogonal: false },
        ] {
            for pair in [(0, 0), (1, 2), (3, 12)] {
                let verdict = gram_verdict("gram", name, linear(projection), pair, DRAWS, library);
                assert_ne!(verdict, Verdict::Refuted, "{name}, {projection:?}, {pair:?}");
                assert_ne!(verdict, Verdict::NotApplicable, "{name}, {projection:?}, {pair:?}");
            }
        }
    }
    for pair in [(0, 0), (4, 6)] {
        let settings = linear(very_sparse(None));
        assert_eq!(
            gram_verdict("gram, many draws", "two cliques", settings, pair, 20_000, library),
            Verdict::Supported
        );
    }
}

#[test]
fn the_gram_law_reads_every_setting() {
    let base = linear(very_sparse(None));
    let variants = [
        Settings { matrix: Matrix::Adjacency, ..base.clone() },
        Settings { matrix: Matrix::CountTransition, beta_degree: BetaDegree::RowCount, ..base.clone() },
        Settings { beta_degree: BetaDegree::RowSum, beta_relative: false, ..base.clone() },
        Settings { direction: Direction::In, beta: -1.0, ..base },
    ];
    for settings in variants {
        for name in ["weighted ring", "arcs into a sink"] {
            let verdict = gram_verdict("settings", name, settings.clone(), (2, 3), DRAWS, library);
            assert!(matches!(verdict, Verdict::Supported | Verdict::Undecided), "{name}, {settings:?}");
        }
    }
}

#[test]
fn gram_mutants_are_refuted() {
    type Embedder = fn(&Graph, &Settings, StreamKey) -> DMatrix<f32>;
    let mutants: [(&str, Embedder); 5] = [
        ("scale of another density", scales_for_another_density),
        ("another density", draws_another_density),
        ("beta on the wrong side", scales_the_wrong_side),
        ("weights shifted by one power", shifts_the_weights),
        ("normalised before propagating", normalises_before_propagating),
    ];
    let settings = linear(very_sparse(None));
    for (name, mutant) in mutants {
        let pairs = [(0, 0), (0, 1), (16, 17)];
        let verdicts = pairs
            .map(|pair| gram_verdict(name, "hub with a tail", settings.clone(), pair, MUTANT_DRAWS, mutant));
        assert!(verdicts.contains(&Verdict::Refuted), "{name}: {verdicts:?}");
    }
    let none = gram_verdict("no mistake", "hub with a tail", settings, (0, 0), MUTANT_DRAWS, faithful);
    assert_ne!(none, Verdict::Refuted);
}

#[test]
fn the_gram_law_needs_linear_settings() {
    let base = linear(very_sparse(None));
    let outside = [
        Settings { normalize_powers: true, ..base.clone() },
        Settings { standardize: Standardize::Columns, ..base.clone() },
        Settings { projection: Projection::Gaussian { orthogonal: true }, ..base.clone() },
        Settings { direction: Direction::Both, ..base },
    ];
    for settings in outside {
        let verdict = gram_verdict("outside", "two cliques", settings.clone(), (0, 1), 10, library);
        assert_eq!(verdict, Verdict::NotApplicable, "{settings:?}");
    }
}

/// Var‖Uᵢ‖² = (2‖x‖₂⁴ + (s − 3)‖x‖₄⁴)/d, s ∈ {1, 3, √N}, for x = row i of Mᵏ L.
#[test]
fn squared_norms_have_the_exact_variance() {
    let graph = graph("hub with a tail");
    for s in [1.0, 3.0, (graph.node_count() as f64).sqrt()] {
        for power in 0..3 {
            let mut weights = vec![0.0; 3];
            let mut self_influence = 0.0;
            *if power == 0 { &mut self_influence } else { &mut weights[power - 1] } = 1.0;
            let settings = Settings { weights, self_influence, ..linear(very_sparse(Some(s))) };
            let kernel = SimilarityMatrices::of(&graph, &settings).linear_kernel(&settings);
            for node in [0, 14, 17] {
                let x: Vec<f64> = kernel.row(node).iter().copied().collect();
                let mean: f64 = x.iter().map(|x| x * x).sum();
                let variance = norm_square_variance(&x, s, DIM);
                let law = GramLaw { settings: settings.clone(), pair: (node, node), embedder: library };
                let moments = law.moments(&graph);
                assert!((moments.variance - variance).abs() <= 1e-12 * mean * mean, "one formula");
                let key = seed().named("norms").indexed(power as u64).indexed(node as u64);
                let sample: Vec<f64> =
                    (0..DRAWS).into_par_iter().map(|i| law.draw(&graph, key.indexed(i))).collect();
                if variance < 1e-12 * mean * mean {
                    let isometric = sample.iter().all(|square| (square - mean).abs() < 1e-5 * mean);
                    assert!(isometric, "s = {s}, power {power}, node {node}");
                    continue;
                }
                for test in [mean_test(&sample, mean, variance), variance_test(&sample, variance)] {
                    let test = test.unwrap();
                    assert!(!test.is_refuted(ALPHA), "s = {s}, power {power}, node {node}: {test:?}");
                }
                // Another s shows wherever the fourth norm does.
                let other = norm_square_variance(&x, 2.0 * s + 5.0, DIM);
                let test = variance_test(&sample, other).unwrap();
                assert!(test.is_refuted(ALPHA) || other < 1.3 * variance, "s = {s}, power {power}: {test:?}");
            }
        }
    }
}

#[test]
fn neighbouring_seeds_are_independent() {
    let instance = graph("two cliques");
    let settings = Settings { weights: vec![1.0], self_influence: 1.0, ..linear(very_sparse(None)) };
    let library =
        |graph: &Graph, settings: &Settings, seed: u64| library(graph, settings, StreamKey::from_seed(seed));
    let key = seed().named("neighbouring seeds");
    for pair in [(0, 0), (1, 0), (3, 9)] {
        let law = SeedIndependence { settings: settings.clone(), pair, embedder: library };
        let evidence = check_moments(&law, &instance, DRAWS, ALPHA, key);
        println!("seeds, {pair:?}: {evidence}");
        assert!(matches!(evidence.verdict, Verdict::Supported | Verdict::Undecided), "{evidence}");
    }
    let mutant =
        SeedIndependence { settings: settings.clone(), pair: (1, 0), embedder: adds_the_node_to_the_seed };
    let evidence = check_moments(&mutant, &instance, DRAWS, ALPHA, key);
    println!("seed + node: {evidence}");
    assert_eq!(evidence.verdict, Verdict::Refuted);
    let outside = Settings { normalize_powers: true, ..settings };
    let law = SeedIndependence { settings: outside, pair: (0, 0), embedder: library };
    assert_eq!(check_moments(&law, &instance, 10, ALPHA, key).verdict, Verdict::NotApplicable);
}

//! The theorems of FastRP, held against the library, against mutants that must be refuted, and outside their hypotheses.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    BetaDegree, Direction, ExplicitEmbedding, ExplicitForm, GramLaw, Graph, Matrix, Mode, OperationCount,
    Projection, RandomProjection, ScaleInvariance, SeedIndependence, Settings, SimilarityMatrices,
    Standardize, ZeroRows, embed, neighbour_overlap,
};
use proofsketch::guarantee::{
    Guarantee, MomentLaw, Verdict, check, check_moments, mean_test, norm_square_variance, variance_test,
};
use proofsketch::random::{StreamKey, uniform_unit};
use rayon::prelude::*;

use crate::common::seed;

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

// Mutants: the algorithm with one mistake each, from dense matrices in f64.

fn projected(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f64> {
    let rows = RandomProjection::new(settings.projection, graph.node_count(), settings.dim, key).unwrap();
    rows.matrix(graph).unwrap()
}

fn normalize_columns(vectors: &mut DMatrix<f64>) {
    for mut column in vectors.column_iter_mut() {
        let norm = column.norm();
        if norm > 0.0 {
            column /= norm;
        }
    }
}

/// Σ_k w_k U_k, where `step` makes U_k of U_{k−1}.
fn sum_of_powers(
    settings: &Settings,
    mut current: DMatrix<f64>,
    step: impl Fn(&DMatrix<f64>) -> DMatrix<f64>,
) -> DMatrix<f32> {
    let mut sum = &current * 0.0;
    for (power, weight) in
        std::iter::once(settings.self_influence).chain(settings.weights.clone()).enumerate()
    {
        if power > 0 {
            current = step(&current);
        }
        let mut term = current.clone();
        if settings.normalize_powers {
            normalize_columns(&mut term);
        }
        sum += weight * term;
    }
    sum.map(|x| x as f32)
}

fn scaled(matrices: &SimilarityMatrices, mut rows: DMatrix<f64>) -> DMatrix<f64> {
    rows.column_iter_mut().zip(matrices.scale()).for_each(|(mut column, &scale)| column *= scale);
    rows
}

/// No mistake: what the mutants are mutants of.
fn faithful(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let start = scaled(&matrices, projected(graph, settings, key));
    sum_of_powers(settings, start, |u| u * matrices.transition().transpose())
}

fn normalises_before_propagating(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let start = scaled(&matrices, projected(graph, settings, key));
    sum_of_powers(settings, start, |u| {
        let mut unit = u.clone();
        normalize_columns(&mut unit);
        unit * matrices.transition().transpose()
    })
}

/// L Mᵏ R in place of Mᵏ L R.
fn scales_the_wrong_side(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let plain =
        sum_of_powers(settings, projected(graph, settings, key), |u| u * matrices.transition().transpose());
    if settings.normalize_powers {
        return plain; // a factor of each row is lost in its norm
    }
    scaled(&matrices, plain.map(f64::from)).map(|x| x as f32)
}

/// weights[0] for power 0.
fn shifts_the_weights(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let (first, rest) = settings.weights.split_first().unwrap();
    let shifted = Settings { self_influence: *first, weights: rest.to_vec(), ..settings.clone() };
    faithful(graph, &shifted, key)
}

/// Averages over the number of neighbours where edges have weights.
fn divides_by_counts(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    faithful(graph, &Settings { matrix: Matrix::CountTransition, ..settings.clone() }, key)
}

/// Propagates the weighted sum so far in place of the power.
fn propagates_the_sum(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let mut sum = settings.self_influence * scaled(&matrices, projected(graph, settings, key));
    for weight in &settings.weights {
        let mut term = &sum * matrices.transition().transpose();
        normalize_columns(&mut term);
        sum += *weight * term;
    }
    sum.map(|x| x as f32)
}

/// Entries ±√(s/d) for the s of the settings, drawn with density 1/3.
fn scales_for_another_density(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let drawn = Settings { projection: very_sparse(Some(3.0)), ..settings.clone() };
    let s = (graph.node_count() as f64).sqrt();
    faithful(graph, &drawn, key) * (s / 3.0).sqrt() as f32
}

/// s = 3 where √N was asked for, rightly scaled.
fn draws_another_density(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    faithful(graph, &Settings { projection: very_sparse(Some(3.0)), ..settings.clone() }, key)
}

/// The row of node i from the stream seed + i.
fn adds_the_node_to_the_seed(graph: &Graph, settings: &Settings, seed: u64) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let mut rows = DMatrix::zeros(settings.dim, graph.node_count());
    for (i, mut column) in rows.column_iter_mut().enumerate() {
        let key = StreamKey::from_seed(seed.wrapping_add(i as u64));
        let drawn =
            RandomProjection::new(settings.projection, graph.node_count(), settings.dim, key).unwrap();
        column.copy_from_slice(&drawn.row(0));
    }
    sum_of_powers(settings, scaled(&matrices, rows), |u| u * matrices.transition().transpose())
}

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

fn explicit_verdict(
    name: &str,
    instance: &str,
    settings: Settings,
    trials: u64,
    embedder: impl Fn(&Graph, &Settings, StreamKey) -> DMatrix<f32> + Sync,
) -> Verdict {
    let theorem = ExplicitForm { settings, embedder };
    let evidence = check(&theorem, &graph(instance), trials, ALPHA, seed().named(name).named(instance));
    println!("{name}, {instance}: {evidence}");
    evidence.verdict
}

/// δ = 0: no number of trials supports it, and one failure refutes it.
#[test]
fn the_iteration_is_the_formula() {
    for (name, _) in graphs() {
        for settings in [
            normalised(),
            linear(very_sparse(Some(3.0))),
            Settings::of(Mode::Paper, DIM),
            Settings::of(Mode::Gds, DIM),
            Settings { standardize: Standardize::None, ..Settings::of(Mode::Official, DIM) },
            Settings { dim: 8, ..Settings::of(Mode::RandNe, DIM) },
            Settings { direction: Direction::In, matrix: Matrix::Adjacency, ..normalised() },
        ] {
            let verdict = explicit_verdict("explicit", name, settings.clone(), 20, library);
            assert_eq!(verdict, Verdict::Undecided, "{name}, {settings:?}");
        }
    }
}

#[test]
fn mutants_of_the_iteration_are_refuted() {
    type Embedder = fn(&Graph, &Settings, StreamKey) -> DMatrix<f32>;
    let mutants: [(&str, Embedder); 6] = [
        ("normalised before propagating", normalises_before_propagating),
        ("beta on the wrong side", scales_the_wrong_side),
        ("weights shifted by one power", shifts_the_weights),
        ("neighbour counts for weights", divides_by_counts),
        ("the sum is propagated", propagates_the_sum),
        ("another density", draws_another_density),
    ];
    for (name, mutant) in mutants {
        let verdict = explicit_verdict(name, "weighted ring", normalised(), 5, mutant);
        assert_eq!(verdict, Verdict::Refuted, "{name}");
    }
    assert_ne!(explicit_verdict("no mistake", "weighted ring", normalised(), 5, faithful), Verdict::Refuted);
}

#[test]
fn the_formula_ends_before_the_columns_are_standardised() {
    let settings = Settings::of(Mode::Official, DIM);
    assert_eq!(explicit_verdict("outside", "two cliques", settings, 5, library), Verdict::NotApplicable);
    let settings = Settings { direction: Direction::Both, ..normalised() };
    assert_eq!(explicit_verdict("outside", "two cliques", settings, 5, library), Verdict::NotApplicable);
}

#[test]
fn a_constant_factor_of_beta_is_of_no_effect() {
    for (name, instance) in graphs() {
        let theorem = ScaleInvariance { settings: normalised(), embedder: library };
        let evidence = check(&theorem, &instance, 20, ALPHA, seed().named("invariance").named(name));
        println!("invariance, {name}: {evidence}");
        assert_eq!(evidence.verdict, Verdict::Undecided, "δ = 0 and no failure: {evidence}");
    }
    let instance = graph("hub with a tail");
    let key = seed().named("invariance").named("mutant");
    // A floor under the norms that is not negligible: (d/2m)^β is large, d^β is not.
    let floored = |graph: &Graph, settings: &Settings, key: StreamKey| {
        let matrices = SimilarityMatrices::of(graph, settings);
        let mut current = scaled(&matrices, projected(graph, settings, key));
        let mut sum = &current * 0.0;
        for weight in &settings.weights {
            current *= matrices.transition().transpose();
            for (mut sum, column) in sum.column_iter_mut().zip(current.column_iter()) {
                sum.axpy(*weight / column.norm().max(0.1), &column, 1.0);
            }
        }
        sum.map(|x| x as f32)
    };
    let mutant = ScaleInvariance { settings: normalised(), embedder: floored };
    assert_eq!(check(&mutant, &instance, 10, ALPHA, key).verdict, Verdict::Refuted);
    let outside = Settings { normalize_powers: false, ..normalised() };
    let theorem = ScaleInvariance { settings: outside, embedder: library };
    assert_eq!(check(&theorem, &instance, 10, ALPHA, key).verdict, Verdict::NotApplicable);
}

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

/// A stochastic block model of four blocks: the overlap of neighbourhoods across seeds grows with d; that of the rows of R
/// alone, which know nothing of the graph, does not.
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
        [16, 64, 256].iter().map(|&dim| overlap(&Settings::of(Mode::Official, dim))).collect();
    println!("overlap for d = 16, 64, 256: {overlaps:.3?}");
    assert!(overlaps.windows(2).all(|pair| pair[1] > pair[0] + 0.03), "{overlaps:?}");
    let noise = Settings { weights: vec![], self_influence: 1.0, ..Settings::of(Mode::Official, 256) };
    let chance = k as f64 / f64::from(nodes - 1);
    let noise = overlap(&noise);
    println!("overlap of R alone: {noise:.3}, chance {chance:.3}");
    assert!((noise - chance).abs() < 0.03, "{noise} for {chance}");
}

fn row_nonzeros(graph: &Graph, settings: &Settings, key: StreamKey) -> Vec<u64> {
    let rows = projected(graph, settings, key);
    rows.column_iter().map(|row| row.iter().filter(|&&entry| entry != 0.0).count() as u64).collect()
}

/// Counted one by one, in an iteration whose vectors are those of the formula.
#[test]
fn operations_are_as_many_as_the_formula_says() {
    for (name, graph) in graphs() {
        for settings in [normalised(), linear(very_sparse(Some(3.0))), Settings::of(Mode::Paper, DIM)] {
            for direction in [Direction::Out, Direction::In] {
                let settings = Settings { direction, ..settings.clone() };
                let key = seed().named("operations").named(name);
                let (count, vectors) = OperationCount::measure(&graph, &settings, key).unwrap();
                let formula = OperationCount::of(&graph, &settings, &row_nonzeros(&graph, &settings, key));
                assert_eq!(count, formula, "{name}, {direction:?}");
                let matrices = SimilarityMatrices::of(&graph, &settings);
                let explicit =
                    ExplicitEmbedding::of(&matrices, &settings, &projected(&graph, &settings, key));
                let error = explicit.largest_error(&vectors.map(|x| x as f32));
                assert!(error < 1.0, "{name}, {direction:?}: what was counted is no embedding, {error}");
                let library = library(&graph, &settings, key);
                assert!(explicit.largest_error(&library) < 1.0, "{name}, {direction:?}");
            }
        }
    }
}

/// Multiplying out Mᵏ before R takes other numbers, which the formula excludes.
#[test]
fn a_superlinear_algorithm_is_refuted_by_its_count() {
    let (graph, settings) = (graph("hub with a tail"), normalised());
    let matrices = SimilarityMatrices::of(&graph, &settings);
    let nonzeros = |matrix: &DMatrix<f64>| matrix.iter().filter(|&&entry| entry != 0.0).count() as u64;
    let mut power = matrices.transition().clone();
    let mut products = 0;
    for _ in 1..settings.weights.len() {
        power = matrices.transition() * power;
        products += nonzeros(&power) * DIM as u64;
    }
    let key = seed().named("superlinear");
    let formula = OperationCount::of(&graph, &settings, &row_nonzeros(&graph, &settings, key));
    assert_ne!(formula.later_products, products);
    // A second arc for each costs exactly what the first did: affine in the arcs, with sums the constant term.
    let doubled: Vec<(u32, u32)> = (0..18_u32)
        .flat_map(|i| graph.neighbours(i as usize).iter().map(move |&j| (i, j)))
        .filter(|(i, j)| i < j)
        .flat_map(|edge| [edge, edge])
        .collect();
    let doubled = Graph::undirected(graph.keys().to_vec(), &doubled, None).unwrap();
    let (count, _) = OperationCount::measure(&doubled, &settings, key).unwrap();
    assert_eq!(count.first_product, 2 * formula.first_product);
    assert_eq!((count.later_products, count.sums), (2 * formula.later_products, formula.sums));
}

/// Held so that a statement of a theorem cannot be dropped unseen.
#[test]
fn deterministic_theorems_allow_no_failure() {
    let explicit = ExplicitForm { settings: normalised(), embedder: library };
    let invariance = ScaleInvariance { settings: normalised(), embedder: library };
    assert_eq!((explicit.failure_probability(), invariance.failure_probability()), (0.0, 0.0));
}

//! The embedding is what its definition says, however it is computed.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    BetaDegree, Direction, Error, Features, Graph, Matrix, Mode, Projection, RandomProjection, Settings,
    Standardize, embed, embed_blocks, embed_reference, embed_with_features,
};
use proofsketch::random::StreamKey;
use proofsketch::sketch::{Gaussian, SketchDistribution, SketchOperator, VerySparse};

use crate::common::{seed, with_thread_counts};
use crate::embedding_graphs::{edges, graphs, relative_distance, shuffled, weights, widened};

/// What `f32` costs: about q roundings of 2⁻²⁴ on rows of norm 1.
const SINGLE: f64 = 1e-6;

/// The modes, as they are and with every option that has another branch.
fn settings() -> Vec<(String, Settings)> {
    let mut all = Vec::new();
    for mode in [Mode::Official, Mode::Paper, Mode::Gds, Mode::RandNe] {
        for dim in [1, 16, 50] {
            all.push((format!("{mode:?} {dim}"), Settings::of(mode, dim)));
        }
    }
    let paper = Settings::of(Mode::Paper, 40);
    for matrix in [Matrix::Adjacency, Matrix::CountTransition] {
        all.push((format!("{matrix:?}"), Settings { matrix, ..paper.clone() }));
    }
    for beta_degree in [BetaDegree::RowSum, BetaDegree::ColumnSum, BetaDegree::RowCount] {
        all.push((format!("{beta_degree:?}"), Settings { beta_degree, beta: 0.3, ..paper.clone() }));
    }
    for direction in [Direction::In, Direction::Both] {
        for standardize in [Standardize::None, Standardize::Rows, Standardize::Columns] {
            all.push((
                format!("{direction:?} {standardize:?}"),
                Settings { direction, standardize, ..paper.clone() },
            ));
        }
    }
    for sparsity in [Some(1.0), Some(10.0), Some(60.0)] {
        let projection = Projection::VerySparse { sparsity };
        all.push((format!("s = {sparsity:?}"), Settings { projection, ..paper.clone() }));
    }
    all.push(("not normalised".into(), Settings { normalize_powers: false, ..paper }));
    all
}

#[test]
fn the_fast_path_is_the_reference() {
    for (name, graph) in graphs(300) {
        for (settings_name, settings) in settings() {
            let fast = widened(&embed(&graph, &settings, seed()).unwrap().vectors);
            let reference = embed_reference(&graph, None, &settings, seed()).unwrap();
            // Centring amplifies roundings by the ratio of mean to deviation, which is below 100 here.
            let tolerance =
                if settings.standardize == Standardize::Columns { 100.0 * SINGLE } else { SINGLE };
            let distance = relative_distance(&fast, &reference);
            assert!(distance < tolerance, "{name}, {settings_name}: {distance:e}");
        }
    }
}

#[test]
fn every_choice_of_powers_is_the_reference() {
    let (_, graph) = graphs(200).swap_remove(1);
    for choice in 1..32_u32 {
        for (projection, normalize_powers) in
            [(Some(30.0), true), (Some(3.0), true), (Some(30.0), false), (Some(3.0), false)]
        {
            let weight = |power: u32| if choice >> power & 1 == 1 { f64::from(power) - 2.5 } else { 0.0 };
            let settings = Settings {
                weights: (1..5).map(weight).collect(),
                self_influence: weight(0),
                projection: Projection::VerySparse { sparsity: projection },
                normalize_powers,
                memory_budget: (choice % 2 == 1).then_some(200 * 20 * 4 * 20),
                ..Settings::of(Mode::Paper, 20)
            };
            let fast = widened(&embed(&graph, &settings, seed()).unwrap().vectors);
            let reference = embed_reference(&graph, None, &settings, seed()).unwrap();
            let distance = relative_distance(&fast, &reference);
            assert!(distance < SINGLE, "powers {choice:b}, {projection:?}, {normalize_powers}: {distance:e}");
        }
    }
}

/// M^k L of a graph as a dense matrix, from its lists of neighbours.
fn dense_power(graph: &Graph, beta: f64, power: usize) -> DMatrix<f64> {
    let n = graph.node_count();
    let volume: f64 = (0..n).map(|i| graph.degree(i)).sum();
    let mut m = DMatrix::zeros(n, n);
    for i in 0..n {
        let weights = graph.neighbour_weights(i);
        for (arc, &j) in graph.neighbours(i).iter().enumerate() {
            m[(i, j as usize)] += weights.map_or(1.0, |weights| f64::from(weights[arc])) / graph.degree(i);
        }
    }
    let scale = |j: usize| {
        if graph.degree(j) > 0.0 { (graph.degree(j) / volume).powf(beta) } else { volume.powf(-beta) }
    };
    let mut product = DMatrix::from_fn(n, n, |i, j| if i == j { scale(i) } else { 0.0 });
    (0..power).for_each(|_| product = &m * &product);
    product
}

#[test]
fn the_iteration_is_the_sum_of_sketched_powers() {
    for (name, graph) in graphs(300).into_iter().take(2) {
        let settings = Settings {
            self_influence: 0.5,
            weights: vec![0.0, 2.0, 1.0, 6.67],
            ..Settings::of(Mode::Paper, 48)
        };
        let s = VerySparse::new(48, 300, 300_f64.sqrt()).unwrap().sample(seed());
        let mut explicit = DMatrix::zeros(300, 48);
        for (power, weight) in [(0, 0.5), (2, 2.0), (3, 1.0), (4, 6.67)] {
            let mut rows = s.sketch_rows(&dense_power(&graph, settings.beta, power));
            rows.row_iter_mut().filter(|row| row.norm() > 0.0).for_each(|mut row| {
                row.normalize_mut();
            });
            explicit += rows * weight;
        }
        let explicit = explicit.transpose();
        let reference = embed_reference(&graph, None, &settings, seed()).unwrap();
        assert!(relative_distance(&reference, &explicit) < 1e-12, "{name}");
        let fast = widened(&embed(&graph, &settings, seed()).unwrap().vectors);
        assert!(relative_distance(&fast, &explicit) < SINGLE, "{name}");
    }
}

#[test]
fn the_scale_of_degrees_cancels_where_powers_are_normalised() {
    for (name, graph) in graphs(300) {
        let relative = Settings { self_influence: 1.0, ..Settings::of(Mode::Paper, 32) };
        let absolute = Settings { beta_relative: false, ..relative.clone() };
        let both =
            [&relative, &absolute].map(|settings| embed_reference(&graph, None, settings, seed()).unwrap());
        assert!(relative_distance(&both[0], &both[1]) < 1e-12, "{name}");
        let both = [&relative, &absolute].map(|settings| embed(&graph, settings, seed()).unwrap().vectors);
        assert_eq!(both[0], both[1], "{name}: to the bit");
        let volume: f64 = (0..graph.node_count()).map(|node| graph.in_degree(node)).sum();
        let plain = [&relative, &absolute].map(|settings| {
            let settings = Settings { normalize_powers: false, ..settings.clone() };
            widened(&embed(&graph, &settings, seed()).unwrap().vectors)
        });
        let factor = volume.powf(-relative.beta);
        assert!(relative_distance(&plain[0], &(&plain[1] * factor)) < SINGLE, "{name}: else a factor");
    }
}

#[test]
fn paper_and_program_agree_before_the_program_standardises() {
    let official = Settings { standardize: Standardize::None, ..Settings::of(Mode::Official, 32) };
    for (name, graph) in graphs(300).into_iter().take(2) {
        let both = [&official, &Settings::of(Mode::Paper, 32)]
            .map(|settings| embed(&graph, settings, seed()).unwrap());
        assert_eq!(both[0], both[1], "{name}");
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let edges = edges(3000);
    let heavy = weights(edges.len());
    let graph = Graph::undirected((0..3000).collect(), &edges, Some(&heavy)).unwrap();
    for mode in [Mode::Official, Mode::Gds, Mode::RandNe] {
        let answers = with_thread_counts(|| embed(&graph, &Settings::of(mode, 40), seed()).unwrap());
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{mode:?}");
    }
}

#[test]
fn a_vector_belongs_to_its_key() {
    let n = 700;
    let edges = edges(n);
    let heavy = weights(edges.len());
    let order = shuffled(n, seed().named("nodes"));
    let edge_order = shuffled(edges.len(), seed().named("edges"));
    // Keys that are sparse, in part hashes, and not in the order of nodes.
    let key = |i: usize| ((i as u64) << 3) | if i.is_multiple_of(5) { 1 << 63 } else { 0 };
    let keys: Vec<u64> = (0..n).map(key).collect();
    let mut moved_keys = vec![0; n];
    order.iter().enumerate().for_each(|(old, &new)| moved_keys[new as usize] = keys[old]);
    let moved: Vec<_> = edge_order
        .iter()
        .map(|&edge| edges[edge as usize])
        .map(|(u, v)| (order[v as usize], order[u as usize]))
        .collect();
    let moved_weights: Vec<_> = edge_order.iter().map(|&edge| heavy[edge as usize]).collect();
    for weighted in [false, true] {
        let graph = Graph::undirected(keys.clone(), &edges, weighted.then_some(&heavy[..])).unwrap();
        let other =
            Graph::undirected(moved_keys.clone(), &moved, weighted.then_some(&moved_weights[..])).unwrap();
        for mode in [Mode::Official, Mode::Paper, Mode::Gds, Mode::RandNe] {
            let settings = Settings { beta: -0.5, beta_relative: true, ..Settings::of(mode, 24) };
            let one = embed(&graph, &settings, seed()).unwrap().vectors;
            let two = embed(&other, &settings, seed()).unwrap().vectors;
            for (old, &new) in order.iter().enumerate() {
                assert_eq!(one.column(old), two.column(new as usize), "{mode:?}, node {old}");
            }
        }
    }
}

#[test]
fn blocks_of_coordinates_are_the_whole() {
    let (_, graph) = graphs(300).swap_remove(3);
    let tile = 300 * 16 * 4;
    for (name, settings) in settings() {
        let whole = embed(&graph, &settings, seed()).unwrap().vectors;
        for tiles in [6, 8, 30] {
            let settings = Settings { memory_budget: Some(tiles * tile), ..settings.clone() };
            assert_eq!(
                embed(&graph, &settings, seed()).unwrap().vectors,
                whole,
                "{name}, whole in {tiles} tiles"
            );
            let mut next = 0;
            embed_blocks(&graph, None, &settings, seed(), |block| {
                assert_eq!(block.first, next, "{name}: blocks in order");
                next += block.coordinates.ncols();
                assert_eq!(
                    block.coordinates.transpose(),
                    whole.rows(block.first, block.coordinates.ncols()),
                    "{name}"
                );
                Ok::<(), Error>(())
            })
            .unwrap();
            assert_eq!(next, settings.dim, "{name}: all coordinates");
        }
    }
}

#[test]
fn rows_of_the_projection_are_columns_of_sketches() {
    let keys = [0, 1, 255, 256, 1000, (1 << 40) + 77, (1 << 63) - 1];
    let sparse = Projection::VerySparse { sparsity: None };
    let rows = RandomProjection::new(sparse, 400, 30, seed()).unwrap();
    assert_eq!(rows.sparsity(), Some(20.0));
    let sketch = VerySparse::new(30, 1 << 63, 20.0).unwrap().sample(seed());
    let dense = RandomProjection::new(Projection::Gaussian { orthogonal: false }, 400, 30, seed()).unwrap();
    let gaussian = Gaussian::new(30, 1 << 63).unwrap().sample(seed());
    for key in keys {
        assert_eq!(rows.row(key), sketch.columns(key as usize..key as usize + 1).as_slice(), "key {key}");
        assert_eq!(dense.row(key), gaussian.columns(key as usize..key as usize + 1).as_slice(), "key {key}");
    }
    for hash in [1_u64 << 63, u64::MAX] {
        let own = VerySparse::new(30, 1, 20.0).unwrap().sample(seed().named("hashed").indexed(hash));
        assert_eq!(rows.row(hash), own.columns(0..1).as_slice(), "hash {hash}");
    }
}

#[test]
fn orthogonal_projections_are_orthogonal() {
    let (_, graph) = graphs(120).swap_remove(0);
    let rows = RandomProjection::new(Projection::Gaussian { orthogonal: true }, 120, 20, seed()).unwrap();
    let matrix = rows.matrix(&graph).unwrap();
    let gram = &matrix * matrix.transpose();
    assert!(relative_distance(&gram, &(DMatrix::identity(20, 20) * 6.0)) < 1e-12, "norms √(N/d)");
    // The first column of R keeps its direction.
    let first: Vec<f64> = (0..120).map(|key| rows.row(key)[0]).collect();
    let inner: f64 = first.iter().zip(matrix.row(0).iter()).map(|(a, b)| a * b).sum();
    let norm = first.iter().map(|x| x * x).sum::<f64>().sqrt() * 6_f64.sqrt();
    assert!((inner / norm - 1.0).abs() < 1e-12);
}

fn features(nodes: usize, ratio: f64) -> Features {
    Features { values: DMatrix::from_fn(9, nodes, |f, i| ((f * 7 + i * i) % 11) as f32 - 5.0), ratio }
}

#[test]
fn features_take_the_last_coordinates() {
    for (name, graph) in graphs(300) {
        for mode in [Mode::Official, Mode::Paper, Mode::Gds, Mode::RandNe] {
            for ratio in [0.0, 0.4, 1.0] {
                let settings = Settings { self_influence: 0.7, ..Settings::of(mode, 40) };
                let features = features(300, ratio);
                let fast =
                    widened(&embed_with_features(&graph, &features, &settings, seed()).unwrap().vectors);
                let reference = embed_reference(&graph, Some(&features), &settings, seed()).unwrap();
                let tolerance = if mode == Mode::Official { 100.0 * SINGLE } else { SINGLE };
                let distance = relative_distance(&fast, &reference);
                assert!(distance < tolerance, "{name}, {mode:?}, ratio {ratio}: {distance:e}");
            }
        }
        let settings = Settings::of(Mode::Paper, 40);
        let without = embed(&graph, &settings, seed()).unwrap();
        assert_eq!(embed_with_features(&graph, &features(300, 0.0), &settings, seed()).unwrap(), without);
    }
}

#[test]
fn features_alone_do_not_see_keys() {
    let edges = edges(300);
    let settings = Settings { self_influence: 1.0, ..Settings::of(Mode::Gds, 32) };
    let at = |first: u64| {
        let graph = Graph::undirected((first..first + 300).collect(), &edges, None).unwrap();
        embed_with_features(&graph, &features(300, 1.0), &settings, seed()).unwrap().vectors
    };
    assert_eq!(at(0), at(12345));
}

#[test]
fn other_keys_give_other_vectors() {
    let (_, graph) = graphs(300).swap_remove(0);
    let settings = Settings::of(Mode::Paper, 32);
    let at = |key: StreamKey| widened(&embed(&graph, &settings, key).unwrap().vectors);
    assert!(relative_distance(&at(seed()), &at(seed().indexed(1))) > 0.1);
}

//! Graphs and settings that have no embedding, and what becomes of nodes that nothing can be said of.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    BetaDegree, Direction, DynamicEmbedding, Error, Features, Graph, Matrix, Mode, Projection, RMat,
    Settings, Standardize, StochasticBlockModel, Warning, embed, embed_blocks, embed_with_features,
};
use proofsketch::random::StreamKey;

fn key() -> StreamKey {
    StreamKey::from_seed(1)
}

fn triangle() -> Graph {
    Graph::undirected(vec![0, 1, 2], &[(0, 1), (1, 2), (2, 0)], None).unwrap()
}

fn refusal(settings: Settings) -> Error {
    embed(&triangle(), &settings, key()).unwrap_err()
}

#[test]
fn graphs() {
    assert_eq!(Graph::undirected(vec![], &[], None).unwrap_err(), Error::EmptyGraph);
    assert_eq!(Graph::directed(vec![], &[], None).unwrap_err(), Error::EmptyGraph);
    let refused = Graph::undirected(vec![5, 9, 5], &[], None).unwrap_err();
    assert_eq!(refused, Error::DuplicateKey { key: 5, first: 0, second: 2 });
    let refused = Graph::directed(vec![0, 1], &[(0, 1), (1, 2)], None).unwrap_err();
    assert_eq!(refused, Error::EdgeOutOfRange { edge: 1, node: 2, nodes: 2 });
    assert_eq!(refused.to_string(), "edge 1 ends at node 2 of a graph of 2 nodes (both counted from 0)");
    let refused = Graph::undirected(vec![0, 1], &[(0, 1)], Some(&[1.0, 2.0])).unwrap_err();
    assert_eq!(refused, Error::WeightCount { edges: 1, weights: 2 });
    for value in [-1.0, f32::INFINITY] {
        let refused = Graph::undirected(vec![0, 1], &[(0, 1), (1, 0)], Some(&[1.0, value])).unwrap_err();
        assert_eq!(refused, Error::EdgeWeight { edge: 1, value });
    }
    let refused = Graph::undirected(vec![0, 1], &[(0, 1)], Some(&[f32::NAN])).unwrap_err();
    assert!(matches!(refused, Error::EdgeWeight { edge: 0, value } if value.is_nan()));
}

#[test]
fn settings_out_of_range() {
    let settings = Settings::of(Mode::Official, 8);
    assert_eq!(refusal(Settings { dim: 0, ..settings.clone() }), Error::ZeroDimension);
    let odd = Settings { dim: 7, direction: Direction::Both, ..settings.clone() };
    assert_eq!(refusal(odd), Error::OddDimension(7));
    for weights in [vec![], vec![0.0; 3]] {
        assert_eq!(refusal(Settings { weights, ..settings.clone() }), Error::NoWeight);
    }
    let refused = refusal(Settings { weights: vec![1.0, f64::NAN], ..settings.clone() });
    assert!(matches!(refused, Error::Setting { name: "weight", .. }));
    let refused = refusal(Settings { beta: f64::INFINITY, ..settings.clone() });
    assert!(matches!(refused, Error::Setting { name: "beta", .. }));
    let refused = refusal(Settings { self_influence: f64::NAN, ..settings.clone() });
    assert!(matches!(refused, Error::Setting { name: "self-influence", .. }));
    for sparsity in [0.5, f64::NAN, f64::INFINITY] {
        let projection = Projection::VerySparse { sparsity: Some(sparsity) };
        assert!(matches!(refusal(Settings { projection, ..settings.clone() }), Error::Sketch(_)));
    }
    let refused =
        refusal(Settings { projection: Projection::Gaussian { orthogonal: true }, ..settings.clone() });
    assert!(matches!(refused, Error::Setting { name: "dim", .. }), "8 orthogonal columns of 3 rows");
    let refused = refusal(Settings { memory_budget: Some(100), ..settings.clone() });
    assert_eq!(refused, Error::MemoryBudget { budget: 100, needed: 5 * 3 * 64 });
    let refused =
        embed_blocks(&triangle(), None, &Settings { memory_budget: Some(0), ..settings }, key(), |_| {
            Ok::<(), Error>(())
        });
    assert!(matches!(refused, Err(Error::MemoryBudget { budget: 0, .. })));
}

#[test]
fn the_self_influence_alone_is_an_embedding() {
    let settings = Settings { weights: vec![], self_influence: 2.0, ..Settings::of(Mode::Gds, 64) };
    let vectors = embed(&triangle(), &settings, key()).unwrap().vectors;
    vectors.column_iter().for_each(|vector| assert!((vector.norm() - 2.0).abs() < 1e-6));
}

#[test]
fn features_that_do_not_fit() {
    let settings = Settings::of(Mode::Gds, 8);
    let refusal = |values: DMatrix<f32>, ratio: f64| {
        embed_with_features(&triangle(), &Features { values, ratio }, &settings, key()).unwrap_err()
    };
    let refused = refusal(DMatrix::zeros(2, 4), 0.5);
    assert_eq!(refused, Error::FeatureShape { features: 2, columns: 4, nodes: 3 });
    assert_eq!(refusal(DMatrix::zeros(0, 3), 0.5), Error::FeatureShape { features: 0, columns: 3, nodes: 3 });
    let mut values = DMatrix::zeros(2, 3);
    values[(1, 2)] = f32::INFINITY;
    assert_eq!(refusal(values, 0.5), Error::FeatureNotFinite { node: 2, feature: 1, value: f32::INFINITY });
    for ratio in [-0.1, 1.1, f64::NAN] {
        assert!(matches!(refusal(DMatrix::zeros(2, 3), ratio), Error::Setting { name: "feature ratio", .. }));
    }
}

#[test]
fn sinks_and_isolated_nodes_have_zero_vectors() {
    // 0 → 1 → 2, 0 → 2, and 3 alone: 2 is a sink.
    let graph = Graph::directed((0..4).collect(), &[(0, 1), (1, 2), (0, 2)], None).unwrap();
    for mode in [Mode::Official, Mode::Paper, Mode::Gds] {
        for beta in [-1.0, -0.5, 0.0, 0.5] {
            for beta_degree in [BetaDegree::RowSum, BetaDegree::ColumnSum, BetaDegree::RowCount] {
                let settings =
                    Settings { beta, beta_degree, weights: vec![1.0, 1.0], ..Settings::of(mode, 64) };
                let embedding = embed(&graph, &settings, key()).unwrap();
                assert_eq!(embedding.isolated, 1);
                assert!(embedding.zero_vectors >= 2);
                assert!(
                    embedding
                        .warnings
                        .contains(&Warning::ZeroVectors { count: embedding.zero_vectors, nodes: 4 })
                );
                assert!(embedding.vectors.iter().all(|entry| entry.is_finite()));
                for node in [2, 3] {
                    assert!(embedding.vectors.column(node).iter().all(|&entry| entry == 0.0), "node {node}");
                }
            }
        }
    }
}

#[test]
fn a_graph_without_edges_has_zero_vectors() {
    let graph = Graph::undirected((0..5).collect(), &[], None).unwrap();
    for standardize in [Standardize::None, Standardize::Columns, Standardize::Rows] {
        let settings = Settings { standardize, ..Settings::of(Mode::Official, 16) };
        let embedding = embed(&graph, &settings, key()).unwrap();
        assert_eq!((embedding.isolated, embedding.zero_vectors), (5, 5));
        assert!(embedding.vectors.iter().all(|&entry| entry == 0.0));
    }
    let weightless = Graph::undirected((0..3).collect(), &[(0, 1)], Some(&[0.0])).unwrap();
    let embedding = embed(&weightless, &Settings::of(Mode::Paper, 16), key()).unwrap();
    assert_eq!((embedding.isolated, embedding.zero_vectors), (3, 3));
}

#[test]
fn parallel_edges_add_up_and_loops_count_once() {
    let graph = |edges: &[(u32, u32)], weights: Option<&[f32]>| {
        Graph::undirected((0..3).collect(), edges, weights).unwrap()
    };
    let twice = graph(&[(0, 1), (1, 0), (1, 2), (2, 2)], None);
    assert_eq!((twice.degree(0), twice.degree(1), twice.degree(2)), (2.0, 3.0, 2.0));
    assert_eq!((twice.edge_count(), twice.arc_count()), (4, 7));
    let heavy = graph(&[(0, 1), (1, 2), (2, 2)], Some(&[2.0, 1.0, 1.0]));
    let settings = Settings::of(Mode::Paper, 32);
    let both = [&twice, &heavy].map(|graph| embed(graph, &settings, key()).unwrap().vectors);
    assert!((&both[0] - &both[1]).norm() < 1e-5 * both[0].norm());
}

#[test]
fn one_parity_on_a_bipartite_graph_is_warned_of() {
    let square = Graph::undirected((0..4).collect(), &[(0, 1), (1, 2), (2, 3), (3, 0)], None).unwrap();
    let parity = |graph: &Graph, weights: Vec<f64>, self_influence: f64| {
        let settings = Settings { weights, self_influence, ..Settings::of(Mode::Paper, 256) };
        let warnings = embed(graph, &settings, key()).unwrap().warnings;
        warnings.into_iter().find(|warning| matches!(warning, Warning::OneParity { .. }))
    };
    assert_eq!(parity(&square, vec![0.0, 1.0, 0.0, 2.0], 0.0), Some(Warning::OneParity { even: true }));
    assert_eq!(parity(&square, vec![1.0, 0.0, 3.0], 0.0), Some(Warning::OneParity { even: false }));
    assert_eq!(parity(&square, vec![1.0, 0.0, 3.0], 0.5), None);
    assert_eq!(parity(&square, vec![0.0, 1.0, 2.0], 0.0), None);
    assert_eq!(parity(&triangle(), vec![0.0, 1.0], 0.0), None);
}

#[test]
fn numbers_beyond_f32_are_refused() {
    let weights = [f32::MAX; 3];
    let graph = Graph::undirected(vec![0, 1, 2], &[(0, 1), (1, 2), (2, 0)], Some(&weights)).unwrap();
    let settings = Settings { matrix: Matrix::Adjacency, beta: 0.0, ..Settings::of(Mode::Paper, 64) };
    assert_eq!(embed(&graph, &settings, key()).unwrap_err(), Error::Overflow);
    let fine = embed(&graph, &Settings::of(Mode::Paper, 64), key()).unwrap();
    assert!(fine.vectors.iter().all(|entry| entry.is_finite()));
    let steep = Settings { beta: -20.0, ..Settings::of(Mode::Paper, 64) };
    assert!(embed(&graph, &steep, key()).unwrap().vectors.iter().all(|entry| entry.is_finite()));
}

#[test]
fn changes_that_mean_nothing() {
    let mut dynamic =
        DynamicEmbedding::new(triangle(), None, Settings::of(Mode::Official, 8), key()).unwrap();
    let refused = dynamic.change_edges(&[(1, 0), (0, 1)], &[]).unwrap_err();
    assert_eq!(refused, Error::NoSuchEdge { edge: 0, from: 0, to: 1 }, "asked for twice, there once");
    let refused = dynamic.change_edges(&[], &[(0, 1, 1.0), (1, 2, -1.0)]).unwrap_err();
    assert_eq!(refused, Error::EdgeWeight { edge: 1, value: -1.0 });
    let refused = dynamic.change_edges(&[(0, 7)], &[]).unwrap_err();
    assert_eq!(refused, Error::NoSuchEdge { edge: 0, from: 0, to: 7 });
    let refused = dynamic.out_of_sample(9, &[(0, 1.0), (3, 1.0)], &[], None).unwrap_err();
    assert_eq!(refused, Error::EdgeOutOfRange { edge: 1, node: 3, nodes: 3 });
    let refused = dynamic.out_of_sample(9, &[(0, -0.5)], &[], None).unwrap_err();
    assert_eq!(refused, Error::EdgeWeight { edge: 0, value: -0.5 });
    let refused = dynamic.out_of_sample(9, &[], &[], Some(&[1.0])).unwrap_err();
    assert_eq!(refused, Error::FeatureShape { features: 1, columns: 1, nodes: 1 });
    let alone = dynamic.out_of_sample(9, &[], &[], None).unwrap();
    assert_eq!(alone, vec![0.0; 8], "a node without arcs has a zero vector");
}

#[test]
fn models_out_of_range() {
    let model = StochasticBlockModel { nodes: 100, blocks: 5, edges: 300, ..Default::default() };
    let refusal = |model: StochasticBlockModel| model.sample(key()).unwrap_err();
    assert_eq!(refusal(StochasticBlockModel { nodes: 0, ..model.clone() }), Error::EmptyGraph);
    for blocks in [0, 101] {
        let refused = refusal(StochasticBlockModel { blocks, ..model.clone() });
        assert!(matches!(refused, Error::Setting { name: "blocks", .. }));
    }
    let refused = refusal(StochasticBlockModel { within: 1.5, ..model.clone() });
    assert!(matches!(refused, Error::Setting { name: "within", .. }));
    for exponent in [1.0, f64::NAN] {
        let refused = refusal(StochasticBlockModel { exponent, ..model.clone() });
        assert!(matches!(refused, Error::Setting { name: "exponent", .. }));
    }
    let refused = refusal(StochasticBlockModel { edges: 3000, ..model });
    assert!(matches!(refused, Error::Setting { name: "edges", .. }));
    let refused = RMat { nodes: 64, edges: 10, quadrants: [0.5, 0.5, 0.5, 0.5] }.sample(key()).unwrap_err();
    assert!(matches!(refused, Error::Setting { name: "quadrants", .. }));
    let dense = RMat { nodes: 64, edges: 1000, quadrants: [1.0, 0.0, 0.0, 0.0] }.sample(key()).unwrap_err();
    assert!(matches!(dense, Error::Setting { name: "edges", .. }), "one pair of nodes only");
    let one = RMat { nodes: 1, edges: 0, ..Default::default() }.sample(key()).unwrap();
    assert_eq!((one.nodes, one.edges.len()), (1, 0));
}

//! Embeddings of arbitrary graphs: a typed error or finite vectors.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    BetaDegree, Direction, Features, Graph, Matrix, Mode, Projection, Settings, Standardize, embed,
    embed_reference, embed_with_features,
};
use proofsketch::random::StreamKey;
use proptest::prelude::*;

use crate::hard_numbers::{cases, entry, matrix};

/// A graph of up to 6 nodes, with loops, repeated edges and weights of all sizes.
fn graph() -> impl Strategy<Value = Graph> {
    let weight = prop_oneof![
        3 => Just(1.0_f32),
        2 => prop::sample::select(vec![0.0, -0.0, 1e-45, f32::MIN_POSITIVE, 1e30, f32::MAX, 0.5]),
    ];
    (1..=6_u32, any::<bool>()).prop_flat_map(move |(nodes, is_directed)| {
        let edges = prop::collection::vec((0..nodes, 0..nodes, weight.clone()), 0..10);
        (edges, any::<bool>()).prop_map(move |(edges, is_weighted)| {
            let pairs: Vec<_> = edges.iter().map(|&(u, v, _)| (u, v)).collect();
            let weights: Vec<f32> = edges.iter().map(|&(.., weight)| weight).collect();
            let build = if is_directed { Graph::directed } else { Graph::undirected };
            build((0..nodes.into()).collect(), &pairs, is_weighted.then_some(&weights)).unwrap()
        })
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let one = |choices: &[f64]| prop::sample::select(choices.to_vec());
    (
        prop::sample::select(vec![Mode::Official, Mode::Paper, Mode::Gds, Mode::RandNe]),
        1..=8_usize,
        prop::collection::vec(
            prop_oneof![Just(0.0), Just(1.0), Just(-6.67), Just(1e300), Just(1e-300)],
            0..5,
        ),
        one(&[0.0, 1.0, -1e30, 1e-300]),
        one(&[-0.64, 0.0, 1.0, -20.0, 1e3, -1e300]),
        prop::sample::select(vec![BetaDegree::RowSum, BetaDegree::ColumnSum, BetaDegree::RowCount]),
        prop::sample::select(vec![Matrix::Transition, Matrix::CountTransition, Matrix::Adjacency]),
        prop::sample::select(vec![Direction::Out, Direction::In, Direction::Both]),
        prop::sample::select(vec![
            Projection::VerySparse { sparsity: None },
            Projection::VerySparse { sparsity: Some(1e6) },
            Projection::Gaussian { orthogonal: false },
            Projection::Gaussian { orthogonal: true },
        ]),
        (
            any::<bool>(),
            prop::sample::select(vec![Standardize::None, Standardize::Columns, Standardize::Rows]),
        ),
    )
        .prop_map(
            |(mode, dim, weights, self_influence, beta, beta_degree, matrix, direction, projection, more)| {
                let (normalize_powers, standardize) = more;
                Settings {
                    weights,
                    self_influence,
                    beta,
                    beta_degree,
                    matrix,
                    direction,
                    projection,
                    normalize_powers,
                    standardize,
                    ..Settings::of(mode, dim)
                }
            },
        )
}

fn is_finite(vectors: &DMatrix<f32>) -> bool {
    vectors.iter().all(|entry| entry.is_finite())
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn any_graph(graph in graph(), settings in settings(), seed: u64) {
        let key = StreamKey::from_seed(seed);
        if let Ok(embedding) = embed(&graph, &settings, key) {
            prop_assert!(is_finite(&embedding.vectors), "{:?}", embedding);
        }
        let _ = embed_reference(&graph, None, &settings, key);
    }

    #[test]
    fn any_features(graph in graph(), settings in settings(), values in matrix(), ratio in entry()) {
        let values = values.resize_horizontally(graph.node_count(), 1.0).map(|value| value as f32);
        let features = Features { values, ratio: ratio.abs() };
        if let Ok(embedding) = embed_with_features(&graph, &features, &settings, StreamKey::from_seed(1)) {
            prop_assert!(is_finite(&embedding.vectors), "{:?}", embedding);
        }
    }
}

//! Embeddings of graphs that change: the vectors are those of the changed graph.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    Direction, DynamicEmbedding, Features, Graph, Mode, Projection, Settings, Standardize, embed,
    embed_with_features,
};

use crate::common::seed;
use crate::embedding_graphs::{edges, graphs};

fn all_settings() -> Vec<Settings> {
    let paper = Settings { self_influence: 0.3, ..Settings::of(Mode::Paper, 40) };
    vec![
        Settings::of(Mode::Official, 40),
        Settings::of(Mode::Gds, 17),
        Settings::of(Mode::RandNe, 32),
        Settings { direction: Direction::Both, standardize: Standardize::Rows, ..paper.clone() },
        Settings { direction: Direction::In, ..paper },
    ]
}

#[test]
fn an_update_is_a_new_embedding() {
    for (name, graph) in graphs(300) {
        let edge = |index: usize| edges(300).into_iter().filter(|(u, _)| u % 7 != 1).nth(index).unwrap();
        for settings in all_settings() {
            let mut dynamic = DynamicEmbedding::new(graph.clone(), None, settings.clone(), seed()).unwrap();
            assert_eq!(
                *dynamic.embedding(),
                embed(&graph, &settings, seed()).unwrap(),
                "{name}, {settings:?}"
            );
            for round in 0..3_u32 {
                let removed = [edge(10 * round as usize), edge(200 + round as usize)];
                let inserted = [(5 + round, 270, 1.0), (299, 0, 1.0), (round, 280, 0.5 * round as f32)];
                dynamic.change_edges(&removed, &inserted).unwrap();
                let anew = embed(dynamic.graph(), &settings, seed()).unwrap();
                assert_eq!(*dynamic.embedding(), anew, "{name}, {settings:?}, round {round}");
            }
        }
    }
}

#[test]
fn only_what_an_edge_reaches_is_computed_again() {
    let n = 400_u32;
    let ring: Vec<_> = (0..n).map(|i| (i, (i + 1) % n)).collect();
    let graph = Graph::undirected((0..u64::from(n)).collect(), &ring, None).unwrap();
    let settings = Settings { weights: vec![1.0, 1.0, 1.0], beta: 0.0, ..Settings::of(Mode::Paper, 24) };
    let mut dynamic = DynamicEmbedding::new(graph, None, settings, seed()).unwrap();
    // Both ends lose an edge; each further power sees one node more on either side.
    let update = dynamic.change_edges(&[(10, 11)], &[]).unwrap();
    assert_eq!(update.touched, [0, 2, 4, 6]);
    let nothing = dynamic.change_edges(&[], &[]).unwrap();
    assert_eq!(nothing.touched, [0, 0, 0, 0]);
}

#[test]
fn changes_that_fail_change_nothing() {
    let (_, graph) = graphs(300).swap_remove(0);
    let mut dynamic = DynamicEmbedding::new(graph, None, Settings::of(Mode::Official, 16), seed()).unwrap();
    let before = dynamic.clone();
    assert!(dynamic.change_edges(&[(290, 291)], &[]).is_err());
    assert!(dynamic.change_edges(&[], &[(0, 300, 1.0)]).is_err());
    assert_eq!((dynamic.graph(), dynamic.embedding()), (before.graph(), before.embedding()));
}

#[test]
fn a_node_that_nothing_points_at_is_exact_out_of_sample() {
    let n = 300_u32;
    let arcs: Vec<_> = edges(n as usize).into_iter().filter(|&(u, v)| u != n / 2 && v != n / 2).collect();
    let new: Vec<_> = (0..12).map(|i| (n / 2, 20 * i)).collect();
    let keys: Vec<u64> = (0..u64::from(n)).map(|i| 3 * i).collect();
    let with: Vec<_> = arcs.iter().chain(&new).copied().collect();
    let known = Graph::directed(keys.clone(), &arcs, None).unwrap();
    let full = Graph::directed(keys, &with, None).unwrap();
    let values = DMatrix::from_fn(5, n as usize, |f, i| ((f + 3 * i) % 7) as f32);
    for standardize in [Standardize::None, Standardize::Rows] {
        let settings = Settings {
            self_influence: 2.0,
            beta: 0.0,
            standardize,
            projection: Projection::VerySparse { sparsity: Some(12.0) },
            ..Settings::of(Mode::Paper, 40)
        };
        let to: Vec<_> = new.iter().map(|&(_, target)| (target, 1.0)).collect();
        let dynamic = DynamicEmbedding::new(known.clone(), None, settings.clone(), seed()).unwrap();
        let vector = dynamic.out_of_sample(u64::from(3 * (n / 2)), &to, &[], None).unwrap();
        let expected = embed(&full, &settings, seed()).unwrap().vectors;
        assert_eq!(vector, expected.column(n as usize / 2).as_slice());

        let features = Features { values: values.clone(), ratio: 0.5 };
        let expected = embed_with_features(&full, &features, &settings, seed()).unwrap().vectors;
        let own: Vec<f32> = values.column(n as usize / 2).iter().copied().collect();
        let dynamic = DynamicEmbedding::new(known.clone(), Some(features), settings, seed()).unwrap();
        let vector = dynamic.out_of_sample(u64::from(3 * (n / 2)), &to, &[], Some(&own)).unwrap();
        assert_eq!(vector, expected.column(n as usize / 2).as_slice());
    }
}

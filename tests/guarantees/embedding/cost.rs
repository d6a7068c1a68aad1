//! Operations counted one by one.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    Direction, ExplicitEmbedding, Graph, Mode, OperationCount, Settings, SimilarityMatrices,
};
use proofsketch::random::StreamKey;

use crate::common::seed;
use proofsketch::testing::embedding::mutants::projected;
use proofsketch::testing::embedding::{DIM, graph, graphs, library, linear, normalised, very_sparse};

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

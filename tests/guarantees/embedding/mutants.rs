//! The algorithm with one mistake each, from dense matrices in f64.

use nalgebra::DMatrix;
use proofsketch::embedding::{Graph, Matrix, RandomProjection, Settings, SimilarityMatrices};
use proofsketch::random::StreamKey;

use super::very_sparse;

pub(super) fn projected(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f64> {
    let rows = RandomProjection::new(settings.projection, graph.node_count(), settings.dim, key).unwrap();
    rows.matrix(graph).unwrap()
}

pub(super) fn normalize_columns(vectors: &mut DMatrix<f64>) {
    for mut column in vectors.column_iter_mut() {
        let norm = column.norm();
        if norm > 0.0 {
            column /= norm;
        }
    }
}

/// Σ_k w_k U_k, where `step` makes U_k of U_{k−1}.
pub(super) fn sum_of_powers(
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

pub(super) fn scaled(matrices: &SimilarityMatrices, mut rows: DMatrix<f64>) -> DMatrix<f64> {
    rows.column_iter_mut().zip(matrices.scale()).for_each(|(mut column, &scale)| column *= scale);
    rows
}

/// No mistake: what the mutants are mutants of.
pub(super) fn faithful(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let start = scaled(&matrices, projected(graph, settings, key));
    sum_of_powers(settings, start, |u| u * matrices.transition().transpose())
}

pub(super) fn normalises_before_propagating(
    graph: &Graph,
    settings: &Settings,
    key: StreamKey,
) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let start = scaled(&matrices, projected(graph, settings, key));
    sum_of_powers(settings, start, |u| {
        let mut unit = u.clone();
        normalize_columns(&mut unit);
        unit * matrices.transition().transpose()
    })
}

/// L Mᵏ R in place of Mᵏ L R.
pub(super) fn scales_the_wrong_side(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let plain =
        sum_of_powers(settings, projected(graph, settings, key), |u| u * matrices.transition().transpose());
    if settings.normalize_powers {
        return plain; // a factor of each row is lost in its norm
    }
    scaled(&matrices, plain.map(f64::from)).map(|x| x as f32)
}

/// weights[0] for power 0.
pub(super) fn shifts_the_weights(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let (first, rest) = settings.weights.split_first().unwrap();
    let shifted = Settings { self_influence: *first, weights: rest.to_vec(), ..settings.clone() };
    faithful(graph, &shifted, key)
}

/// Averages over the number of neighbours where edges have weights.
pub(super) fn divides_by_counts(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    faithful(graph, &Settings { matrix: Matrix::CountTransition, ..settings.clone() }, key)
}

/// Propagates the weighted sum so far in place of the power.
pub(super) fn propagates_the_sum(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
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
pub(super) fn scales_for_another_density(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let drawn = Settings { projection: very_sparse(Some(3.0)), ..settings.clone() };
    let s = (graph.node_count() as f64).sqrt();
    faithful(graph, &drawn, key) * (s / 3.0).sqrt() as f32
}

/// s = 3 where √N was asked for, rightly scaled.
pub(super) fn draws_another_density(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    faithful(graph, &Settings { projection: very_sparse(Some(3.0)), ..settings.clone() }, key)
}

/// The row of node i from the stream seed + i.
pub(super) fn adds_the_node_to_the_seed(graph: &Graph, settings: &Settings, seed: u64) -> DMatrix<f32> {
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

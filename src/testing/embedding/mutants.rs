//! FastRP with one mistake each, from dense matrices in f64: what its theorems must refute.
//!
//! Each takes a graph, settings and the key of a draw, as [`embed`](crate::embedding::embed) does.

use nalgebra::DMatrix;

use super::very_sparse;
use crate::embedding::{Graph, Matrix, RandomProjection, Settings, SimilarityMatrices};
use crate::random::StreamKey;

/// Rᵀ, the projection that the library draws, d × N.
///
/// # Panics
/// Where the library has no such projection.
#[must_use]
pub fn projected(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f64> {
    let rows = RandomProjection::new(settings.projection, graph.node_count(), settings.dim, key);
    rows.and_then(|rows| rows.matrix(graph)).expect("a projection of these settings")
}

/// Every column that is not zero, divided by its norm.
pub fn normalize_columns(vectors: &mut DMatrix<f64>) {
    for mut column in vectors.column_iter_mut() {
        let norm = column.norm();
        if norm > 0.0 {
            column /= norm;
        }
    }
}

/// Σ_k w_k U_k, where `step` makes U_k of U_{k−1}.
#[must_use]
pub fn sum_of_powers(
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

/// (L R)ᵀ of Rᵀ.
#[must_use]
pub fn scaled(matrices: &SimilarityMatrices, mut rows: DMatrix<f64>) -> DMatrix<f64> {
    rows.column_iter_mut().zip(matrices.scale()).for_each(|(mut column, &scale)| column *= scale);
    rows
}

/// No mistake: what the mutants are mutants of.
#[must_use]
pub fn faithful(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let start = scaled(&matrices, projected(graph, settings, key));
    sum_of_powers(settings, start, |u| u * matrices.transition().transpose())
}

/// Mᵏ is applied to normalised vectors, not normalised after.
#[must_use]
pub fn normalises_before_propagating(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let start = scaled(&matrices, projected(graph, settings, key));
    sum_of_powers(settings, start, |u| {
        let mut unit = u.clone();
        normalize_columns(&mut unit);
        unit * matrices.transition().transpose()
    })
}

/// L Mᵏ R in place of Mᵏ L R.
#[must_use]
pub fn scales_the_wrong_side(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let plain =
        sum_of_powers(settings, projected(graph, settings, key), |u| u * matrices.transition().transpose());
    if settings.normalize_powers {
        return plain; // a factor of each row is lost in its norm
    }
    scaled(&matrices, plain.map(f64::from)).map(|x| x as f32)
}

/// `weights[0]` for power 0.
#[must_use]
pub fn shifts_the_weights(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let mut weights = settings.weights.clone();
    let self_influence = if weights.is_empty() { 0.0 } else { weights.remove(0) };
    let shifted = Settings { self_influence, weights, ..settings.clone() };
    faithful(graph, &shifted, key)
}

/// Averages over the number of neighbours where edges have weights.
#[must_use]
pub fn divides_by_counts(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    faithful(graph, &Settings { matrix: Matrix::CountTransition, ..settings.clone() }, key)
}

/// Propagates the weighted sum so far in place of the power.
#[must_use]
pub fn propagates_the_sum(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
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
#[must_use]
pub fn scales_for_another_density(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    let drawn = Settings { projection: very_sparse(Some(3.0)), ..settings.clone() };
    let s = (graph.node_count() as f64).sqrt();
    faithful(graph, &drawn, key) * (s / 3.0).sqrt() as f32
}

/// s = 3 where √N was asked for, rightly scaled.
#[must_use]
pub fn draws_another_density(graph: &Graph, settings: &Settings, key: StreamKey) -> DMatrix<f32> {
    faithful(graph, &Settings { projection: very_sparse(Some(3.0)), ..settings.clone() }, key)
}

/// The row of node i from the stream seed + i.
///
/// # Panics
/// Where the library has no such projection.
#[must_use]
pub fn adds_the_node_to_the_seed(graph: &Graph, settings: &Settings, seed: u64) -> DMatrix<f32> {
    let matrices = SimilarityMatrices::of(graph, settings);
    let mut rows = DMatrix::zeros(settings.dim, graph.node_count());
    for (i, mut column) in rows.column_iter_mut().enumerate() {
        let key = StreamKey::from_seed(seed.wrapping_add(i as u64));
        let drawn = RandomProjection::new(settings.projection, graph.node_count(), settings.dim, key);
        column.copy_from_slice(&drawn.expect("a projection of these settings").row(0));
    }
    sum_of_powers(settings, scaled(&matrices, rows), |u| u * matrices.transition().transpose())
}

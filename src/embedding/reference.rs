use nalgebra::{DMatrix, DVectorViewMut};

use super::degree_scaling::Operator;
use super::features::Features;
use super::halves::Half;
use super::{Error, Graph, RandomProjection, Settings, Standardize};
use crate::random::StreamKey;

/// The embedding as it is defined, in `f64`, every power a dense d × N matrix: what the fast path is held against.
///
/// Cost: q·nnz·d operations and 4·N·d·8 bytes.
///
/// # Errors
/// As [`embed`](super::embed).
pub fn embed_reference(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    key: StreamKey,
) -> Result<DMatrix<f64>, Error> {
    settings.check()?;
    let mut sum = DMatrix::zeros(settings.dim, graph.node_count());
    for half in Half::all(settings, key) {
        let part = sum_of_powers(graph, features, settings, &half)?;
        sum.rows_mut(half.first, half.dim).copy_from(&part);
    }
    standardize(&mut sum, graph, settings.standardize);
    match sum.iter().all(|entry| entry.is_finite()) {
        true => Ok(sum),
        false => Err(Error::Overflow),
    }
}

/// Σ_k w_k V_k, transposed, V_k = M^k L R with its rows normalised or not.
fn sum_of_powers(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    half: &Half,
) -> Result<DMatrix<f64>, Error> {
    let operator = Operator::new(graph, settings, half.direction);
    let mut power = initial(graph, features, settings, half, &operator)?;
    let mut sum = DMatrix::zeros(half.dim, graph.node_count());
    for k in 0..=settings.weights.len() {
        if k > 0 {
            power = multiply(&operator, &power);
        }
        let mut term = power.clone();
        if settings.normalize_powers {
            term.column_iter_mut().for_each(normalize);
        }
        sum += term * settings.weight(k);
    }
    Ok(sum)
}

/// (L R)ᵀ, the last coordinates replaced by projected features where there are any.
fn initial(
    graph: &Graph,
    features: Option<&Features>,
    settings: &Settings,
    half: &Half,
    operator: &Operator<'_>,
) -> Result<DMatrix<f64>, Error> {
    let mut rows =
        RandomProjection::new(settings.projection, graph.node_count(), half.dim, half.key)?.matrix(graph)?;
    for (mut row, scale) in rows.column_iter_mut().zip(&operator.column_scale) {
        row *= scale * operator.volume_scale;
    }
    if let Some(features) = features {
        let projected = features.project(graph.node_count(), half.dim, settings.projection, half.key)?;
        rows.rows_mut(half.dim - projected.nrows(), projected.nrows()).copy_from(&projected);
    }
    Ok(rows)
}

/// (M U)ᵀ from Uᵀ.
fn multiply(operator: &Operator<'_>, power: &DMatrix<f64>) -> DMatrix<f64> {
    let mut product = DMatrix::zeros(power.nrows(), power.ncols());
    for (i, mut row) in product.column_iter_mut().enumerate() {
        let weights = operator.adjacency.weights(i);
        for (arc, &j) in operator.adjacency.targets(i).iter().enumerate() {
            let weight = weights.map_or(1.0, |weights| f64::from(weights[arc]));
            row.axpy(weight, &power.column(j as usize), 1.0);
        }
        if let Some(scale) = &operator.row_scale {
            row *= scale[i];
        }
    }
    product
}

fn normalize(mut row: DVectorViewMut<'_, f64>) {
    let norm = row.norm();
    if norm > 0.0 {
        row /= norm;
    }
}

fn standardize(sum: &mut DMatrix<f64>, graph: &Graph, how: Standardize) {
    match how {
        Standardize::None => {}
        Standardize::Rows => sum.column_iter_mut().for_each(normalize),
        Standardize::Columns => standardize_columns(sum, graph),
    }
}

/// Over the nodes whose row is not zero.
fn standardize_columns(sum: &mut DMatrix<f64>, graph: &Graph) {
    let nodes = (0..graph.node_count()).map(|rank| graph.node_of_rank(rank));
    let kept: Vec<_> = nodes.filter(|&node| sum.column(node).iter().any(|&entry| entry != 0.0)).collect();
    let count = kept.len() as f64;
    for j in 0..sum.nrows() {
        let mean = kept.iter().map(|&node| sum[(j, node)]).sum::<f64>() / count;
        let variance = kept.iter().map(|&node| (sum[(j, node)] - mean).powi(2)).sum::<f64>() / count;
        let largest = kept.iter().fold(0.0, |largest: f64, &node| largest.max(sum[(j, node)].abs()));
        let constant = variance.sqrt() <= f64::EPSILON * largest;
        for &node in &kept {
            sum[(j, node)] = if constant { 0.0 } else { (sum[(j, node)] - mean) / variance.sqrt() };
        }
    }
}

use faer::Accum;
use faer::Par;
use faer::linalg::matmul::triangular::{BlockStructure, matmul};
use nalgebra::DMatrix;
use rayon::prelude::*;

use super::faer_view::{view, view_mut};

/// Rows that are scaled and multiplied at a time: they stay in cache.
const CHUNK_ROWS: usize = 512;
/// Most tasks: each holds a d × d partial sum.
const TASKS: usize = 64;

/// AᵀHA = Σ hᵢ aᵢaᵢᵀ for H = diag(h), h ≥ 0, exactly symmetric. One pass over A, nd² flops.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::weighted_gram;
///
/// let a = dmatrix![1.0, 2.0; 3.0, 4.0];
/// assert_eq!(weighted_gram(&a, &[4.0, 1.0]), dmatrix![13.0, 20.0; 20.0, 32.0]);
/// ```
///
/// # Panics
/// If there is not one weight a row.
#[must_use]
pub fn weighted_gram(a: &DMatrix<f64>, weights: &[f64]) -> DMatrix<f64> {
    let (nrows, order) = a.shape();
    assert!(weights.len() == nrows, "shape mismatch: {} weights for {nrows} rows", weights.len());
    let height = nrows.div_ceil(TASKS).div_ceil(CHUNK_ROWS).max(1) * CHUNK_ROWS;
    let tasks = nrows.div_ceil(height);
    let partial: Vec<DMatrix<f64>> = (0..tasks)
        .into_par_iter()
        .map(|task| {
            let mut sum = DMatrix::zeros(order, order);
            let mut scaled = DMatrix::zeros(CHUNK_ROWS, order);
            let end = nrows.min((task + 1) * height);
            (task * height..end).step_by(CHUNK_ROWS).for_each(|start| {
                add_chunk(&mut sum, &mut scaled, a, weights, start..end.min(start + CHUNK_ROWS));
            });
            sum
        })
        .collect();
    let mut gram = partial.into_iter().fold(DMatrix::zeros(order, order), |sum, term| sum + term);
    gram.fill_upper_triangle_with_lower_triangle();
    gram
}

/// The lower triangle of sum += A_cᵀH_cA_c, with `scaled` as scratch for H_cA_c.
fn add_chunk(
    sum: &mut DMatrix<f64>,
    scaled: &mut DMatrix<f64>,
    a: &DMatrix<f64>,
    weights: &[f64],
    rows: std::ops::Range<usize>,
) {
    let weights = &weights[rows.clone()];
    for j in 0..a.ncols() {
        let source = &a.column(j).data.into_slice()[rows.clone()];
        let target = &mut scaled.as_mut_slice()[j * CHUNK_ROWS..j * CHUNK_ROWS + weights.len()];
        for ((out, value), weight) in target.iter_mut().zip(source).zip(weights) {
            *out = weight * value;
        }
    }
    let (chunk, scaled) = (view(a).get(rows, ..), view(scaled).get(..weights.len(), ..));
    let (lower, full) = (BlockStructure::TriangularLower, BlockStructure::Rectangular);
    matmul(view_mut(sum), lower, Accum::Add, chunk.transpose(), full, scaled, full, 1.0, Par::Seq);
}

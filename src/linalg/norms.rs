use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::operator::assert_fits;
use super::products::{columns, task_rows};
use super::vector_kernels::{dispatch, norm};
use super::{CsrRows, DataMatrix, LinearOperator, RowBlock};

/// ‖aⱼ‖₂ of every column aⱼ of A, safe where the squares of the entries would overflow or vanish. One pass over A.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::column_norms;
///
/// let norms = column_norms(&dmatrix![3.0, 3e-300; 4.0, 4e-300]);
/// assert_eq!(norms[0], 5.0);
/// assert!((norms[1] / 5e-300 - 1.0).abs() < 1e-15);
/// ```
#[must_use]
pub fn column_norms(a: &dyn DataMatrix) -> DVector<f64> {
    let (nrows, ncols) = (a.nrows(), a.ncols());
    let height = task_rows(nrows, ncols, ncols);
    let tasks = nrows.div_ceil(height);
    let partial: Vec<Vec<f64>> = (0..tasks)
        .into_par_iter()
        .map(|i| match a.row_block(i * height..nrows.min((i + 1) * height)) {
            RowBlock::Dense(view) => norms(&columns(&view)),
            RowBlock::Csr(rows) => csr_column_norms(&rows),
        })
        .collect();
    // The norm of a column is the norm of the norms of its parts.
    let parts = DMatrix::from_fn(tasks, ncols, |i, j| partial[i][j]);
    DVector::from_iterator(ncols, parts.column_iter().map(|column| norm(column.as_slice())))
}

/// ‖A‖_F = (Σᵢⱼ aᵢⱼ²)^½, as safe as [`column_norms`].
#[must_use]
pub fn frobenius_norm(a: &dyn DataMatrix) -> f64 {
    norm(column_norms(a).as_slice())
}

fn norms(columns: &[&[f64]]) -> Vec<f64> {
    let mut norms = vec![0.0; columns.len()];
    dispatch(
        #[inline(always)]
        || {
            for (value, column) in norms.iter_mut().zip(columns) {
                *value = norm(column);
            }
        },
    );
    norms
}

fn csr_column_norms(rows: &CsrRows<'_>) -> Vec<f64> {
    let mut by_column = vec![Vec::new(); rows.ncols()];
    for i in 0..rows.nrows() {
        let (columns, values) = rows.row(i);
        columns.iter().zip(values).for_each(|(&j, &value)| by_column[j].push(value));
    }
    norms(&by_column.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// What power iteration learned of ‖L‖₂.
#[derive(Clone, Debug, PartialEq)]
pub struct SpectralNorm {
    /// ‖L v‖₂ for the last unit vector v: at most ‖L‖₂ but for rounding.
    pub lower_bound: f64,
    /// Products with LᵀL that were taken.
    pub iterations: usize,
    /// Whether the last step raised the bound by no more than the tolerance.
    pub converged: bool,
}

/// ‖L‖₂, the largest singular value, by power iteration on LᵀL from a start vector.
///
/// From a Gaussian start the expected relative gap after q steps is below ln(n)/(2q − 1) whatever the spectrum, and
/// falls by (σ₂/σ₁)² a step where there is a gap (J. Kuczyński and H. Woźniakowski, SIAM J. Matrix Anal. Appl. 13,
/// 1992, Theorem 3.1). A start orthogonal to the leading singular vectors finds only the largest value beside them.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::linalg::spectral_norm;
///
/// let norm = spectral_norm(&dmatrix![3.0, 0.0; 0.0, 1.0], &dvector![1.0, 1.0], 1e-12, 100);
/// assert!(norm.converged && (norm.lower_bound - 3.0).abs() < 1e-10);
/// ```
///
/// # Panics
/// If the start vector has another length than L has columns.
#[must_use]
pub fn spectral_norm(
    l: &dyn LinearOperator,
    start: &DVector<f64>,
    relative_tolerance: f64,
    max_iterations: usize,
) -> SpectralNorm {
    assert_fits("L v", (l.nrows(), l.ncols()), start.shape());
    let mut v = start.clone();
    let mut found = SpectralNorm { lower_bound: 0.0, iterations: 0, converged: false };
    while found.iterations < max_iterations && !found.converged {
        let length = norm(v.as_slice());
        if length == 0.0 {
            found.converged = true;
            break;
        }
        v /= length;
        let image = l.apply_vector(&v);
        let value = norm(image.as_slice());
        found.converged = value <= found.lower_bound * (1.0 + relative_tolerance);
        found.lower_bound = found.lower_bound.max(value);
        found.iterations += 1;
        v = l.adjoint_apply_vector(&image);
    }
    found
}

/// ‖xᵢ‖² of every row of X.
pub(crate) fn squared_row_norms(x: &DMatrix<f64>) -> Vec<f64> {
    let mut norms = vec![0.0; x.nrows()];
    for column in x.as_slice().chunks_exact(x.nrows().max(1)) {
        norms.iter_mut().zip(column).for_each(|(norm, &entry)| *norm += entry * entry);
    }
    norms
}

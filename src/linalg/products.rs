use faer::linalg::matmul::matmul;
use faer::{Accum, MatRef, Par};
use nalgebra::{DMatrix, DMatrixView, DVector};
use rayon::prelude::*;

use super::faer_view::{view, view_mut};
use super::gemm::packed;
use super::operator::assert_fits;
use super::vector_kernels::{axpy, axpy4, dispatch, dot, dot4};
use super::{DataMatrix, RowBlock};

/// Entries of a dense chunk of rows: one mebibyte, which the second use of a fused product finds in cache.
const CHUNK_ENTRIES: usize = 1 << 17;
/// Entries of all partial sums together.
const PARTIAL_ENTRIES: usize = 1 << 23;

/// Rows of a product of matrices that one task computes.
const PRODUCT_ROWS: usize = 256;

/// A x for x ∈ ℝᵈ.
///
/// # Panics
/// If x has other than d entries.
#[must_use]
pub fn multiply(a: &dyn DataMatrix, x: &DVector<f64>) -> DVector<f64> {
    assert_fits("A x", (a.nrows(), a.ncols()), x.shape());
    let mut out = DVector::zeros(a.nrows());
    let height = chunk_rows(a.ncols());
    out.as_mut_slice().par_chunks_mut(height).enumerate().for_each(|(i, out)| {
        add_product(&a.row_block(i * height..i * height + out.len()), x.as_slice(), out);
    });
    out
}

/// Aᵀ y for y ∈ ℝⁿ.
///
/// # Panics
/// If y has other than n entries.
#[must_use]
pub fn adjoint_multiply(a: &dyn DataMatrix, y: &DVector<f64>) -> DVector<f64> {
    assert_fits("Aᵀ y", (a.ncols(), a.nrows()), y.shape());
    let mut y = y.clone();
    sum_over_chunks(a, y.as_mut_slice(), |block, y, sum| add_adjoint_product(block, y, sum))
}

/// AᵀA x for x ∈ ℝᵈ, in one pass over A.
///
/// A chunk of rows A_c is multiplied by x and A_cᵀ by the product while the chunk is in cache.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::linalg::gram_multiply;
///
/// let a = dmatrix![1.0, 2.0; 3.0, 4.0];
/// assert_eq!(gram_multiply(&a, &dvector![1.0, -1.0]), dvector![-4.0, -6.0]);
/// ```
///
/// # Panics
/// If x has other than d entries.
#[must_use]
pub fn gram_multiply(a: &dyn DataMatrix, x: &DVector<f64>) -> DVector<f64> {
    assert_fits("AᵀA x", (a.nrows(), a.ncols()), x.shape());
    let mut product = vec![0.0; a.nrows()];
    sum_over_chunks(a, &mut product, |block, product, sum| {
        add_product(block, x.as_slice(), product);
        add_adjoint_product(block, product, sum);
    })
}

/// The residual r = b − A x and Aᵀ r, minus half the gradient of ‖b − A x‖₂² in x, in one pass over A.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::linalg::residual_and_gradient;
///
/// let a = dmatrix![1.0, 2.0; 3.0, 4.0];
/// let (residual, gradient) = residual_and_gradient(&a, &dvector![1.0, 0.0], &dvector![2.0, 4.0]);
/// assert_eq!((residual, gradient), (dvector![1.0, 1.0], dvector![4.0, 6.0]));
/// ```
///
/// # Panics
/// If x has other than d entries or b other than n.
#[must_use]
pub fn residual_and_gradient(
    a: &dyn DataMatrix,
    x: &DVector<f64>,
    b: &DVector<f64>,
) -> (DVector<f64>, DVector<f64>) {
    assert_fits("A x", (a.nrows(), a.ncols()), x.shape());
    assert_fits("Aᵀ b", (a.ncols(), a.nrows()), b.shape());
    let minus_x = -x;
    let mut residual = b.clone();
    let gradient = sum_over_chunks(a, residual.as_mut_slice(), |block, residual, sum| {
        add_product(block, minus_x.as_slice(), residual);
        add_adjoint_product(block, residual, sum);
    });
    (residual, gradient)
}

/// out += A Bᵀ for B given by its contiguous columns, as many as A has, each as long as `out` is wide.
///
/// # Panics
/// If the shapes do not fit.
pub(crate) fn accumulate_product_with_transpose(out: &mut DMatrix<f64>, a: &DMatrixView<'_, f64>, b: &[f64]) {
    let (width, inner) = (out.ncols(), a.ncols());
    assert!(
        out.nrows() == a.nrows() && b.len() == width * inner,
        "shape mismatch: {} entries are no factor of {}×{width} += {}×{inner} · Bᵀ",
        b.len(),
        out.nrows(),
        a.nrows()
    );
    if out.is_empty() {
        return;
    }
    let b = MatRef::from_column_major_slice(b, width, inner).transpose();
    let chunks = view_mut(out).par_row_chunks_mut(PRODUCT_ROWS).enumerate();
    chunks.for_each(|(i, out)| {
        let rows = packed(&a.rows(i * PRODUCT_ROWS, out.nrows()));
        matmul(out, Accum::Add, view(&rows), b, 1.0, Par::Seq);
    });
}

/// Rows of a chunk of a matrix with `ncols` columns.
pub(super) fn chunk_rows(ncols: usize) -> usize {
    (CHUNK_ENTRIES / ncols.max(1)).clamp(128, 4096) / 64 * 64
}

/// Rows of a task, a multiple of [`chunk_rows`]: as many tasks as there is room for partial sums of `width` entries.
pub(super) fn task_rows(nrows: usize, ncols: usize, width: usize) -> usize {
    let chunk = chunk_rows(ncols);
    let tasks = (PARTIAL_ENTRIES / width.max(1)).clamp(16, 1024);
    nrows.div_ceil(chunk).div_ceil(tasks).max(1) * chunk
}

/// Σ over chunks of rows of what `work(chunk of A, entries of `rows` that belong to it, sum)` adds to `sum` ∈ ℝᵈ.
///
/// Chunks and tasks are fixed by the shape of A, and the tasks' sums are added in order.
fn sum_over_chunks(
    a: &dyn DataMatrix,
    rows: &mut [f64],
    work: impl Fn(&RowBlock<'_>, &mut [f64], &mut [f64]) + Sync,
) -> DVector<f64> {
    let (height, ncols) = (chunk_rows(a.ncols()), a.ncols());
    let task = task_rows(a.nrows(), ncols, ncols);
    let partial: Vec<Vec<f64>> = rows
        .par_chunks_mut(task)
        .enumerate()
        .map(|(i, rows)| {
            let mut sum = vec![0.0; ncols];
            for (j, rows) in rows.chunks_mut(height).enumerate() {
                let start = i * task + j * height;
                work(&a.row_block(start..start + rows.len()), rows, &mut sum);
            }
            sum
        })
        .collect();
    let mut total = DVector::zeros(ncols);
    for sum in &partial {
        axpy(1.0, sum, total.as_mut_slice());
    }
    total
}

/// out += A_c x.
fn add_product(block: &RowBlock<'_>, x: &[f64], out: &mut [f64]) {
    match block {
        RowBlock::Dense(view) => {
            let columns = columns(view);
            let ((fours, rest), (x, x_rest)) = (columns.as_chunks::<4>(), x.as_chunks::<4>());
            dispatch(
                #[inline(always)]
                || {
                    for (&four, &x) in fours.iter().zip(x) {
                        axpy4(x, four, out);
                    }
                    for (column, &x) in rest.iter().zip(x_rest) {
                        axpy(x, column, out);
                    }
                },
            );
        }
        RowBlock::Csr(rows) => {
            for (i, out) in out.iter_mut().enumerate() {
                let (columns, values) = rows.row(i);
                *out += columns.iter().zip(values).map(|(&j, value)| value * x[j]).sum::<f64>();
            }
        }
    }
}

/// out += A_cᵀ y.
fn add_adjoint_product(block: &RowBlock<'_>, y: &[f64], out: &mut [f64]) {
    match block {
        RowBlock::Dense(view) => {
            let columns = columns(view);
            let ((fours, rest), (out, out_rest)) = (columns.as_chunks::<4>(), out.as_chunks_mut::<4>());
            dispatch(
                #[inline(always)]
                || {
                    for (&four, out) in fours.iter().zip(out) {
                        axpy(1.0, &dot4(four, y), out);
                    }
                    for (column, out) in rest.iter().zip(out_rest) {
                        *out += dot(column, y);
                    }
                },
            );
        }
        RowBlock::Csr(rows) => {
            for (i, &y) in y.iter().enumerate() {
                let (columns, values) = rows.row(i);
                columns.iter().zip(values).for_each(|(&j, value)| out[j] += value * y);
            }
        }
    }
}

/// The columns of a view as slices.
pub(super) fn columns<'a>(view: &'a DMatrixView<'_, f64>) -> Vec<&'a [f64]> {
    (0..view.ncols()).map(|j| view.column(j).data.into_slice()).collect()
}

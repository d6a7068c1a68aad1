use faer::linalg::matmul::matmul;
use faer::linalg::matmul::triangular::{BlockStructure, matmul as triangular_matmul};
use faer::{Accum, MatRef, Par};
use nalgebra::{DMatrix, DMatrixView};
use rayon::prelude::*;

use super::faer_view::{view, view_mut};
use super::operator::assert_fits;
use super::products::columns;

/// Columns of a product computed by one task: fixed, so that the bits do not depend on the number of threads.
const TASK_COLUMNS: usize = 64;
/// Rows of a product computed by one task.
const TASK_ROWS: usize = 256;
/// Least rows of the panels over which a Gram matrix is summed.
const PANEL_ROWS: usize = 4096;
/// Most panels over which a Gram matrix is summed: each holds a d × d partial sum.
const PANELS: usize = 32;

/// A B.
///
/// # Panics
/// If A has another number of columns than B has rows.
#[must_use]
pub fn product(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    assert_fits("A B", a.shape(), b.shape());
    let mut out = DMatrix::zeros(a.nrows(), b.ncols());
    add_scaled(&mut out, 1.0, view(a), view(b));
    out
}

/// Aᵀ B.
///
/// # Panics
/// If A and B have different numbers of rows.
#[must_use]
pub fn adjoint_product(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    assert_fits("Aᵀ B", (a.ncols(), a.nrows()), b.shape());
    let mut out = DMatrix::zeros(a.ncols(), b.ncols());
    let panels = panels(a.nrows());
    if panels.len() == 1 || a.ncols() * b.ncols() > a.nrows() {
        add_scaled(&mut out, 1.0, view(a).transpose(), view(b));
        return out;
    }
    let partial = panels.into_par_iter().map(|rows| {
        let mut sum = DMatrix::zeros(a.ncols(), b.ncols());
        let (a, b) = (view(a).get(rows.clone(), ..), view(b).get(rows, ..));
        matmul(view_mut(&mut sum), Accum::Replace, a.transpose(), b, 1.0, Par::Seq);
        sum
    });
    add_in_order(out, partial.collect())
}

/// The Gram matrix AᵀA, exactly symmetric.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::gram;
///
/// assert_eq!(gram(&dmatrix![1.0, 2.0; 3.0, 4.0]), dmatrix![10.0, 14.0; 14.0, 20.0]);
/// ```
#[must_use]
pub fn gram(a: &DMatrix<f64>) -> DMatrix<f64> {
    let order = a.ncols();
    let partial = panels(a.nrows()).into_par_iter().map(|rows| {
        let mut sum = DMatrix::zeros(order, order);
        let panel = view(a).get(rows, ..);
        let full = BlockStructure::Rectangular;
        let lower = BlockStructure::TriangularLower;
        let out = view_mut(&mut sum);
        triangular_matmul(out, lower, Accum::Replace, panel.transpose(), full, panel, full, 1.0, Par::Seq);
        sum
    });
    let mut gram = add_in_order(DMatrix::zeros(order, order), partial.collect());
    gram.fill_upper_triangle_with_lower_triangle();
    gram
}

/// out += α A B.
///
/// # Panics
/// If the shapes do not fit.
pub fn add_product(out: &mut DMatrix<f64>, alpha: f64, a: &DMatrix<f64>, b: &DMatrix<f64>) {
    assert_fits("A B", a.shape(), b.shape());
    assert!(
        out.shape() == (a.nrows(), b.ncols()),
        "shape mismatch: a {}×{} product cannot be added to a {}×{} matrix",
        a.nrows(),
        b.ncols(),
        out.nrows(),
        out.ncols()
    );
    add_scaled(out, alpha, view(a), view(b));
}

/// out += A B for views, whose rows need not be contiguous: both are packed first.
///
/// # Panics
/// If the shapes do not fit.
pub(crate) fn accumulate_product(out: &mut DMatrix<f64>, a: &DMatrixView<'_, f64>, b: &DMatrixView<'_, f64>) {
    accumulate_packed_product(out, packed(a).as_slice(), b);
}

/// out += A B for A given by its contiguous columns, as many as B has rows, each as long as those of `out`.
///
/// # Panics
/// If the shapes do not fit.
pub(crate) fn accumulate_packed_product(out: &mut DMatrix<f64>, a: &[f64], b: &DMatrixView<'_, f64>) {
    let nrows = out.nrows();
    assert!(
        a.len() == nrows * b.nrows() && out.ncols() == b.ncols(),
        "shape mismatch: {} entries are no factor of {nrows}×{} += A · {}×{}",
        a.len(),
        out.ncols(),
        b.nrows(),
        b.ncols()
    );
    let a = MatRef::from_column_major_slice(a, nrows, b.nrows());
    add_scaled(out, 1.0, a, view(&packed(b)));
}

/// A contiguous copy.
pub(super) fn packed(view: &DMatrixView<'_, f64>) -> DMatrix<f64> {
    let mut packed = DMatrix::zeros(view.nrows(), view.ncols());
    for (copy, column) in packed.as_mut_slice().chunks_exact_mut(view.nrows().max(1)).zip(columns(view)) {
        copy.copy_from_slice(column);
    }
    packed
}

/// out += α A B over fixed groups of rows or, where it is wide, of columns of `out`.
fn add_scaled(out: &mut DMatrix<f64>, alpha: f64, a: MatRef<'_, f64>, b: MatRef<'_, f64>) {
    let out = view_mut(out);
    if out.nrows() == 0 || out.ncols() == 0 {
        return;
    }
    if out.ncols() >= out.nrows() {
        out.par_col_chunks_mut(TASK_COLUMNS).enumerate().for_each(|(i, group)| {
            let b = b.subcols(i * TASK_COLUMNS, group.ncols());
            matmul(group, Accum::Add, a, b, alpha, Par::Seq);
        });
    } else {
        out.par_row_chunks_mut(TASK_ROWS).enumerate().for_each(|(i, group)| {
            let a = a.subrows(i * TASK_ROWS, group.nrows());
            matmul(group, Accum::Add, a, b, alpha, Par::Seq);
        });
    }
}

fn panels(nrows: usize) -> Vec<std::ops::Range<usize>> {
    let height = PANEL_ROWS.max(nrows.div_ceil(PANELS));
    (0..nrows.div_ceil(height).max(1)).map(|i| i * height..nrows.min((i + 1) * height)).collect()
}

fn add_in_order(zero: DMatrix<f64>, partial: Vec<DMatrix<f64>>) -> DMatrix<f64> {
    partial.into_iter().fold(zero, |sum, term| sum + term)
}

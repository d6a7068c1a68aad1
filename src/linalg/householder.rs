use faer::linalg::householder as faer_householder;
use faer::linalg::matmul::triangular::{BlockStructure, matmul as triangular_matmul};
use faer::{Accum, Conj, MatMut, MatRef, Par};
use nalgebra::DMatrix;
use rayon::prelude::*;

use super::faer_view::{scratch, view, view_mut};
use super::vector_kernels::{axpy, dispatch, dot, norm};

/// Columns of one compact block of reflections.
const BLOCK: usize = 16;
/// Columns that are reduced one at a time.
const NARROW: usize = 8;
/// Columns that are reflected by one task: fixed, so that the bits do not depend on the number of threads.
const TASK_COLUMNS: usize = 128;

/// An orthogonal matrix Q = H₁H₂⋯H_k ∈ ℝᵖˣᵖ, Hⱼ = I − vⱼvⱼᵀ/τⱼ, with the upper trapezoidal R it left of A = QR.
///
/// `basis` (p × d) holds vⱼ below its diagonal, the leading 1 not stored, and R on and above it. `factor` (b × k)
/// holds for each block of b reflections the triangle T of their product I − V T⁻¹ Vᵀ: τⱼ on the diagonal, vᵢᵀvⱼ
/// above it (C. Puglisi, "Modification of the Householder method based on the compact WY representation", SIAM J.
/// Sci. Stat. Comput. 13, 1992).
#[derive(Clone, Debug)]
pub(crate) struct Householder {
    basis: DMatrix<f64>,
    factor: DMatrix<f64>,
}

impl Householder {
    /// Reduces finite A to R, block by block of columns.
    ///
    /// No column is dropped: a column that depends on the ones before it leaves a small or zero pivot in R.
    pub(crate) fn reduce(a: DMatrix<f64>) -> Self {
        let (nrows, ncols) = a.shape();
        let size = nrows.min(ncols);
        let mut basis = a;
        let mut factor = DMatrix::zeros(BLOCK.min(size).max(1), size);
        for start in (0..size).step_by(BLOCK) {
            let end = size.min(start + BLOCK);
            let (done, trailing) = basis.as_mut_slice().split_at_mut(end * nrows);
            let taus = reduce_block(&mut done[start * nrows..], nrows, start);
            let block =
                MatRef::from_column_major_slice(&done[start * nrows..], nrows, end - start).get(start.., ..);
            let mut triangle = view_mut(&mut factor).submatrix_mut(0, start, end - start, end - start);
            fill_triangle(triangle.as_mut(), block, &taus);
            reflect_columns(block, triangle.as_ref(), trailing, nrows, start);
        }
        Self { basis, factor }
    }

    /// Takes columns that are already reduced, with the τ of each reflection.
    pub(crate) fn from_reduced(basis: DMatrix<f64>, taus: &[f64]) -> Self {
        let size = taus.len();
        let mut factor = DMatrix::zeros(BLOCK.min(size).max(1), size);
        for (start, taus) in (0..size).step_by(BLOCK).zip(taus.chunks(BLOCK)) {
            let block = view(&basis).get(start.., start..start + taus.len());
            fill_triangle(view_mut(&mut factor).submatrix_mut(0, start, taus.len(), taus.len()), block, taus);
        }
        Self { basis, factor }
    }

    /// p, the order of Q.
    pub(crate) fn nrows(&self) -> usize {
        self.basis.nrows()
    }

    /// k, the number of reflections: the rows of R.
    pub(crate) fn size(&self) -> usize {
        self.factor.ncols()
    }

    /// R ∈ ℝᵏˣᵈ, upper trapezoidal.
    pub(crate) fn r(&self) -> DMatrix<f64> {
        self.basis.rows(0, self.size()).upper_triangle()
    }

    /// The diagonal of R.
    pub(crate) fn diagonal(&self) -> Vec<f64> {
        (0..self.size()).map(|j| self.basis[(j, j)]).collect()
    }

    /// X ← Qᵀ X.
    pub(crate) fn apply_transpose(&self, x: &mut DMatrix<f64>) {
        let nrows = self.nrows();
        debug_assert_eq!(x.nrows(), nrows);
        let request =
            faer_householder::apply_block_householder_sequence_transpose_on_the_left_in_place_scratch::<f64>;
        self.for_columns(x, |x| {
            let mut memory = scratch(request(nrows, self.factor.nrows(), x.ncols()));
            faer_householder::apply_block_householder_sequence_transpose_on_the_left_in_place_with_conj(
                self.reflections(),
                view(&self.factor),
                Conj::No,
                x,
                Par::Seq,
                faer::dyn_stack::MemStack::new(&mut memory),
            );
        });
    }

    /// X ← Q X.
    pub(crate) fn apply(&self, x: &mut DMatrix<f64>) {
        let nrows = self.nrows();
        debug_assert_eq!(x.nrows(), nrows);
        let request = faer_householder::apply_block_householder_sequence_on_the_left_in_place_scratch::<f64>;
        self.for_columns(x, |x| {
            let mut memory = scratch(request(nrows, self.factor.nrows(), x.ncols()));
            faer_householder::apply_block_householder_sequence_on_the_left_in_place_with_conj(
                self.reflections(),
                view(&self.factor),
                Conj::No,
                x,
                Par::Seq,
                faer::dyn_stack::MemStack::new(&mut memory),
            );
        });
    }

    fn reflections(&self) -> MatRef<'_, f64> {
        view(&self.basis).get(.., ..self.size())
    }

    /// Runs `reflect` over fixed groups of columns.
    fn for_columns(&self, x: &mut DMatrix<f64>, reflect: impl Fn(MatMut<'_, f64>) + Sync) {
        let nrows = x.nrows();
        if self.size() == 0 {
            return;
        }
        x.as_mut_slice().par_chunks_mut(nrows * TASK_COLUMNS).for_each(|group| {
            let columns = group.len() / nrows;
            reflect(MatMut::from_column_major_slice_mut(group, nrows, columns));
        });
    }
}

/// Reduces the columns in `columns` below row `first`, `first + 1`, …: the left half, by its compact product the right
/// half's share of it, and the right half; returns the τ of each reflection.
fn reduce_block(columns: &mut [f64], nrows: usize, first: usize) -> Vec<f64> {
    let count = columns.len() / nrows;
    if count <= NARROW {
        return dispatch(
            #[inline(always)]
            || reduce_columns(columns, nrows, first),
        );
    }
    let half = (count / 2).next_multiple_of(NARROW);
    let (left, right) = columns.split_at_mut(half * nrows);
    let mut taus = reduce_block(left, nrows, first);
    let block = MatRef::from_column_major_slice(left, nrows, half).get(first.., ..);
    let mut triangle = DMatrix::zeros(half, half);
    fill_triangle(view_mut(&mut triangle), block, &taus);
    reflect_columns(block, view(&triangle), right, nrows, first);
    taus.append(&mut reduce_block(right, nrows, first + half));
    taus
}

/// Reduces the columns in `columns` below row `first`, `first + 1`, …; returns the τ of each reflection.
#[inline(always)]
fn reduce_columns(columns: &mut [f64], nrows: usize, first: usize) -> Vec<f64> {
    let count = columns.len() / nrows;
    let mut taus = Vec::with_capacity(count);
    for j in 0..count {
        let (head, tail) = columns.split_at_mut((j + 1) * nrows);
        let v = &mut head[j * nrows + first + j..];
        let tau = reflection(v);
        taus.push(tau);
        for column in tail.chunks_exact_mut(nrows) {
            reflect(&v[1..], tau, &mut column[first + j..]);
        }
    }
    taus
}

/// x ← (I − vvᵀ/τ) x for v = (1, `tail`).
#[inline(always)]
pub(super) fn reflect(tail: &[f64], tau: f64, x: &mut [f64]) {
    let (head, rest) = x.split_first_mut().expect("a reflection has a head");
    let step = (*head + dot(tail, rest)) / tau;
    *head -= step;
    axpy(-step, tail, rest);
}

/// The reflection that takes x to βe₁, |β| = ‖x‖: leaves (β, v₂, v₃, …) in `x`, v₁ = 1, and returns τ = ½‖v‖².
///
/// Where x is already a multiple of e₁ it is left alone: v = e₁, τ = ∞.
#[inline(always)]
pub(super) fn reflection(x: &mut [f64]) -> f64 {
    let (head, tail) = x.split_first_mut().expect("a reflection has a head");
    let tail_norm = norm(tail);
    if tail_norm < f64::MIN_POSITIVE {
        tail.fill(0.0);
        return f64::INFINITY;
    }
    let beta = -head.hypot(tail_norm).copysign(*head);
    let pivot = *head - beta;
    let inverse = pivot.recip();
    if inverse.is_finite() {
        tail.iter_mut().for_each(|value| *value *= inverse);
    } else {
        tail.iter_mut().for_each(|value| *value /= pivot);
    }
    *head = beta;
    0.5 * (1.0 + (tail_norm / pivot).powi(2))
}

/// T: the strict upper triangle of VᵀV, V unit lower trapezoidal, and τⱼ on the diagonal.
fn fill_triangle(triangle: MatMut<'_, f64>, v: MatRef<'_, f64>, taus: &[f64]) {
    let mut triangle = triangle;
    let (top, bottom) = v.split_at_row(v.ncols());
    let upper = BlockStructure::UnitTriangularUpper;
    let lower = BlockStructure::UnitTriangularLower;
    let full = BlockStructure::Rectangular;
    let out = triangle.as_mut();
    triangular_matmul(out, upper, Accum::Replace, top.transpose(), upper, top, lower, 1.0, Par::Seq);
    let out = triangle.as_mut();
    triangular_matmul(out, upper, Accum::Add, bottom.transpose(), full, bottom, full, 1.0, Par::Seq);
    for (j, &tau) in taus.iter().enumerate() {
        triangle[(j, j)] = tau;
    }
}

/// Applies the transposed product of a block's reflections to the columns right of it, rows `start` on.
fn reflect_columns(
    block: MatRef<'_, f64>,
    triangle: MatRef<'_, f64>,
    columns: &mut [f64],
    nrows: usize,
    start: usize,
) {
    columns.par_chunks_mut(nrows * TASK_COLUMNS).for_each(|group| {
        let ncols = group.len() / nrows;
        let request = faer_householder::apply_block_householder_transpose_on_the_left_in_place_scratch::<f64>;
        let mut memory = scratch(request(block.nrows(), block.ncols(), ncols));
        faer_householder::apply_block_householder_transpose_on_the_left_in_place_with_conj(
            block,
            triangle,
            Conj::No,
            MatMut::from_column_major_slice_mut(group, nrows, ncols).get_mut(start.., ..),
            Par::Seq,
            faer::dyn_stack::MemStack::new(&mut memory),
        );
    });
}

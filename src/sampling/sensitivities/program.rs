//! The convex program behind a sensitivity, with both its certificates.

use nalgebra::DMatrix;

use super::Interval;
use crate::linalg::{Gathered, NormalEquations, PaddedRows, axpy, axpy4, dispatch, dot, dot4, sum_of_powers};

/// min ‖Qx‖ₚ over cᵀx = 1, and its dual max λ over Qᵀu = λc, ‖u‖_p* ≤ 1, for Q ∈ ℝⁿˣʳ with orthonormal columns.
#[derive(Debug)]
pub(super) struct Program<'a> {
    q: &'a DMatrix<f64>,
    rows: PaddedRows,
    indices: Vec<u32>,
    p: f64,
}

/// A primal and a dual point seen so far, by their values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// σ(c) for c with cᵀx = 1 where the iteration is normalised, to σ of the vector asked for.
    scale: f64,
    interval: Interval,
}

impl<'a> Program<'a> {
    pub(super) fn new(q: &'a DMatrix<f64>, p: f64) -> Self {
        let indices = (0..q.nrows()).map(|i| i as u32).collect();
        Self { q, rows: PaddedRows::from_matrix(q), indices, p }
    }

    /// n.
    pub(super) fn nrows(&self) -> usize {
        self.q.nrows()
    }

    /// r.
    pub(super) fn rank(&self) -> usize {
        self.q.ncols()
    }

    /// p.
    pub(super) fn exponent(&self) -> f64 {
        self.p
    }

    /// qᵢ.
    pub(super) fn row(&self, i: usize) -> Vec<f64> {
        self.rows.row(i).collect()
    }

    /// out ← Qx.
    pub(super) fn image(&self, x: &[f64], out: &mut [f64]) {
        out.fill(0.0);
        self.add_image(1.0, x, out);
    }

    /// out ← out + α Qx.
    pub(super) fn add_image(&self, alpha: f64, x: &[f64], out: &mut [f64]) {
        let n = self.nrows();
        let columns = self.q.as_slice();
        dispatch(
            #[inline(always)]
            || {
                let (x4, rest) = x.as_chunks::<4>();
                let mut groups = columns.chunks_exact(4 * n);
                for (x, group) in x4.iter().zip(groups.by_ref()) {
                    let column = |j: usize| &group[j * n..(j + 1) * n];
                    axpy4(x.map(|x| alpha * x), [column(0), column(1), column(2), column(3)], out);
                }
                for (x, column) in rest.iter().zip(groups.remainder().chunks_exact(n)) {
                    axpy(alpha * x, column, out);
                }
            },
        );
    }

    /// out ← Qᵀu.
    pub(super) fn adjoint(&self, u: &[f64], out: &mut [f64]) {
        let n = self.nrows();
        let columns = self.q.as_slice();
        dispatch(
            #[inline(always)]
            || {
                let (out4, rest) = out.as_chunks_mut::<4>();
                let mut groups = columns.chunks_exact(4 * n);
                for (out, group) in out4.iter_mut().zip(groups.by_ref()) {
                    let column = |j: usize| &group[j * n..(j + 1) * n];
                    *out = dot4([column(0), column(1), column(2), column(3)], u);
                }
                for (out, column) in rest.iter_mut().zip(groups.remainder().chunks_exact(n)) {
                    *out = dot(column, u);
                }
            },
        );
    }

    /// Qᵀ diag(ω) Q and Qᵀ diag(ω) b.
    pub(super) fn normal_equations(&self, weights: &[f64], b: &[f64], equations: &mut NormalEquations) {
        let gathered =
            Gathered { rows: &self.rows, indices: &self.indices, values: b, weights: Some(weights) };
        equations.form(&gathered);
    }

    /// ‖u‖_p* with 1/p + 1/p* = 1.
    fn dual_norm(&self, u: &[f64]) -> f64 {
        let largest = max_abs(u);
        if self.p == 1.0 || largest == 0.0 || !largest.is_finite() {
            return largest;
        }
        let conjugate = self.p / (self.p - 1.0);
        let scaled: Vec<f64> = u.iter().map(|u| u / largest).collect();
        largest * sum_of_powers(&scaled, conjugate).powf(1.0 / conjugate)
    }

    /// Takes u to the nearest v with Qᵀv = λc, λ = cᵀQᵀu/cᵀc, and says (‖v‖_p*/λ)ᵖ, an upper bound of max |cᵀx|ᵖ/‖Qx‖ₚᵖ;
    /// ∞ if λ ≤ 0.
    pub(super) fn dual_bound(&self, c: &[f64], u: &mut [f64]) -> f64 {
        let mut g = vec![0.0; self.rank()];
        self.adjoint(u, &mut g);
        let lambda = inner(&g, c) / inner(c, c);
        g.iter_mut().zip(c).for_each(|(g, c)| *g -= lambda * c);
        self.add_image(-1.0, &g, u);
        let value = (self.dual_norm(u) / lambda).powf(self.p);
        if lambda > 0.0 && value.is_finite() { value } else { f64::INFINITY }
    }
}

impl Bounds {
    /// Nothing known but σ ≤ `upper`; σ of the vector asked for is `scale` times that of the one iterated with.
    pub(super) fn new(scale: f64, upper: f64) -> Self {
        Self { scale, interval: Interval { lower: 0.0, upper } }
    }

    /// ‖Qx‖ₚᵖ at a point of cᵀx = 1.
    pub(super) fn primal(&mut self, power_sum: f64) {
        let lower = self.scale / power_sum;
        if lower.is_finite() {
            self.interval.lower = self.interval.lower.max(lower);
        }
    }

    /// [`Program::dual_bound`].
    pub(super) fn dual(&mut self, bound: f64) {
        let upper = self.scale * bound;
        self.interval.upper = self.interval.upper.min(upper.max(f64::MIN_POSITIVE));
    }

    /// lower ≤ σ ≤ upper.
    pub(super) fn interval(&self) -> Interval {
        let Interval { lower, upper } = self.interval;
        Interval { lower: lower.min(upper), upper: upper.max(lower) }
    }
}

pub(super) fn inner(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

pub(super) fn max_abs(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()))
}

use nalgebra::DVector;

use super::LpRegressionError as Error;
use super::LpRegressionRecord as Record;
use super::bounded_dual::{BoundedDual, SaddlePoint};
use super::norm::sum;
use crate::linalg::{adjoint_multiply, multiply};

/// The rows whose signs are open, and those of the others.
#[derive(Clone, Debug)]
pub(super) struct Band<'a> {
    problem: &'a BoundedDual<'a>,
    /// ‖yᵢ‖₂.
    norms: &'a [f64],
    x: DVector<f64>,
    /// sign(bᵢ − yᵢᵀx) where it is fixed, 0 in the band.
    signs: DVector<f64>,
    /// b − Yx.
    residual: DVector<f64>,
    /// Rows of the band, ascending.
    rows: Vec<usize>,
    /// Whether every row that is not zero is in the band.
    is_whole: bool,
}

impl<'a> Band<'a> {
    /// The `size` rows with the least residuals beside their norms at x.
    pub(super) fn around(
        problem: &'a BoundedDual<'a>,
        norms: &'a [f64],
        x: DVector<f64>,
        size: usize,
    ) -> Self {
        let signs = DVector::zeros(norms.len());
        let residual = problem.b - multiply(problem.rows, &x);
        let mut this = Self { problem, norms, x, signs, residual, rows: Vec::new(), is_whole: false };
        this.choose(size);
        this
    }

    fn choose(&mut self, size: usize) {
        let n = self.norms.len();
        // A row of zeros has a residual of its own, whatever x is.
        let ratio = |i: usize| match self.norms[i] {
            0.0 => f64::INFINITY,
            norm => self.residual[i].abs() / norm,
        };
        let ratios: Vec<f64> = (0..n).map(ratio).collect();
        let mut order = ratios.clone();
        let threshold = *order.select_nth_unstable_by(size.min(n) - 1, f64::total_cmp).1;
        self.rows = (0..n).filter(|&i| ratios[i] <= threshold && self.norms[i] > 0.0).collect();
        self.is_whole = size >= n;
        self.signs = self.residual.map(sign);
        self.rows.iter().for_each(|&i| self.signs[i] = 0.0);
    }

    /// The solution of the whole problem. Where the band has none, x was not near: the rows of unknown sign are at least
    /// twice as many. Rows that prove to have the other sign join them.
    pub(super) fn solve(
        mut self,
        max_iterations: usize,
        history: &mut Vec<Record>,
    ) -> Result<SaddlePoint, Error> {
        loop {
            let inner = self.solve_band(max_iterations, history)?;
            if !inner.is_optimal && !self.is_whole {
                self.choose(2 * self.rows.len() + 1);
                continue;
            }
            self.x.copy_from(&inner.x);
            self.residual = self.problem.b - multiply(self.problem.rows, &self.x);
            let open = |i: &usize| self.signs[*i] * self.residual[*i] < 0.0;
            let wrong: Vec<usize> = (0..self.norms.len()).filter(open).collect();
            if wrong.is_empty() {
                let mut u = self.signs;
                self.rows.iter().zip(inner.u.iter()).for_each(|(&i, &value)| u[i] = value);
                return Ok(SaddlePoint { x: self.x, u, is_optimal: inner.is_optimal });
            }
            if 4 * wrong.len() > self.rows.len() {
                self.choose(2 * self.rows.len() + 1);
            } else {
                wrong.iter().for_each(|&i| self.signs[i] = 0.0);
                self.rows.extend(wrong);
                self.rows.sort_unstable();
            }
        }
    }

    /// The problem of the band, Yᵀu = c − Σ signᵢyᵢ over the other rows.
    fn solve_band(&self, max_iterations: usize, history: &mut Vec<Record>) -> Result<SaddlePoint, Error> {
        let whole = self.problem;
        let rows = whole.rows.select_rows(&self.rows);
        let b = whole.b.select_rows(&self.rows);
        let c = whole.c - adjoint_multiply(whole.rows, &self.signs);
        let offset = whole.offset + sum(whole.b.len(), |i| self.signs[i] * whole.b[i]);
        let problem = BoundedDual { rows: &rows, b: &b, c: &c, offset };
        problem.solve(&self.x, max_iterations, history)
    }
}

/// −1, 0 or 1.
fn sign(value: f64) -> f64 {
    if value == 0.0 { 0.0 } else { value.signum() }
}

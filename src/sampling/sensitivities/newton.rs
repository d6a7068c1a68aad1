//! Newton's method for min ‖Qx‖ₚᵖ over cᵀx = 1, 2 < p < ∞.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::program::{Bounds, Program, inner, max_abs};
use crate::linalg::{NormalEquations, powers, sum_of_powers, sum_of_powers_along};

/// Halvings of a step before the iteration counts as stalled.
const HALVINGS: usize = 40;
/// η, the least |r| that weighs, as a share of the largest.
const FLOOR: f64 = 1e-12;
/// Share of the trace added to the diagonal of QᵀΩQ.
const RIDGE: f64 = 1e-14;

/// The iterate x with its residuals r = Qx.
#[derive(Debug)]
pub(super) struct Newton<'a> {
    program: &'a Program<'a>,
    c: Vec<f64>,
    x: Vec<f64>,
    r: Vec<f64>,
    power_sum: f64,
    weights: Vec<f64>,
    target: Vec<f64>,
    dual: Vec<f64>,
    equations: NormalEquations,
}

impl<'a> Newton<'a> {
    /// From x with cᵀx = 1 and largest |Qx| about 1.
    pub(super) fn new(program: &'a Program<'a>, c: Vec<f64>, x: Vec<f64>) -> Self {
        let n = program.nrows();
        let mut r = vec![0.0; n];
        program.image(&x, &mut r);
        let power_sum = sum_of_powers(&r, program.exponent());
        let zeros = || vec![0.0; n];
        let equations = NormalEquations::zeros(program.rank());
        Self { program, c, x, r, power_sum, weights: zeros(), target: zeros(), dual: zeros(), equations }
    }

    /// One step; false if no step lowers ‖Qx‖ₚᵖ.
    ///
    /// The weights ω = |r|^(p−2) give z = (QᵀΩQ)⁻¹c, the point x′ = z/cᵀz of reweighted least squares and the dual point
    /// ΩQx′, which is feasible. Newton's step is 1/(p − 1) of the way to x′.
    pub(super) fn step(&mut self, bounds: &mut Bounds) -> bool {
        let p = self.program.exponent();
        bounds.primal(self.power_sum);
        self.weigh();
        let Some(x) = self.reweighted_least_squares() else { return false };
        self.program.image(&x, &mut self.target);
        self.bound(bounds);
        let direction: Vec<f64> = x.iter().zip(&self.x).map(|(to, from)| to - from).collect();
        self.target.iter_mut().zip(&self.r).for_each(|(to, from)| *to -= from);
        let first = 1.0 / (p - 1.0);
        let moved = self.search(first, &direction);
        bounds.primal(self.power_sum);
        moved
    }

    /// ω = max(|r|, η max|r|)^(p − 2).
    fn weigh(&mut self) {
        let p = self.program.exponent();
        let floor = FLOOR * max_abs(&self.r);
        self.target.iter_mut().zip(&self.r).for_each(|(out, r)| *out = r.abs().max(floor));
        powers(&self.target, p - 2.0, &mut self.weights);
    }

    fn reweighted_least_squares(&mut self) -> Option<Vec<f64>> {
        self.program.normal_equations(&self.weights, &self.r, &mut self.equations);
        let z = factor(&self.equations, self.c.len())?.solve(&DVector::from_column_slice(&self.c));
        let scale = inner(z.as_slice(), &self.c);
        (scale > 0.0 && scale.is_finite()).then(|| z.iter().map(|z| z / scale).collect())
    }

    fn bound(&mut self, bounds: &mut Bounds) {
        for ((u, weight), to) in self.dual.iter_mut().zip(&self.weights).zip(&self.target) {
            *u = weight * to;
        }
        bounds.dual(self.program.dual_bound(&self.c, &mut self.dual));
    }

    /// The first of t, t/2, t/4, … that lowers ‖Q(x + t dx)‖ₚᵖ is taken.
    fn search(&mut self, first: f64, direction: &[f64]) -> bool {
        let p = self.program.exponent();
        let mut t = first;
        for _ in 0..HALVINGS {
            let power_sum = sum_of_powers_along(&self.r, t, &self.target, p);
            if power_sum < self.power_sum {
                self.x.iter_mut().zip(direction).for_each(|(x, dx)| *x += t * dx);
                let scale = 1.0 / inner(&self.x, &self.c);
                self.x.iter_mut().for_each(|x| *x *= scale);
                self.program.image(&self.x, &mut self.r);
                self.power_sum = sum_of_powers(&self.r, p);
                return true;
            }
            t *= 0.5;
        }
        false
    }
}

/// The Cholesky factor of a Gram matrix with a ridge at rounding level.
pub(super) fn factor(equations: &NormalEquations, order: usize) -> Option<Cholesky<f64, Dyn>> {
    let mut gram = DMatrix::from_fn(order, order, |i, j| equations.gram(i.min(j), i.max(j)));
    let ridge = RIDGE * gram.trace() / order as f64;
    (0..order).for_each(|i| gram[(i, i)] += ridge);
    gram.cholesky()
}

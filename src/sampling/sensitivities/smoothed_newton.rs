//! A primal-dual Newton method for min ‖Qx‖ₚᵖ over cᵀx = 1 with p near 1.

use nalgebra::DVector;

use super::newton::factor;
use super::program::{Bounds, Program, inner};
use crate::linalg::{NormalEquations, powers, sum_of_powers};

/// Halvings of a step before the iteration counts as stalled.
const HALVINGS: usize = 30;
/// ε at the start, where the largest |Qx| is 1, and what a step taken in full leaves of it.
const FIRST: f64 = 0.1;
const SHRINKAGE: f64 = 0.15;
/// Below this ε is left alone.
const SMALLEST: f64 = 1e-12;

/// |r|ᵖ is smoothed to (r² + ε²)^(p/2), ε → 0, and the dual point u is an unknown of its own: for p near 1 the power
/// |r|^(p−1) tells next to nothing of it where r is small. Newton's method for
///
///   w(r) u = r,  r = Qx,  Qᵀu = λc,  cᵀx = 1,  w(r) = (r² + ε²)^(1−p/2)
///
/// as T. Chan, G. Golub and P. Mulet do for p = 1 (SIAM J. Sci. Comput. 20, 1999). A full step leaves u dual feasible.
#[derive(Debug)]
pub(super) struct SmoothedNewton<'a> {
    program: &'a Program<'a>,
    c: Vec<f64>,
    x: Vec<f64>,
    r: Vec<f64>,
    u: Vec<f64>,
    epsilon: f64,
    /// r² + ε².
    squares: Vec<f64>,
    /// 1/w = (r² + ε²)^(p/2−1).
    inverse: Vec<f64>,
    weights: Vec<f64>,
    image: Vec<f64>,
    dual: Vec<f64>,
    equations: NormalEquations,
}

impl<'a> SmoothedNewton<'a> {
    /// From x with cᵀx = 1 and largest |Qx| about 1.
    pub(super) fn new(program: &'a Program<'a>, c: Vec<f64>, x: Vec<f64>) -> Self {
        let zeros = || vec![0.0; program.nrows()];
        let mut r = zeros();
        program.image(&x, &mut r);
        Self {
            program,
            c,
            x,
            r,
            u: zeros(),
            epsilon: FIRST,
            squares: zeros(),
            inverse: zeros(),
            weights: zeros(),
            image: zeros(),
            dual: zeros(),
            equations: NormalEquations::zeros(program.rank()),
        }
    }

    /// One step and its certificates; false if none lowers the smoothed power sum.
    pub(super) fn step(&mut self, bounds: &mut Bounds) -> bool {
        let p = self.program.exponent();
        self.smooth();
        let Some(dx) = self.direction() else { return false };
        self.program.image(&dx, &mut self.image);
        self.dual_step();
        self.dual.copy_from_slice(&self.u);
        bounds.dual(self.program.dual_bound(&self.c, &mut self.dual));
        let taken = self.search(&dx);
        bounds.primal(sum_of_powers(&self.r, p));
        if taken == Some(1.0) || taken.is_none() {
            self.epsilon *= SHRINKAGE;
        }
        self.epsilon > SMALLEST
    }

    fn smooth(&mut self) {
        let (p, square) = (self.program.exponent(), self.epsilon * self.epsilon);
        self.squares.iter_mut().zip(&self.r).for_each(|(out, r)| *out = r * r + square);
        powers(&self.squares, p / 2.0 - 1.0, &mut self.inverse);
    }

    /// dx = H⁻¹(dλ c − Qᵀ(r/w)) with cᵀdx = 0, H = Qᵀ diag(k) Q, k = (1 − w′u)/w held within [(p − 1)/w, 1/w].
    fn direction(&mut self) -> Option<Vec<f64>> {
        let p = self.program.exponent();
        let parts = self.weights.iter_mut().zip(&self.inverse).zip(&self.squares).zip(&self.r).zip(&self.u);
        for ((((weight, inverse), square), r), u) in parts {
            // w′u = (2 − p) r u (r² + ε²)^(−p/2).
            let slope = (2.0 - p) * r * u / (square * inverse);
            *weight = inverse * (1.0 - slope.clamp(0.0, 2.0 - p));
        }
        self.program.normal_equations(&self.weights, &self.r, &mut self.equations);
        let order = self.c.len();
        self.dual
            .iter_mut()
            .zip(&self.r)
            .zip(&self.inverse)
            .for_each(|((out, r), inverse)| *out = r * inverse);
        let mut gradient = vec![0.0; order];
        self.program.adjoint(&self.dual, &mut gradient);
        let factor = factor(&self.equations, order)?;
        let along_c = factor.solve(&DVector::from_column_slice(&self.c));
        let along_gradient = factor.solve(&DVector::from_vec(gradient));
        let step = inner(along_gradient.as_slice(), &self.c) / inner(along_c.as_slice(), &self.c);
        let dx: Vec<f64> = along_gradient.iter().zip(&along_c).map(|(g, c)| step * c - g).collect();
        dx.iter().all(|value| value.is_finite()).then_some(dx)
    }

    /// u + du = r/w + k Q dx.
    fn dual_step(&mut self) {
        let parts = self.u.iter_mut().zip(&self.r).zip(&self.inverse).zip(&self.weights).zip(&self.image);
        for ((((u, r), inverse), weight), image) in parts {
            *u = r * inverse + weight * image;
        }
    }

    /// The first of 1, 1/2, 1/4, … that lowers Σ(r² + ε²)^(p/2).
    fn search(&mut self, dx: &[f64]) -> Option<f64> {
        let (half, square) = (self.program.exponent() / 2.0, self.epsilon * self.epsilon);
        let before = sum_of_powers(&self.squares, half);
        let mut t = 1.0;
        for _ in 0..HALVINGS {
            let moved = self.r.iter().zip(&self.image).map(|(r, dr)| r + t * dr);
            self.squares.iter_mut().zip(moved).for_each(|(out, r)| *out = r * r + square);
            if sum_of_powers(&self.squares, half) < before {
                self.x.iter_mut().zip(dx).for_each(|(x, dx)| *x += t * dx);
                let scale = 1.0 / inner(&self.x, &self.c);
                self.x.iter_mut().for_each(|x| *x *= scale);
                self.program.image(&self.x, &mut self.r);
                return Some(t);
            }
            t *= 0.5;
        }
        None
    }
}

//! A primal-dual interior-point method for min ‖Qx‖₁ over cᵀx = 1.

use nalgebra::{Cholesky, DVector, Dyn};

use super::newton::factor;
use super::program::{Bounds, Program, inner, max_abs};
use crate::linalg::{NormalEquations, dispatch};

/// Share of the way to the boundary that a step may go.
const TO_BOUNDARY: f64 = 0.9995;
/// Largest |u| of the first dual point.
const INSIDE: f64 = 0.9;
/// Of the mean |Qx|, what both s⁺ and s⁻ get at the start.
const ROOM: f64 = 0.1;
/// A step this short in both is none.
const SHORTEST: f64 = 1e-8;

/// Qx = s⁺ − s⁻ with s± > 0, and |u| < 1; on the central path s⁺(1 − u) = s⁻(1 + u) = μ.
#[derive(Debug)]
pub(super) struct InteriorPoint<'a> {
    program: &'a Program<'a>,
    c: Vec<f64>,
    x: Vec<f64>,
    r: Vec<f64>,
    at: Point,
    predictor: Point,
    corrector: Point,
    /// θ = 1/(s⁺/(1 − u) + s⁻/(1 + u)).
    weights: Vec<f64>,
    right: Vec<f64>,
    image: Vec<f64>,
    equations: NormalEquations,
}

/// s⁺, s⁻ and u, or a direction in them.
#[derive(Debug)]
struct Point {
    plus: Vec<f64>,
    minus: Vec<f64>,
    u: Vec<f64>,
}

impl Point {
    fn zeros(n: usize) -> Self {
        Self { plus: vec![0.0; n], minus: vec![0.0; n], u: vec![0.0; n] }
    }

    /// Σ s⁺(1 − u) + s⁻(1 + u) a step along `by`, over 2n.
    fn complementarity(&self, by: &Self, primal: f64, dual: f64) -> f64 {
        let n = self.u.len();
        let (plus, minus, u) = (&self.plus[..n], &self.minus[..n], &self.u[..n]);
        let (dplus, dminus, du) = (&by.plus[..n], &by.minus[..n], &by.u[..n]);
        let sum: f64 = (0..n)
            .map(|j| {
                let u = u[j] + dual * du[j];
                (plus[j] + primal * dplus[j]) * (1.0 - u) + (minus[j] + primal * dminus[j]) * (1.0 + u)
            })
            .sum();
        sum / (2 * n) as f64
    }

    /// How far s± and u may go along `by` before one of them meets its bound, at most 1.
    fn step_lengths(&self, by: &Self) -> (f64, f64) {
        let n = self.u.len();
        let (plus, minus, u) = (&self.plus[..n], &self.minus[..n], &self.u[..n]);
        let (dplus, dminus, du) = (&by.plus[..n], &by.minus[..n], &by.u[..n]);
        // The inverse of a length is the largest of ratios, without a branch.
        let (mut primal, mut dual) = ([1.0_f64; 8], [1.0_f64; 8]);
        dispatch(
            #[inline(always)]
            || {
                for j in 0..n {
                    let lane = j % 8;
                    let ratio = (-dplus[j] / plus[j]).max(-dminus[j] / minus[j]);
                    primal[lane] = primal[lane].max(ratio);
                    dual[lane] = dual[lane].max((du[j] / (1.0 - u[j])).max(-du[j] / (1.0 + u[j])));
                }
            },
        );
        let length = |inverse: [f64; 8]| 1.0 / inverse.into_iter().fold(1.0, f64::max);
        (length(primal), length(dual))
    }

    fn advance(&mut self, by: &Self, primal: f64, dual: f64) {
        add(&mut self.plus, primal, &by.plus);
        add(&mut self.minus, primal, &by.minus);
        add(&mut self.u, dual, &by.u);
    }
}

fn add(to: &mut [f64], t: f64, by: &[f64]) {
    to.iter_mut().zip(by).for_each(|(to, by)| *to += t * by);
}

impl<'a> InteriorPoint<'a> {
    /// From x with cᵀx = 1 and largest |Qx| about 1.
    pub(super) fn new(program: &'a Program<'a>, c: Vec<f64>, x: Vec<f64>) -> Self {
        let n = program.nrows();
        let zeros = || vec![0.0; n];
        let (mut r, mut at) = (zeros(), Point::zeros(n));
        program.image(&x, &mut r);
        program.image(&c, &mut at.u);
        let scale = INSIDE / max_abs(&at.u);
        at.u.iter_mut().for_each(|u| *u *= scale);
        let room = ROOM * r.iter().map(|r| r.abs()).sum::<f64>() / n as f64;
        at.plus = r.iter().map(|r| r.max(0.0) + room).collect();
        at.minus = r.iter().map(|r| (-r).max(0.0) + room).collect();
        Self {
            program,
            c,
            x,
            r,
            at,
            predictor: Point::zeros(n),
            corrector: Point::zeros(n),
            weights: zeros(),
            right: zeros(),
            image: zeros(),
            equations: NormalEquations::zeros(program.rank()),
        }
    }

    /// One predictor-corrector step (S. Mehrotra, SIAM J. Optim. 2, 1992); false if it cannot be taken.
    pub(super) fn step(&mut self, bounds: &mut Bounds) -> bool {
        let mut predictor = std::mem::replace(&mut self.predictor, Point::zeros(0));
        let mut corrector = std::mem::replace(&mut self.corrector, Point::zeros(0));
        let moved = self.predict_and_correct(&mut predictor, &mut corrector);
        (self.predictor, self.corrector) = (predictor, corrector);
        self.bound(bounds);
        moved.unwrap_or(false)
    }

    fn predict_and_correct(&mut self, predictor: &mut Point, corrector: &mut Point) -> Option<bool> {
        let dual_residual = self.dual_residual();
        self.weigh();
        self.residuals(0.0, None);
        self.program.normal_equations(&self.weights, &self.right, &mut self.equations);
        let order = self.c.len();
        let factor = factor(&self.equations, order)?;
        let along_c = factor.solve(&DVector::from_column_slice(&self.c));
        let right = DVector::from_fn(order, |a, _| self.equations.right(a) + dual_residual[a]);
        self.direction(&factor, &along_c, right, predictor)?;
        self.complete(0.0, None, predictor);
        let (primal, dual) = self.at.step_lengths(predictor);
        let gap = self.at.complementarity(predictor, 0.0, 0.0);
        let predicted = self.at.complementarity(predictor, primal, dual);
        let mu = (predicted / gap).powi(3) * gap;

        self.residuals(mu, Some(predictor));
        let mut right = vec![0.0; order];
        let weighted: Vec<f64> = self.weights.iter().zip(&self.right).map(|(w, e)| w * e).collect();
        self.program.adjoint(&weighted, &mut right);
        let right = DVector::from_fn(order, |a, _| right[a] + dual_residual[a]);
        let dx = self.direction(&factor, &along_c, right, corrector)?;
        self.complete(mu, Some(predictor), corrector);
        let (primal, dual) = self.at.step_lengths(corrector);
        self.at.advance(corrector, TO_BOUNDARY * primal, TO_BOUNDARY * dual);
        add(&mut self.x, TO_BOUNDARY * primal, &dx);
        let scale = 1.0 / inner(&self.x, &self.c);
        self.x.iter_mut().for_each(|x| *x *= scale);
        self.program.image(&self.x, &mut self.r);
        Some(primal.max(dual) > SHORTEST)
    }

    /// ‖Qx‖₁ and the dual value of u.
    fn bound(&mut self, bounds: &mut Bounds) {
        bounds.primal(self.r.iter().map(|r| r.abs()).sum());
        self.image.copy_from_slice(&self.at.u);
        bounds.dual(self.program.dual_bound(&self.c, &mut self.image));
    }

    /// λc − Qᵀu for the λ nearest to Qᵀu = λc.
    fn dual_residual(&self) -> Vec<f64> {
        let mut g = vec![0.0; self.c.len()];
        self.program.adjoint(&self.at.u, &mut g);
        let lambda = inner(&g, &self.c) / inner(&self.c, &self.c);
        self.c.iter().zip(&g).map(|(c, g)| lambda * c - g).collect()
    }

    fn weigh(&mut self) {
        let n = self.weights.len();
        let (plus, minus, u) = (&self.at.plus[..n], &self.at.minus[..n], &self.at.u[..n]);
        let weights = &mut self.weights[..n];
        dispatch(
            #[inline(always)]
            || {
                for j in 0..n {
                    weights[j] = 1.0 / (plus[j] / (1.0 - u[j]) + minus[j] / (1.0 + u[j]));
                }
            },
        );
    }

    /// e of du = θ(Q dx − e), for the direction to s⁺(1 − u) = s⁻(1 + u) = μ with the second-order terms of another.
    fn residuals(&mut self, mu: f64, other: Option<&Point>) {
        let n = self.right.len();
        let (right, u, r) = (&mut self.right[..n], &self.at.u[..n], &self.r[..n]);
        dispatch(
            #[inline(always)]
            || match other {
                None => right.iter_mut().zip(r).for_each(|(right, r)| *right = -r),
                Some(by) => {
                    let (dplus, dminus, du) = (&by.plus[..n], &by.minus[..n], &by.u[..n]);
                    for j in 0..n {
                        let (plus, minus) = (mu + dplus[j] * du[j], mu - dminus[j] * du[j]);
                        right[j] = plus / (1.0 - u[j]) - minus / (1.0 + u[j]) - r[j];
                    }
                }
            },
        );
    }

    /// dx = H⁻¹(t + dλ c) with cᵀdx = 0, H = QᵀΘQ; Q dx goes to `image` and du to `out`.
    fn direction(
        &mut self,
        factor: &Cholesky<f64, Dyn>,
        along_c: &DVector<f64>,
        mut t: DVector<f64>,
        out: &mut Point,
    ) -> Option<Vec<f64>> {
        factor.solve_mut(&mut t);
        let step = inner(t.as_slice(), &self.c) / inner(along_c.as_slice(), &self.c);
        let dx: Vec<f64> = t.iter().zip(along_c).map(|(t, c)| t - step * c).collect();
        if !dx.iter().all(|value| value.is_finite()) {
            return None;
        }
        self.program.image(&dx, &mut self.image);
        for (((u, weight), image), right) in
            out.u.iter_mut().zip(&self.weights).zip(&self.image).zip(&self.right)
        {
            *u = weight * (image - right);
        }
        Some(dx)
    }

    /// ds± that belong to `out.u`.
    fn complete(&self, mu: f64, other: Option<&Point>, out: &mut Point) {
        let n = self.right.len();
        let (plus, minus, u) = (&self.at.plus[..n], &self.at.minus[..n], &self.at.u[..n]);
        let (dplus, dminus, du) = (&mut out.plus[..n], &mut out.minus[..n], &out.u[..n]);
        dispatch(
            #[inline(always)]
            || {
                for j in 0..n {
                    let (second_plus, second_minus) = match other {
                        None => (0.0, 0.0),
                        Some(by) => (by.plus[j] * by.u[j], -by.minus[j] * by.u[j]),
                    };
                    dplus[j] = (mu + second_plus + plus[j] * du[j]) / (1.0 - u[j]) - plus[j];
                    dminus[j] = (mu + second_minus - minus[j] * du[j]) / (1.0 + u[j]) - minus[j];
                }
            },
        );
    }
}

use nalgebra::{DMatrix, DVector};

use super::LpRegressionError as Error;
use super::interior_point::factor;
use super::norm::{fill, largest_magnitude, lp_norm, power, sum};
use super::power_line_search::power_line_search;
use super::{LpRegressionRecord as Record, LpRegressionSettings as Settings};
use crate::linalg::{Cholesky, adjoint_multiply, gram, multiply, weighted_gram};

/// Least weight, beside the largest.
const LEAST_WEIGHT: f64 = 1e-13;
/// Decrease of the norm at which an exponent on the way gives way to the next.
const STAGE_DECREASE: f64 = 3e-2;
/// Iterations without a better gap, and without [`PROGRESS`] of the norm, after which the method gives up.
const IDLE_LIMIT: usize = 12;
/// Relative decrease of ‖v‖ₛ in a step that counts as progress.
const PROGRESS: f64 = 1e-9;

/// The best points of both sides of min ‖b − Yx‖ₚ = max {bᵀu : Yᵀu = 0, ‖u‖_q ≤ 1}, 1/p + 1/q = 1.
#[derive(Clone, Debug)]
pub(super) struct PrimalDual {
    pub(super) x: DVector<f64>,
    pub(super) u: DVector<f64>,
}

/// min ‖b − Yx‖ₚ for 1 < p < ∞, by Newton's method on the side whose exponent s = max(p, q) is at least 2.
///
/// For p ≥ 2 the iterate is v = b − Yx, an affine space; for p < 2 it is v = u in {Yᵀu = 0, bᵀu = 1}; ‖v‖ₛ is to be least.
/// Weights h = |v|^(p−2), or |v|^(2−q), give a weighted least-squares problem whose residual r and h·r are a primal and a
/// dual point, hence a gap, and whose difference to v is s − 1 times the Newton step. The step is taken to the minimum on
/// the line. Large s is reached by doubling s from 4.
///
/// An iteration costs one weighted Gram matrix, a Cholesky factorization of order r and five products with Y.
pub(super) fn reweighted_least_squares(
    rows: &DMatrix<f64>,
    b: &DVector<f64>,
    p: f64,
    settings: &Settings,
    history: &mut Vec<Record>,
) -> Result<Option<PrimalDual>, Error> {
    let conjugate = p / (p - 1.0);
    let Some(plain) = factor(gram(rows)) else { return Ok(None) };
    let mut state = State { rows, b, p, conjugate, plain, best: None, objective: f64::INFINITY, bound: 0.0 };
    let Some(first) = state.weighted(&DVector::from_element(b.len(), 1.0)) else { return Ok(None) };
    let target = p.max(conjugate);
    let (mut s, mut v) = (4.0_f64.min(target), state.side(&first.residual, &first.residual));
    let mut idle = 0;
    for _ in 0..settings.max_iterations {
        let norm = lp_norm(v.as_slice(), s);
        let Some(solved) = state.weighted(&weights(&v, s, p >= 2.0)) else { break };
        let improved = state.record(&solved, history);
        if state.relative_gap() <= settings.relative_gap {
            break;
        }
        if idle >= IDLE_LIMIT {
            break;
        }
        let direction = state.side(&solved.residual, &solved.dual) - &v;
        v.axpy(power_line_search(v.as_slice(), direction.as_slice(), s), &direction, 1.0);
        if p < 2.0 {
            state.make_feasible(&mut v);
        }
        let next = lp_norm(v.as_slice(), s);
        idle = if improved || s < target || next < (1.0 - PROGRESS) * norm { 0 } else { idle + 1 };
        if p < 2.0 {
            state.offer_dual(&v);
        }
        if s < target && next >= (1.0 - STAGE_DECREASE) * norm {
            s = (2.0 * s).min(target);
        }
    }
    Ok(state.best.map(|(x, u)| PrimalDual { x, u }))
}

/// h: |v|^(s−2) on the primal side, |v|^(2−s) on the dual one, in units of the largest, none below [`LEAST_WEIGHT`].
fn weights(v: &DVector<f64>, s: f64, primal: bool) -> DVector<f64> {
    let largest = largest_magnitude(v.as_slice());
    let mut weights = DVector::zeros(v.len());
    let weight = |i: usize| {
        let relative = power(v[i].abs() / largest, s - 2.0).max(LEAST_WEIGHT);
        if primal { relative } else { LEAST_WEIGHT / relative }
    };
    fill(weights.as_mut_slice(), weight);
    weights
}

/// A weighted least-squares solution.
struct Solved {
    x: DVector<f64>,
    /// r = b − Yx.
    residual: DVector<f64>,
    /// h·r, with Yᵀ(h·r) = 0.
    dual: DVector<f64>,
}

struct State<'a> {
    rows: &'a DMatrix<f64>,
    b: &'a DVector<f64>,
    p: f64,
    conjugate: f64,
    /// Of YᵀY.
    plain: Cholesky,
    best: Option<(DVector<f64>, DVector<f64>)>,
    objective: f64,
    bound: f64,
}

impl State<'_> {
    /// The side that is iterated on, from a residual and a dual point: r, or u with bᵀu = 1.
    fn side(&self, residual: &DVector<f64>, dual: &DVector<f64>) -> DVector<f64> {
        if self.p >= 2.0 { residual.clone() } else { dual / dual.dot(residual) }
    }

    fn weighted(&self, weights: &DVector<f64>) -> Option<Solved> {
        let cholesky = factor(weighted_gram(self.rows, weights.as_slice()))?;
        let mut x = self.solve(&cholesky, weights, self.b);
        // A second pass: the weights make the system ill-conditioned.
        let rest = self.b - multiply(self.rows, &x);
        x += self.solve(&cholesky, weights, &rest);
        let residual = self.b - multiply(self.rows, &x);
        let dual = residual.component_mul(weights);
        Some(Solved { x, residual, dual })
    }

    fn solve(&self, cholesky: &Cholesky, weights: &DVector<f64>, b: &DVector<f64>) -> DVector<f64> {
        cholesky.solve_vector(&adjoint_multiply(self.rows, &b.component_mul(weights)))
    }

    /// Keeps what is better than before; whether the gap fell.
    fn record(&mut self, solved: &Solved, history: &mut Vec<Record>) -> bool {
        let before = self.relative_gap();
        let objective = lp_norm(solved.residual.as_slice(), self.p);
        let pairing = sum(self.b.len(), |i| solved.dual[i] * solved.residual[i]);
        let bound = pairing / lp_norm(solved.dual.as_slice(), self.conjugate);
        let (x, u) = self.best.get_or_insert_with(|| (solved.x.clone(), solved.dual.clone()));
        if objective < self.objective {
            (self.objective, *x) = (objective, solved.x.clone());
        }
        if bound > self.bound {
            (self.bound, *u) = (bound, solved.dual.clone());
        }
        let relative_gap = self.relative_gap();
        history.push(Record { rows: self.b.len(), objective: self.objective, relative_gap });
        relative_gap < before
    }

    /// v ← v − Y(YᵀY)⁻¹Yᵀv, over bᵀv: rounding of the weighted solves leaves Yᵀv off zero.
    fn make_feasible(&self, v: &mut DVector<f64>) {
        let inside = self.plain.solve_vector(&adjoint_multiply(self.rows, v));
        *v -= multiply(self.rows, &inside);
        *v /= v.dot(self.b);
    }

    /// Keeps the dual point v, bᵀv = 1, where its bound 1/‖v‖_q is better than the one before.
    fn offer_dual(&mut self, v: &DVector<f64>) {
        let bound = lp_norm(v.as_slice(), self.conjugate).recip();
        if let Some((_, u)) = &mut self.best
            && bound > self.bound
        {
            self.bound = bound;
            u.copy_from(v);
        }
    }

    fn relative_gap(&self) -> f64 {
        if self.objective.is_finite() { (self.objective - self.bound) / self.objective } else { 1.0 }
    }
}

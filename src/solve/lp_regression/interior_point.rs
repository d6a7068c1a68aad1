use nalgebra::{DMatrix, DVector};

use super::LpRegressionRecord as Record;
use super::bounded_dual::{BoundedDual, NearPoint};
use super::norm::{median_and_mean_magnitude, median_magnitude, sum};
use crate::linalg::{Cholesky, adjoint_multiply, multiply, weighted_gram};

/// Share of the way to the boundary that a step may take.
const STEP_SHARE: f64 = 0.9995;
/// Least residual, relative to the median one, from which the start is centred.
const CENTRING: f64 = 1e-3;
/// Gap, beside the residuals but for the largest, from which the descent along edges takes few of them.
const NEAR_VERTEX: f64 = 1e-4;
/// Iterations without a smaller gap after which the descent along edges takes over: where a few residuals dwarf the rest the
/// gap rises for dozens of iterations, as Yᵀu nears c, before it falls.
const PATIENCE: usize = 8;

/// Mehrotra's predictor and corrector on Yᵀu = c, (1 + u)z⁻ = μ, (1 − u)z⁺ = μ, b − Yx = z⁺ − z⁻, from x = `start` to where
/// a vertex is near or nothing more is gained.
///
/// An iteration costs one weighted Gram matrix, a Cholesky factorization of order r and four products with Y. Source:
/// S. Portnoy and R. Koenker, "The Gaussian hare and the Laplacian tortoise", Statist. Sci. 12 (1997), §5.
pub(super) fn interior_point(
    problem: &BoundedDual<'_>,
    start: &DVector<f64>,
    max_iterations: usize,
    history: &mut Vec<Record>,
) -> NearPoint {
    let mut point = Iterate::start(problem, start);
    let mut best = point.clone();
    let (mut least, mut idle) = (f64::INFINITY, 0);
    for _ in 0..max_iterations {
        let objective = problem.objective(&point.x, &point.residual);
        let gap = point.gap(objective);
        history.push(Record { rows: problem.b.len(), objective, relative_gap: gap / objective });
        if gap < least {
            (least, idle) = (gap, 0);
            best.clone_from(&point);
        } else {
            idle += 1;
        }
        if least <= NEAR_VERTEX * point.scale() || idle >= PATIENCE || !point.step(problem) {
            break;
        }
    }
    let u = best.u.map(|u| u.clamp(-1.0, 1.0));
    NearPoint { weights: best.weights(), x: best.x, u }
}

/// Row by row, what an iteration carries.
#[derive(Clone, Debug)]
struct Iterate {
    x: DVector<f64>,
    /// b − Yx.
    residual: DVector<f64>,
    u: DVector<f64>,
    /// c − Yᵀu.
    defect: DVector<f64>,
    /// 1 + u and 1 − u.
    slack: [DVector<f64>; 2],
    /// z⁻ and z⁺.
    multiplier: [DVector<f64>; 2],
}

/// A direction of an [`Iterate`].
struct Direction {
    x: DVector<f64>,
    /// YΔx.
    image: DVector<f64>,
    u: DVector<f64>,
    multiplier: [DVector<f64>; 2],
}

impl Iterate {
    /// The point of the central path that has the residuals of `start`, but for Yᵀu = c: 2μu/(1 − u²) = bᵢ − yᵢᵀx.
    fn start(problem: &BoundedDual<'_>, start: &DVector<f64>) -> Self {
        let residual = problem.b - multiply(problem.rows, start);
        let (median, mean) = median_and_mean_magnitude(residual.as_slice());
        let mu = median.max(CENTRING * mean).max(f64::MIN_POSITIVE.sqrt());
        let u = residual.map(|value| value / (mu + mu.hypot(value)));
        let room =
            |sign: f64| residual.map(|value| (mu + mu.hypot(value) + sign * value) / (mu + mu.hypot(value)));
        let slack = [room(1.0), room(-1.0)];
        let multiplier = [
            residual.map(|value| 0.5 * (mu + mu.hypot(value) - value)),
            residual.map(|value| 0.5 * (mu + mu.hypot(value) + value)),
        ];
        let defect = problem.c - adjoint_multiply(problem.rows, &u);
        Self { x: start.clone(), residual, u, defect, slack, multiplier }
    }

    /// Σ(|rᵢ| − uᵢrᵢ) + 2‖c − Yᵀu‖ · objective, term by term without cancellation: a minimiser x̂ has
    /// ‖Y(x̂ − x)‖₂ ≤ 2 · objective.
    fn gap(&self, objective: f64) -> f64 {
        let term = |i: usize| {
            let value = self.residual[i];
            let room = if value >= 0.0 { self.slack[1][i] } else { self.slack[0][i] };
            value.abs() * room
        };
        sum(self.residual.len(), term) + 2.0 * self.defect.norm() * objective.abs()
    }

    /// The sum of residuals, but for the few that dwarf the rest: as many times the median.
    fn scale(&self) -> f64 {
        median_magnitude(self.residual.as_slice()) * self.residual.len() as f64
    }

    /// W = (z⁻/(1 + u) + z⁺/(1 − u))⁻¹: large where a residual goes to zero.
    fn weights(&self) -> DVector<f64> {
        let ratio = |side: usize, i: usize| self.multiplier[side][i] / self.slack[side][i];
        DVector::from_fn(self.u.len(), |i, _| 1.0 / (ratio(0, i) + ratio(1, i)))
    }

    /// One predictor and corrector; false where nothing can be gained.
    fn step(&mut self, problem: &BoundedDual<'_>) -> bool {
        let n = self.u.len();
        let weights = self.weights();
        let Some(factor) = factor(weighted_gram(problem.rows, weights.as_slice())) else { return false };
        let zero = [DVector::zeros(n), DVector::zeros(n)];
        let predictor = self.direction(problem, &weights, &factor, &zero);
        let (dual, primal) = self.step_lengths(&predictor, 1.0);
        let mu = self.complementarity();
        let after = self.complementarity_after(&predictor, dual, primal);
        let target = mu * (after / mu).powi(3);
        let correction = [
            DVector::from_fn(n, |i, _| target - predictor.u[i] * predictor.multiplier[0][i]),
            DVector::from_fn(n, |i, _| target + predictor.u[i] * predictor.multiplier[1][i]),
        ];
        let corrector = self.direction(problem, &weights, &factor, &correction);
        let (dual, primal) = self.step_lengths(&corrector, STEP_SHARE);
        if !(dual.is_finite() && primal.is_finite()) || dual.max(primal) < 1e-10 {
            return false;
        }
        self.advance(problem, &corrector, dual, primal);
        true
    }

    /// The Newton direction towards products slack·multiplier equal to `products`.
    fn direction(
        &self,
        problem: &BoundedDual<'_>,
        weights: &DVector<f64>,
        factor: &Cholesky,
        products: &[DVector<f64>; 2],
    ) -> Direction {
        let n = self.u.len();
        let [low, high] = &self.slack;
        let [below, above] = &self.multiplier;
        let pull =
            DVector::from_fn(n, |i, _| self.residual[i] + products[0][i] / low[i] - products[1][i] / high[i]);
        let right = adjoint_multiply(problem.rows, &pull.component_mul(weights)) - &self.defect;
        let mut x = factor.solve_vector(&right);
        let mut image = multiply(problem.rows, &x);
        let mut u = (&pull - &image).component_mul(weights);
        // One refinement: what is left of YᵀΔu = c − Yᵀu.
        let rest = adjoint_multiply(problem.rows, &u) - &self.defect;
        let correction = factor.solve_vector(&rest);
        let moved = multiply(problem.rows, &correction);
        x += correction;
        u -= moved.component_mul(weights);
        image += moved;
        let multiplier = [
            DVector::from_fn(n, |i, _| (products[0][i] - below[i] * u[i]) / low[i] - below[i]),
            DVector::from_fn(n, |i, _| (products[1][i] + above[i] * u[i]) / high[i] - above[i]),
        ];
        Direction { x, image, u, multiplier }
    }

    /// The steps (in u, in x and z) that `share` of the way to the boundary allows, at most 1.
    fn step_lengths(&self, direction: &Direction, share: f64) -> (f64, f64) {
        let (mut dual, mut primal) = (f64::INFINITY, f64::INFINITY);
        for i in 0..self.u.len() {
            let du = direction.u[i];
            let room = if du < 0.0 { self.slack[0][i] } else { self.slack[1][i] };
            dual = dual.min(room / du.abs());
            for side in 0..2 {
                let dz = direction.multiplier[side][i];
                if dz < 0.0 {
                    primal = primal.min(self.multiplier[side][i] / -dz);
                }
            }
        }
        ((share * dual).min(1.0), (share * primal).min(1.0))
    }

    fn complementarity(&self) -> f64 {
        let pairs = self.slack.iter().zip(&self.multiplier);
        pairs.map(|(slack, multiplier)| slack.dot(multiplier)).sum::<f64>() / (2 * self.u.len()) as f64
    }

    fn complementarity_after(&self, direction: &Direction, dual: f64, primal: f64) -> f64 {
        let term = |i: usize| {
            let step = dual * direction.u[i];
            (self.slack[0][i] + step) * (self.multiplier[0][i] + primal * direction.multiplier[0][i])
                + (self.slack[1][i] - step) * (self.multiplier[1][i] + primal * direction.multiplier[1][i])
        };
        sum(self.u.len(), term) / (2 * self.u.len()) as f64
    }

    fn advance(&mut self, problem: &BoundedDual<'_>, direction: &Direction, dual: f64, primal: f64) {
        self.x.axpy(primal, &direction.x, 1.0);
        self.residual.axpy(-primal, &direction.image, 1.0);
        self.u.axpy(dual, &direction.u, 1.0);
        self.slack[0].axpy(dual, &direction.u, 1.0);
        self.slack[1].axpy(-dual, &direction.u, 1.0);
        for (multiplier, step) in self.multiplier.iter_mut().zip(&direction.multiplier) {
            multiplier.axpy(primal, step, 1.0);
        }
        self.defect = problem.c - adjoint_multiply(problem.rows, &self.u);
    }
}

/// The Cholesky factor of the matrix or, where it is singular to rounding, of it and the least ridge that makes it definite.
pub(super) fn factor(mut gram: DMatrix<f64>) -> Option<Cholesky> {
    let order = gram.nrows();
    let mut ridge = f64::EPSILON * gram.trace() / order as f64;
    for _ in 0..6 {
        if let Ok(cholesky) = Cholesky::new(&gram) {
            return Some(cholesky);
        }
        (0..order).for_each(|j| gram[(j, j)] += ridge);
        ridge *= 100.0;
    }
    None
}

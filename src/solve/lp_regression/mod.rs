//! min (Σᵢ wᵢ|aᵢᵀx − bᵢ|ᵖ)^(1/p) over x, for 1 ≤ p < ∞, with a duality gap.

use nalgebra::{DMatrix, DVector};

use super::{Report, Status};
use crate::linalg::{PowerOfTwo, adjoint_multiply, multiply};

mod band;
mod bounded_dual;
mod edge_descent;
mod edge_minimum;
mod error;
mod interior_point;
mod least_absolute_deviations;
mod nearest_basis;
mod norm;
mod power_line_search;
mod problem;
mod reweighted_least_squares;
mod settings;
mod solution;
mod whitened;

pub use error::LpRegressionError;
pub use problem::LpRegression;
pub use settings::{LpRegressionRecord, LpRegressionSettings};
pub use solution::LpSolution;

use bounded_dual::BoundedDual;
use least_absolute_deviations::least_absolute_deviations;
use norm::{largest_magnitude, lp_norm, sum};
use reweighted_least_squares::reweighted_least_squares;
use whitened::Whitened;

/// Objective beside ‖b‖ that is no more than rounding.
const EXACT_FIT: f64 = 4.0 * f64::EPSILON;
/// Distance of p from 2 at which least squares answers to rounding.
const LEAST_SQUARES_DISTANCE: f64 = 1e-12;

/// argmin (Σᵢ wᵢ|aᵢᵀx − bᵢ|ᵖ)^(1/p) over x ∈ ℝᵈ, with a lower bound on the minimum.
///
/// p = 1 by descent along edges to an optimal vertex, from where an interior point method on the dual comes if A has more
/// than 16 columns, on a small part of the rows where there are many; p = 2 by orthogonal coordinates; else by Newton's
/// method on the problem (p > 2) or on its dual (p < 2), one weighted least-squares problem an iteration. The answer does
/// not depend on the number of threads. [`Status::Stagnated`] says that rounding or the method left a gap larger than the
/// one asked for; the gap is valid all the same, as all are to the rounding of b − Ax, about 2⁻⁵²‖|A||x|‖ₚ. p between 1 and 1.1, and above 12, can end so, or at the limit on iterations. At p = 1 the gap of the
/// vertex is rounding, also where residuals or rows span many orders of magnitude; it exceeds the one asked for where the
/// residuals are hardly more than rounding of b.
///
/// An iteration costs nd² flops for n rows; at p = 1 those of (nd)^(2/3) rows or so, and a few passes over all.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::solve::{LpRegression, LpRegressionSettings, Status, lp_regression};
///
/// // A line through four of five points: least absolute deviations do not see the fifth.
/// let a = dmatrix![1.0, 0.0; 1.0, 1.0; 1.0, 2.0; 1.0, 3.0; 1.0, 4.0];
/// let b = dvector![1.0, 3.0, 5.0, 70.0, 9.0];
/// let report = lp_regression(&LpRegression::new(&a, &b, 1.0)?, &LpRegressionSettings::default())?;
/// assert_eq!(report.status, Status::Converged);
/// assert!((&report.solution.x - dvector![1.0, 2.0]).norm() < 1e-6);
/// assert!((report.solution.dual_bound - 63.0).abs() < 1e-6); // no line has a smaller sum of residuals
/// # Ok::<(), proofsketch::solve::LpRegressionError>(())
/// ```
///
/// # Errors
/// [`LpRegressionError::Setting`] for a setting out of its range; [`LpRegressionError::Overflow`] where a number of the
/// answer exceeds the largest there is.
pub fn lp_regression(
    problem: &LpRegression<'_>,
    settings: &LpRegressionSettings,
) -> Result<Report<LpSolution, LpRegressionRecord>, LpRegressionError> {
    settings.check()?;
    let (a, b) = problem.unweighted();
    let mut b = b.into_owned();
    let unit = PowerOfTwo::normalising(b.as_slice());
    if let Some(unit) = unit {
        unit.multiply(b.as_mut_slice());
    }
    let mut history = Vec::new();
    let p = problem.norm_exponent();
    let saddle = match Whitened::new(&a)? {
        Some(whitened) => Saddle::find(&whitened, &a, &b, p, settings, &mut history)?,
        None => Saddle::trivial(&a, &b, p),
    };
    let status = saddle.status(settings, history.len());
    let solution = saddle.into_solution(problem, unit)?;
    Ok(Report { solution, status, history })
}

/// A primal and a dual point in units of b.
struct Saddle {
    x: DVector<f64>,
    u: DVector<f64>,
    objective: f64,
    bound: f64,
    rank: usize,
    is_exact: bool,
}

impl Saddle {
    fn find(
        whitened: &Whitened,
        a: &DMatrix<f64>,
        b: &DVector<f64>,
        p: f64,
        settings: &LpRegressionSettings,
        history: &mut Vec<LpRegressionRecord>,
    ) -> Result<Self, LpRegressionError> {
        let y = whitened.least_squares(b)?;
        let residual = b - multiply(&whitened.rows, &y);
        let certify = |y: &DVector<f64>, u: DVector<f64>| Self::certified(whitened, a, b, p, y, u);
        let least_squares = certify(&y, residual);
        if least_squares.is_exact || (p - 2.0).abs() <= LEAST_SQUARES_DISTANCE {
            return Ok(least_squares);
        }
        if p == 1.0 {
            let zero = DVector::zeros(y.len());
            let problem = BoundedDual { rows: &whitened.rows, b, c: &zero, offset: 0.0 };
            let saddle = least_absolute_deviations(&problem, &y, settings.max_iterations, history)?;
            return Ok(certify(&saddle.x, saddle.u));
        }
        let found = reweighted_least_squares(&whitened.rows, b, p, settings, history)?;
        Ok(found.map_or(least_squares, |found| certify(&found.x, found.u)))
    }

    /// A = 0: x = 0 and the dual of ‖b‖ₚ.
    fn trivial(a: &DMatrix<f64>, b: &DVector<f64>, p: f64) -> Self {
        let objective = lp_norm(b.as_slice(), p);
        let mut u = dual_direction(b, p);
        normalise(&mut u, p);
        let x = DVector::zeros(a.ncols());
        Self { x, u, objective, bound: objective, rank: 0, is_exact: objective == 0.0 }
    }

    /// The bound that u gives: for every x̂, ‖b − Ax̂‖ ≥ uᵀ(b − Ax) − (Aᵀu)ᵀ(x̂ − x) where ‖u‖_q = 1, and a minimiser x̂ has
    /// ‖A(x̂ − x)‖₂ ≤ n^max(0, 1/2 − 1/p)·2‖b − Ax‖ₚ.
    fn certified(
        whitened: &Whitened,
        a: &DMatrix<f64>,
        b: &DVector<f64>,
        p: f64,
        y: &DVector<f64>,
        mut u: DVector<f64>,
    ) -> Self {
        let x = whitened.coefficients(y);
        let residual = b - multiply(a, &x);
        let objective = lp_norm(residual.as_slice(), p);
        normalise(&mut u, p);
        let pairing = sum(u.len(), |i| u[i] * residual[i]);
        let reach = (b.len() as f64).powf((0.5 - 1.0 / p).max(0.0)) * 2.0 * objective;
        let bound = (pairing - whitened.dual_norm(&adjoint_multiply(a, &u)) * reach).max(0.0);
        let is_exact = objective <= EXACT_FIT * (b.len() as f64).sqrt() * lp_norm(b.as_slice(), p);
        Self { x, u, objective, bound, rank: whitened.rows.ncols(), is_exact }
    }

    fn status(&self, settings: &LpRegressionSettings, iterations: usize) -> Status {
        if self.is_exact || self.objective - self.bound <= settings.relative_gap * self.objective {
            Status::Converged
        } else if iterations >= settings.max_iterations {
            Status::IterationLimit
        } else {
            Status::Stagnated
        }
    }

    /// The solution in the units of the problem.
    fn into_solution(
        mut self,
        problem: &LpRegression<'_>,
        unit: Option<PowerOfTwo>,
    ) -> Result<LpSolution, LpRegressionError> {
        let mut values = [self.objective, self.bound];
        if let Some(unit) = unit {
            unit.divide(&mut values);
            unit.divide(self.x.as_mut_slice());
        }
        if let Some(scales) = problem.scales() {
            self.u.component_mul_assign(&scales);
        }
        let [objective, dual_bound] = values;
        if !self.x.iter().all(|entry| entry.is_finite()) {
            return Err(LpRegressionError::Overflow { what: "a coefficient" });
        }
        if !objective.is_finite() {
            return Err(LpRegressionError::Overflow { what: "the objective" });
        }
        Ok(LpSolution { x: self.x, objective, dual_bound, dual: self.u, rank: self.rank })
    }
}

/// sign(r)|r|^(p−1), for which uᵀr = ‖u‖_q‖r‖ₚ.
fn dual_direction(residual: &DVector<f64>, p: f64) -> DVector<f64> {
    let largest = largest_magnitude(residual.as_slice());
    if largest == 0.0 {
        return residual.clone();
    }
    let power = |value: f64| match value {
        0.0 => 0.0,
        value => value.signum() * (value.abs() / largest).powf(p - 1.0),
    };
    residual.map(power)
}

/// u ← u/‖u‖_q, or into the unit box at p = 1.
fn normalise(u: &mut DVector<f64>, p: f64) {
    let norm = lp_norm(u.as_slice(), p / (p - 1.0));
    if norm > 0.0 {
        *u /= norm;
    }
}

use nalgebra::{DMatrix, DVector};

use super::LpRegressionRecord as Record;
use super::bounded_dual::{BoundedDual, SaddlePoint};
use super::edge_minimum::{Crossing, edge_minimum};
use super::norm::{fill, median_and_mean_magnitude};
use crate::linalg::{adjoint_multiply, multiply};
use crate::random::{StreamKey, uniform_unit};

/// How far beyond the unit box rounding may put a dual value.
const OUTSIDE: f64 = 1e-11;
/// Edges between two factorizations of the basis.
const FRESH: usize = 64;
/// Least |yᵢᵀd| beside ‖yᵢ‖‖d‖ at which a row may enter the basis.
const LEAST_PIVOT: f64 = 1e-11;
/// Size of the perturbation of every entry of b, beside the median of |b − Yx|, or beside its mean where that is zero.
const PERTURBATION: f64 = 1e-12;

/// Descent from vertex to vertex of Σᵢ|bᵢ − yᵢᵀx| + cᵀx: a vertex interpolates r independent rows, the basis, and its dual
/// point is u = sign(b − Yx) off the basis and, on it, the λ that Yᵀu = c leaves. It is optimal where |λⱼ| ≤ 1 for all j.
/// Else row j leaves the basis and x goes along the edge that frees it, past rows that change sign, to the least objective
/// on the edge; the row interpolated there enters.
///
/// A vertex that interpolates more than r rows could trap the walk: b is perturbed so that there is none, by so little that
/// the dual point proves the vertex of b itself optimal to rounding. An edge costs one product with Y. Source: I. Barrodale
/// and F. Roberts, "An improved algorithm for discrete l₁ linear approximation", SIAM J. Numer. Anal. 10 (1973).
#[derive(Clone, Debug)]
pub(super) struct EdgeDescent<'a> {
    problem: &'a BoundedDual<'a>,
    /// b with its perturbation.
    target: DVector<f64>,
    /// ‖yᵢ‖₂.
    norms: Vec<f64>,
    basis: Vec<usize>,
    /// Inverse of the rows of the basis: its columns are the edges.
    inverse: DMatrix<f64>,
    residual: DVector<f64>,
    /// sign(b − Yx) off the basis, 0 on it.
    signs: DVector<f64>,
    /// c − Yᵀ signs.
    rest: DVector<f64>,
}

impl<'a> EdgeDescent<'a> {
    /// The vertex of a basis; `None` where its rows are dependent.
    pub(super) fn new(problem: &'a BoundedDual<'a>, basis: Vec<usize>) -> Option<Self> {
        let (nrows, rank) = problem.rows.shape();
        let mut this = Self {
            problem,
            target: problem.b.clone(),
            norms: problem.row_norms(),
            basis,
            inverse: DMatrix::zeros(rank, rank),
            residual: DVector::zeros(nrows),
            signs: DVector::zeros(nrows),
            rest: DVector::zeros(rank),
        };
        if !this.refresh() {
            return None;
        }
        this.perturb();
        this.refresh().then_some(this)
    }

    fn perturb(&mut self) {
        let (median, mean) = median_and_mean_magnitude(self.residual.as_slice());
        let size = PERTURBATION * if median > 0.0 { median } else { mean };
        let mut rng = StreamKey::from_seed(2).named("lp regression").block(0);
        self.target.iter_mut().for_each(|entry| *entry += size * (2.0 * uniform_unit(&mut rng) - 1.0));
    }

    /// Walks to an optimal vertex, to an edge along which the objective falls for ever, as it does where Yᵀu = c has no
    /// solution in the box, or to the end of `end` records, one for every r edges.
    pub(super) fn walk(mut self, end: usize, history: &mut Vec<Record>) -> SaddlePoint {
        let (mut edges, mut is_fresh) = (0, true);
        loop {
            let values = self.dual_values();
            let Some(leaving) = self.steepest(&values) else {
                if is_fresh {
                    if history.len() < end {
                        history.push(self.record(&values));
                    }
                    return self.saddle_point(&values, true);
                }
                is_fresh = self.refresh();
                if is_fresh { continue } else { break }
            };
            if edges % values.len() == 0 {
                if history.len() >= end {
                    break;
                }
                history.push(self.record(&values));
            }
            if !self.follow(leaving, values[leaving]) {
                break;
            }
            edges += 1;
            is_fresh = edges % FRESH == 0 && self.refresh();
        }
        let values = self.dual_values();
        self.saddle_point(&values, false)
    }

    /// λ.
    fn dual_values(&self) -> DVector<f64> {
        self.inverse.tr_mul(&self.rest)
    }

    /// The basis row whose edge falls most steeply: 1 − |λⱼ| over the length of the edge.
    fn steepest(&self, values: &DVector<f64>) -> Option<usize> {
        let steepness = |j: usize| (values[j].abs() - 1.0) / self.inverse.column(j).norm();
        (0..values.len())
            .filter(|&j| values[j].abs() > 1.0 + OUTSIDE)
            .max_by(|&i, &j| steepness(i).total_cmp(&steepness(j)))
    }

    /// To the least objective on the edge that frees row j of the basis; false where it has none.
    fn follow(&mut self, leaving: usize, value: f64) -> bool {
        let direction = self.inverse.column(leaving) * -value.signum();
        let slopes = multiply(self.problem.rows, &direction);
        let least = LEAST_PIVOT * direction.norm();
        let crossing = |row: usize| {
            let (slope, step) = (slopes[row], self.residual[row] / slopes[row]);
            let crosses = self.signs[row] * slope > 0.0 && slope.abs() > least * self.norms[row];
            crosses.then_some(Crossing { row, step: step.max(0.0), turn: 2.0 * slope.abs() })
        };
        let mut crossings: Vec<Crossing> = (0..slopes.len()).filter_map(crossing).collect();
        let Some(last) = edge_minimum(&mut crossings, value.abs() - 1.0) else { return false };
        let Crossing { row: entering, step, .. } = crossings[last];
        for crossed in &crossings[..last] {
            let sign = self.signs[crossed.row];
            self.rest.axpy(2.0 * sign, &self.problem.rows.row(crossed.row).transpose(), 1.0);
            self.signs[crossed.row] = -sign;
        }
        let residual = &self.residual;
        let mut moved = DVector::zeros(residual.len());
        fill(moved.as_mut_slice(), |i| residual[i] - step * slopes[i]);
        self.residual = moved;
        self.exchange(leaving, entering, value.signum());
        true
    }

    /// Row `leaving` of the basis gives way to row `entering` of Y, and gets the sign of its residual.
    fn exchange(&mut self, leaving: usize, entering: usize, sign: f64) {
        let left = std::mem::replace(&mut self.basis[leaving], entering);
        let row = |i: usize| self.problem.rows.row(i).transpose();
        self.rest.axpy(self.signs[entering], &row(entering), 1.0);
        self.rest.axpy(-sign, &row(left), 1.0);
        let weights = self.inverse.tr_mul(&row(entering));
        let edge = self.inverse.column(leaving) / weights[leaving];
        self.inverse.ger(-1.0, &edge, &weights, 1.0);
        self.inverse.set_column(leaving, &edge);
        (self.signs[entering], self.signs[left]) = (0.0, sign);
        self.residual[entering] = 0.0;
    }

    /// Computes all from the basis; false where its rows are dependent to rounding.
    fn refresh(&mut self) -> bool {
        let rows = self.problem.rows;
        let Some(inverse) = rows.select_rows(&self.basis).try_inverse() else { return false };
        self.inverse = inverse;
        self.residual = &self.target - multiply(rows, &self.interpolation(&self.target));
        self.signs = self.residual.map(|value| if value < 0.0 { -1.0 } else { 1.0 });
        for &i in &self.basis {
            (self.residual[i], self.signs[i]) = (0.0, 0.0);
        }
        self.rest = self.problem.c - adjoint_multiply(rows, &self.signs);
        self.inverse.iter().all(|entry| entry.is_finite())
    }

    /// The x with yᵢᵀx = bᵢ on the basis, refined once.
    fn interpolation(&self, b: &DVector<f64>) -> DVector<f64> {
        let square = self.problem.rows.select_rows(&self.basis);
        let right = b.select_rows(&self.basis);
        let x = &self.inverse * &right;
        let rest = right - square * &x;
        x + &self.inverse * rest
    }

    /// Of the whole problem the bound is the objective over max(1, |λⱼ|), which brings u into the box.
    fn record(&self, values: &DVector<f64>) -> Record {
        let objective = self.problem.objective(&self.interpolation(&self.target), &self.residual);
        let relative_gap = 1.0 - values.amax().max(1.0).recip();
        Record { rows: self.residual.len(), objective, relative_gap }
    }

    /// The vertex of b itself, with the dual point of the vertex of its perturbation.
    fn saddle_point(&self, values: &DVector<f64>, is_optimal: bool) -> SaddlePoint {
        let mut u = self.signs.clone();
        let inside = |value: f64| if is_optimal { value.clamp(-1.0, 1.0) } else { value };
        self.basis.iter().zip(values.iter()).for_each(|(&i, &value)| u[i] = inside(value));
        SaddlePoint { x: self.interpolation(self.problem.b), u, is_optimal }
    }
}

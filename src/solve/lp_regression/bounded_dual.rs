use nalgebra::{DMatrix, DVector};

use super::LpRegressionError as Error;
use super::LpRegressionRecord as Record;
use super::edge_descent::EdgeDescent;
use super::interior_point::interior_point;
use super::nearest_basis::nearest_basis;
use super::norm::sum;
use crate::linalg::{multiply, squared_row_norms};

/// Columns up to which the descent along edges needs no interior point method to come near.
const WALKED_COLUMNS: usize = 16;

/// min Σᵢ|bᵢ − yᵢᵀx| + cᵀx, of which the dual is max bᵀu over Yᵀu = c, |uᵢ| ≤ 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoundedDual<'a> {
    /// Y ∈ ℝᵐˣʳ.
    pub(super) rows: &'a DMatrix<f64>,
    /// b.
    pub(super) b: &'a DVector<f64>,
    /// c.
    pub(super) c: &'a DVector<f64>,
    /// What the objective of the whole problem has besides these sums: the scale of the gap.
    pub(super) offset: f64,
}

/// A primal and a dual point.
#[derive(Clone, Debug)]
pub(super) struct SaddlePoint {
    pub(super) x: DVector<f64>,
    /// |uᵢ| ≤ 1 where it is optimal; Yᵀu = c to rounding at every vertex.
    pub(super) u: DVector<f64>,
    pub(super) is_optimal: bool,
}

/// A point from which a basis can be chosen.
#[derive(Clone, Debug)]
pub(super) struct NearPoint {
    pub(super) x: DVector<f64>,
    pub(super) u: DVector<f64>,
    /// Large where yᵢᵀx is near bᵢ.
    pub(super) weights: DVector<f64>,
}

impl BoundedDual<'_> {
    /// The vertex at which the descent along edges from near `start` ends; for more than a few columns, from where an
    /// interior point method comes from `start`. Both together add at most `max_iterations` to the history.
    pub(super) fn solve(
        &self,
        start: &DVector<f64>,
        max_iterations: usize,
        history: &mut Vec<Record>,
    ) -> Result<SaddlePoint, Error> {
        let end = history.len() + max_iterations;
        let near = if self.rows.ncols() > WALKED_COLUMNS {
            interior_point(self, start, max_iterations, history)
        } else {
            self.near(start)
        };
        if history.len() < end
            && let Some(basis) = nearest_basis(self.rows, &near.weights)?
            && let Some(descent) = EdgeDescent::new(self, basis)
        {
            return Ok(descent.walk(end, history));
        }
        Ok(SaddlePoint { x: near.x, u: near.u, is_optimal: false })
    }

    fn near(&self, x: &DVector<f64>) -> NearPoint {
        let residual = self.b - multiply(self.rows, x);
        let weights = residual.map(|value| value.abs().recip());
        NearPoint { x: x.clone(), u: DVector::zeros(self.b.len()), weights }
    }

    /// ‖yᵢ‖₂ of every row.
    pub(super) fn row_norms(&self) -> Vec<f64> {
        squared_row_norms(self.rows).into_iter().map(f64::sqrt).collect()
    }

    /// The objective of the whole problem at x with b − Yx = `residual`.
    pub(super) fn objective(&self, x: &DVector<f64>, residual: &DVector<f64>) -> f64 {
        sum(residual.len(), |i| residual[i].abs()) + self.c.dot(x) + self.offset
    }
}

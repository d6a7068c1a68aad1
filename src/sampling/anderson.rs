use std::collections::VecDeque;

use nalgebra::{DMatrix, DVector};

use crate::linalg::{Cholesky, adjoint_product};

/// Steps remembered.
const DEPTH: usize = 5;
/// Share of its trace added to the diagonal of the Gram matrix of residual differences.
const RIDGE: f64 = 1e-14;

/// Anderson acceleration of a fixed-point iteration x ← x + θ·g(x).
///
/// The next x is x + θg − (ΔX + θΔG)γ, where ΔX and ΔG hold the last differences of x and of g, and γ minimises ‖g − ΔGγ‖₂
/// (H. Walker and P. Ni, "Anderson acceleration for fixed-point iterations", SIAM J. Numer. Anal. 49, 2011).
#[derive(Default)]
pub(super) struct Anderson {
    last: Option<(DVector<f64>, DVector<f64>)>,
    differences: VecDeque<(DVector<f64>, DVector<f64>)>,
}

impl Anderson {
    /// Forgets the steps taken.
    pub(super) fn restart(&mut self) {
        *self = Self::default();
    }

    /// The next x after `x`, where the residual is `g`.
    pub(super) fn next(&mut self, x: &DVector<f64>, g: &DVector<f64>, theta: f64) -> DVector<f64> {
        if let Some((last_x, last_g)) = &self.last {
            self.differences.push_back((x - last_x, g - last_g));
            if self.differences.len() > DEPTH {
                self.differences.pop_front();
            }
        }
        self.last = Some((x.clone(), g.clone()));
        let mut next = x + g * theta;
        if let Some(mix) = self.mix(g) {
            for ((dx, dg), &share) in self.differences.iter().zip(mix.iter()) {
                next.axpy(-share, dx, 1.0);
                next.axpy(-share * theta, dg, 1.0);
            }
        }
        next
    }

    /// γ; `None` before the second step, or where the differences are zero.
    fn mix(&self, g: &DVector<f64>) -> Option<DVector<f64>> {
        let columns: Vec<_> = self.differences.iter().map(|(_, dg)| dg.clone()).collect();
        if columns.is_empty() {
            return None;
        }
        let matrix = DMatrix::from_columns(&columns);
        let right = adjoint_product(&matrix, &DMatrix::from_column_slice(g.len(), 1, g.as_slice()));
        let mut normal = adjoint_product(&matrix, &matrix);
        let ridge = RIDGE * normal.trace();
        (0..normal.nrows()).for_each(|i| normal[(i, i)] += ridge);
        Some(Cholesky::new(&normal).ok()?.solve(&right).column(0).into_owned())
    }
}

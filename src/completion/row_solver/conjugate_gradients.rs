use std::ops::ControlFlow;

use nalgebra::DVector;

use super::{Effort, Regression};
use crate::solve::{CgSettings, preconditioned_cg};

impl Regression {
    /// Conjugate gradients on (AᵀA + diag λ) x = Aᵀb from `start`, AᵀA not formed: 2dk multiply-adds a step.
    pub(super) fn by_conjugate_gradients(&self, start: &[f64], steps: usize, tol: f64) -> (Vec<f64>, Effort) {
        let settings = CgSettings { relative_tolerance: tol, max_iterations: steps };
        let start = DVector::from_column_slice(start);
        let (right, apply) = (self.a.tr_mul(&self.b), |p: &DVector<f64>| self.normal_product(p));
        let go_on = |_: &_| ControlFlow::Continue(());
        let report = preconditioned_cg(apply, DVector::clone, &right, start, &settings, go_on);
        // Curvature that is not positive: A is singular to rounding.
        let Ok(report) = report else { return self.by_pivoted_qr() };
        let steps = report.iterations() as u64;
        let (d, k) = (self.degree() as u64, self.order() as u64);
        let effort = Effort { steps, multiply_adds: d * k + (steps + 1) * 2 * d * k + steps * 5 * k };
        (report.solution.as_slice().to_vec(), effort)
    }

    pub(super) fn normal_product(&self, p: &DVector<f64>) -> DVector<f64> {
        let penalty = DVector::from_iterator(p.len(), p.iter().zip(&self.ridge).map(|(p, ridge)| p * ridge));
        self.a.tr_mul(&(&self.a * p)) + penalty
    }
}

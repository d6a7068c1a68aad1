use std::ops::ControlFlow;

use nalgebra::{DMatrix, DVector};

use super::{Effort, Regression};
use crate::linalg::{Qr, solve_upper_triangular, solve_upper_triangular_transpose};
use crate::random::StreamKey;
use crate::sketch::{self, SketchDistribution, SketchFamily, SketchOperator};
use crate::solve::{CgSettings, preconditioned_cg};

/// ‖Bᵀr‖ ≤ this · ‖Bᵀb‖ ends the inner iteration.
const TOLERANCE: f64 = 1e-13;
/// Steps at most: the error falls by about c^(−1/2) a step.
const STEPS: usize = 200;

impl Regression {
    /// Conjugate gradients on B = A R⁻¹, SA = QR for a sketch S of c·k rows, from y = QᵀSb.
    pub(super) fn by_sketched_conjugate_gradients(
        &self,
        c: usize,
        kind: SketchFamily,
        key: StreamKey,
    ) -> Result<(Vec<f64>, Effort), sketch::Error> {
        let (d, k) = self.a.shape();
        let sketch = kind.distribution(c * k, d)?.sample(key);
        let (sa, sb) = self.with_ridge(sketch.sketch(&self.a), &sketch.sketch_vector(&self.b));
        let Ok(qr) = Qr::new(&sa) else { return Ok(self.by_pivoted_qr()) };
        let (r, start) = (qr.r(), qr.apply_q_transpose(&sb).column(0).into_owned());
        let column = |x: &DVector<f64>| DMatrix::from_column_slice(k, 1, x.as_slice());
        let undo =
            |y: &DVector<f64>| solve_upper_triangular(&r, &column(y)).map(|x| x.column(0).into_owned());
        let adjoint = |x: &DVector<f64>| {
            solve_upper_triangular_transpose(&r, &column(x)).map(|y| y.column(0).into_owned())
        };
        let Ok(right) = adjoint(&self.a.tr_mul(&self.b)) else { return Ok(self.by_pivoted_qr()) };
        let apply = |y: &DVector<f64>| {
            let image = undo(y).and_then(|x| adjoint(&self.normal_product(&x)));
            image.unwrap_or_else(|_| DVector::zeros(k))
        };
        let settings = CgSettings { relative_tolerance: TOLERANCE, max_iterations: STEPS };
        let go_on = |_: &_| ControlFlow::Continue(());
        let report = preconditioned_cg(apply, DVector::clone, &right, start, &settings, go_on);
        let Some((report, x)) =
            report.ok().and_then(|report| undo(&report.solution).ok().map(|x| (report, x)))
        else {
            return Ok(self.by_pivoted_qr());
        };
        let steps = report.iterations() as u64;
        let (d, k, rows) = (d as u64, k as u64, (c * k) as u64);
        let sketching = d * k * kind_nonzeros(kind, rows);
        let multiply_adds = sketching + rows * k * k + d * k + (steps + 1) * (2 * d * k + k * k);
        Ok((x.as_slice().to_vec(), Effort { steps, multiply_adds }))
    }

    /// (AᵀA + diag λ) p.
    fn normal_product(&self, p: &DVector<f64>) -> DVector<f64> {
        let penalty = DVector::from_iterator(p.len(), p.iter().zip(&self.ridge).map(|(p, ridge)| p * ridge));
        self.a.tr_mul(&(&self.a * p)) + penalty
    }

    fn with_ridge(&self, sa: DMatrix<f64>, sb: &DVector<f64>) -> (DMatrix<f64>, DMatrix<f64>) {
        let (rows, k) = sa.shape();
        let extra = if self.has_ridge() { k } else { 0 };
        let mut sa = sa.resize_vertically(rows + extra, 0.0);
        for j in 0..extra {
            sa[(rows + j, j)] = self.ridge[j].sqrt();
        }
        let mut right = DMatrix::zeros(rows + extra, 1);
        right.view_mut((0, 0), (rows, 1)).copy_from(sb);
        (sa, right)
    }
}

/// Multiply-adds for each entry of A that a sketch of `rows` rows costs.
fn kind_nonzeros(kind: SketchFamily, rows: u64) -> u64 {
    match kind {
        SketchFamily::SparseSign { nonzeros } => (nonzeros as u64).min(rows),
        SketchFamily::VerySparse { sparsity } => (rows as f64 / sparsity).ceil() as u64,
        SketchFamily::Srht | SketchFamily::SrhtWithReplacement | SketchFamily::Bgp => {
            u64::from(rows.next_power_of_two().ilog2())
        }
        _ => rows,
    }
}

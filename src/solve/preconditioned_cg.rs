use std::ops::ControlFlow;

use nalgebra::DVector;

use super::{Report, Status};
use crate::linalg::euclidean_norm;

/// When [`preconditioned_cg`] stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CgSettings {
    /// Stops when ‖b − A x‖₂ ≤ this · ‖b‖₂, by the recurrence for the residual.
    pub relative_tolerance: f64,
    /// The limit on iterations.
    pub max_iterations: usize,
}

impl Default for CgSettings {
    /// Tolerance 10⁻¹², 1000 iterations.
    fn default() -> Self {
        Self { relative_tolerance: 1e-12, max_iterations: 1000 }
    }
}

/// One iteration of conjugate gradients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CgRecord {
    /// ‖b − A x‖₂, by recurrence.
    pub residual_norm: f64,
    /// pᵀA p / pᵀp, the curvature along the direction p taken: a mean of eigenvalues of A.
    pub curvature: f64,
}

/// Why conjugate gradients have no answer.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CgError {
    /// pᵀA p / pᵀp or rᵀM⁻¹r / rᵀr is not positive: A or M is not positive definite, or holds a NaN.
    #[error("the {what} is not positive definite: curvature {curvature:e} at iteration {iteration}")]
    NotPositiveDefinite {
        /// "operator" or "preconditioner".
        what: &'static str,
        /// The offending curvature.
        curvature: f64,
        /// The iteration, from 0.
        iteration: usize,
    },
}

/// x with A x = b for symmetric positive definite A, by conjugate gradients preconditioned with M ≈ A.
///
/// `apply` is p ↦ A p, `precondition` is r ↦ M⁻¹ r, symmetric positive definite too; x starts at `start`. After k
/// steps the error in the A-norm is at most 2 ((√κ − 1)/(√κ + 1))ᵏ times the first, κ = cond(M⁻¹A) (Y. Saad,
/// *Iterative Methods for Sparse Linear Systems*, 2nd ed., Algorithm 9.1 and §6.11.3).
///
/// ```
/// use std::ops::ControlFlow;
/// use nalgebra::{DVector, dmatrix, dvector};
/// use proofsketch::solve::{CgSettings, Status, preconditioned_cg};
///
/// let a = dmatrix![4.0, 1.0; 1.0, 3.0];
/// let (b, zero) = (dvector![1.0, 2.0], dvector![0.0, 0.0]);
/// let jacobi = |r: &DVector<f64>| dvector![r[0] / 4.0, r[1] / 3.0];
/// let report = preconditioned_cg(|p| &a * p, jacobi, &b, zero, &CgSettings::default(), |_| ControlFlow::Continue(()))?;
/// assert_eq!(report.status, Status::Converged);
/// assert!((&a * report.solution - b).norm() < 1e-12);
/// # Ok::<(), proofsketch::solve::CgError>(())
/// ```
///
/// # Errors
/// [`CgError::NotPositiveDefinite`] with the curvature and the iteration.
///
/// # Panics
/// If b, the start or a product differ in length.
pub fn preconditioned_cg(
    mut apply: impl FnMut(&DVector<f64>) -> DVector<f64>,
    mut precondition: impl FnMut(&DVector<f64>) -> DVector<f64>,
    b: &DVector<f64>,
    start: DVector<f64>,
    settings: &CgSettings,
    mut observe: impl FnMut(&CgRecord) -> ControlFlow<()>,
) -> Result<Report<DVector<f64>, CgRecord>, CgError> {
    let target = settings.relative_tolerance * euclidean_norm(b.as_slice());
    let mut x = start;
    let mut r = b - apply(&x);
    let mut history = Vec::new();
    let report = |solution, status, history| Ok(Report { solution, status, history });
    // In units of the first residual, so that no square of a norm overflows or vanishes.
    let unit = euclidean_norm(r.as_slice());
    if unit <= target {
        return report(x, Status::Converged, history);
    }
    r /= unit;
    let mut z = precondition(&r);
    let mut p = z.clone();
    let mut rho = positive(r.dot(&z), r.norm_squared(), "preconditioner", 0)?;
    for iteration in 0..settings.max_iterations {
        let image = apply(&p);
        let curvature = positive(p.dot(&image), p.norm_squared(), "operator", iteration)?;
        let step = rho / curvature;
        x.axpy(step * unit, &p, 1.0);
        r.axpy(-step, &image, 1.0);
        let residual_norm = r.norm() * unit;
        let record = CgRecord { residual_norm, curvature: curvature / p.norm_squared() };
        history.push(record);
        let stop = observe(&record).is_break();
        if record.residual_norm <= target {
            return report(x, Status::Converged, history);
        }
        if stop {
            return report(x, Status::Interrupted, history);
        }
        z = precondition(&r);
        let rho_next = positive(r.dot(&z), r.norm_squared(), "preconditioner", iteration + 1)?;
        p = &z + p * (rho_next / rho);
        rho = rho_next;
    }
    report(x, Status::IterationLimit, history)
}

/// `form` = vᵀK v, unless it is not positive.
fn positive(form: f64, square: f64, what: &'static str, iteration: usize) -> Result<f64, CgError> {
    if form > 0.0 {
        Ok(form)
    } else {
        Err(CgError::NotPositiveDefinite { what, curvature: form / square, iteration })
    }
}

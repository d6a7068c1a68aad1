use std::ops::ControlFlow;

use nalgebra::DVector;

use super::{Report, Status};
use crate::linalg::{LinearOperator, euclidean_norm};

/// When [`lsqr`] stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LsqrSettings {
    /// atol: the relative error of the entries of A. Stops when ‖Aᵀr‖ ≤ atol ‖A‖_F ‖r‖.
    pub matrix_tolerance: f64,
    /// btol: the relative error of the entries of b. Stops when ‖r‖ ≤ btol ‖b‖ + atol ‖A‖_F ‖x‖.
    pub right_hand_side_tolerance: f64,
    /// conlim: stops, [`Stagnated`](Status::Stagnated), when the estimate of cond(A) exceeds this.
    pub condition_limit: f64,
    /// The limit on iterations.
    pub max_iterations: usize,
}

impl Default for LsqrSettings {
    /// Both tolerances 10⁻¹², condition limit 10¹⁴, 1000 iterations.
    fn default() -> Self {
        Self {
            matrix_tolerance: 1e-12,
            right_hand_side_tolerance: 1e-12,
            condition_limit: 1e14,
            max_iterations: 1000,
        }
    }
}

/// What LSQR's recurrences estimate after an iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LsqrRecord {
    /// ‖r‖₂, r = b − A x.
    pub residual_norm: f64,
    /// ‖Aᵀr‖₂.
    pub normal_residual_norm: f64,
    /// ‖A‖_F of the part of A seen so far.
    pub matrix_norm: f64,
    /// The condition number of the part of A seen so far.
    pub condition: f64,
    /// ‖x‖₂.
    pub solution_norm: f64,
}

/// argmin ‖A x − b‖₂ by LSQR, known only by products with A and Aᵀ.
///
/// From x = 0; of several minimisers the one of least norm. In exact arithmetic the iterates are those of conjugate
/// gradients on AᵀA x = Aᵀb. `observe` sees each record as it is made and may stop the iteration. One product with A
/// and one with Aᵀ an iteration.
///
/// Source: C. Paige and M. Saunders, "LSQR: An algorithm for sparse linear equations and sparse least squares", ACM
/// Trans. Math. Softw. 8 (1982), §5 (estimates) and §6 (stopping tests 1 to 3).
///
/// ```
/// use std::ops::ControlFlow;
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::solve::{LsqrSettings, Status, lsqr};
///
/// let a = dmatrix![1.0, 0.0; 1.0, 1.0; 1.0, 2.0];
/// let b = dvector![1.0, 3.0, 5.0];
/// let report = lsqr(&a, &b, &LsqrSettings::default(), |_| ControlFlow::Continue(()));
/// assert_eq!(report.status, Status::Converged);
/// assert!((report.solution - dvector![1.0, 2.0]).norm() < 1e-10);
/// ```
///
/// # Panics
/// If b has another length than A has rows.
pub fn lsqr(
    a: &dyn LinearOperator,
    b: &DVector<f64>,
    settings: &LsqrSettings,
    mut observe: impl FnMut(&LsqrRecord) -> ControlFlow<()>,
) -> Report<DVector<f64>, LsqrRecord> {
    let mut history = Vec::new();
    let (mut lsqr, mut status) = (Iteration::start(a, b), None);
    if lsqr.alpha == 0.0 {
        status = Some(Status::Converged); // Aᵀb = 0: x = 0 is a minimiser.
    }
    while status.is_none() && history.len() < settings.max_iterations {
        let record = lsqr.step(a);
        history.push(record);
        status = settings.test(&record, &lsqr);
        if observe(&record).is_break() && status.is_none() {
            status = Some(Status::Interrupted);
        }
    }
    Report { solution: lsqr.x, status: status.unwrap_or(Status::IterationLimit), history }
}

impl LsqrSettings {
    fn test(&self, record: &LsqrRecord, iteration: &Iteration) -> Option<Status> {
        let LsqrRecord { residual_norm, matrix_norm, condition, solution_norm, .. } = *record;
        let backward_error = self.matrix_tolerance * matrix_norm;
        let allowed = self.right_hand_side_tolerance * iteration.right_hand_side_norm;
        if residual_norm <= allowed + backward_error * solution_norm || iteration.slope <= backward_error {
            return Some(Status::Converged);
        }
        (condition > self.condition_limit).then_some(Status::Stagnated)
    }
}

/// The state of the Golub–Kahan bidiagonalisation and of the QR factorization of its bidiagonal, in the paper's
/// letters.
#[derive(Clone, Debug)]
struct Iteration {
    x: DVector<f64>,
    w: DVector<f64>,
    u: DVector<f64>,
    v: DVector<f64>,
    alpha: f64,
    rho_bar: f64,
    phi_bar: f64,
    right_hand_side_norm: f64,
    /// ‖Aᵀr‖/‖r‖.
    slope: f64,
    /// (Σ αᵢ² + βᵢ₊₁²)^½, the Frobenius norm of the bidiagonal.
    matrix_norm: f64,
    /// (Σ ‖wᵢ/ρᵢ‖²)^½, the Frobenius norm of the pseudoinverse seen so far.
    inverse_norm: f64,
}

impl Iteration {
    fn start(a: &dyn LinearOperator, b: &DVector<f64>) -> Self {
        let mut u = b.clone();
        let beta = normalise(&mut u);
        let mut v = a.adjoint_apply_vector(&u);
        let alpha = normalise(&mut v);
        Self {
            x: DVector::zeros(v.len()),
            w: v.clone(),
            u,
            v,
            alpha,
            rho_bar: alpha,
            phi_bar: beta,
            right_hand_side_norm: beta,
            slope: alpha,
            matrix_norm: 0.0,
            inverse_norm: 0.0,
        }
    }

    fn step(&mut self, a: &dyn LinearOperator) -> LsqrRecord {
        // Bidiagonalise: βu ← A v − αu, αv ← Aᵀu − βv.
        self.u = a.apply_vector(&self.v) - &self.u * self.alpha;
        let beta = normalise(&mut self.u);
        self.matrix_norm = self.matrix_norm.hypot(self.alpha).hypot(beta);
        self.v = a.adjoint_apply_vector(&self.u) - &self.v * beta;
        self.alpha = normalise(&mut self.v);
        // Rotate the new row of the bidiagonal into its triangle.
        let rho = self.rho_bar.hypot(beta);
        let (cosine, sine) = (self.rho_bar / rho, beta / rho);
        let theta = sine * self.alpha;
        self.rho_bar = -cosine * self.alpha;
        let phi = cosine * self.phi_bar;
        self.phi_bar *= sine;
        self.slope = self.alpha * cosine.abs();
        self.inverse_norm = self.inverse_norm.hypot(euclidean_norm(self.w.as_slice()) / rho);
        self.x.axpy(phi / rho, &self.w, 1.0);
        self.w = &self.v - &self.w * (theta / rho);
        LsqrRecord {
            residual_norm: self.phi_bar,
            normal_residual_norm: self.slope * self.phi_bar,
            matrix_norm: self.matrix_norm,
            condition: self.matrix_norm * self.inverse_norm,
            solution_norm: euclidean_norm(self.x.as_slice()),
        }
    }
}

/// Scales a nonzero vector to norm 1 and returns the norm it had.
fn normalise(vector: &mut DVector<f64>) -> f64 {
    let norm = euclidean_norm(vector.as_slice());
    if norm > 0.0 {
        *vector /= norm;
    }
    norm
}

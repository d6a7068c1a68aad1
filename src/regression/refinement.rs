use nalgebra::DVector;

use super::scaled_factor::ScaledFactor;
use super::sketch_and_solve::solve_sketched;
use super::{Error, LeastSquares, SketchedSolution};
use crate::linalg::{Qr, column_norms, gram_multiply, residual_and_gradient, solve_upper_triangular_transpose};
use crate::sketch::SketchOperator;
use crate::solve::{Report, Status, preconditioned_cg};

/// Settings of [`refine`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refinement {
    /// Outer steps at most; two reach working accuracy unless A is conditioned worse than about 10¹².
    pub steps: usize,
    /// Conjugate-gradient steps at most inside one outer step.
    pub inner_steps: usize,
    /// An inner solve stops when its residual has fallen by this factor.
    pub inner_tolerance: f64,
    /// The outer iteration has converged when the backward error is at most this.
    pub tolerance: f64,
}

impl Default for Refinement {
    fn default() -> Self {
        Self { steps: 6, inner_steps: 100, inner_tolerance: 1e-9, tolerance: f64::EPSILON / 2.0 }
    }
}

/// One outer step of [`refine`].
#[derive(Clone, Debug, PartialEq)]
pub struct RefinementRecord {
    /// ‖b − A x‖₂ before the step.
    pub residual_norm: f64,
    /// Estimate of the relative backward error of x before the step.
    pub backward_error: f64,
    /// Conjugate-gradient steps it took.
    pub inner_iterations: usize,
    /// ‖A δx‖₂ of the correction δx, as the sketch measures it.
    pub correction_norm: f64,
}

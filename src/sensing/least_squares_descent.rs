use nalgebra::DMatrix;

use super::error::in_range;
use super::factor_products::symmetric_part;
use super::iterate::{SymmetricIterate, SymmetricObserver};
use super::symmetric_iteration::{Move, SymmetricIteration};
use super::{Error, FusedPass, GradientRecord, MatrixSensing, SymmetricFactor};
use crate::linalg::euclidean_norm;
use crate::solve::{Report, Status};

/// ‖(1/m) 𝒜\*(y)‖_F, the unit of what is stationary; refused where it overflows, for then everything would be.
pub(super) fn data_norm(mean: &DMatrix<f64>) -> Result<f64, Error> {
    let norm = euclidean_norm(mean.as_slice());
    in_range("‖(1/m) 𝒜*(y)‖_F", norm, norm.is_finite(), "a finite norm: scale the measurements")?;
    Ok(norm)
}

/// Descent on (1/4m)‖𝒜(U Uᵀ) − y‖₂² by a rule U, Z ↦ U₊, with Z the symmetric part of the gradient in U Uᵀ: when it starts,
/// what it records, and when Z is small enough to stop.
pub(super) struct LeastSquaresDescent<'a> {
    pub problem: &'a MatrixSensing<'a>,
    /// Converged when ‖Z_t‖_F ≤ tol·‖(1/m) 𝒜\*(y)‖_F.
    pub tol: f64,
    pub max_iterations: usize,
}

impl LeastSquaresDescent<'_> {
    /// Iterates from U₀; the rule's `None` is a U from which it has no step.
    pub fn run(
        &self,
        start: DMatrix<f64>,
        observe: &mut SymmetricObserver<'_>,
        mut rule: impl FnMut(&SymmetricIterate<'_>, &DMatrix<f64>) -> Option<DMatrix<f64>>,
    ) -> Result<Report<SymmetricFactor, GradientRecord>, Error> {
        let problem = self.problem;
        let iteration = SymmetricIteration {
            problem,
            weight: &|residual| residual,
            loss: &FusedPass::root_mean_square,
            max_iterations: self.max_iterations,
        };
        if start.amax() == 0.0 {
            return Ok(iteration.degenerate(start));
        }
        let stationary = self.tol * data_norm(&symmetric_part(&problem.map().adjoint(problem.y())))?;
        iteration.run(start, observe, |iterate| {
            let z = symmetric_part(&iterate.pass.gradient);
            let gradient_norm = euclidean_norm(z.as_slice());
            if gradient_norm <= stationary {
                return Ok(Move::End(Status::Converged));
            }
            let record = GradientRecord { loss: iterate.pass.root_mean_square(), gradient_norm };
            Ok(rule(iterate, &z).map_or(Move::End(Status::Stagnated), |next| Move::To(next, record)))
        })
    }
}

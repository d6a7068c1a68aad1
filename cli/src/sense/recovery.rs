use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    AsymmetricSettings, AsymmetricStart, Error, GradientSettings, MatrixSensing, Rebalancing,
    SubgradientSettings, SymmetricStart, Warning, asymmetric_gradient_descent, gradient_descent,
    subgradient_method,
};
use proofsketch::solve::Status;

use super::{Measured, MethodName, Sense};
use crate::failure::Failure;

/// Scale of the largest singular value of a start, by method, for a matrix of norm 1.
const SMALL_START: f64 = 0.01;
/// The same for the imbalanced start, on whose square the rate depends.
const IMBALANCED_START: f64 = 0.35;

/// What a method found.
#[derive(Debug)]
pub(super) struct Recovery {
    pub(super) matrix: DMatrix<f64>,
    pub(super) status: Status,
    pub(super) iterations: usize,
    pub(super) warnings: Vec<Warning>,
}

impl Sense {
    /// Runs the method on the measurements, scaled to a root mean square of about 1, and scales back.
    pub(super) fn recover(&self, measured: &Measured, key: StreamKey) -> Result<Recovery, Failure> {
        let size = proofsketch::linalg::frobenius_norm(&measured.y) / (measured.y.len() as f64).sqrt();
        let scale = if size > 0.0 && size.is_finite() { size.log2().round().exp2() } else { 1.0 };
        let y = &measured.y / scale;
        let problem = measured.problem(&y).map_err(|error| self.failure(&error.to_string()))?;
        let recovery = match measured.method {
            MethodName::Subgradient => self.by_subgradients(&problem, key),
            MethodName::GdSymmetric => self.by_gradients(&problem, key),
            MethodName::GdAsymmetric => self.by_factors(&problem, None, key),
            MethodName::OneStep => self.by_factors(&problem, Some(Rebalancing::default()), key),
        };
        let mut recovery = recovery.map_err(|error| self.failure(&error.to_string()))?;
        recovery.matrix *= scale;
        Ok(recovery)
    }

    fn by_subgradients(&self, problem: &MatrixSensing<'_>, key: StreamKey) -> Result<Recovery, Error> {
        let defaults = SubgradientSettings::for_problem(problem, self.rank);
        let max_iterations = self.iterations.unwrap_or(defaults.max_iterations);
        let settings = SubgradientSettings { max_iterations, ..defaults };
        let warnings = settings.warnings(problem)?;
        let report = subgradient_method(problem, &settings, key.named("solver"))?;
        let (status, iterations) = (report.status, report.iterations());
        Ok(Recovery { matrix: report.solution.matrix(), status, iterations, warnings })
    }

    fn by_gradients(&self, problem: &MatrixSensing<'_>, key: StreamKey) -> Result<Recovery, Error> {
        let defaults = GradientSettings::default();
        let alpha = SMALL_START / (problem.shape().0 as f64).sqrt();
        let settings = GradientSettings {
            rank: self.rank,
            start: SymmetricStart::Random { alpha },
            max_iterations: self.iterations.unwrap_or(defaults.max_iterations),
            ..defaults
        };
        let report = gradient_descent(problem, &settings, key.named("solver"))?;
        let (status, iterations) = (report.status, report.iterations());
        Ok(Recovery { matrix: report.solution.matrix(), status, iterations, warnings: Vec::new() })
    }

    fn by_factors(
        &self,
        problem: &MatrixSensing<'_>,
        rebalancing: Option<Rebalancing>,
        key: StreamKey,
    ) -> Result<Recovery, Error> {
        let defaults = AsymmetricSettings::default();
        let (nrows, ncols) = problem.shape();
        let size = if rebalancing.is_some() { SMALL_START } else { IMBALANCED_START };
        let alpha = size / (nrows.max(ncols) as f64).sqrt();
        let settings = AsymmetricSettings {
            rank: self.rank,
            start: AsymmetricStart::Imbalanced { alpha, ratio: 1.0 / 3.0 },
            rebalancing,
            max_iterations: self.iterations.unwrap_or(defaults.max_iterations),
            ..defaults
        };
        let key = key.named("solver");
        // The one step makes up for an imbalance that is indefinite.
        let warnings = if rebalancing.is_none() { settings.warnings(problem, key)? } else { Vec::new() };
        let report = asymmetric_gradient_descent(problem, &settings, key)?;
        let (status, iterations) = (report.status, report.iterations());
        Ok(Recovery { matrix: report.solution.matrix(), status, iterations, warnings })
    }
}

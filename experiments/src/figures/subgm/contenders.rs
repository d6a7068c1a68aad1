//! The methods that are held against each other, each with settings that see no truth.

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    AsymmetricSettings, Damping, DenseGaussian, GradientSettings, MatrixSensing, MeasurementMap,
    PreconditionedSettings, Rebalancing, ScaledSubgradientSettings, SubgradientSettings, SymmetricStart,
    asymmetric_gradient_descent_observed, gradient_descent_observed, polish,
    preconditioned_gradient_descent_observed, scaled_subgradient_method_observed, subgradient_method,
    subgradient_method_observed,
};

use super::instance::{Instance, Span, Trace};
use crate::error::Fault;

pub const SUBGRADIENT: &str = "SubGM, r′ = 12";
pub const POLISHED: &str = "SubGM, r′ = 12, polished";
pub const SCALED_KNOWN: &str = "ScaledSM, r known";
pub const SCALED_DAMPED: &str = "ScaledSM, r′ = 6, damped";
pub const SYMMETRIC: &str = "GD, k = 6";
pub const ASYMMETRIC: &str = "asymmetric GD, k = 6";
pub const REBALANCED: &str = "asymmetric GD, one step, k = 6";
pub const PRECONDITIONED: &str = "PrecGD, k = 6";
pub const DAMPED: &str = "ScaledGD(λ), k = 6";

/// Relative errors after iterations 0, `every`, …, and where the method ended.
pub struct Course {
    pub errors: Vec<f64>,
    pub end: f64,
    pub iterations: usize,
}

/// X and the number of iterations.
type Answer = Result<(DMatrix<f64>, usize), Fault>;
/// What sees every iterate of a method.
type Probe<'p> = dyn FnMut(usize, &DMatrix<f64>) -> ControlFlow<()> + 'p;

/// Runs `method`.
pub fn course(method: &str, instance: &Instance, span: Span, key: StreamKey) -> Result<Course, Fault> {
    let problem = instance.problem()?;
    let norm = instance.truth.matrix().norm();
    let mut trace = Trace::new(span.every);
    let relative = |product: &DMatrix<f64>| instance.truth.frobenius_error(product) / norm;
    let mut probe = |iteration: usize, product: &DMatrix<f64>| {
        trace.see(iteration, product, |product| Ok([relative(product)]))
    };
    let limit = span.iterations;
    let (solution, iterations) = match method {
        SUBGRADIENT => small_start(&problem, limit, &mut probe)?,
        POLISHED => small_start_and_polish(&problem, limit)?,
        SCALED_KNOWN => scaled_subgradient(&problem, (3, 0.0), limit, &mut probe)?,
        SCALED_DAMPED => scaled_subgradient(&problem, (6, 0.05), limit, &mut probe)?,
        SYMMETRIC => symmetric(&problem, limit, key, &mut probe)?,
        ASYMMETRIC => asymmetric(instance, None, limit, key, &mut probe)?,
        REBALANCED => asymmetric(instance, Some(Rebalancing::default()), limit, key, &mut probe)?,
        DAMPED => {
            let start = SymmetricStart::Random { alpha: 1e-6 };
            preconditioned(&problem, (start, Damping::Fixed(0.05)), limit, key, &mut probe)?
        }
        _ => {
            let start = SymmetricStart::Spectral { kept: 1.0 };
            preconditioned(&problem, (start, Damping::Residual), limit, key, &mut probe)?
        }
    };
    let errors = trace.finish(span.iterations)?.into_iter().map(|[error]| error).collect();
    Ok(Course { errors, end: relative(&solution), iterations })
}

fn small_start(problem: &MatrixSensing<'_>, max_iterations: usize, probe: &mut Probe<'_>) -> Answer {
    let settings = SubgradientSettings { max_iterations, ..SubgradientSettings::for_problem(problem, 12) };
    let report = subgradient_method_observed(problem, &settings, StreamKey::from_seed(0), |iterate| {
        probe(iterate.iteration, iterate.product)
    })?;
    Ok((report.solution.matrix(), report.iterations()))
}

fn small_start_and_polish(problem: &MatrixSensing<'_>, max_iterations: usize) -> Answer {
    let settings = SubgradientSettings { max_iterations, ..SubgradientSettings::for_problem(problem, 12) };
    let rough = subgradient_method(problem, &settings, StreamKey::from_seed(0))?;
    let settings = ScaledSubgradientSettings { first_step: 0.05, ..ScaledSubgradientSettings::default() };
    let report = polish(problem, &rough.solution, &settings)?;
    Ok((report.solution.matrix(), rough.iterations() + report.iterations()))
}

fn scaled_subgradient(
    problem: &MatrixSensing<'_>,
    (rank, damping): (usize, f64),
    max_iterations: usize,
    probe: &mut Probe<'_>,
) -> Answer {
    let settings = ScaledSubgradientSettings { rank, damping, max_iterations, ..Default::default() };
    let report =
        scaled_subgradient_method_observed(problem, &settings, StreamKey::from_seed(0), |iterate| {
            probe(iterate.iteration, iterate.product)
        })?;
    Ok((report.solution.matrix(), report.iterations()))
}

fn symmetric(
    problem: &MatrixSensing<'_>,
    max_iterations: usize,
    key: StreamKey,
    probe: &mut Probe<'_>,
) -> Answer {
    let settings = GradientSettings { rank: 6, max_iterations, ..GradientSettings::default() };
    let report = gradient_descent_observed(problem, &settings, key, |iterate| {
        probe(iterate.iteration, iterate.product)
    })?;
    Ok((report.solution.matrix(), report.iterations()))
}

/// With as many general Aᵢ: symmetric ones do not see the antisymmetric part of F Gᵀ.
fn asymmetric(
    instance: &Instance,
    rebalancing: Option<Rebalancing>,
    max_iterations: usize,
    key: StreamKey,
    probe: &mut Probe<'_>,
) -> Answer {
    let shape = instance.truth.shape();
    let map = DenseGaussian::draw(shape, instance.map.measurements(), key.named("general map"))?;
    let y = map.apply(instance.truth.matrix());
    let problem = MatrixSensing::new(&map, &y)?;
    let settings =
        AsymmetricSettings { rank: 6, rebalancing, max_iterations, ..AsymmetricSettings::default() };
    let report = asymmetric_gradient_descent_observed(&problem, &settings, key, |iterate| {
        probe(iterate.iteration, iterate.product)
    })?;
    Ok((report.solution.matrix(), report.iterations()))
}

fn preconditioned(
    problem: &MatrixSensing<'_>,
    (start, damping): (SymmetricStart, Damping),
    max_iterations: usize,
    key: StreamKey,
    probe: &mut Probe<'_>,
) -> Answer {
    let settings = PreconditionedSettings {
        rank: 6,
        start,
        damping,
        max_iterations,
        ..PreconditionedSettings::default()
    };
    let report = preconditioned_gradient_descent_observed(problem, &settings, key, |iterate| {
        probe(iterate.iteration, iterate.product)
    })?;
    Ok((report.solution.matrix(), report.iterations()))
}

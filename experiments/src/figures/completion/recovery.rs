//! Alternating minimization with its error to the truth, measured outside the solver.

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use proofsketch::completion::{
    Instance, LowRankMatrix, ObservationModel, Ridge, RowSolver, Settings, Spectrum, solve_observed,
};
use proofsketch::random::StreamKey;

use crate::error::Fault;
use crate::quantile;

/// Below this relative Frobenius error over all entries M counts as recovered.
pub const RECOVERED: f64 = 1e-6;

/// Alternating minimization as in the theory, but for the reuse of Ω: exact regressions, no ridge, nothing held out,
/// until the residual is 10⁻¹³ or `iterations` are done.
pub fn exact(rank: usize, iterations: usize) -> Settings {
    Settings {
        solver: RowSolver::Cholesky,
        ridge: Ridge::None,
        validation: 0.0,
        tol: 1e-13,
        xtol: 0.0,
        max_iterations: iterations,
        ..Settings::of_rank(rank)
    }
}

/// An incoherent n×n matrix of rank k and `ratio` times its degrees of freedom of entries, k or more in every row and
/// column.
pub fn square(
    (n, rank): (usize, usize),
    spectrum: Spectrum,
    ratio: f64,
    key: StreamKey,
) -> Result<Instance, Fault> {
    let truth = LowRankMatrix::incoherent((n, n), rank, spectrum, key.named("truth"))?;
    let model = ObservationModel::oversampled(ratio, (n, n), rank);
    Ok(Instance::draw_determined(truth, model, key.named("entries"))?)
}

/// What one run did.
pub struct Run {
    /// Relative Frobenius error over all entries after iterations 1, 2, ….
    pub errors: Vec<f64>,
    /// Multiply-adds of the regressions up to each iteration.
    pub multiply_adds: Vec<f64>,
}

impl Run {
    /// The last error.
    pub fn error(&self) -> f64 {
        self.errors.last().copied().unwrap_or(1.0)
    }

    /// The first iteration, from 1, with an error of at most `target`; NaN if there is none.
    pub fn iterations_to(&self, target: f64) -> f64 {
        self.errors.iter().position(|&error| error <= target).map_or(f64::NAN, |index| index as f64 + 1.0)
    }

    /// Multiply-adds up to that iteration; NaN if there is none.
    pub fn multiply_adds_to(&self, target: f64) -> f64 {
        let reached = self.errors.iter().position(|&error| error <= target);
        reached.map_or(f64::NAN, |index| self.multiply_adds[index])
    }
}

/// Solves and measures every iterate against the truth.
pub fn run(instance: &Instance, settings: &Settings, key: StreamKey) -> Result<Run, Fault> {
    run_with(instance, settings, key, |u, v| Ok(instance.relative_error(u, v)?))
}

/// As [`run`] with another measure of an iterate (U, V) than the error.
pub fn run_with(
    instance: &Instance,
    settings: &Settings,
    key: StreamKey,
    mut measure: impl FnMut(&DMatrix<f64>, &DMatrix<f64>) -> Result<f64, Fault>,
) -> Result<Run, Fault> {
    let (mut errors, mut fault) = (Vec::new(), None);
    let report = solve_observed(&instance.problem, settings, key, |_, iterate| {
        match measure(&iterate.u(), &iterate.v()) {
            Ok(error) => errors.push(error),
            Err(error) => fault = Some(error),
        }
        if fault.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    let mut total = 0.0;
    let multiply_adds = report.history.iter().map(|record| {
        total += record.multiply_adds as f64;
        total
    });
    Ok(Run { errors, multiply_adds: multiply_adds.collect() })
}

/// 10 %, 50 % and 90 % quantiles over runs at each iteration, a run that ended holding its last value, up to the
/// iteration by which half of them have ended.
pub fn bands(runs: &[Run]) -> Vec<(f64, f64, f64)> {
    let lengths: Vec<f64> = runs.iter().map(|run| run.errors.len() as f64).collect();
    let median = quantile(&lengths, 0.5);
    (0..if median.is_nan() { 0 } else { median.ceil() as usize })
        .map(|t| {
            let errors: Vec<f64> =
                runs.iter().map(|run| *run.errors.get(t).unwrap_or(&run.error())).collect();
            (quantile(&errors, 0.1), quantile(&errors, 0.5), quantile(&errors, 0.9))
        })
        .collect()
}

/// Mean factor an iteration from the first error below `high` to the last above `low`; NaN where fewer than three lie
/// there.
pub fn rate(errors: &[f64], high: f64, low: f64) -> f64 {
    let inside: Vec<f64> =
        errors.iter().copied().skip_while(|&error| error > high).take_while(|&error| error > low).collect();
    let steps = inside.len().saturating_sub(1);
    if steps < 2 { f64::NAN } else { (inside[steps] / inside[0]).powf(1.0 / steps as f64) }
}

/// An incoherent n×n matrix of rank k, each entry observed with probability p.
pub fn square_at_rate(
    (n, rank): (usize, usize),
    spectrum: Spectrum,
    probability: f64,
    key: StreamKey,
) -> Result<Instance, Fault> {
    let truth = LowRankMatrix::incoherent((n, n), rank, spectrum, key.named("truth"))?;
    let model = ObservationModel::Bernoulli { probability };
    Ok(Instance::draw(truth, model, key.named("entries"))?)
}

//! Errors of runs on the population: every entry of X★ is measured.

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    AsymmetricSettings, AsymmetricStart, GradientSettings, Identity, MatrixSensing, MeasurementMap, StepSize,
    SymmetricStart, asymmetric_gradient_descent_observed, gradient_descent_observed,
};

use crate::error::Fault;
use crate::quantile;

/// n.
pub(super) const DIM: usize = 50;
/// The spectrum of X★.
pub(super) const SPECTRUM: [f64; 3] = [1.0, 0.8, 0.5];

/// diag(σ₁, …, σᵣ, 0, …) ∈ ℝⁿˣⁿ.
pub(super) fn truth(spectrum: &[f64]) -> DMatrix<f64> {
    DMatrix::from_fn(DIM, DIM, |i, j| if i == j { spectrum.get(i).copied().unwrap_or(0.0) } else { 0.0 })
}

/// One run.
pub(super) struct Trajectory {
    /// ‖X_t − X★‖_F for t = 0, 1, ….
    pub errors: Vec<f64>,
    /// The least eigenvalue of F₀ᵀF₀ − G₀ᵀG₀; zero for a symmetric method.
    pub imbalance: f64,
}

impl Trajectory {
    /// The error at t, or at the end of a run that ended before.
    pub fn at(&self, t: usize) -> f64 {
        self.errors.get(t).or(self.errors.last()).copied().unwrap_or(f64::NAN)
    }

    /// The mean of −ln of the factor of an iteration while the error falls from `high` to `low`; NaN if it does not.
    pub fn rate(&self, high: f64, low: f64) -> f64 {
        let below = |level: f64| self.errors.iter().position(|&error| error <= level);
        let (Some(first), Some(last)) = (below(high), below(low)) else { return f64::NAN };
        (self.errors[first] / self.errors[last]).ln() / (last - first) as f64
    }

    /// The same over the second half of the iterations that follow the first error below `high`.
    pub fn late_rate(&self, high: f64) -> f64 {
        let Some(first) = self.errors.iter().position(|&error| error <= high) else { return 0.0 };
        let last = self.errors.len() - 1;
        let middle = usize::midpoint(first, last);
        (self.errors[middle] / self.errors[last]).ln() / (last - middle) as f64
    }

    /// Iterations to an error of `level`; infinite if it is not reached.
    pub fn iterations_to(&self, level: f64) -> f64 {
        self.errors.iter().position(|&error| error <= level).map_or(f64::INFINITY, |t| t as f64)
    }
}

/// η = 0.1, plain, with the settings of the start left to the caller.
pub(super) fn asymmetric_settings(rank: usize, alpha: f64, limit: usize) -> AsymmetricSettings {
    AsymmetricSettings {
        rank,
        start: AsymmetricStart::Imbalanced { alpha, ratio: 1.0 / 3.0 },
        step: StepSize::Fixed(0.1),
        rebalancing: None,
        tol: 0.0,
        max_iterations: limit,
    }
}

/// A random start of scale α.
pub(super) fn symmetric_settings(rank: usize, alpha: f64, eta: f64, limit: usize) -> GradientSettings {
    GradientSettings {
        rank,
        start: SymmetricStart::Random { alpha },
        step: StepSize::Fixed(eta),
        tol: 0.0,
        max_iterations: limit,
    }
}

/// Gradient descent on U Uᵀ, until the error is below `stop`.
pub(super) fn symmetric(
    truth: &DMatrix<f64>,
    settings: &GradientSettings,
    stop: f64,
    key: StreamKey,
) -> Result<Trajectory, Fault> {
    let map = Identity::symmetric(DIM)?;
    let y = map.apply(truth);
    let mut errors = Vec::new();
    gradient_descent_observed(&MatrixSensing::new(&map, &y)?, settings, key, |iterate| {
        recorded(&mut errors, (iterate.product - truth).norm(), stop)
    })?;
    Ok(Trajectory { errors, imbalance: 0.0 })
}

/// Gradient descent on F Gᵀ, until the error is below `stop`.
pub(super) fn asymmetric(
    truth: &DMatrix<f64>,
    settings: &AsymmetricSettings,
    stop: f64,
    key: StreamKey,
) -> Result<Trajectory, Fault> {
    let map = Identity::new((DIM, DIM))?;
    let y = map.apply(truth);
    let (mut errors, mut imbalance) = (Vec::new(), 0.0);
    asymmetric_gradient_descent_observed(&MatrixSensing::new(&map, &y)?, settings, key, |iterate| {
        if iterate.iteration == 0 {
            imbalance =
                (iterate.f.tr_mul(iterate.f) - iterate.g.tr_mul(iterate.g)).symmetric_eigenvalues().min();
        }
        recorded(&mut errors, (iterate.product - truth).norm(), stop)
    })?;
    Ok(Trajectory { errors, imbalance })
}

/// Keeps an error and tells whether to go on.
pub(super) fn recorded(errors: &mut Vec<f64>, error: f64, stop: f64) -> ControlFlow<()> {
    errors.push(error);
    if error < stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// The 10 % quantile, the median and the 90 % quantile over runs.
pub(super) fn band(runs: &[Trajectory], of: impl Fn(&Trajectory) -> f64) -> [f64; 3] {
    let values: Vec<f64> = runs.iter().map(of).collect();
    [0.1, 0.5, 0.9].map(|p| quantile(&values, p))
}

/// The longest run.
pub(super) fn longest(runs: &[Trajectory]) -> usize {
    runs.iter().map(|run| run.errors.len()).max().unwrap_or(0)
}

/// About `count` iterations from 0 to `last`, evenly spread.
pub(super) fn evenly(last: usize, count: usize) -> Vec<usize> {
    let step = last.div_ceil(count).max(1);
    (0..last).step_by(step).chain([last]).collect()
}

/// Iterations from 1 to `last`, eight an octave at most.
pub(super) fn logarithmically(last: usize) -> Vec<usize> {
    let mut at = vec![1];
    while let Some(&t) = at.last().filter(|&&t| t < last) {
        at.push((t + t.div_ceil(3)).min(last));
    }
    at
}

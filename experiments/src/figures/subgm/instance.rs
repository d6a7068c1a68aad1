//! Draws of the problem, and runs whose iterates are measured outside the solver.

use std::ops::ControlFlow;

use nalgebra::DVector;
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    Corruption, LowRankTruth, MatrixSensing, MeasurementMap, OutlierLaw, PackedGaussian, StepNorm,
    StepSchedule, SubgradientSettings, SymmetricIterate, SymmetricStart, subgradient_method_observed,
    with_gaussian_noise,
};

use crate::error::Fault;

/// d of the paper's experiments.
pub const DIM: usize = 20;
/// m of the paper's experiments.
pub const MEASUREMENTS: usize = 500;
/// Eigenvalues of X★, read off the plateaus of the paper's figures.
pub const SPECTRUM: [f64; 3] = [10.0, 5.0, 1.0];

/// What is added to the measurements.
#[derive(Clone, Copy)]
pub enum Noise {
    /// Nothing.
    None,
    /// N(0, `deviation`²) to each with probability `fraction`.
    Outliers { fraction: f64, deviation: f64 },
    /// N(0, `deviation`²) to all.
    Gaussian { deviation: f64 },
}

/// X★, 𝒜 and y.
pub struct Instance {
    pub truth: LowRankTruth,
    pub map: PackedGaussian,
    pub y: DVector<f64>,
}

impl Instance {
    /// Of the eigenvalues 10, 5, 1 and d = 20.
    pub fn draw(measurements: usize, noise: Noise, key: StreamKey) -> Result<Self, Fault> {
        Self::of((DIM, measurements), &SPECTRUM, noise, key)
    }

    /// Of (d, m) and these eigenvalues; X★, 𝒜 and noise have streams of their own.
    pub fn of(
        (dim, measurements): (usize, usize),
        spectrum: &[f64],
        noise: Noise,
        key: StreamKey,
    ) -> Result<Self, Fault> {
        let truth = LowRankTruth::psd(dim, spectrum, key.named("truth"))?;
        let map = PackedGaussian::draw(dim, measurements, key.named("map"))?;
        let clean = map.apply(truth.matrix());
        let key = key.named("noise");
        let y = match noise {
            Noise::None => clean,
            Noise::Outliers { fraction, deviation } => {
                Corruption { fraction, law: OutlierLaw::Normal { deviation } }.added_to(&clean, key)?
            }
            Noise::Gaussian { deviation } => with_gaussian_noise(&clean, deviation, key)?,
        };
        Ok(Self { truth, map, y })
    }

    /// What a solver sees.
    pub fn problem(&self) -> Result<MatrixSensing<'_>, Fault> {
        Ok(MatrixSensing::new(&self.map, &self.y)?)
    }
}

/// η_t = ηρᵗ/‖Q_t‖.
pub fn geometric(eta: f64, decay: f64) -> StepSchedule {
    StepSchedule::Geometric { eta, decay, norm: StepNorm::Symmetric }
}

/// The subgradient method with search rank r′ from αB, until its steps round to nothing.
pub fn subgradient(rank: usize, alpha: f64, schedule: StepSchedule) -> SubgradientSettings {
    let start = SymmetricStart::SignSpectral { alpha };
    SubgradientSettings { rank, start, schedule, tol: 0.0, ..SubgradientSettings::default() }
}

/// Measurements of iterates 0, `every`, 2·`every`, ….
pub struct Trace<const K: usize> {
    every: usize,
    rows: Vec<[f64; K]>,
    fault: Option<Fault>,
}

impl<const K: usize> Trace<K> {
    pub fn new(every: usize) -> Self {
        Self { every, rows: Vec::new(), fault: None }
    }

    /// Takes in an iterate, if it is its turn.
    pub fn see<I>(
        &mut self,
        iteration: usize,
        iterate: &I,
        measure: impl FnOnce(&I) -> Result<[f64; K], Fault>,
    ) -> ControlFlow<()> {
        if iteration.is_multiple_of(self.every) {
            match measure(iterate) {
                Ok(row) => self.rows.push(row),
                Err(fault) => {
                    self.fault = Some(fault);
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// All of them up to `iterations`, a run that ended before holding its last.
    pub fn finish(mut self, iterations: usize) -> Result<Vec<[f64; K]>, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let last = self.rows.last().copied().unwrap_or([f64::NAN; K]);
        self.rows.resize(iterations / self.every + 1, last);
        Ok(self.rows)
    }
}

/// How long a run is and how often it is measured.
#[derive(Clone, Copy)]
pub struct Span {
    pub iterations: usize,
    pub every: usize,
}

/// Runs the subgradient method and measures its iterates.
pub fn measured<const K: usize>(
    problem: &MatrixSensing<'_>,
    settings: &SubgradientSettings,
    span: Span,
    mut measure: impl FnMut(&SymmetricIterate<'_>) -> Result<[f64; K], Fault>,
) -> Result<Vec<[f64; K]>, Fault> {
    let settings = SubgradientSettings { max_iterations: span.iterations, ..settings.clone() };
    let mut trace = Trace::new(span.every);
    subgradient_method_observed(problem, &settings, StreamKey::from_seed(0), |iterate| {
        trace.see(iterate.iteration, iterate, &mut measure)
    })?;
    trace.finish(span.iterations)
}

/// ‖U_tU_tᵀ − X★‖_F along a run.
pub fn errors(instance: &Instance, settings: &SubgradientSettings, span: Span) -> Result<Vec<f64>, Fault> {
    let rows = measured(&instance.problem()?, settings, span, |iterate| {
        Ok([instance.truth.frobenius_error(iterate.product)])
    })?;
    Ok(rows.into_iter().map(|[error]| error).collect())
}

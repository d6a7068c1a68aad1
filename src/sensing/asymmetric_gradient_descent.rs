use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::error::in_range;
use super::factor_products::{descend, outer_product};
use super::iterate::{AsymmetricIterate, AsymmetricObserver, has_diverged};
use super::least_squares_descent::data_norm;
use super::operator_norm::OperatorNorm;
use super::{AsymmetricStart, Error, Factors, MatrixSensing, Rebalancing, StepSize, Warning};
use crate::linalg::{SymmetricEigen, euclidean_norm};
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// Settings of [`asymmetric_gradient_descent`].
#[derive(Clone, Debug, PartialEq)]
pub struct AsymmetricSettings {
    /// k, the columns of F and of G.
    pub rank: usize,
    /// F₀ and G₀.
    pub start: AsymmetricStart,
    /// η.
    pub step: StepSize,
    /// The one step near the optimum that makes the rate independent of the start; none for plain gradient descent.
    pub rebalancing: Option<Rebalancing>,
    /// Converged when ‖Z_t‖_F ≤ tol·‖(1/m) 𝒜\*(y)‖_F.
    pub tol: f64,
    /// Steps at most.
    pub max_iterations: usize,
}

impl Default for AsymmetricSettings {
    /// k = 10, α = 0.05 and α/3, η = 0.1/‖(1/m) 𝒜\*(y)‖₂, plain, tol = 10⁻¹², 10 000 steps.
    fn default() -> Self {
        Self {
            rank: 10,
            start: AsymmetricStart::Imbalanced { alpha: 0.05, ratio: 1.0 / 3.0 },
            step: StepSize::Relative(0.1),
            rebalancing: None,
            tol: 1e-12,
            max_iterations: 10_000,
        }
    }
}

impl AsymmetricSettings {
    /// What of these settings should make a caller wary: too few measurements for any matrix, and a start whose imbalance is
    /// not positive definite, so that redundant directions die out slowly.
    ///
    /// # Errors
    /// As [`asymmetric_gradient_descent`], for a start out of range.
    pub fn warnings(&self, problem: &MatrixSensing<'_>, key: StreamKey) -> Result<Vec<Warning>, Error> {
        let mut warnings = Vec::new();
        let (measurements, degrees_of_freedom) = (problem.measurements(), problem.degrees_of_freedom(1));
        if measurements < degrees_of_freedom {
            warnings.push(Warning::FewMeasurements { measurements, degrees_of_freedom });
        }
        let (f, g) = self.start.factors(problem, self.rank, key)?;
        let imbalance = Factors { f, g, loss: 0.0 }.imbalance();
        let values = SymmetricEigen::new(&imbalance)?.eigenvalues;
        let (least, largest) = (values[0], values[values.len() - 1]);
        if least <= 0.0 && largest >= 0.0 {
            warnings.push(Warning::IndefiniteImbalance { least, largest });
        }
        Ok(warnings)
    }

    fn check(&self) -> Result<(), Error> {
        let tol = self.tol;
        in_range("tol", tol, (0.0..1.0).contains(&tol), "0 ≤ tol < 1")?;
        self.rebalancing.map_or(Ok(()), |rebalancing| rebalancing.check())
    }
}

/// One step of [`asymmetric_gradient_descent`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsymmetricRecord {
    /// ‖𝒜(F_tG_tᵀ) − y‖₂/√m, before the step.
    pub loss: f64,
    /// ‖Z_t‖_F.
    pub gradient_norm: f64,
    /// Whether the factors were rebalanced before this step.
    pub rebalanced: bool,
}

/// Seeks X★ from data without outliers as F Gᵀ by gradient descent, F ∈ ℝ^{n₁×k}, G ∈ ℝ^{n₂×k}, k ≥ r:
///
///   F ← F − η Z_t G,  G ← G − η Z_tᵀ F (both from the old factors),  Z_t = (1/m) 𝒜\*(𝒜(F Gᵀ) − y).
///
/// From F₀ of scale α and G₀ of scale α/3 the error is exp(−Ω(α²t)): a redundant direction (f, g) obeys
/// g ← (1 − ηf²)g with f² − g² conserved to second order in η, so that the rate is η times the imbalance
/// FᵀF − GᵀG. Equal factors of a symmetric problem stay equal and are as slow as [`gradient_descent`](super::gradient_descent). With
/// `rebalancing` the rate does not depend on α. A symmetric map sees only the symmetric part of F Gᵀ and leaves the rest as it
/// comes: for a symmetric X★ take a map of general matrices. Cost of a step: one fused pass and O(n₁n₂k).
///
/// The iteration ends as [`Status::Converged`] by `tol`, as [`Status::DegenerateStart`] where F₀ = 0 and G₀ = 0, as
/// [`Status::Diverged`] where the loss exceeds a thousand times that of F Gᵀ = 0, with the last iterate before.
///
/// Source: Xiong, Ding and Du, ICLR 2024, Section 4; Section 5 for `rebalancing`.
///
/// # Errors
/// [`Error::Rank`], [`Error::Setting`], also where ‖(1/m) 𝒜\*(y)‖_F overflows, [`Error::Shape`] and [`Error::MatrixNotFinite`] for given factors,
/// [`Error::Factorization`].
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{
///     AsymmetricSettings, DenseGaussian, LowRankTruth, MatrixSensing, MeasurementMap, Rebalancing,
///     asymmetric_gradient_descent,
/// };
///
/// let key = StreamKey::from_seed(1);
/// let truth = LowRankTruth::rectangular((20, 30), &[2.0, 1.0], key.named("truth"))?;
/// let map = DenseGaussian::draw((20, 30), 900, key.named("map"))?;
/// let y = map.apply(truth.matrix());
/// let rebalancing = Some(Rebalancing::default());
/// let settings = AsymmetricSettings { rank: 4, rebalancing, ..AsymmetricSettings::default() };
/// let report = asymmetric_gradient_descent(&MatrixSensing::new(&map, &y)?, &settings, key)?;
/// assert!(truth.frobenius_error(&report.solution.matrix()) < 1e-9);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn asymmetric_gradient_descent(
    problem: &MatrixSensing<'_>,
    settings: &AsymmetricSettings,
    key: StreamKey,
) -> Result<Report<Factors, AsymmetricRecord>, Error> {
    asymmetric_gradient_descent_observed(problem, settings, key, |_| ControlFlow::Continue(()))
}

/// [`asymmetric_gradient_descent`] with an observer that sees every iterate, the last one too, and may stop the iteration.
///
/// # Errors
/// As [`asymmetric_gradient_descent`].
pub fn asymmetric_gradient_descent_observed(
    problem: &MatrixSensing<'_>,
    settings: &AsymmetricSettings,
    key: StreamKey,
    mut observe: impl FnMut(&AsymmetricIterate<'_>) -> ControlFlow<()>,
) -> Result<Report<Factors, AsymmetricRecord>, Error> {
    settings.check()?;
    let (f, g) = settings.start.factors(problem, settings.rank, key)?;
    let at_zero = euclidean_norm(problem.y().as_slice()) / (problem.measurements() as f64).sqrt();
    if f.amax() == 0.0 && g.amax() == 0.0 {
        let solution = Factors { f, g, loss: at_zero };
        return Ok(Report { solution, status: Status::DegenerateStart, history: Vec::new() });
    }
    let mut state = State::new(problem, settings)?;
    let mut factors = Factors { f, g, loss: at_zero };
    let mut last: Option<Factors> = None;
    let observer: &mut AsymmetricObserver<'_> = &mut observe;
    let mut history = Vec::new();
    for iteration in 0.. {
        let product = outer_product(&factors.f, &factors.g);
        let pass = problem.map().fused(&product, problem.y(), &|residual| residual);
        factors.loss = pass.root_mean_square();
        if has_diverged(factors.loss, at_zero) {
            let solution = last.unwrap_or(factors);
            return Ok(Report { solution, status: Status::Diverged, history });
        }
        let iterate =
            AsymmetricIterate { iteration, f: &factors.f, g: &factors.g, product: &product, pass: &pass };
        let end = if observer(&iterate).is_break() {
            Some(Status::Interrupted)
        } else if euclidean_norm(pass.gradient.as_slice()) <= state.stationary {
            Some(Status::Converged)
        } else {
            (iteration == settings.max_iterations).then_some(Status::IterationLimit)
        };
        if let Some(status) = end {
            return Ok(Report { solution: factors, status, history });
        }
        let (next, record) = state.step(&factors, &product, &pass.gradient)?;
        history.push(record);
        last = Some(std::mem::replace(&mut factors, next));
    }
    unreachable!("the limit on iterations ends the loop")
}

/// What a run carries along.
struct State<'a> {
    problem: &'a MatrixSensing<'a>,
    eta: f64,
    /// None once it is done.
    rebalancing: Option<Rebalancing>,
    /// ‖(1/m) 𝒜\*(y)‖_F.
    scale: f64,
    /// tol times that.
    stationary: f64,
}

impl<'a> State<'a> {
    fn new(problem: &'a MatrixSensing<'a>, settings: &AsymmetricSettings) -> Result<Self, Error> {
        let scale = data_norm(&problem.map().adjoint(problem.y()))?;
        let eta = settings.step.of(problem)?;
        let rebalancing = settings.rebalancing;
        Ok(Self { problem, eta, rebalancing, scale, stationary: settings.tol * scale })
    }

    fn step(
        &mut self,
        factors: &Factors,
        product: &DMatrix<f64>,
        z: &DMatrix<f64>,
    ) -> Result<(Factors, AsymmetricRecord), Error> {
        let gradient_norm = euclidean_norm(z.as_slice());
        let due = self.rebalancing.take_if(|rebalancing| gradient_norm <= rebalancing.gamma * self.scale);
        let record = AsymmetricRecord { loss: factors.loss, gradient_norm, rebalanced: due.is_some() };
        let Some(rebalancing) = due else {
            return Ok((self.descended(factors, z), record));
        };
        if let Some(step) = rebalancing.step {
            self.eta = step.of(self.problem)?;
        }
        let balanced = rebalancing.applied(factors, OperatorNorm::default().of(product))?;
        Ok((self.descended(&balanced, z), record))
    }

    /// F − ηZG and G − ηZᵀF.
    fn descended(&self, factors: &Factors, z: &DMatrix<f64>) -> Factors {
        let f = descend(&factors.f, self.eta, z, &factors.g);
        let g = descend(&factors.g, self.eta, &z.transpose(), &factors.f);
        Factors { f, g, loss: factors.loss }
    }
}

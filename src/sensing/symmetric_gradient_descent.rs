use std::ops::ControlFlow;

use super::error::in_range;
use super::factor_products::descend;
use super::iterate::SymmetricIterate;
use super::least_squares_descent::LeastSquaresDescent;
use super::{Error, GradientRecord, MatrixSensing, StepSize, SymmetricFactor, SymmetricStart};
use crate::random::StreamKey;
use crate::solve::Report;

/// Settings of [`gradient_descent`].
#[derive(Clone, Debug, PartialEq)]
pub struct GradientSettings {
    /// k, the columns of U.
    pub rank: usize,
    /// U₀.
    pub start: SymmetricStart,
    /// η.
    pub step: StepSize,
    /// Converged when ‖Z_t‖_F ≤ tol·‖(1/m) 𝒜\*(y)‖_F.
    pub tol: f64,
    /// Steps at most.
    pub max_iterations: usize,
}

impl Default for GradientSettings {
    /// k = 10, random start with α = 10⁻³, η = 0.2/‖(1/m) 𝒜\*(y)‖₂, tol = 10⁻¹², 10 000 steps.
    fn default() -> Self {
        Self {
            rank: 10,
            start: SymmetricStart::Random { alpha: 1e-3 },
            step: StepSize::Relative(0.2),
            tol: 1e-12,
            max_iterations: 10_000,
        }
    }
}

/// Seeks X★ ⪰ 0 from data without outliers as U Uᵀ by gradient descent, U ∈ ℝ^{d×k}:
///
///   U ← U − η Z_t U,  Z_t the symmetric part of (1/m) 𝒜\*(𝒜(U Uᵀ) − y),
///
/// gradient descent on (1/4m)‖𝒜(U Uᵀ) − y‖₂². Linear convergence if k is the rank r of X★; with k > r and a random start the
/// squared error is Ω(1/t²): each redundant direction obeys j ← j(1 − ηj²), so that ‖U Uᵀ − X★‖_F → √(k − r)/(2ηt) for
/// 𝒜 the identity. Only the positive semidefinite part of X★ can be reached. Cost of a step: one fused pass and O(d²k).
///
/// The iteration ends as [`Status::Converged`](crate::solve::Status::Converged) by `tol`, as [`Status::DegenerateStart`](crate::solve::Status::DegenerateStart) where U₀ = 0, as [`Status::Diverged`](crate::solve::Status::Diverged) where
/// the loss exceeds a thousand times that of U = 0, with the last iterate before.
///
/// Source: Xiong, Ding and Du, ICLR 2024, Theorem 3.1 (the lower bound).
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Rank`], [`Error::Setting`], also where ‖(1/m) 𝒜\*(y)‖_F overflows, [`Error::Shape`] and [`Error::MatrixNotFinite`] for a given U₀,
/// [`Error::Factorization`].
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{
///     GradientSettings, LowRankTruth, MatrixSensing, MeasurementMap, PackedGaussian, gradient_descent,
/// };
///
/// let key = StreamKey::from_seed(1);
/// let truth = LowRankTruth::psd(20, &[2.0, 1.0], key.named("truth"))?;
/// let map = PackedGaussian::draw(20, 400, key.named("map"))?;
/// let y = map.apply(truth.matrix());
/// let settings = GradientSettings { rank: 2, ..GradientSettings::default() };
/// let report = gradient_descent(&MatrixSensing::new(&map, &y)?, &settings, key)?;
/// assert!(truth.frobenius_error(&report.solution.matrix()) < 1e-9);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn gradient_descent(
    problem: &MatrixSensing<'_>,
    settings: &GradientSettings,
    key: StreamKey,
) -> Result<Report<SymmetricFactor, GradientRecord>, Error> {
    gradient_descent_observed(problem, settings, key, |_| ControlFlow::Continue(()))
}

/// [`gradient_descent`] with an observer that sees every iterate, the last one too, and may stop the iteration.
///
/// # Errors
/// As [`gradient_descent`].
pub fn gradient_descent_observed(
    problem: &MatrixSensing<'_>,
    settings: &GradientSettings,
    key: StreamKey,
    mut observe: impl FnMut(&SymmetricIterate<'_>) -> ControlFlow<()>,
) -> Result<Report<SymmetricFactor, GradientRecord>, Error> {
    let tol = settings.tol;
    in_range("tol", tol, (0.0..1.0).contains(&tol), "0 ≤ tol < 1")?;
    let start = settings.start.factor(problem, settings.rank, key)?;
    let eta = settings.step.of(problem)?;
    let max_iterations = settings.max_iterations;
    LeastSquaresDescent { problem, tol, max_iterations }
        .run(start, &mut observe, |iterate, z| Some(descend(iterate.u, eta, z, iterate.u)))
}

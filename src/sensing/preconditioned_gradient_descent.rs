use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::error::in_range;
use super::factor_products::multiply;
use super::iterate::SymmetricIterate;
use super::least_squares_descent::LeastSquaresDescent;
use super::{Error, GradientRecord, MatrixSensing, SymmetricFactor, SymmetricStart};
use crate::linalg::{Cholesky, PowerOfTwo};
use crate::random::StreamKey;
use crate::solve::Report;

/// λ of the preconditioner (UᵀU + λI)⁻¹.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Damping {
    /// λ = ‖𝒜(U Uᵀ) − y‖₂/√m, which falls with the error: PrecGD.
    #[default]
    Residual,
    /// The same λ throughout, in the unit of ‖X★‖: ScaledGD(λ); λ = 0 is ScaledGD, for k = r.
    Fixed(f64),
}

/// Settings of [`preconditioned_gradient_descent`].
#[derive(Clone, Debug, PartialEq)]
pub struct PreconditionedSettings {
    /// k, the columns of U.
    pub rank: usize,
    /// U₀.
    pub start: SymmetricStart,
    /// η, without unit.
    pub step: f64,
    /// λ.
    pub damping: Damping,
    /// Converged when ‖Z_t‖_F ≤ tol·‖(1/m) 𝒜\*(y)‖_F.
    pub tol: f64,
    /// Steps at most.
    pub max_iterations: usize,
}

impl Default for PreconditionedSettings {
    /// k = 10, spectral start, η = 0.3, λ from the residual, tol = 10⁻¹², 10 000 steps.
    fn default() -> Self {
        Self {
            rank: 10,
            start: SymmetricStart::Spectral { kept: 1.0 },
            step: 0.3,
            damping: Damping::Residual,
            tol: 1e-12,
            max_iterations: 10_000,
        }
    }
}

/// Seeks X★ ⪰ 0 from data without outliers as U Uᵀ by preconditioned gradient descent, U ∈ ℝ^{d×k}, k ≥ r:
///
///   U ← U − η Z_t U (UᵀU + λ_tI)⁻¹,  Z_t the symmetric part of (1/m) 𝒜\*(𝒜(U Uᵀ) − y).
///
/// The rate does not depend on the condition of X★, nor on r while λ_t is of the order of the error. Beyond the papers of
/// this family. Cost of a step: one fused pass and O(d²k + k³).
///
/// The iteration ends as [`Status::Converged`](crate::solve::Status::Converged) by `tol`, as [`Status::Stagnated`](crate::solve::Status::Stagnated) where UᵀU + λ_tI is singular to rounding, as
/// [`Status::DegenerateStart`](crate::solve::Status::DegenerateStart) where U₀ = 0, as [`Status::Diverged`](crate::solve::Status::Diverged) where the loss exceeds a thousand times that of U = 0.
///
/// Sources: Zhang, Fattahi and Zhang, NeurIPS 2021 (`Damping::Residual`); Xu, Shen, Chi and Ma, ICML 2023 (`Damping::Fixed`);
/// Tong, Ma and Chi, JMLR 22(150), 2021 (λ = 0).
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Rank`], [`Error::Setting`], also where ‖(1/m) 𝒜\*(y)‖_F overflows, [`Error::Shape`] and [`Error::MatrixNotFinite`] for a given U₀,
/// [`Error::Factorization`].
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{
///     LowRankTruth, MatrixSensing, MeasurementMap, PackedGaussian, PreconditionedSettings, preconditioned_gradient_descent,
/// };
///
/// let key = StreamKey::from_seed(1);
/// let truth = LowRankTruth::psd(20, &[2.0, 0.1], key.named("truth"))?;
/// let map = PackedGaussian::draw(20, 500, key.named("map"))?;
/// let y = map.apply(truth.matrix());
/// let settings = PreconditionedSettings { rank: 4, ..PreconditionedSettings::default() };
/// let report = preconditioned_gradient_descent(&MatrixSensing::new(&map, &y)?, &settings, key)?;
/// assert!(truth.frobenius_error(&report.solution.matrix()) < 1e-9);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn preconditioned_gradient_descent(
    problem: &MatrixSensing<'_>,
    settings: &PreconditionedSettings,
    key: StreamKey,
) -> Result<Report<SymmetricFactor, GradientRecord>, Error> {
    preconditioned_gradient_descent_observed(problem, settings, key, |_| ControlFlow::Continue(()))
}

/// [`preconditioned_gradient_descent`] with an observer that sees every iterate, the last one too, and may stop the iteration.
///
/// # Errors
/// As [`preconditioned_gradient_descent`].
pub fn preconditioned_gradient_descent_observed(
    problem: &MatrixSensing<'_>,
    settings: &PreconditionedSettings,
    key: StreamKey,
    mut observe: impl FnMut(&SymmetricIterate<'_>) -> ControlFlow<()>,
) -> Result<Report<SymmetricFactor, GradientRecord>, Error> {
    settings.check()?;
    let start = settings.start.factor(problem, settings.rank, key)?;
    let (tol, max_iterations) = (settings.tol, settings.max_iterations);
    LeastSquaresDescent { problem, tol, max_iterations }.run(start, &mut observe, |iterate, z| {
        let damping = match settings.damping {
            Damping::Residual => iterate.pass.root_mean_square(),
            Damping::Fixed(damping) => damping,
        };
        let unit = PowerOfTwo::normalising(z.as_slice())?;
        let mut u = iterate.u.clone();
        unit.multiply(u.as_mut_slice()); // Z U may overflow or vanish where the step does not
        let mut direction = scaled(&multiply(z, &u), iterate.u, damping)?;
        unit.divide(direction.as_mut_slice());
        Some(iterate.u - direction * settings.step)
    })
}

/// D (UᵀU + λI)⁻¹; none where the Gram matrix is singular to rounding.
pub(super) fn scaled(d: &DMatrix<f64>, u: &DMatrix<f64>, damping: f64) -> Option<DMatrix<f64>> {
    let mut gram = u.tr_mul(u);
    for j in 0..gram.ncols() {
        gram[(j, j)] += damping;
    }
    let solved = Cholesky::new(&gram).ok()?.solve(&d.transpose());
    Some(solved.transpose())
}

impl PreconditionedSettings {
    fn check(&self) -> Result<(), Error> {
        let (step, tol) = (self.step, self.tol);
        in_range("step", step, step > 0.0 && step.is_finite(), "0 < step < ∞")?;
        in_range("tol", tol, (0.0..1.0).contains(&tol), "0 ≤ tol < 1")?;
        match self.damping {
            Damping::Residual => Ok(()),
            Damping::Fixed(damping) => {
                in_range("damping", damping, damping >= 0.0 && damping.is_finite(), "0 ≤ damping < ∞")
            }
        }
    }
}

use std::ops::ControlFlow;

use super::error::in_range;
use super::factor_products::{multiply, symmetric_part};
use super::iterate::SymmetricIterate;
use super::preconditioned_gradient_descent::scaled;
use super::spectral_initialization::robust_norm;
use super::symmetric_iteration::{Move, SymmetricIteration};
use super::{Error, FusedPass, MatrixSensing, SubgradientRecord, SymmetricFactor, SymmetricStart, sign};
use crate::linalg::euclidean_norm;
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// Settings of [`scaled_subgradient_method`].
#[derive(Clone, Debug, PartialEq)]
pub struct ScaledSubgradientSettings {
    /// r, the columns of U.
    pub rank: usize,
    /// U₀.
    pub start: SymmetricStart,
    /// λ₀, the length of the first step in the unit of ‖X★‖_F, read off the median of |yᵢ|.
    pub first_step: f64,
    /// q, 0 < q < 1: steps are λ₀qᵗ long.
    pub decay: f64,
    /// δ of (UᵀU + δI)⁻¹, in the unit of ‖X★‖_F; for r above the rank of X★.
    pub damping: f64,
    /// Converged when all steps to come are together no longer than tol·‖X★‖_F.
    pub tol: f64,
    /// Steps at most.
    pub max_iterations: usize,
}

impl Default for ScaledSubgradientSettings {
    /// r = 10, spectral start from the three quarters of smallest |yᵢ|, λ₀ = 0.3, q = 0.93, δ = 0, tol = 10⁻¹⁵, 2000 steps.
    fn default() -> Self {
        Self {
            rank: 10,
            start: SymmetricStart::Spectral { kept: 0.75 },
            first_step: 0.3,
            decay: 0.93,
            damping: 0.0,
            tol: 1e-15,
            max_iterations: 2_000,
        }
    }
}

/// Seeks X★ ⪰ 0 of known rank r from data with outliers as U Uᵀ by the scaled subgradient method, U ∈ ℝ^{d×r}:
///
///   U ← U − μ_t D_t,  D_t = Z_t U (UᵀU + δI)⁻¹,  μ_t = λ₀‖X★‖_F qᵗ/⟨D_t, Z_t U⟩^{1/2},
///
/// Z_t the symmetric part of (1/m) Σ sign(⟨Aᵢ, U Uᵀ⟩ − yᵢ) Aᵢ. The rate does not depend on the condition of X★. The steps are
/// geometric, since those of Polyak's rule need the least loss, which outliers hide. Beyond the papers of this family. With δ > 0
/// and more columns than the rank it stalls at an error that falls with δ.
///
/// The iteration ends as [`Status::Converged`] by `tol` or where U is stationary, as [`Status::Stagnated`] where UᵀU + δI is singular to
/// rounding, as [`Status::DegenerateStart`] where U₀ = 0, as [`Status::Diverged`] where the loss exceeds a thousand times that of U = 0.
///
/// Source: Tong, Ma and Chi, IEEE Transactions on Signal Processing 69, 2021 (arXiv 2010.13364).
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Rank`], [`Error::Setting`], [`Error::Shape`] and [`Error::MatrixNotFinite`] for a given U₀,
/// [`Error::Factorization`].
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{
///     Corruption, LowRankTruth, MatrixSensing, MeasurementMap, OutlierLaw, PackedGaussian, ScaledSubgradientSettings,
///     scaled_subgradient_method,
/// };
///
/// let key = StreamKey::from_seed(1);
/// let truth = LowRankTruth::psd(20, &[2.0, 1.0], key.named("truth"))?;
/// let map = PackedGaussian::draw(20, 500, key.named("map"))?;
/// let outliers = Corruption { fraction: 0.1, law: OutlierLaw::Normal { deviation: 10.0 } };
/// let y = outliers.added_to(&map.apply(truth.matrix()), key)?;
/// let settings = ScaledSubgradientSettings { rank: 2, ..ScaledSubgradientSettings::default() };
/// let report = scaled_subgradient_method(&MatrixSensing::new(&map, &y)?, &settings, key)?;
/// assert!(truth.frobenius_error(&report.solution.matrix()) < 1e-12);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn scaled_subgradient_method(
    problem: &MatrixSensing<'_>,
    settings: &ScaledSubgradientSettings,
    key: StreamKey,
) -> Result<Report<SymmetricFactor, SubgradientRecord>, Error> {
    scaled_subgradient_method_observed(problem, settings, key, |_| ControlFlow::Continue(()))
}

/// [`scaled_subgradient_method`] with an observer that sees every iterate, the last one too, and may stop the iteration.
///
/// # Errors
/// As [`scaled_subgradient_method`].
pub fn scaled_subgradient_method_observed(
    problem: &MatrixSensing<'_>,
    settings: &ScaledSubgradientSettings,
    key: StreamKey,
    mut observe: impl FnMut(&SymmetricIterate<'_>) -> ControlFlow<()>,
) -> Result<Report<SymmetricFactor, SubgradientRecord>, Error> {
    settings.check()?;
    let start = settings.start.factor(problem, settings.rank, key)?;
    let iteration = SymmetricIteration {
        problem,
        weight: &sign,
        loss: &FusedPass::mean_absolute,
        max_iterations: settings.max_iterations,
    };
    if start.amax() == 0.0 {
        return Ok(iteration.degenerate(start));
    }
    let unit = robust_norm(problem);
    let mut length = settings.first_step * unit;
    iteration.run(start, &mut observe, |iterate| {
        if length / (1.0 - settings.decay) <= settings.tol * unit {
            return Ok(Move::End(Status::Converged));
        }
        let gradient = multiply(&symmetric_part(&iterate.pass.gradient), iterate.u);
        let Some(direction) = scaled(&gradient, iterate.u, settings.damping * unit) else {
            return Ok(Move::End(Status::Stagnated));
        };
        let norm = direction.dot(&gradient).max(0.0).sqrt();
        if norm == 0.0 {
            return Ok(Move::End(Status::Converged));
        }
        let step = length / norm;
        length *= settings.decay;
        let change = step * euclidean_norm(direction.as_slice()) / euclidean_norm(iterate.u.as_slice());
        let next = iterate.u - direction * step;
        let loss = iterate.pass.mean_absolute();
        Ok(Move::To(next, SubgradientRecord { loss, step, subgradient_norm: norm, change }))
    })
}

impl ScaledSubgradientSettings {
    fn check(&self) -> Result<(), Error> {
        let (first, decay, damping, tol) = (self.first_step, self.decay, self.damping, self.tol);
        in_range("first_step", first, first > 0.0 && first.is_finite(), "0 < first_step < ∞")?;
        in_range("decay", decay, decay > 0.0 && decay < 1.0, "0 < decay < 1")?;
        in_range("damping", damping, damping >= 0.0 && damping.is_finite(), "0 ≤ damping < ∞")?;
        in_range("tol", tol, (0.0..1.0).contains(&tol), "0 ≤ tol < 1")
    }
}

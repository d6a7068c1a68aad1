use super::error::in_range;
use super::growth_budget::{log_amplitude, required_growth};
use super::spectral_initialization::{absolute_quantile, robust_norm};
use super::step_schedule::StepSchedule;
use super::{Error, FusedPass, MatrixSensing, SymmetricStart, Warning, available_growth};

/// What the subgradient method descends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Loss {
    /// f(U) = (1/m) ‖𝒜(U Uᵀ) − y‖₁, blind to the size of outliers.
    #[default]
    L1,
    /// f(U) = ‖𝒜(U Uᵀ) − y‖₂/√m, not squared; with [`Identity`](super::Identity) the expected loss ‖U Uᵀ − X★‖_F.
    Frobenius,
}

/// Settings of [`subgradient_method`](super::subgradient_method).
#[derive(Clone, Debug, PartialEq)]
pub struct SubgradientSettings {
    /// r′, the columns of U; more than the rank of X★ is allowed, up to d.
    pub rank: usize,
    /// The loss.
    pub loss: Loss,
    /// U₀.
    pub start: SymmetricStart,
    /// η_t.
    pub schedule: StepSchedule,
    /// Converged when all steps to come cannot change U by more than tol·‖U‖_F, or a step is below the rounding of U; under
    /// [`StepSchedule::Loss`] when f(U_t) ≤ tol·f(0).
    pub tol: f64,
    /// Steps at most.
    pub max_iterations: usize,
}

impl Default for SubgradientSettings {
    /// r′ = 10, ℓ₁ loss, start of size α = 10⁻¹², [`StepSchedule::GrowthBudget`], tol = 10⁻¹⁵, 20 000 steps.
    fn default() -> Self {
        Self {
            rank: 10,
            loss: Loss::L1,
            start: SymmetricStart::SignSpectral { alpha: 1e-12 },
            schedule: StepSchedule::default(),
            tol: 1e-15,
            max_iterations: 20_000,
        }
    }
}

impl SubgradientSettings {
    /// The defaults for search rank r′ with α = 10⁻¹² in the unit of the data: the power of two next to
    /// 10⁻¹²·√(median |yᵢ|). The median reads as ‖X★‖_F while fewer than half of the measurements are outliers.
    #[must_use]
    pub fn for_problem(problem: &MatrixSensing<'_>, rank: usize) -> Self {
        let size = absolute_quantile(problem.y(), 0.5);
        let unit = if size > 0.0 { (0.5 * size.log2()).round().exp2() } else { 1.0 };
        let alpha = (1e-12 * unit).max(1e-150);
        Self { rank, start: SymmetricStart::SignSpectral { alpha }, ..Self::default() }
    }

    /// What of these settings should make a caller wary: a schedule that cannot amplify a small start far enough, too few
    /// measurements for any matrix.
    ///
    /// # Errors
    /// As [`subgradient_method`](super::subgradient_method), for settings out of range.
    pub fn warnings(&self, problem: &MatrixSensing<'_>) -> Result<Vec<Warning>, Error> {
        let mut warnings = Vec::new();
        let degrees_of_freedom = problem.degrees_of_freedom(1);
        let measurements = problem.measurements();
        if measurements < degrees_of_freedom {
            warnings.push(Warning::FewMeasurements { measurements, degrees_of_freedom });
        }
        let norm = self.norm_estimate(problem);
        if let StepSchedule::Geometric { eta, decay, .. } = self.resolved_schedule(problem)?
            && let Some(alpha) = self.small_scale()
        {
            let available = available_growth(eta, decay)?;
            let scaling = std::f64::consts::FRAC_2_PI.sqrt();
            let required = required_growth(&[1.0], log_amplitude(norm, scaling, alpha));
            if available < required {
                warnings.push(Warning::ShortSchedule { available, required });
            }
        }
        Ok(warnings)
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let tol = self.tol;
        in_range("tol", tol, (0.0..1.0).contains(&tol), "0 ≤ tol < 1")
    }

    /// The schedule with ρ decided.
    pub(super) fn resolved_schedule(&self, problem: &MatrixSensing<'_>) -> Result<StepSchedule, Error> {
        self.schedule.resolve(self.norm_estimate(problem), self.small_scale().unwrap_or(1.0))
    }

    /// The loss of a pass.
    pub(super) fn loss_of(&self, pass: &FusedPass) -> f64 {
        match self.loss {
            Loss::L1 => pass.mean_absolute(),
            Loss::Frobenius => pass.root_mean_square(),
        }
    }

    fn small_scale(&self) -> Option<f64> {
        match self.start {
            SymmetricStart::SignSpectral { alpha } | SymmetricStart::Random { alpha } => Some(alpha),
            _ => None,
        }
    }

    /// ‖X★‖_F as far as y tells it.
    fn norm_estimate(&self, problem: &MatrixSensing<'_>) -> f64 {
        let y = problem.y();
        let norm = match self.loss {
            Loss::L1 => robust_norm(problem),
            Loss::Frobenius => crate::linalg::frobenius_norm(y) / (y.len() as f64).sqrt(),
        };
        if norm > 0.0 { norm } else { 1.0 }
    }
}

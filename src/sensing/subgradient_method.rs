use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::factor_products::{descend, symmetric_part};
use super::iterate::{SymmetricIterate, SymmetricObserver};
use super::missed_direction::misses_a_direction;
use super::operator_norm::OperatorNorm;
use super::step_schedule::{StepNorm, StepSchedule};
use super::symmetric_iteration::{Move, SymmetricIteration};
use super::{Error, FusedPass, Loss, MatrixSensing, SubgradientSettings, SymmetricFactor, sign};
use crate::linalg::euclidean_norm;
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// One step of the subgradient method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SubgradientRecord {
    /// f(U_t), before the step.
    pub loss: f64,
    /// η_t.
    pub step: f64,
    /// The norm of Q_t that the schedule asks for; from d = 33 on from below and to about a thousandth.
    pub subgradient_norm: f64,
    /// ‖U_{t+1} − U_t‖_F/‖U_t‖_F.
    pub change: f64,
}

/// Seeks X★ ⪰ 0 as U Uᵀ by the subgradient method from a small start, U ∈ ℝ^{d×r′} with r′ at least the unknown rank:
///
///   U ← U − η_t (Q_t + Q_tᵀ) U,  Q_t = (1/m) Σ sign(⟨Aᵢ, U Uᵀ⟩ − yᵢ) Aᵢ,
///
/// sign(0) = 0; under [`Loss::Frobenius`] residuals over their root mean square take the place of signs. Only the positive
/// semidefinite part of X★ can be reached. Eigenvalues are learned one after another, and the redundant directions grow
/// so little that r′ does not matter; the answer has an error that falls with α, not with the size of outliers.
///
/// The iteration ends as [`Status::Converged`] by `tol`; as [`Status::DeadStart`] where the steps have died out and
/// the loss still falls in a direction in which U Uᵀ has (nearly) nothing: a longer schedule or a larger α is needed;
/// as [`Status::StepUnderflow`] where steps are below the rounding of U and `tol` is below it too; as
/// [`Status::DegenerateStart`] where U₀ = 0; as [`Status::Diverged`] where the loss exceeds a thousand times f(0), with the last
/// iterate before. Cost of a step: one fused pass and O(d²r′). The bits do not depend on the number of threads; for an ℓ₁ loss
/// and geometric steps, data 4y with a start 2α give exactly 2U.
///
/// Source: Ma and Fattahi, JMLR 24(96), 2023, Algorithm 1; steps as in Theorem 22 (`Loss`) and Theorem 27 (`Geometric`).
///
/// # Errors
/// [`Error::NotSquare`], [`Error::Rank`], [`Error::Setting`], [`Error::Shape`] and [`Error::MatrixNotFinite`] for a given U₀,
/// [`Error::Factorization`].
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{
///     Corruption, LowRankTruth, MatrixSensing, MeasurementMap, OutlierLaw, PackedGaussian, SubgradientSettings,
///     subgradient_method,
/// };
///
/// let key = StreamKey::from_seed(1);
/// let truth = LowRankTruth::psd(20, &[2.0, 1.0], key.named("truth"))?;
/// let map = PackedGaussian::draw(20, 500, key.named("map"))?;
/// // One measurement of ten is wrong by about a million.
/// let outliers = Corruption { fraction: 0.1, law: OutlierLaw::Normal { deviation: 1e6 } };
/// let y = outliers.added_to(&map.apply(truth.matrix()), key)?;
/// let problem = MatrixSensing::new(&map, &y)?;
/// let report = subgradient_method(&problem, &SubgradientSettings::for_problem(&problem, 10), key)?;
/// assert!(truth.frobenius_error(&report.solution.matrix()) < 1e-5);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn subgradient_method(
    problem: &MatrixSensing<'_>,
    settings: &SubgradientSettings,
    key: StreamKey,
) -> Result<Report<SymmetricFactor, SubgradientRecord>, Error> {
    subgradient_method_observed(problem, settings, key, |_| ControlFlow::Continue(()))
}

/// [`subgradient_method`] with an observer that sees every iterate, the last one too, and may stop the iteration.
///
/// # Errors
/// As [`subgradient_method`].
pub fn subgradient_method_observed(
    problem: &MatrixSensing<'_>,
    settings: &SubgradientSettings,
    key: StreamKey,
    mut observe: impl FnMut(&SymmetricIterate<'_>) -> ControlFlow<()>,
) -> Result<Report<SymmetricFactor, SubgradientRecord>, Error> {
    settings.check()?;
    let start = settings.start.factor(problem, settings.rank, key)?;
    let schedule = settings.resolved_schedule(problem)?;
    let weight: &(dyn Fn(f64) -> f64 + Sync) = match settings.loss {
        Loss::L1 => &sign,
        Loss::Frobenius => &|residual| residual,
    };
    let loss = |pass: &FusedPass| settings.loss_of(pass);
    let iteration =
        SymmetricIteration { problem, weight, loss: &loss, max_iterations: settings.max_iterations };
    if start.amax() == 0.0 {
        return Ok(iteration.degenerate(start));
    }
    let mut state = State { problem, settings, schedule, norm: OperatorNorm::default(), power: 1.0 };
    let observer: &mut SymmetricObserver<'_> = &mut observe;
    let at_zero = iteration.loss_at_zero();
    iteration.run(start, observer, |iterate| state.step(iterate, at_zero))
}

/// What a run carries along.
struct State<'a> {
    problem: &'a MatrixSensing<'a>,
    settings: &'a SubgradientSettings,
    schedule: StepSchedule,
    norm: OperatorNorm,
    /// ρᵗ.
    power: f64,
}

impl State<'_> {
    fn step(
        &mut self,
        iterate: &SymmetricIterate<'_>,
        at_zero: f64,
    ) -> Result<Move<SubgradientRecord>, Error> {
        let loss = self.settings.loss_of(iterate.pass);
        let z = symmetric_part(&iterate.pass.gradient);
        if let Some(status) = self.ended(iterate, &z, loss / at_zero)? {
            return Ok(Move::End(status));
        }
        let full = matches!(self.schedule, StepSchedule::Geometric { norm: StepNorm::Full, .. });
        let norm = self.norm.of(if full { &iterate.pass.gradient } else { &z });
        if norm == 0.0 {
            return Ok(Move::End(Status::Converged));
        }
        // c of U − c Z U, Z the mean as it is weighted; Q = Z under ℓ₁ loss, Z/f otherwise.
        let unit = if self.settings.loss == Loss::L1 { 1.0 } else { loss };
        let c = match self.schedule {
            StepSchedule::Loss { eta } => eta * (loss / unit),
            StepSchedule::Geometric { eta, .. } | StepSchedule::GrowthBudget { eta, .. } => {
                2.0 * eta * self.power / norm
            }
        };
        if let StepSchedule::Geometric { decay, .. } = self.schedule {
            self.power *= decay;
        }
        let next = descend(iterate.u, c, &z, iterate.u);
        let change = euclidean_norm((&next - iterate.u).as_slice()) / euclidean_norm(iterate.u.as_slice());
        let record = SubgradientRecord { loss, step: 0.5 * c * unit, subgradient_norm: norm / unit, change };
        Ok(Move::To(next, record))
    }

    /// How the iteration ends here, if it does.
    fn ended(
        &self,
        iterate: &SymmetricIterate<'_>,
        z: &DMatrix<f64>,
        relative_loss: f64,
    ) -> Result<Option<Status>, Error> {
        let StepSchedule::Geometric { eta, decay, .. } = self.schedule else {
            return Ok((relative_loss <= self.settings.tol).then_some(Status::Converged));
        };
        let next = 2.0 * eta * self.power;
        let (tol, rounds_away) = (self.settings.tol, next <= 0.25 * f64::EPSILON);
        let settled = next / (1.0 - decay) <= tol || (rounds_away && tol >= f64::EPSILON);
        if !settled && !rounds_away {
            return Ok(None);
        }
        let missed = self.settings.loss == Loss::L1 && misses_a_direction(self.problem, iterate, z)?;
        Ok(Some(match (missed, settled) {
            (true, _) => Status::DeadStart,
            (false, true) => Status::Converged,
            (false, false) => Status::StepUnderflow,
        }))
    }
}

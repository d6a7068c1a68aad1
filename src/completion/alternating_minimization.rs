use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::factor::{Factor, orthonormalise, perturb, relative_change};
use super::half_step::{Squares, regress, squared_residuals};
use super::held_out::{HeldOut, Observations};
use super::iterate::Iterate;
use super::row_solver::Effort;
use super::spectral_initialization::spectral_initialization;
use super::split;
use super::stopping::Progress;
use super::{Error, MatrixCompletion, Record, Ridge, Sampling, Settings, Solution};
use crate::linalg::euclidean_norm;
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// Completes M from P_Ω(M) by alternating minimization: spectral initialisation, then least squares for V given U and
/// for U given V in turn, the factor given always orthonormalised.
///
/// The entries held out and the test matrix of the initialisation are drawn from `key`. The bits of the answer do not
/// depend on the number of threads.
///
/// The iteration ends as [`Status::Converged`] by one of the tolerances or where the residual has stopped falling; as
/// [`Status::NotRecovered`] where the entries held out contradict the fit, their residual above ten times that of the
/// others: the answer fits Ω and is not to be trusted elsewhere.
///
/// # Errors
/// [`Error::Rank`] and [`Error::Setting`] for settings out of range; [`Error::TooFewToSplit`] with the number of entries
/// that [`Sampling::Split`] would need.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::completion::{Duplicates, MatrixCompletion, Settings, solve};
/// use proofsketch::random::StreamKey;
///
/// // A matrix of rank 2, two entries of three observed.
/// let m = DMatrix::from_fn(40, 30, |i, j| (i as f64).sin() * (j as f64).cos() + 0.02 * i as f64);
/// let mut triplets = Vec::new();
/// for (i, j) in (0..40).flat_map(|i| (0..30).map(move |j| (i, j))) {
///     if (i * 7 + j * 11) % 3 != 0 {
///         triplets.push((i as u32, j as u32, m[(i, j)]));
///     }
/// }
/// let problem = MatrixCompletion::from_triplets(40, 30, &triplets, Duplicates::Refuse)?;
/// let report = solve(&problem, &Settings::of_rank(2), StreamKey::from_seed(1))?;
/// let completed = &report.solution.u * report.solution.v.transpose();
/// assert!((completed - &m).norm() < 1e-9 * m.norm());
/// # Ok::<(), proofsketch::completion::Error>(())
/// ```
pub fn solve(
    problem: &MatrixCompletion,
    settings: &Settings,
    key: StreamKey,
) -> Result<Report<Solution, Record>, Error> {
    solve_observed(problem, settings, key, |_, _| ControlFlow::Continue(()))
}

/// [`solve`] with an observer: it sees every record and iterate as they are made, and may stop the iteration.
///
/// # Errors
/// As [`solve`].
pub fn solve_observed(
    problem: &MatrixCompletion,
    settings: &Settings,
    key: StreamKey,
    mut observe: impl FnMut(&Record, &Iterate<'_>) -> ControlFlow<()>,
) -> Result<Report<Solution, Record>, Error> {
    settings.check(problem)?;
    let scale = scale_of_values(problem);
    let Some(scale) = scale else {
        let zero = |nrows| DMatrix::zeros(nrows, settings.rank);
        let solution = Solution::new(problem, zero(problem.nrows()), zero(problem.ncols()), 0.0, None)?;
        return Ok(Report { solution, status: Status::Converged, history: Vec::new() });
    };
    match settings.sampling {
        Sampling::Reuse => reuse(problem, settings, scale, key, &mut observe),
        Sampling::Split { iterations, incoherence } => {
            split::solve(problem, settings, (iterations, incoherence), scale, key, &mut observe)
        }
    }
}

pub(crate) type Observer<'o> = dyn FnMut(&Record, &Iterate<'_>) -> ControlFlow<()> + 'o;

/// 1/s for the root mean square s of the observed values; none where all are zero.
fn scale_of_values(problem: &MatrixCompletion) -> Option<f64> {
    let norm = euclidean_norm(&problem.by_rows.values);
    let scale = (problem.observed() as f64).sqrt() / norm;
    (norm > 0.0).then_some(if scale.is_finite() { scale } else { f64::MAX })
}

/// U, V and what the iteration carries along, in scaled units.
pub(crate) struct State {
    pub(crate) u: Factor,
    pub(crate) v: Factor,
}

/// Alternating minimization on all of Ω but what is held out.
fn reuse(
    problem: &MatrixCompletion,
    settings: &Settings,
    scale: f64,
    key: StreamKey,
    observe: &mut Observer<'_>,
) -> Result<Report<Solution, Record>, Error> {
    let spare = if matches!(settings.ridge, Ridge::Fixed(_)) { 1 } else { settings.rank + 1 };
    let held_out = HeldOut::draw(problem, settings.validation, spare, key.named("validation"));
    let rows = Observations::of_rows(problem, held_out.as_ref(), scale);
    let columns = Observations::of_columns(problem, held_out.as_ref(), scale);
    let norms = squared_residuals(
        &rows,
        &Factor::zeros(problem.nrows(), settings.rank),
        &Factor::zeros(problem.ncols(), settings.rank),
    );
    let (u, values) =
        spectral_initialization(rows, columns, settings.rank, None, key.named("initialization"))?;
    let balanced = matches!(settings.ridge, Ridge::Fixed(_));
    let u = if balanced { u.times(&DMatrix::from_diagonal(&values.map(f64::sqrt))) } else { u };
    // Balanced factors share the scale, and so the penalty grows with it; orthonormal ones know no units.
    let unit_of_ridge = if balanced { scale } else { 1.0 };
    let units = if balanced { (scale.sqrt().recip(), scale.sqrt().recip()) } else { (scale.recip(), 1.0) };
    let mut state = State { v: Factor::zeros(problem.ncols(), settings.rank), u };
    let (mut progress, mut history) = (Progress::default(), Vec::new());
    let mut relative_residual = 1.0;
    let status = loop {
        if history.len() >= settings.max_iterations {
            break Status::IterationLimit;
        }
        let ridge = match settings.ridge {
            Ridge::Vanishing => problem.sampling_rate() * relative_residual * relative_residual,
            Ridge::Fixed(ridge) => ridge,
            Ridge::None => 0.0,
        };
        let iteration = key.named("iteration").indexed(history.len() as u64);
        let Step { change, effort, squares } =
            step(&mut state, &rows, &columns, settings, ridge * unit_of_ridge, (balanced, iteration))?;
        relative_residual = relative(squares.kept, norms.kept);
        let record = Record {
            relative_residual,
            validation_residual: held_out.as_ref().map(|_| relative(squares.held_out, norms.held_out)),
            change,
            ridge,
            solver_steps: effort.steps,
            multiply_adds: effort.multiply_adds,
        };
        history.push(record);
        let iterate = Iterate { u: &state.u, v: &state.v, units };
        let stop = observe(&record, &iterate).is_break();
        if let Some(status) = progress.status(&record, settings) {
            break status;
        }
        if stop {
            break Status::Interrupted;
        }
    };
    finish(problem, state, (scale, units), (status, history))
}

/// The relative norm of a residual, from squares; 0 for a residual of 0.
pub(crate) fn relative(square: f64, total: f64) -> f64 {
    if square > 0.0 { (square / total).sqrt() } else { 0.0 }
}

/// What one iteration did.
pub(crate) struct Step {
    /// How far U Vᵀ moved over both half-steps, relative to its norm.
    pub(crate) change: f64,
    pub(crate) effort: Effort,
    /// The residual it leaves.
    pub(crate) squares: Squares,
}

/// V from U, then U from V.
pub(crate) fn step(
    state: &mut State,
    rows: &Observations<'_>,
    columns: &Observations<'_>,
    settings: &Settings,
    ridge: f64,
    (balanced, key): (bool, StreamKey),
) -> Result<Step, Error> {
    let State { u, v } = state;
    let for_v = half_step(u, v, columns, settings, (ridge, balanced, false), key.named("columns"))?;
    let mut step = half_step(v, u, rows, settings, (ridge, balanced, true), key.named("rows"))?;
    step.change += for_v.change;
    step.effort += for_v.effort;
    Ok(step)
}

/// Orthonormalises `basis` and takes its R into `factor`, so that the product stays; then solves for `factor`.
fn half_step(
    basis: &mut Factor,
    factor: &mut Factor,
    observations: &Observations<'_>,
    settings: &Settings,
    (ridge, balanced, measure): (f64, bool, bool),
    key: StreamKey,
) -> Result<Step, Error> {
    if !balanced {
        let r = orthonormalise(basis)?;
        *factor = factor.times(&r.transpose());
    }
    let inexact = settings.step_error > 0.0;
    let solver = (&settings.solver, ridge);
    let mut solved = regress(observations, basis, factor, solver, measure && !inexact, key.named("sketch"))?;
    if inexact {
        perturb(&mut solved.factor, settings.step_error, key.named("step error"))?;
        if measure {
            solved.squares = squared_residuals(observations, &solved.factor, basis);
        }
    }
    let change = relative_change(factor, &solved.factor, balanced.then_some(basis));
    *factor = solved.factor;
    Ok(Step { change, effort: solved.effort, squares: solved.squares })
}

/// The answer in the units of M.
pub(crate) fn finish(
    problem: &MatrixCompletion,
    state: State,
    (scale, units): (f64, (f64, f64)),
    (status, history): (Status, Vec<Record>),
) -> Result<Report<Solution, Record>, Error> {
    let rows = Observations::of_rows(problem, None, scale);
    let zero = |factor: &Factor| Factor::zeros(factor.nrows(), factor.ncols());
    let norm = squared_residuals(&rows, &zero(&state.u), &zero(&state.v)).kept;
    let residual = relative(squared_residuals(&rows, &state.u, &state.v).kept, norm);
    let validation = history.last().and_then(|record: &Record| record.validation_residual);
    let iterate = Iterate { u: &state.u, v: &state.v, units };
    let solution = Solution::new(problem, iterate.u(), iterate.v(), residual, validation)?;
    Ok(Report { solution, status, history })
}

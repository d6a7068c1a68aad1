//! Alternating minimization with all of Ω in every half-step, but for entries held out.

use nalgebra::DMatrix;

use super::alternating_minimization::{Observer, State, Step, finish, relative, squared_values, step};
use super::factor::Factor;
use super::half_step::Squares;
use super::held_out::{HeldOut, Observations};
use super::iterate::Iterate;
use super::ridge_schedule::RidgeSchedule;
use super::spectral_initialization::spectral_initialization;
use super::stopping::{Progress, UNFINISHED, contradicts};
use super::{Error, MatrixCompletion, Record, Ridge, Settings, Solution};
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// What every start has in common.
struct Reuse<'a> {
    settings: &'a Settings,
    rows: Observations<'a>,
    columns: Observations<'a>,
    /// ‖P M‖² over the entries in use, and over those held out.
    norms: Squares,
    has_held_out: bool,
    /// What U and V are multiplied by in the units of M.
    units: (f64, f64),
    schedule: RidgeSchedule,
    key: StreamKey,
}

/// How one start ended.
struct Ending {
    state: State,
    status: Status,
    last: Record,
}

pub(crate) fn solve(
    problem: &MatrixCompletion,
    settings: &Settings,
    scale: f64,
    key: StreamKey,
    observe: &mut Observer<'_>,
) -> Result<Report<Solution, Record>, Error> {
    let is_fixed = matches!(settings.ridge, Ridge::Fixed(_));
    let spare = if is_fixed { 1 } else { 2 * settings.rank };
    let held_out = HeldOut::draw(problem, settings.validation, spare, key.named("validation"));
    let rows = Observations::of_rows(problem, held_out.as_ref(), scale);
    let columns = Observations::of_columns(problem, held_out.as_ref(), scale);
    let reuse = Reuse {
        settings,
        rows,
        columns,
        norms: squared_values(&rows),
        has_held_out: held_out.is_some(),
        // Balanced factors share the scale; of others the orthonormal one has none.
        units: if is_fixed { (scale.sqrt().recip(), scale.sqrt().recip()) } else { (scale.recip(), 1.0) },
        schedule: RidgeSchedule::new(settings.ridge, problem.sampling_rate(), scale),
        key,
    };
    let mut history = Vec::new();
    let ending = reuse.best_of_starts(&mut history, observe)?;
    let Ending { mut state, status, last } = ending;
    if held_out.is_some() && matches!(status, Status::Converged | Status::Stagnated) {
        // A last sweep over all of Ω.
        let all_rows = Observations::of_rows(problem, None, scale);
        let all_columns = Observations::of_columns(problem, None, scale);
        let penalty = reuse.schedule.penalty(&last, history.len());
        let iteration = key.named("last sweep");
        step(&mut state, &all_rows, &all_columns, settings, penalty, iteration)?;
    }
    finish(problem, state, (scale, reuse.units), (status, history), last.validation_residual)
}

impl Reuse<'_> {
    /// The first start that is not contradicted, or the one that is least so.
    fn best_of_starts(&self, history: &mut Vec<Record>, observe: &mut Observer<'_>) -> Result<Ending, Error> {
        let mut best: Option<Ending> = None;
        let restarts = if self.settings.ridge == Ridge::Vanishing { self.settings.restarts } else { 0 };
        for attempt in 0..=restarts {
            let ending = self.start(self.initial_state()?, attempt, history, observe)?;
            let is_last = ending.status != Status::NotRecovered;
            let residual = |ending: &Ending| ending.last.validation_residual.unwrap_or(0.0);
            if is_last || best.as_ref().is_none_or(|best| residual(&ending) < residual(best)) {
                best = Some(ending);
            }
            if is_last {
                break;
            }
        }
        Ok(best.expect("there is a first start"))
    }

    /// U₀ of the spectral initialisation, times estimates of the singular values or, balanced, their roots.
    fn initial_state(&self) -> Result<State, Error> {
        let (rank, key) = (self.settings.rank, self.key.named("initialization"));
        let (mut u, values) = spectral_initialization(self.rows, self.columns, rank, None, key)?;
        let is_fixed = matches!(self.settings.ridge, Ridge::Fixed(_));
        u.multiply(&DMatrix::from_diagonal(&if is_fixed { values.map(f64::sqrt) } else { values }));
        Ok(State { u, v: Factor::zeros(self.columns.lines.len(), rank) })
    }

    fn start(
        &self,
        mut state: State,
        attempt: usize,
        history: &mut Vec<Record>,
        observe: &mut Observer<'_>,
    ) -> Result<Ending, Error> {
        let (mut progress, schedule) = (Progress::default(), self.schedule.of_attempt(attempt));
        let mut last = Record::before(attempt);
        for t in 0..self.settings.max_iterations {
            let key = self.key.named("iteration").indexed(history.len() as u64);
            let penalty = schedule.penalty(&last, t);
            let Step { change, effort, squares } =
                step(&mut state, &self.rows, &self.columns, self.settings, penalty, key)?;
            let held_out = || relative(squares.held_out, self.norms.held_out);
            last = Record {
                attempt,
                relative_residual: relative(squares.kept, self.norms.kept),
                validation_residual: self.has_held_out.then(held_out),
                change,
                ridge: schedule.ridge(&last, t),
                solver_steps: effort.steps,
                multiply_adds: effort.multiply_adds,
            };
            history.push(last);
            let iterate = Iterate { u: &state.u, v: &state.v, units: self.units };
            let stop = observe(&last, &iterate).is_break();
            if let Some(status) = progress.status(&last, self.settings) {
                return Ok(Ending { state, status, last });
            }
            if stop {
                return Ok(Ending { state, status: Status::Interrupted, last });
            }
        }
        let contradicted = contradicts(&last, self.settings, UNFINISHED);
        let status = if contradicted { Status::NotRecovered } else { Status::IterationLimit };
        Ok(Ending { state, status, last })
    }
}

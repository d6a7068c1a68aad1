//! Sample splitting: a subset of Ω of its own for the initialisation and for every half-step.

use rand_chacha::ChaCha8Rng;

use super::alternating_minimization::{
    Observer, Penalty, State, Step, finish, relative, squared_values, step,
};
use super::factor::Factor;
use super::half_step::squared_residuals;
use super::held_out::Observations;
use super::iterate::Iterate;
use super::spectral_initialization::spectral_initialization;
use super::{Duplicates, Error, MatrixCompletion, Record, Settings, Solution};
use crate::random::{StreamKey, uniform_below};
use crate::solve::{Report, Status};

/// Alternating minimization with 2T + 1 subsets of Ω.
pub(crate) fn solve(
    problem: &MatrixCompletion,
    settings: &Settings,
    (iterations, incoherence): (Option<usize>, Option<f64>),
    scale: f64,
    key: StreamKey,
    observe: &mut Observer<'_>,
) -> Result<Report<Solution, Record>, Error> {
    let default = || (settings.rank as f64 / settings.tol.max(1e-16)).ln().ceil().max(1.0) as usize;
    let iterations = iterations.unwrap_or_else(default);
    let subsets = subsets(problem, 2 * iterations + 1, settings.rank, key.named("split"))?;
    let of_rows = |t: usize| Observations::of_rows(&subsets[t], None, scale);
    let of_columns = |t: usize| Observations::of_columns(&subsets[t], None, scale);
    let initial = key.named("initialization");
    let (u, _) = spectral_initialization(of_rows(0), of_columns(0), settings.rank, incoherence, initial)?;
    let mut state = State { v: Factor::zeros(problem.ncols(), settings.rank), u };
    let all = Observations::of_rows(problem, None, scale);
    let norm = squared_values(&all).kept;
    let (mut history, mut status) = (Vec::new(), Status::IterationLimit);
    let units = (scale.recip(), 1.0);
    for t in 0..iterations {
        let iteration = key.named("iteration").indexed(t as u64);
        let (rows, columns) = (of_rows(iterations + t + 1), of_columns(t + 1));
        let Step { change, effort, .. } =
            step(&mut state, &rows, &columns, settings, Penalty::None, iteration)?;
        let record = Record {
            relative_residual: relative(squared_residuals(&all, &state.u, &state.v).kept, norm),
            validation_residual: None,
            change,
            attempt: 0,
            ridge: 0.0,
            solver_steps: effort.steps,
            multiply_adds: effort.multiply_adds,
        };
        history.push(record);
        let stop = observe(&record, &Iterate { u: &state.u, v: &state.v, units }).is_break();
        if stop {
            status = Status::Interrupted;
            break;
        }
    }
    if history.last().is_some_and(|record: &Record| record.relative_residual <= settings.tol) {
        status = Status::Converged;
    }
    finish(problem, state, (scale, units), (status, history), None)
}

/// Ω cut into subsets: each entry joins one of them, uniformly and independently.
fn subsets(
    problem: &MatrixCompletion,
    count: usize,
    rank: usize,
    key: StreamKey,
) -> Result<Vec<MatrixCompletion>, Error> {
    let (nrows, ncols) = (problem.nrows(), problem.ncols());
    let degrees_of_freedom = rank * (nrows + ncols - rank);
    let needed = count.saturating_mul(degrees_of_freedom);
    let observed = problem.observed();
    if observed < needed {
        return Err(Error::TooFewToSplit { observed, subsets: count, degrees_of_freedom, needed });
    }
    let mut parts = vec![Vec::with_capacity(observed / count); count];
    let mut weights = problem.weights().map(|weights| weights.iter());
    for i in 0..nrows {
        let mut rng: ChaCha8Rng = key.block(i as u64);
        let (columns, values) = problem.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            let weight = weights.as_mut().and_then(Iterator::next).copied().unwrap_or(1.0);
            parts[uniform_below(&mut rng, count as u32) as usize].push((i as u32, j, value, weight));
        }
    }
    let refuse = Duplicates::Refuse;
    parts.iter().map(|part| MatrixCompletion::from_weighted_triplets(nrows, ncols, part, refuse)).collect()
}

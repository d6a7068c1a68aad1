use nalgebra::DVector;

use super::super::factor::Factor;
use super::super::spectral_initialization::gaussian;
use super::super::{Error, MatrixCompletion};
use super::objective::{penalty, squared_error};
use super::pattern_factor::{pattern_factor, pattern_sums};
use super::side::{Lines, SideFactors, Weights};
use super::standardization::Standardization;
use super::{BiasedFactorization, Settings};
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// Entries of V at the start are normal with this standard deviation, the values having 1.
const START: f64 = 0.1;

/// One iteration of [`solve`]: a half-step for U and b, then one for V and c.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// [`objective`](super::objective) between the half-steps.
    pub objective_between: f64,
    /// [`objective`](super::objective) after both.
    pub objective: f64,
    /// Root of the weighted mean squared error on Ω, before clipping.
    pub rmse: f64,
}

/// Fits μ + bᵢ + cⱼ + uᵢᵀvⱼ to the observed entries by alternating least squares on [`objective`](super::objective).
///
/// Each half-step solves one ridge regression of k + 1 variables for each row (or column), its bias the coefficient of a
/// constant. With exact row solvers the objective falls at every half-step; it is not convex, and the answer is a
/// stationary point that depends on the start, V drawn from `key`. The bits do not depend on the number of threads.
///
/// Cost of an iteration: |Ω|(k + 1)² + (m + n)k³/3 flops; with the pattern, those of k more entries in each row and column.
///
/// # Errors
/// [`Error::Rank`] for a rank above min(m, n), or 0 without biases; [`Error::Setting`] for settings out of range and for
/// values so far apart that their variance overflows.
///
/// ```
/// use proofsketch::completion::ratings::{Settings, solve};
/// use proofsketch::completion::{Duplicates, MatrixCompletion};
/// use proofsketch::random::StreamKey;
///
/// // Tastes of two kinds: even users like even items.
/// let rating = |i: u32, j: u32| if (i + j) % 2 == 0 { 5.0 } else { 2.0 };
/// let pairs = (0..60).flat_map(|i| (0..40).map(move |j| (i, j)));
/// let observed: Vec<_> = pairs.filter(|(i, j)| (i * 7 + j * 11) % 5 < 3).map(|(i, j)| (i, j, rating(i, j))).collect();
/// let problem = MatrixCompletion::from_triplets(60, 40, &observed, Duplicates::Refuse)?;
/// let settings = Settings { rank: 2, ridge: Some(0.5), ..Settings::default() };
/// let model = solve(&problem, &settings, StreamKey::from_seed(1))?.solution;
/// assert!((model.predict(3, 1) - 5.0).abs() < 0.2 && (model.predict(3, 2) - 2.0).abs() < 0.2);
/// # Ok::<(), proofsketch::completion::Error>(())
/// ```
pub fn solve(
    problem: &MatrixCompletion,
    settings: &Settings,
    key: StreamKey,
) -> Result<Report<BiasedFactorization, Record>, Error> {
    Ok(solve_from(problem, settings, None, key)?.0)
}

/// What the iteration carries along, in standardised units.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct State {
    rows: SideFactors,
    columns: SideFactors,
}

impl State {
    /// V at random, all else zero but what V says of the pattern's factor.
    fn new(problem: &MatrixCompletion, settings: &Settings, key: StreamKey) -> Self {
        let side = |lines: usize, crossing: usize| SideFactors {
            factor: Factor::zeros(lines, settings.rank),
            biases: vec![0.0; lines],
            pattern: settings.pattern_weight().map(|_| Factor::zeros(crossing, settings.rank)),
        };
        let (m, n) = (problem.nrows(), problem.ncols());
        let mut state = Self { rows: side(m, n), columns: side(n, m) };
        let entries = gaussian(n, settings.rank, key.named("initialization"));
        state.columns.factor = Factor::from_matrix(&(entries * START));
        state
    }

    /// Whether it can be the start of a fit with these settings.
    fn fits(&self, problem: &MatrixCompletion, settings: &Settings) -> bool {
        self.rows.biases.len() == problem.nrows()
            && self.columns.biases.len() == problem.ncols()
            && self.rows.factor.rank() == settings.rank
            && self.rows.pattern.is_some() == settings.pattern_weight().is_some()
    }
}

/// [`solve`] from a state, if there is one that fits; the last state beside the report.
pub(super) fn solve_from(
    problem: &MatrixCompletion,
    settings: &Settings,
    start: Option<State>,
    key: StreamKey,
) -> Result<(Report<BiasedFactorization, Record>, State), Error> {
    settings.check(problem)?;
    let units = Standardization::new(problem, settings.biases);
    if !units.sigma.is_finite() {
        let (name, range) = ("the spread of the values", "a finite spread: scale the values");
        return Err(Error::Setting { name, value: units.sigma, range });
    }
    let start = start.filter(|state| state.fits(problem, settings));
    let mut state = start.unwrap_or_else(|| State::new(problem, settings, key));
    if units.sigma == 0.0 {
        state = State::new(problem, settings, key);
        state.columns.factor = Factor::zeros(problem.ncols(), settings.rank);
        let solution = model(&state, settings, &units);
        return Ok((Report { solution, status: Status::Converged, history: Vec::new() }, state));
    }
    let mut fit = Fit::new(problem, settings, &units);
    let (mut history, mut before) = (Vec::new(), f64::INFINITY);
    let status = loop {
        if history.len() >= settings.max_iterations {
            break Status::IterationLimit;
        }
        let record =
            fit.iterate(&mut state, settings, key.named("iteration").indexed(history.len() as u64))?;
        history.push(record);
        if before - record.objective <= settings.tol * record.objective {
            break Status::Converged;
        }
        before = record.objective;
    };
    Ok((Report { solution: model(&state, settings, &units), status, history }, state))
}

/// The regressions of both sides and the parts of the objective.
struct Fit<'a> {
    problem: &'a MatrixCompletion,
    weights: Weights,
    rows: Lines,
    columns: Lines,
    /// σ².
    unit: f64,
    /// Σ_Ω w.
    total: f64,
    /// ω‖B − U Yᵀ‖² and ω‖B − Z Vᵀ‖² with their penalties.
    pattern_terms: [f64; 2],
}

impl<'a> Fit<'a> {
    fn new(problem: &'a MatrixCompletion, settings: &Settings, units: &Standardization) -> Self {
        let weights = Weights::new(settings, units.sigma);
        let (m, n, k) = (problem.nrows(), problem.ncols(), settings.rank);
        let standardize = |value| units.standardize(value);
        let rows = Lines::new(&problem.by_rows, n, standardize, k, &weights);
        let columns = Lines::new(&problem.by_columns, m, standardize, k, &weights);
        let total = problem.weights().map_or(problem.observed() as f64, |weights| weights.iter().sum());
        let unit = units.sigma * units.sigma;
        let largest = weights.pattern.map_or(0.0, |weight| weight * problem.observed() as f64);
        Self { problem, weights, rows, columns, unit, total, pattern_terms: [largest; 2] }
    }

    /// U, b and Y, then V, c and Z.
    fn iterate(&mut self, state: &mut State, settings: &Settings, key: StreamKey) -> Result<Record, Error> {
        let State { rows, columns } = state;
        let solver = (&settings.solver, key.named("rows"));
        self.rows.half_step(rows, columns, &self.weights, solver)?;
        self.pattern_terms[0] = self.fit_pattern(rows, true)?;
        let (between, _) = self.objective(rows, columns);
        let solver = (&settings.solver, key.named("columns"));
        self.columns.half_step(columns, rows, &self.weights, solver)?;
        self.pattern_terms[1] = self.fit_pattern(columns, false)?;
        let (objective, error) = self.objective(rows, columns);
        let rmse = (error / self.total).sqrt() * self.unit.sqrt();
        Ok(Record { objective_between: between * self.unit, objective: objective * self.unit, rmse })
    }

    /// The best Y for U = `own` (Z for V), and ω‖B − U Yᵀ‖² + λ Σ ωⱼ‖yⱼ‖².
    fn fit_pattern(&self, own: &mut SideFactors, is_rows: bool) -> Result<f64, Error> {
        let (Some(pattern), Some(weight)) = (&mut own.pattern, self.weights.pattern) else { return Ok(0.0) };
        let (crossing, lines) = if is_rows {
            (&self.columns, &self.problem.by_columns)
        } else {
            (&self.rows, &self.problem.by_rows)
        };
        let sums = pattern_sums(lines, &own.factor, own.factor.nrows());
        let ridge = |line: usize| self.weights.ridge * crossing.count(line);
        *pattern = pattern_factor(&own.factor, &sums, weight, ridge)?;
        let explained = pattern.to_matrix().dot(&sums.to_matrix());
        Ok(weight * (self.problem.observed() as f64 - explained))
    }

    /// The objective, and the sum of squared errors in it.
    fn objective(&self, rows: &SideFactors, columns: &SideFactors) -> (f64, f64) {
        let error = squared_error(&self.rows, rows, columns);
        let penalties =
            penalty(&self.rows, rows, &self.weights) + penalty(&self.columns, columns, &self.weights);
        (error + penalties + self.pattern_terms[0] + self.pattern_terms[1], error)
    }
}

/// The model in the units of M.
fn model(state: &State, settings: &Settings, units: &Standardization) -> BiasedFactorization {
    let biases = |side: &SideFactors| DVector::from_vec(side.biases.clone()) * units.sigma;
    BiasedFactorization {
        mean: units.mean,
        row_biases: biases(&state.rows),
        column_biases: biases(&state.columns),
        u: state.rows.factor.to_matrix() * units.sigma.sqrt(),
        v: state.columns.factor.to_matrix() * units.sigma.sqrt(),
        range: settings.clip.then_some(units.range),
    }
}

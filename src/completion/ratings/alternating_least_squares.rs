use super::super::factor::Factor;
use super::super::spectral_initialization::gaussian;
use super::super::{Error, MatrixCompletion};
use super::pattern_factor::{pattern_factor, pattern_sums};
use super::regressions::Regressions;
use super::scaled_settings::ScaledSettings;
use super::side::Side;
use super::standardization::Standardization;
use super::{BiasedFactorization, Settings};
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// Entries of V at the start are normal with this standard deviation, the values having 1.
const START: f64 = 0.1;

/// One iteration of [`solve`]: a half-step for U and b, then one for V and c. The objective is in the units of M², and
/// infinite or zero where these exceed the range of numbers; convergence is judged without units.
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
/// values so far apart that their variance overflows; [`Error::Overflow`].
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
    rows: Side,
    columns: Side,
    settings: ScaledSettings,
}

impl State {
    /// All zero but V, which is random.
    fn new(problem: &MatrixCompletion, settings: &ScaledSettings, key: StreamKey) -> Self {
        let (m, n) = (problem.nrows(), problem.ncols());
        let v = gaussian(n, settings.rank, key.named("initialization")) * START;
        let columns = Side::zeros(n, m, settings).with_factor(&v);
        Self { rows: Side::zeros(m, n, settings), columns, settings: *settings }
    }

    /// Whether it can be the start of a fit with these settings.
    fn fits(&self, settings: &ScaledSettings) -> bool {
        let shape = |it: &ScaledSettings| (it.rank, it.biases, it.pattern.is_some());
        shape(&self.settings) == shape(settings)
    }
}

/// [`solve`] from the state of another fit to the same problem, if it is of the same shape; the last state beside the
/// report.
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
    let scaled = ScaledSettings::new(settings, units.sigma);
    let start = start.filter(|state| state.fits(&scaled));
    let mut state = start.unwrap_or_else(|| State::new(problem, &scaled, key));
    if units.sigma == 0.0 {
        let zeros = |lines, crossing| Side::zeros(lines, crossing, &scaled);
        let (m, n) = (problem.nrows(), problem.ncols());
        state = State { rows: zeros(m, n), columns: zeros(n, m), settings: scaled };
        let solution = model(&state, settings, &units);
        return Ok((Report { solution, status: Status::Converged, history: Vec::new() }, state));
    }
    let mut fit = Fit::new(problem, scaled, &units);
    let (mut history, mut before) = (Vec::<Record>::new(), f64::INFINITY);
    let status = loop {
        if history.len() >= settings.max_iterations {
            break Status::IterationLimit;
        }
        let iteration = key.named("iteration").indexed(history.len() as u64);
        let (record, objective) = fit.iterate(&mut state, settings, iteration)?;
        history.push(record);
        if before - objective <= settings.tol * objective {
            break Status::Converged;
        }
        before = objective;
    };
    let solution = model(&state, settings, &units);
    if !solution.is_finite() {
        return Err(Error::Overflow { what: "the model" });
    }
    Ok((Report { solution, status, history }, state))
}

/// The regressions of both sides, and the parts of the objective.
struct Fit<'a> {
    problem: &'a MatrixCompletion,
    settings: ScaledSettings,
    rows: Regressions,
    columns: Regressions,
    sigma: f64,
    /// Σ_Ω w.
    total: f64,
    /// ω‖B − U Yᵀ‖² and ω‖B − Z Vᵀ‖² with their penalties.
    pattern_terms: [f64; 2],
}

impl<'a> Fit<'a> {
    fn new(problem: &'a MatrixCompletion, settings: ScaledSettings, units: &Standardization) -> Self {
        let standardize = |value| units.standardize(value);
        let rows = Regressions::new(&problem.by_rows, problem.ncols(), standardize, &settings);
        let columns = Regressions::new(&problem.by_columns, problem.nrows(), standardize, &settings);
        let entries = problem.observed() as f64;
        let total = problem.weights().map_or(entries, |weights| weights.iter().sum());
        let pattern = settings.pattern.map_or(0.0, |weight| weight * entries);
        let sigma = units.sigma;
        Self { problem, settings, rows, columns, sigma, total, pattern_terms: [pattern; 2] }
    }

    /// U, b and Y, then V, c and Z; the record, and the objective in standardised units.
    fn iterate(
        &mut self,
        state: &mut State,
        settings: &Settings,
        key: StreamKey,
    ) -> Result<(Record, f64), Error> {
        let State { rows, columns, .. } = state;
        let solver = |name| (&settings.solver, key.named(name));
        let error = self.rows.half_step(rows, columns, &self.settings, solver("rows"))?;
        self.pattern_terms[0] = self.fit_pattern(rows, true)?;
        let between = self.objective(error, rows, columns);
        let error = self.columns.half_step(columns, rows, &self.settings, solver("columns"))?;
        self.pattern_terms[1] = self.fit_pattern(columns, false)?;
        let objective = self.objective(error, rows, columns);
        let unit = self.sigma * self.sigma;
        let record = Record {
            objective_between: between * unit,
            objective: objective * unit,
            rmse: (error / self.total).sqrt() * self.sigma,
        };
        Ok((record, objective))
    }

    /// The best Y for U (Z for V), and ω‖B − U Yᵀ‖² + λ Σ ωⱼ‖yⱼ‖².
    fn fit_pattern(&self, own: &mut Side, is_rows: bool) -> Result<f64, Error> {
        let Some(weight) = self.settings.pattern else { return Ok(0.0) };
        let (crossing, lines) = if is_rows {
            (&self.columns, &self.problem.by_columns)
        } else {
            (&self.rows, &self.problem.by_rows)
        };
        let sums = pattern_sums(lines, &own.lines).columns(0, self.settings.rank).into_owned();
        let ridge = |line: usize| self.settings.ridge * crossing.count(line);
        let factor = pattern_factor(&own.gram(), &sums, weight, ridge)?;
        own.pattern = Some(Factor::from_matrix(&factor));
        Ok(weight * (self.problem.observed() as f64 - factor.dot(&sums)))
    }

    /// The objective, `error` its first sum.
    fn objective(&self, error: f64, rows: &Side, columns: &Side) -> f64 {
        let penalty = self.rows.penalty(rows, &self.settings) + self.columns.penalty(columns, &self.settings);
        let pattern = self.pattern_terms[0] + self.pattern_terms[1];
        error + penalty + pattern
    }
}

/// The model in the units of M.
fn model(state: &State, settings: &Settings, units: &Standardization) -> BiasedFactorization {
    BiasedFactorization {
        mean: units.mean,
        row_biases: state.rows.biases() * units.sigma,
        column_biases: state.columns.biases() * units.sigma,
        u: state.rows.factor() * units.sigma.sqrt(),
        v: state.columns.factor() * units.sigma.sqrt(),
        range: settings.clip.then_some(units.range),
    }
}

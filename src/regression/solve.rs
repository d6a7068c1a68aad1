use nalgebra::DVector;

use super::refinement::refine_from_sketch;
use super::sketch_and_solve::{sketch_problem, solve_sketched};
use super::{
    CoordinateCertificate, Error, LeastSquares, Refinement, RefinementRecord, SketchSize, Warning,
    solve_exact,
};
use crate::linalg::column_norms;
use crate::random::StreamKey;
use crate::sketch::{SketchDistribution, SketchFamily};
use crate::solve::{Report, Status};

/// Settings of [`solve`].
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Family of the sketch.
    pub sketch: SketchFamily,
    /// How many rows it has; by default [`SketchSize::GaussianExact`] with ε = 1/4, δ = 1/20 without refinement, and
    /// between 12d and 48d with it, the more the taller A is.
    pub size: Option<SketchSize>,
    /// Refine to x★, or stop at x′.
    pub refinement: Option<Refinement>,
    /// Coverage of the certificate's intervals.
    pub level: f64,
}

impl Default for Settings {
    /// The SRHT without refinement, intervals of 95 %.
    fn default() -> Self {
        Self { sketch: SketchFamily::Srht, size: None, refinement: None, level: 0.95 }
    }
}

impl Settings {
    /// The rule for m that applies to an n × d problem: `size`, or its default.
    #[must_use]
    pub fn rule(&self, (nrows, ncols): (usize, usize)) -> SketchSize {
        let tallness = nrows as f64 / (10.0 * ncols as f64);
        self.size.unwrap_or(match self.refinement {
            None => SketchSize::GaussianExact { epsilon: 0.25, delta: 0.05 },
            Some(_) => SketchSize::Ratio(tallness.clamp(12.0, 48.0)),
        })
    }
}

/// The answer of [`solve`].
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// x′, or x★ where the problem was refined or solved without a sketch; the shortest minimiser below full rank.
    pub coefficients: DVector<f64>,
    /// Numerical rank of A, as the sketch shows it.
    pub rank: usize,
    /// m, or n where no sketch was taken.
    pub sketch_rows: usize,
    /// ‖SAx′ − Sb‖₂; none where no sketch was taken.
    pub sketched_residual: Option<f64>,
    /// ‖A x − b‖₂ where A was read again: after refinement, or without a sketch.
    pub residual: Option<f64>,
    /// Estimated relative backward error after refinement.
    pub backward_error: Option<f64>,
    /// Intervals for each coefficient of x★ around x′; none below full rank, after refinement, or without a sketch.
    pub certificate: Option<CoordinateCertificate>,
    /// What the caller should know before trusting the answer.
    pub warnings: Vec<Warning>,
}

/// Solves min ‖A x − b‖₂ by a sketch: x′ with its certificate, or, with `settings.refinement`, x★.
///
/// Where the sketch would have n rows or more the problem is solved without one, and [`Warning::NotSketched`] says so.
/// The sketch is drawn from `key.named("sketch")`. The bits of the answer do not depend on the number of threads.
///
/// # Errors
/// [`Error::Setting`] and [`Error::SketchTooSmall`] for settings that make no sense, [`Error::Overflow`] where the answer
/// exceeds the largest number.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use proofsketch::random::StreamKey;
/// use proofsketch::regression::{LeastSquares, Refinement, Settings, solve, solve_exact};
///
/// let a = DMatrix::from_fn(3000, 3, |i, j| ((i * (2 * j + 1)) % 97) as f64);
/// let b = DVector::from_fn(3000, |i, _| (i % 13) as f64);
/// let problem = LeastSquares::new(&a, &b)?;
/// let settings = Settings { refinement: Some(Refinement::default()), ..Settings::default() };
/// let report = solve(&problem, &settings, StreamKey::from_seed(1))?;
/// let exact = solve_exact(&problem)?;
/// assert!((report.solution.coefficients - exact.coefficients).norm() < 1e-13);
/// # Ok::<(), proofsketch::regression::Error>(())
/// ```
pub fn solve(
    problem: &LeastSquares<'_>,
    settings: &Settings,
    key: StreamKey,
) -> Result<Report<Solution, RefinementRecord>, Error> {
    let (nrows, ncols) = (problem.nrows(), problem.ncols());
    let sketch_rows = settings.rule((nrows, ncols)).rows(nrows, ncols)?;
    if sketch_rows >= nrows {
        return solve_unsketched(problem, sketch_rows);
    }
    let sketch = settings.sketch.distribution(sketch_rows, nrows)?.sample(key.named("sketch"));
    let (sa, sb) = sketch_problem(problem, &sketch)?;
    let norms = column_norms(problem.a());
    let (sketched, factor) = solve_sketched(&sa, &sb, &norms, settings.level)?;
    let mut solution = Solution {
        coefficients: sketched.coefficients,
        rank: sketched.rank,
        sketch_rows: sketched.sketch_rows,
        sketched_residual: Some(sketched.sketched_residual),
        residual: None,
        backward_error: None,
        certificate: sketched.certificate.map(|it| it.with_variance_factor(sketch.variance_factor())),
        warnings: sketched.warnings,
    };
    let Some(refinement) = &settings.refinement else {
        return Ok(Report { solution, status: Status::Converged, history: Vec::new() });
    };
    let refined = refine_from_sketch(problem, &factor, solution.coefficients, refinement)?;
    solution.coefficients = refined.solution.coefficients;
    solution.residual = Some(refined.solution.residual_norm);
    solution.backward_error = Some(refined.solution.backward_error);
    solution.certificate = None;
    Ok(Report { solution, status: refined.status, history: refined.history })
}

fn solve_unsketched(
    problem: &LeastSquares<'_>,
    sketch_rows: usize,
) -> Result<Report<Solution, RefinementRecord>, Error> {
    let exact = solve_exact(problem)?;
    let mut warnings = vec![Warning::NotSketched { sketch_rows, nrows: problem.nrows() }];
    warnings.extend(Warning::of_columns(&column_norms(problem.a()), exact.rank));
    let solution = Solution {
        coefficients: exact.coefficients,
        rank: exact.rank,
        sketch_rows: problem.nrows(),
        sketched_residual: None,
        residual: Some(exact.residual_norm),
        backward_error: None,
        certificate: None,
        warnings,
    };
    Ok(Report { solution, status: Status::Converged, history: Vec::new() })
}

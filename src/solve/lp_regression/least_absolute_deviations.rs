use nalgebra::DVector;

use super::LpRegressionError as Error;
use super::LpRegressionRecord as Record;
use super::band::Band;
use super::bounded_dual::{BoundedDual, SaddlePoint};
use crate::random::StreamKey;
use crate::sketch::{RowSampling, SketchDistribution};

/// Rows from which signs are guessed before the problem is solved.
const BANDED_ROWS: usize = 8192;

/// The solution of min Σᵢ|bᵢ − yᵢᵀx| + cᵀx.
///
/// Where there are many rows, most residuals keep the sign they have at a near solution, and a row of known sign enters
/// the dual as a constant: x from a sample of rows by ℓ₂ norms (the root leverage scores of p = 1 where Y is orthonormal),
/// then the problem of the rows whose residuals are small beside their norms, the rest with fixed signs; rows that prove
/// to have the other sign join them until there are none. Source: S. Portnoy and R. Koenker, "The Gaussian hare and the
/// Laplacian tortoise", Statist. Sci. 12 (1997), §4.
pub(super) fn least_absolute_deviations(
    problem: &BoundedDual<'_>,
    start: &DVector<f64>,
    max_iterations: usize,
    history: &mut Vec<Record>,
) -> Result<SaddlePoint, Error> {
    let Some(size) = band_rows(problem) else {
        return problem.solve(start, max_iterations, history);
    };
    let norms = problem.row_norms();
    let near = solve_sample(problem, &norms, size, max_iterations, history)?.x;
    Band::around(problem, &norms, near, size).solve(max_iterations, history)
}

/// (nr)^(2/3)·½ + 20r: the sizes of sample and band that balance one against the other; `None` where they save nothing.
fn band_rows(problem: &BoundedDual<'_>) -> Option<usize> {
    let (nrows, rank) = problem.rows.shape();
    let size = (0.5 * (nrows as f64 * rank as f64).powf(2.0 / 3.0)) as usize + 20 * rank;
    (nrows >= BANDED_ROWS && 2 * size < nrows).then_some(size)
}

/// The solution of about `size` rows, Σ|bᵢ − yᵢᵀx| in expectation.
fn solve_sample(
    problem: &BoundedDual<'_>,
    norms: &[f64],
    size: usize,
    max_iterations: usize,
    history: &mut Vec<Record>,
) -> Result<SaddlePoint, Error> {
    let share = size as f64 / norms.iter().sum::<f64>();
    let probabilities: Vec<f64> = norms.iter().map(|norm| (share * norm).min(1.0)).collect();
    let sampling = RowSampling::new(probabilities, 1.0)?;
    let sample = sampling.sample(StreamKey::from_seed(1).named("lp regression"));
    let weights = DVector::from_column_slice(sample.weights());
    let mut rows = problem.rows.select_rows(sample.kept());
    rows.column_iter_mut().for_each(|mut column| column.component_mul_assign(&weights));
    let b = problem.b.select_rows(sample.kept()).component_mul(&weights);
    let sampled = BoundedDual { rows: &rows, b: &b, ..*problem };
    sampled.solve(&DVector::zeros(rows.ncols()), max_iterations, history)
}

use nalgebra::DMatrix;

use super::factor::Factor;
use super::half_step::{Task, regress};
use super::held_out::Observations;
use super::{Error, MatrixCompletion, RowSolver, Side};
use crate::random::StreamKey;

/// One half-step by itself, the paper's multiple response regression: the factor X minimising
/// Σ_Ω w_ij (xᵢᵀvⱼ − M_ij)² + λ‖X‖_F² for the given V = `basis`, one regression for each row (or, for
/// [`Side::Columns`], for each column on U = `basis`).
///
/// `start` is where iterative solvers begin, zero where none is given. Where a line has fewer than k entries and λ = 0 the
/// shortest minimiser is taken.
///
/// ```
/// use nalgebra::{DMatrix, dmatrix};
/// use proofsketch::completion::{MatrixCompletion, RowSolver, Side, multiple_response_regression};
/// use proofsketch::random::StreamKey;
///
/// let (u, v) = (dmatrix![1.0; 2.0; -1.0], dmatrix![3.0; 1.0]);
/// let mut m = &u * v.transpose();
/// m[(1, 0)] = f64::NAN;
/// let problem = MatrixCompletion::from_dense_with_nan(&m)?;
/// let key = StreamKey::from_seed(1);
/// let found = multiple_response_regression(&problem, Side::Rows, &v, &RowSolver::Qr, 0.0, None, key)?;
/// assert!((found - u).norm() < 1e-14);
/// # Ok::<(), proofsketch::completion::Error>(())
/// ```
///
/// # Errors
/// [`Error::Sketch`] for a sketch that has no meaning, [`Error::Overflow`].
///
/// # Panics
/// If `basis` has another number of rows than there are crossing lines, or `start` another shape than X.
pub fn multiple_response_regression(
    problem: &MatrixCompletion,
    side: Side,
    basis: &DMatrix<f64>,
    solver: &RowSolver,
    ridge: f64,
    start: Option<&DMatrix<f64>>,
    key: StreamKey,
) -> Result<DMatrix<f64>, Error> {
    let (lines, crossing) = match side {
        Side::Rows => (problem.nrows(), problem.ncols()),
        Side::Columns => (problem.ncols(), problem.nrows()),
    };
    assert!(
        basis.nrows() == crossing,
        "shape mismatch: a basis of {} rows for {crossing} crossing lines",
        basis.nrows()
    );
    let mut factor = start.map_or_else(|| Factor::zeros(lines, basis.ncols()), Factor::from_matrix);
    assert!(
        factor.nrows() == lines && factor.ncols() == basis.ncols(),
        "shape mismatch: a start of {}×{} for a {lines}×{} factor",
        factor.nrows(),
        factor.ncols(),
        basis.ncols()
    );
    let observations = match side {
        Side::Rows => Observations::of_rows(problem, None, 1.0),
        Side::Columns => Observations::of_columns(problem, None, 1.0),
    };
    let ridge = vec![ridge; basis.ncols()];
    let task = Task { solver: *solver, ridge: &ridge, metric: None, measure: false, key };
    regress(&observations, &Factor::from_matrix(basis), &mut factor, &task)?;
    Ok(factor.to_matrix())
}

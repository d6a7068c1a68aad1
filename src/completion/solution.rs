use nalgebra::DMatrix;

use super::pattern::{degree_ratio, line_status};
use super::{Error, MatrixCompletion};
use crate::linalg::{Qr, Svd};

/// Singular values of U Vᵀ below this share of the first do not count.
const NEGLIGIBLE: f64 = 1e-8;
/// Rows of a factor that are reduced at a time.
const BLOCK_ROWS: usize = 4096;

/// What the observed entries of one row or column determine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LineStatus {
    /// At least k entries: its regression has one solution unless the entries conspire.
    Determined,
    /// Fewer than k entries, at least one: the solution of least norm is given.
    Underdetermined,
    /// No entry: a zero row of the factor.
    Empty,
}

/// The answer of [`solve`](super::solve): M ≈ U Vᵀ.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// U ∈ ℝᵐˣᵏ.
    pub u: DMatrix<f64>,
    /// V ∈ ℝⁿˣᵏ.
    pub v: DMatrix<f64>,
    /// ‖P_Ω(U Vᵀ − M)‖_F/‖P_Ω M‖_F over all of Ω, 0 where P_Ω M = 0.
    pub relative_residual: f64,
    /// What is known of how far U Vᵀ can be trusted.
    pub diagnostics: Diagnostics,
}

impl Solution {
    pub(super) fn new(
        problem: &MatrixCompletion,
        u: DMatrix<f64>,
        v: DMatrix<f64>,
        relative_residual: f64,
        validation_residual: Option<f64>,
    ) -> Result<Self, Error> {
        let diagnostics = Diagnostics { validation_residual, ..Diagnostics::new(problem, &u, &v)? };
        Ok(Self { u, v, relative_residual, diagnostics })
    }

    /// (U Vᵀ)ᵢⱼ.
    ///
    /// # Panics
    /// If the matrix has no entry (i, j).
    #[must_use]
    pub fn entry(&self, i: usize, j: usize) -> f64 {
        self.u.row(i).dot(&self.v.row(j))
    }
}

/// What the sampling pattern and the fit say about an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostics {
    /// Status of each row of M.
    pub row_status: Vec<LineStatus>,
    /// Status of each column of M.
    pub column_status: Vec<LineStatus>,
    /// Whether every row and column has at least k entries and the bipartite graph of Ω is connected: necessary for
    /// the completion to be unique.
    pub identifiable: bool,
    /// Numerical rank of U Vᵀ: singular values above 10⁻⁸ of the first. Below k the rank asked for is too large.
    pub effective_rank: usize,
    /// Most observed entries of a row over fewest, over nonempty rows.
    pub row_degree_ratio: f64,
    /// Most observed entries of a column over fewest, over nonempty columns.
    pub column_degree_ratio: f64,
    /// Relative residual on the entries held out, before they were used in a last sweep; none without validation.
    pub validation_residual: Option<f64>,
}

impl Diagnostics {
    /// Those of M ≈ U Vᵀ on Ω, without validation.
    ///
    /// # Errors
    /// [`Error::Factorization`] for factors that are not finite.
    pub fn new(problem: &MatrixCompletion, u: &DMatrix<f64>, v: &DMatrix<f64>) -> Result<Self, Error> {
        let (rows, columns) = (&problem.by_rows.offsets, &problem.by_columns.offsets);
        Ok(Self {
            row_status: line_status(rows, u.ncols()),
            column_status: line_status(columns, u.ncols()),
            identifiable: problem.is_identifiable(u.ncols()),
            effective_rank: if u.is_empty() { 0 } else { effective_rank(u, v)? },
            row_degree_ratio: degree_ratio(rows),
            column_degree_ratio: degree_ratio(columns),
            validation_residual: None,
        })
    }
}

/// One iteration: a half-step for V, then one for U.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Record {
    /// 0 for the first start, 1 for the first restart, …
    pub attempt: usize,
    /// ‖P(U Vᵀ − M)‖_F/‖P M‖_F over the entries the regressions read: all of Ω but those held out; with
    /// [`Sampling::Split`](super::Sampling::Split) all of Ω.
    pub relative_residual: f64,
    /// The same over the entries held out.
    pub validation_residual: Option<f64>,
    /// ‖U Vᵀ − U′V′ᵀ‖_F/‖U Vᵀ‖_F, U′V′ᵀ the iterate before.
    pub change: f64,
    /// λ of both half-steps, see [`Ridge`](super::Ridge).
    pub ridge: f64,
    /// Steps of iterative row solvers, summed over rows and columns.
    pub solver_steps: u64,
    /// Multiplications paired with an addition, counted by the row solvers.
    pub multiply_adds: u64,
}

/// How many singular values of U Vᵀ count.
fn effective_rank(u: &DMatrix<f64>, v: &DMatrix<f64>) -> Result<usize, Error> {
    let core = triangle(u)? * triangle(v)?.transpose();
    let values = Svd::new(&core)?.singular_values;
    Ok(values.iter().filter(|&&value| value > NEGLIGIBLE * values[0]).count())
}

/// R of A = QR, by blocks of rows, so that no copy of A is made.
fn triangle(a: &DMatrix<f64>) -> Result<DMatrix<f64>, Error> {
    let mut r = DMatrix::zeros(0, a.ncols());
    for start in (0..a.nrows()).step_by(BLOCK_ROWS) {
        let block = a.rows(start, BLOCK_ROWS.min(a.nrows() - start));
        let mut stacked = DMatrix::zeros(r.nrows() + block.nrows(), a.ncols());
        stacked.rows_mut(0, r.nrows()).copy_from(&r);
        stacked.rows_mut(r.nrows(), block.nrows()).copy_from(&block);
        r = Qr::new(&stacked)?.r();
    }
    Ok(r)
}

impl Record {
    /// What stands for the iteration before the first of a start: U Vᵀ = 0.
    pub(super) fn before(attempt: usize) -> Self {
        Self {
            attempt,
            relative_residual: 1.0,
            validation_residual: None,
            change: 0.0,
            ridge: 0.0,
            solver_steps: 0,
            multiply_adds: 0,
        }
    }
}

//! Sketch-and-solve on A = [I_d; 0] with the residual on K further rows, from the columns of S that matter.

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::PivotedQr;
use proofsketch::regression::{SketchedSolution, solve_from_sketch};
use proofsketch::sketch::SketchOperator;

use crate::error::Fault;

/// Coverage of the intervals that come with an answer.
pub(super) const LEVEL: f64 = 0.95;

/// The answer on [`Instance::adversarial_sparse`](proofsketch::regression::Instance::adversarial_sparse): its
/// coefficients are the error itself, as x★ = 0, in units of ‖r‖ = ‖A⁺‖ = 1.
///
/// The other rows of A and b are zero, so that d + K columns of S are all that is drawn.
pub(super) fn solve_identity_rows(
    sketch: &dyn SketchOperator,
    d: usize,
    residual_rows: usize,
) -> Result<SketchedSolution, Fault> {
    let columns = sketch.columns(0..d + residual_rows);
    let height = 1.0 / (residual_rows as f64).sqrt();
    let sb = columns.columns(d, residual_rows).column_sum() * height;
    Ok(solve_from_sketch(&columns.columns(0, d).into_owned(), &sb, &DVector::from_element(d, 1.0), LEVEL)?)
}

/// One draw on A = [I_d; 0]: S A is the first d columns of S, and the residual columns follow.
#[derive(Debug)]
pub(super) struct IdentityRows {
    /// S A, m × d.
    pub sketched: DMatrix<f64>,
    /// C = √m ‖x′ − x★‖∞ / (‖r‖₂ ‖A⁺‖₂) for each K asked for.
    pub errors: Vec<f64>,
}

impl IdentityRows {
    /// Of all of S only the d + max K columns are drawn that meet a nonzero row, and one factorization of S A serves all
    /// K: x★ = 0 and ‖r‖ = ‖A⁺‖ = 1.
    pub fn draw(sketch: &dyn SketchOperator, d: usize, residual_rows: &[usize]) -> Result<Self, Fault> {
        let most = residual_rows.iter().copied().max().unwrap_or(0);
        let columns = sketch.columns(0..d + most);
        let sketched = columns.columns(0, d).into_owned();
        let m = columns.nrows();
        let targets = DMatrix::from_fn(m, residual_rows.len(), |t, k| {
            let residual = columns.view((t, d), (1, residual_rows[k]));
            residual.sum() / (residual_rows[k] as f64).sqrt()
        });
        let factor = PivotedQr::new(&sketched)?;
        let answers = factor.minimum_norm_solution(&targets, factor.default_tolerance())?;
        let errors = answers.column_iter().map(|x| (m as f64).sqrt() * x.amax()).collect();
        Ok(Self { sketched, errors })
    }
}

/// 1, 2, 4, … below `most`, and `most`.
pub(super) fn doubling_up_to(most: usize) -> Vec<usize> {
    let mut list: Vec<usize> =
        std::iter::successors(Some(1), |k| Some(2 * k)).take_while(|&k| k < most).collect();
    list.push(most);
    list
}

//! Sketch-and-solve on A = [I_d; 0] with the residual on K further rows, from the columns of S that matter.

use nalgebra::DVector;
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

//! C = √m ‖x′ − x★‖∞ / (‖r‖₂ ‖A⁺‖₂), the error that the ℓ∞ guarantee bounds.

use proofsketch::guarantee::ExponentFit;
use proofsketch::regression::{SolvedInstance, sketch_and_solve};
use proofsketch::sketch::SketchOperator;

use super::identity_rows::LEVEL;
use crate::Verdict;
use crate::error::Fault;

/// Half the exponent of √d.
const LOGARITHMIC: f64 = 0.25;

/// C of one draw.
pub(super) fn normalized_error(solved: &SolvedInstance, sketch: &dyn SketchOperator) -> Result<f64, Fault> {
    let answer = sketch_and_solve(&solved.instance.problem()?, sketch, LEVEL)?;
    Ok(solved.exact.normalized_error(&answer.coefficients, answer.sketch_rows))
}

/// Whether powers of d fitted to C are those of logarithms. √(2 ln 2d) itself has exponent 0.13 from d = 8 to 256 and √d has
/// 0.5, so that 0.25 is the border: a 95 % interval below it holds, one above it does not, any other cannot tell.
pub(super) fn grows_like_logarithms(fits: &[ExponentFit]) -> Verdict {
    let below = fits.iter().filter(|fit| fit.interval().1 < LOGARITHMIC).count();
    let above = fits.iter().filter(|fit| fit.interval().0 >= LOGARITHMIC).count();
    if above == 0 && below < fits.len() {
        Verdict::NotTestable
    } else {
        Verdict::from_cases(below, fits.len())
    }
}

/// √(2 ln 2d), about the greatest of d standard normal numbers in absolute value.
pub(super) fn normal_maximum(d: f64) -> f64 {
    (2.0 * (2.0 * d).ln()).sqrt()
}

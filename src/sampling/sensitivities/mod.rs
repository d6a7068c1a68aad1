//! ℓp sensitivities between certificates.

mod interior_point;
mod interval;
mod lewis_bounds;
mod moment_bounds;
mod newton;
mod program;
mod settings;
mod smoothed_newton;
mod solve;
mod to_factor;

use rayon::prelude::*;

pub use interval::Interval;
pub use lewis_bounds::sensitivity_bounds;
use program::Program;
pub use settings::{SensitivityRecord, SensitivitySettings};
pub use to_factor::sensitivities_to_factor;

use super::error::check_exponent;
use super::{Error, RowBasis};
use crate::solve::Report;

/// The ℓp sensitivity σᵢ = max |aᵢᵀx|ᵖ/‖Ax‖ₚᵖ of one row, 1 ≤ p < ∞, between certificates.
///
/// With Q an orthonormal basis of the columns of A and qᵢ its row i,
///
///   σᵢ^(−1/p) = min { ‖Qx‖ₚ : qᵢᵀx = 1 } = max { λ : Qᵀu = λqᵢ, ‖u‖_p* ≤ 1 },  1/p + 1/p* = 1,
///
/// so that every x gives |qᵢᵀx|ᵖ/‖Qx‖ₚᵖ ≤ σᵢ, and every u with Qᵀu = λqᵢ, λ > 0, gives σᵢ ≤ (‖u‖_p*/λ)ᵖ. The interval is
/// the best of both over the iteration, valid however it ended; rounding moves its ends by about 10⁻¹³ of their size.
/// For p > 2 the iteration is Newton's, where ω = |Qx|^(p−2) makes ΩQx′ of the reweighted least squares x′ a dual point;
/// for 1 < p < 2 it is Newton's for |r|ᵖ smoothed to (r² + ε²)^(p/2), ε → 0, with the dual point as an unknown of its own;
/// for p = 1 a primal-dual interior-point method. p = 2 is the leverage score, known at once.
///
/// Cost: O(nr²) an iteration: two to eight of them for 1 < p ≤ 8, about ten for p = 1 and in the tens for p above 20.
///
/// # Errors
/// [`Error::Exponent`] unless 1 ≤ p < ∞; [`Error::Setting`]; [`Error::Row`] if there is no such row.
///
/// Source: the definition and its convex program in D. Woodruff and T. Yasuda, "Sharper Bounds for ℓp Sensitivity Sampling",
/// ICML 2023; the dual is convex duality of norms.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::{RowBasis, SensitivitySettings, sensitivity};
///
/// // Edges of a triangle with one vertex grounded: every sensitivity is 1/(1 + 2^(1−p)).
/// let triangle = RowBasis::new(&dmatrix![1.0, 0.0; 0.0, 1.0; 1.0, -1.0])?;
/// for p in [1.0, 1.5, 3.0] {
///     let interval = sensitivity(&triangle, 0, p, &SensitivitySettings::default())?.solution;
///     let exact = 1.0 / (1.0 + 2.0_f64.powf(1.0 - p));
///     assert!(interval.lower <= exact * (1.0 + 1e-9) && exact <= interval.upper * (1.0 + 1e-9));
///     assert!(interval.relative_gap() <= 1e-6);
/// }
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn sensitivity(
    basis: &RowBasis,
    row: usize,
    p: f64,
    settings: &SensitivitySettings,
) -> Result<Report<Interval, SensitivityRecord>, Error> {
    check(p, settings)?;
    if row >= basis.nrows() {
        return Err(Error::Row { row, nrows: basis.nrows() });
    }
    Ok(of_row(&Program::new(basis.q(), p), row, settings))
}

/// [`sensitivity`] of every row, rows in parallel.
///
/// # Errors
/// As [`sensitivity`].
pub fn sensitivities(
    basis: &RowBasis,
    p: f64,
    settings: &SensitivitySettings,
) -> Result<Vec<Interval>, Error> {
    check(p, settings)?;
    let program = Program::new(basis.q(), p);
    Ok((0..basis.nrows()).into_par_iter().map(|row| of_row(&program, row, settings).solution).collect())
}

/// σ(c) = max |cᵀx|ᵖ/‖Qx‖ₚᵖ of vectors c that need not be rows of Q; it may exceed 1.
#[derive(Debug)]
pub(super) struct VectorSensitivity<'a> {
    program: Program<'a>,
}

impl<'a> VectorSensitivity<'a> {
    pub(super) fn new(basis: &'a RowBasis, p: f64) -> Self {
        Self { program: Program::new(basis.q(), p) }
    }

    pub(super) fn solve(&self, c: &[f64], settings: &SensitivitySettings) -> Interval {
        solve::solve(&self.program, c, c, f64::INFINITY, settings).solution
    }
}

fn of_row(
    program: &Program<'_>,
    row: usize,
    settings: &SensitivitySettings,
) -> Report<Interval, SensitivityRecord> {
    let c = program.row(row);
    solve::solve(program, &c, &c, 1.0, settings)
}

pub(super) fn check(p: f64, settings: &SensitivitySettings) -> Result<(), Error> {
    check_exponent(p, |p| p >= 1.0, "1 ≤ p < ∞")?;
    settings.check()
}

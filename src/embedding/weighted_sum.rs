use rayon::prelude::*;

use super::Settings;
use super::powers::Squares;
use super::tiles::{Lanes, Tiles};

/// Rows that a task handles.
pub(super) const ROWS_A_TASK: usize = 2048;

/// What each row of each weighted power is multiplied by: w_k/‖row‖ where powers are normalised (0 for zero rows), else
/// w_k times the scale of L.
pub(super) struct Coefficients(Vec<(usize, Vec<f32>)>);

impl Coefficients {
    /// From the sums of squares of the rows of each weighted power, which only normalised powers need.
    pub(super) fn new(settings: &Settings, scale: f64, nodes: usize, squares: Option<&Squares>) -> Self {
        let of = |(index, power): (usize, usize)| {
            let coefficients = match squares {
                Some(squares) if settings.normalize_powers => {
                    squares[index].iter().map(|&square| coefficient(settings, power, scale, square)).collect()
                }
                _ => vec![coefficient(settings, power, scale, 1.0); nodes],
            };
            (power, coefficients)
        };
        Self(settings.weighted_powers().into_iter().enumerate().map(of).collect())
    }

    /// Of one power.
    pub(super) fn of(&self, power: usize) -> &[f32] {
        self.0.iter().find(|(weighted, _)| *weighted == power).map_or(&[], |(_, coefficients)| coefficients)
    }
}

/// What a row of one power is multiplied by, given the sum of its squares.
pub(super) fn coefficient(settings: &Settings, power: usize, scale: f64, square: f64) -> f32 {
    let weight = settings.weight(power);
    match settings.normalize_powers {
        true if square > 0.0 => (weight / square.sqrt()) as f32,
        true => 0.0,
        false => (weight * scale) as f32,
    }
}

/// sum += diag(coefficients)·rows, each product rounded before it is added.
///
/// In explicit vectors: left to itself the compiler vectorises across rows, by gathering and scattering.
struct AddRows<'a> {
    sum: &'a mut [Lanes],
    coefficients: &'a [f32],
    rows: &'a [Lanes],
}

impl pulp::WithSimd for AddRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        for ((sum, &coefficient), row) in self.sum.iter_mut().zip(self.coefficients).zip(self.rows) {
            let coefficient = simd.splat_f32s(coefficient);
            let (sum, _) = S::as_mut_simd_f32s(sum);
            let (row, _) = S::as_simd_f32s(row);
            for (sum, &entries) in sum.iter_mut().zip(row) {
                *sum = simd.add_f32s(*sum, simd.mul_f32s(coefficient, entries));
            }
        }
    }
}

/// rows = 0 + diag(coefficients)·rows: added to zero, as the first of several rows is elsewhere, so that −0 becomes 0.
struct ScaleRows<'a> {
    rows: &'a mut [Lanes],
    coefficients: &'a [f32],
}

impl pulp::WithSimd for ScaleRows<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        let zero = simd.splat_f32s(0.0);
        for (row, &coefficient) in self.rows.iter_mut().zip(self.coefficients) {
            let coefficient = simd.splat_f32s(coefficient);
            for entries in S::as_mut_simd_f32s(row).0 {
                *entries = simd.add_f32s(zero, simd.mul_f32s(coefficient, *entries));
            }
        }
    }
}

/// sum += diag(coefficients)·rows, for one tile.
pub(super) fn add_rows(sum: &mut [Lanes], coefficients: &[f32], rows: &[Lanes]) {
    let arch = pulp::Arch::new();
    let parts = sum.par_chunks_mut(ROWS_A_TASK).zip(coefficients.par_chunks(ROWS_A_TASK));
    parts
        .zip(rows.par_chunks(ROWS_A_TASK))
        .for_each(|((sum, coefficients), rows)| arch.dispatch(AddRows { sum, coefficients, rows }));
}

/// rows = diag(coefficients)·rows, for one tile.
fn scale_rows(rows: &mut [Lanes], coefficients: &[f32]) {
    let arch = pulp::Arch::new();
    let parts = rows.par_chunks_mut(ROWS_A_TASK).zip(coefficients.par_chunks(ROWS_A_TASK));
    parts.for_each(|(rows, coefficients)| arch.dispatch(ScaleRows { rows, coefficients }));
}

/// The weighted sum of kept powers, in the place of the lowest of them; `done(rows)` sees each tile of it while it
/// is in the cache.
pub(super) fn sum_in_place(
    coefficients: &Coefficients,
    sum: &mut Tiles,
    others: &[(usize, Tiles)],
    lowest: usize,
    mut done: impl FnMut(&[Lanes]),
) {
    let others: Vec<_> = others.iter().map(|(power, rows)| (coefficients.of(*power), rows.all())).collect();
    for (tile, sum) in sum.all_mut().into_iter().enumerate() {
        scale_rows(sum, coefficients.of(lowest));
        others.iter().for_each(|(coefficients, rows)| add_rows(sum, coefficients, rows[tile]));
        done(sum);
    }
}

//! What the theorems about flattening and sampling in rounds are held with: scores, copies of rows, drawn rows.

use nalgebra::{DMatrix, DVector};

use crate::random::StreamKey;
use crate::sampling::{
    Flattening, Interval, RowBasis, RowScores, SampledRows, SensitivitySettings, sensitivities,
    sensitivities_to_factor,
};

const SETTINGS: &str = "constants within their range";

/// Sensitivities to ten digits; none where they are refused, which no theorem forgives.
#[must_use]
pub fn certified_sensitivities(basis: &RowBasis, p: f64) -> Vec<Interval> {
    let settings = SensitivitySettings { relative_gap: 1e-10, ..SensitivitySettings::default() };
    sensitivities(basis, p, &settings).unwrap_or_default()
}

/// Sensitivities to a factor of 3/2.
#[must_use]
pub fn rough_sensitivities(basis: &RowBasis, p: f64) -> Vec<Interval> {
    sensitivities_to_factor(basis, p, 1.5, &SensitivitySettings::default()).unwrap_or_default()
}

/// Upper bounds on sensitivities from leverage scores.
///
/// # Panics
/// For a p out of range.
#[must_use]
pub fn root_leverage_bounds(basis: &RowBasis, p: f64) -> Vec<Interval> {
    let root = RowScores::root_leverage(&basis.leverage_scores(), p).expect(SETTINGS);
    root.values().iter().map(|&upper| Interval { lower: 0.0, upper }).collect()
}

/// The rows of A flattened by these upper bounds on its sensitivities, by the library.
///
/// # Panics
/// For scores or a constant out of range.
#[must_use]
pub fn flat_rows(a: &DMatrix<f64>, upper: &[f64], p: f64, constant: f64) -> DMatrix<f64> {
    let scores = RowScores::sensitivity(upper, p).expect(SETTINGS);
    Flattening::new(&scores, constant).expect(SETTINGS).rows(a)
}

/// S A for one draw of S, without the rows dropped.
///
/// # Panics
/// If every row is.
#[must_use]
pub fn drawn_basis(rows: &SampledRows, key: StreamKey) -> RowBasis {
    let p = rows.sampling.norm_exponent();
    let weights = rows.draw(key);
    let kept: Vec<usize> = (0..weights.len()).filter(|&i| weights[i] > 0.0).collect();
    let scales = DVector::from_iterator(kept.len(), kept.iter().map(|&i| weights[i].powf(1.0 / p)));
    let mut scaled = rows.basis.q().select_rows(&kept);
    scaled.column_iter_mut().for_each(|mut column| column.component_mul_assign(&scales));
    RowBasis::new(&scaled).expect(SETTINGS)
}

/// The total of the lower ends of [`rough_sensitivities`] of a draw: S(S A) or less.
#[must_use]
pub fn sampled_total(rows: &SampledRows, key: StreamKey) -> f64 {
    let p = rows.sampling.norm_exponent();
    rough_sensitivities(&drawn_basis(rows, key), p).iter().map(|sigma| sigma.lower).sum()
}

//! Weights and exponents without meaning.

use nalgebra::dmatrix;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{DistortionSettings, Error, RowBasis, weighted_distortion};

fn refused(weights: &[f64], p: f64) -> Error {
    let basis = RowBasis::new(&dmatrix![1.0, 0.0; 0.0, 1.0; 1.0, 1.0]).unwrap();
    let settings = DistortionSettings::default();
    weighted_distortion(&basis, weights, p, &settings, StreamKey::from_seed(1)).unwrap_err()
}

#[test]
fn weights_must_be_one_a_row_finite_and_not_negative() {
    assert_eq!(refused(&[1.0; 2], 1.0), Error::Length { what: "weights", found: 2, nrows: 3 });
    for value in [-1.0, f64::INFINITY] {
        assert_eq!(refused(&[1.0, value, 1.0], 1.0), Error::Score { row: 1, value });
    }
    assert!(matches!(refused(&[1.0, 1.0, f64::NAN], 1.0), Error::Score { row: 2, .. }));
}

#[test]
fn the_exponent_must_be_positive_and_finite() {
    for p in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(refused(&[1.0; 3], p), Error::Exponent { .. }), "p = {p}");
    }
}

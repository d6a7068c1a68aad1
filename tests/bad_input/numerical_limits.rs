//! Families against the cases where numbers end: each has a right answer, or is refused.
//!
//! | case | regression | ℓp regression | completion | leverage scores | sensing |
//! | --- | --- | --- | --- | --- | --- |
//! | numbers near 1e±300 | right | right | right | right | right, in the unit of the data |
//! | subnormal numbers | right | refused | right | right | right, or told |
//! | d = 1, n = 1, one entry | right | right | right | right | right |
//! | zero and constant columns | right, rank told | right | right | right | right |
//! | a row or column twice | right, rank told | right, rank told | right | right | right |
//! | condition 1e15 | right, residual | right, or bracketed | | to rounding times condition | |
//!
//! [`limits_lp`](crate::limits_lp), [`limits_completion`](crate::limits_completion) and [`limits_sensing`](crate::limits_sensing)
//! hold the last families against it, sensitivities and Lewis weights too.

use nalgebra::{DMatrix, DVector, dmatrix, dvector};
use proofsketch::completion::{self, Duplicates, MatrixCompletion};
use proofsketch::random::StreamKey;
use proofsketch::regression::{LeastSquares, solve_exact};
use proofsketch::sampling::leverage_scores;
use proofsketch::sensing::{
    ExplicitMeasurements, GradientSettings, MatrixSensing, MeasurementMap, gradient_descent,
};
use proofsketch::solve::{LpRegression, LpRegressionSettings, lp_regression};

/// Sizes of numbers, with the relative error that their own rounding allows.
const SIZES: [(f64, f64); 5] =
    [(1e-310, 1e-12), (1e-300, 1e-12), (1.0, 1e-12), (1e150, 1e-12), (1e300, 1e-12)];

fn tall() -> DMatrix<f64> {
    DMatrix::from_fn(12, 3, |i, j| ((i * (j + 2) + j * j) % 7) as f64 - 2.5)
}

fn least_squares(a: &DMatrix<f64>, b: &DVector<f64>) -> (DVector<f64>, usize, f64) {
    let exact = solve_exact(&LeastSquares::new(a, b).unwrap()).unwrap();
    (exact.coefficients, exact.rank, exact.residual_norm)
}

#[track_caller]
fn assert_close(found: &DVector<f64>, wanted: &DVector<f64>, tolerance: f64) {
    let error = (found - wanted).amax() / wanted.amax();
    assert!(error <= tolerance, "{found} is not {wanted}: {error:e}");
}

#[test]
fn least_squares_of_numbers_of_all_sizes() {
    let x = dvector![2.0, -1.0, 0.5];
    for (size, tolerance) in SIZES {
        let a = tall() * size;
        let b = &a * &x;
        let (found, rank, _) = least_squares(&a, &b);
        assert_eq!(rank, 3);
        assert_close(&found, &x, tolerance);
        let lp = LpRegression::new(&a, &b, 1.0).unwrap();
        match lp_regression(&lp, &LpRegressionSettings::default()) {
            Ok(report) => assert_close(&report.solution.x, &x, 1e-6),
            // b is scaled and A is not: of subnormal numbers the quotient overflows
            Err(error) => assert!(size < 1e-300, "{size:e}: {error}"),
        }
    }
}

#[test]
fn least_squares_of_one_number() {
    for (size, tolerance) in SIZES {
        let (a, b) = (DMatrix::from_element(1, 1, size), dvector![3.0 * size]);
        let (found, rank, residual) = least_squares(&a, &b);
        assert_eq!(rank, 1);
        assert_close(&found, &dvector![3.0], tolerance);
        assert!(residual <= tolerance * size);
    }
    let (found, rank, residual) = least_squares(&DMatrix::zeros(1, 1), &dvector![2.0]);
    assert_eq!((found[0], rank, residual), (0.0, 0, 2.0));
}

#[test]
fn least_squares_of_dependent_columns() {
    let a = tall();
    let b = &a * dvector![1.0, 2.0, 3.0];
    for (name, more) in [
        ("a zero column", DVector::zeros(12)),
        ("a column twice", a.column(1).clone_owned()),
        ("the tiny copy of a column", a.column(0) * 1e-300),
    ] {
        let mut wide = a.clone().insert_column(3, 0.0);
        wide.set_column(3, &more);
        let (found, rank, residual) = least_squares(&wide, &b);
        assert_eq!(rank, 3, "{name}");
        assert!(residual < 1e-12 && found.iter().all(|entry| entry.is_finite()), "{name}: {residual:e}");
    }
}

/// The residual is right although the coefficients are lost; scores add up to the rank.
#[test]
fn condition_1e15() {
    let mut a = DMatrix::from_fn(12, 2, |i, _| i as f64 + 1.0);
    (0..12).for_each(|i| a[(i, 1)] += if i % 2 == 0 { 1e-14 } else { -1e-14 } * (i as f64 + 1.0));
    let b = a.column(0).clone_owned();
    let (found, _, residual) = least_squares(&a, &b);
    assert!(residual <= 1e-12 && found.amax().is_finite(), "{residual:e}");
    let total: f64 = leverage_scores(&a).unwrap().iter().sum();
    assert!((total - total.round()).abs() < 1e-6 && (1.0..=2.0).contains(&total.round()), "{total}");
}

#[test]
fn leverage_scores_do_not_depend_on_the_size_of_numbers() {
    let wanted = leverage_scores(&tall()).unwrap();
    for (size, tolerance) in SIZES {
        let found = leverage_scores(&(tall() * size)).unwrap();
        let error = found.iter().zip(&wanted).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
        assert!(error <= tolerance, "{size:e}: {error:e}");
        assert_eq!(leverage_scores(&DMatrix::from_element(1, 1, size)).unwrap(), [1.0]);
    }
    let constant = leverage_scores(&DMatrix::from_element(4, 2, 3.0)).unwrap();
    assert!(constant.iter().all(|score| (score - 0.25).abs() < 1e-12), "{constant:?}");
}

#[test]
fn completion_of_one_entry() {
    for (size, _) in SIZES {
        let entry = [(0, 0, -2.0 * size)];
        let problem = MatrixCompletion::from_triplets(1, 1, &entry, Duplicates::Refuse).unwrap();
        let key = StreamKey::from_seed(1);
        let found = completion::solve(&problem, &completion::Settings::of_rank(1), key).unwrap();
        let error = found.solution.entry(0, 0) / size + 2.0;
        assert!(error.abs() < 1e-6, "{size:e}: {error:e}");
    }
}

#[test]
fn sensing_of_one_number() {
    let map = ExplicitMeasurements::new(&[dmatrix![1.0]]).unwrap();
    let y = map.apply(&dmatrix![4.0]);
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let settings = GradientSettings { rank: 1, ..GradientSettings::default() };
    let report = gradient_descent(&problem, &settings, StreamKey::from_seed(1)).unwrap();
    assert!((report.solution.matrix()[(0, 0)] - 4.0).abs() < 1e-9, "{}", report.status);
}

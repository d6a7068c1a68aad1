//! Sensing where numbers end: data near 1e±300 and subnormal, one entry, one measurement, repeated and zero rows.

use nalgebra::{DMatrix, DVector, dmatrix};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    AsymmetricSettings, AsymmetricStart, Damping, DenseGaussian, Error, ExplicitMeasurements, Factors,
    GradientSettings, LowRankTruth, MatrixSensing, MeasurementMap, PackedGaussian, PreconditionedSettings,
    ScaledSubgradientSettings, SubgradientSettings, SymmetricFactor, SymmetricStart,
    asymmetric_gradient_descent, gradient_descent, preconditioned_gradient_descent,
    scaled_subgradient_method, subgradient_method,
};
use proofsketch::solve::Status;

use crate::hard_numbers::all_finite;

fn key() -> StreamKey {
    StreamKey::from_seed(5)
}

/// ‖F Gᵀ/size − X★‖_F/‖X★‖_F, the size taken out of the factors.
fn error_of(f: &DMatrix<f64>, g: &DMatrix<f64>, size: f64, truth: &DMatrix<f64>) -> f64 {
    let root = size.sqrt();
    ((f / root) * (g / root).transpose() - truth).norm() / truth.norm()
}

type Outcome = (&'static str, Result<(Status, SymmetricFactor), Error>);

/// Every symmetric method at rank r, from a start in the unit of the data.
fn symmetric_methods(problem: &MatrixSensing<'_>, rank: usize) -> [Outcome; 5] {
    let start = SymmetricStart::Spectral { kept: 1.0 };
    let plain = GradientSettings { rank, start, ..GradientSettings::default() };
    let residual = PreconditionedSettings { rank, ..PreconditionedSettings::default() };
    let fixed = PreconditionedSettings { damping: Damping::Fixed(0.0), ..residual.clone() };
    let scaled = ScaledSubgradientSettings { rank, ..ScaledSubgradientSettings::default() };
    let robust = SubgradientSettings::for_problem(problem, rank);
    [
        ("gradient", gradient_descent(problem, &plain, key()).map(|r| (r.status, r.solution))),
        (
            "preconditioned",
            preconditioned_gradient_descent(problem, &residual, key()).map(|r| (r.status, r.solution)),
        ),
        ("scaled", preconditioned_gradient_descent(problem, &fixed, key()).map(|r| (r.status, r.solution))),
        (
            "scaled subgradient",
            scaled_subgradient_method(problem, &scaled, key()).map(|r| (r.status, r.solution)),
        ),
        ("subgradient", subgradient_method(problem, &robust, key()).map(|r| (r.status, r.solution))),
    ]
}

/// Whatever says that it converged is right: to 10⁻¹⁰, or to what the rounding of subnormal data leaves.
fn assert_right_or_told(name: &str, outcome: &Outcome, size: f64, truth: &DMatrix<f64>) {
    let (method, found) = outcome;
    let Ok((status, factor)) = found else { return };
    assert!(all_finite(&factor.u), "{name}, {method}");
    if *status == Status::Converged {
        let error = error_of(&factor.u, &factor.u, size, truth);
        let allowed = 1e-10_f64.max(10.0 * f64::from_bits(1) / size);
        assert!(error <= allowed, "{name}, {method}, {size:e}: {error:e}");
    }
}

#[test]
fn data_near_the_ends_of_the_range_is_solved() {
    for (name, dim, measurements, spectrum) in
        [("6 × 6", 6, 80, &[2.0, 1.0][..]), ("d = 1, m = 1", 1, 1, &[3.0]), ("d = 1, m = 5", 1, 5, &[3.0])]
    {
        let truth = LowRankTruth::psd(dim, spectrum, key().named("truth")).unwrap();
        let map = PackedGaussian::draw(dim, measurements, key().named("map")).unwrap();
        let unit = map.apply(truth.matrix());
        for size in [1e-300, 1e-150, 1.0, 1e150, 1e300] {
            let y = &unit * size;
            let problem = MatrixSensing::new(&map, &y).unwrap();
            for outcome in symmetric_methods(&problem, spectrum.len()) {
                let status = outcome.1.as_ref().map(|found| found.0);
                assert_eq!(status.unwrap(), Status::Converged, "{name}, {}, {size:e}", outcome.0);
                assert_right_or_told(name, &outcome, size, truth.matrix());
            }
        }
        for size in [5e-324, 1e-320, 1e-310, 1e307] {
            let y = &unit * size;
            let problem = MatrixSensing::new(&map, &y).unwrap();
            for outcome in symmetric_methods(&problem, spectrum.len()) {
                assert_right_or_told(name, &outcome, size, truth.matrix());
            }
        }
    }
}

#[test]
fn two_factors_of_data_near_the_ends_of_the_range() {
    let truth = LowRankTruth::rectangular((5, 7), &[2.0, 1.0], key().named("truth")).unwrap();
    let map = DenseGaussian::draw((5, 7), 150, key().named("map")).unwrap();
    let unit = map.apply(truth.matrix());
    for size in [1e-290_f64, 1e-150, 1.0, 1e150, 1e300] {
        let y = &unit * size;
        let start = AsymmetricStart::Imbalanced { alpha: 0.3 * size.sqrt(), ratio: 1.0 / 3.0 };
        let settings = AsymmetricSettings { rank: 2, start, ..AsymmetricSettings::default() };
        let problem = MatrixSensing::new(&map, &y).unwrap();
        let report = asymmetric_gradient_descent(&problem, &settings, key()).unwrap();
        let Factors { f, g, .. } = &report.solution;
        assert_eq!(report.status, Status::Converged, "{size:e}");
        let error = error_of(f, g, size, truth.matrix());
        assert!(error < 1e-10, "{size:e}: {error:e}");
    }
}

/// Where (1/m) 𝒜*(y) overflows nothing is called stationary.
#[test]
fn data_whose_mean_overflows_is_refused() {
    let map =
        ExplicitMeasurements::new(&[dmatrix![100.0, 0.0; 0.0, 1.0], dmatrix![0.0, 1.0; 1.0, 0.0]]).unwrap();
    let y = DVector::from_vec(vec![f64::MAX, 1.0]);
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let settings = GradientSettings { rank: 1, ..GradientSettings::default() };
    let expected = "‖(1/m) 𝒜*(y)‖_F = inf is out of range: need a finite norm: scale the measurements";
    let refused = gradient_descent(&problem, &settings, key()).unwrap_err().to_string();
    assert_eq!(refused, expected);
    let start = SymmetricStart::Random { alpha: 1.0 };
    let settings = PreconditionedSettings { rank: 1, start, ..PreconditionedSettings::default() };
    let refused = preconditioned_gradient_descent(&problem, &settings, key()).unwrap_err().to_string();
    assert_eq!(refused, expected);
    let settings = AsymmetricSettings { rank: 1, ..AsymmetricSettings::default() };
    let refused = asymmetric_gradient_descent(&problem, &settings, key()).unwrap_err().to_string();
    assert_eq!(refused, expected);
}

/// X★ with a row and column twice, and with zero ones: as many measurements as entries determine it.
#[test]
fn repeated_and_zero_rows_are_recovered() {
    for (name, u) in [
        ("a row twice", dmatrix![1.0; 2.0; 2.0; -1.0]),
        ("zero rows", dmatrix![0.0; 2.0; 0.0; -1.0]),
        ("a constant matrix", dmatrix![1.0; 1.0; 1.0; 1.0]),
    ] {
        let truth = &u * u.transpose();
        let map = PackedGaussian::draw(4, 60, key().named("map")).unwrap();
        let y = map.apply(&truth);
        let problem = MatrixSensing::new(&map, &y).unwrap();
        for (method, found) in symmetric_methods(&problem, 1) {
            let (status, factor) = found.unwrap();
            assert_eq!(status, Status::Converged, "{name}, {method}");
            let error = error_of(&factor.u, &factor.u, 1.0, &truth);
            assert!(error < 1e-10, "{name}, {method}: {error:e}");
        }
    }
}

/// One measurement of a larger matrix determines none: what comes back fits it, or is told to have stalled.
#[test]
fn one_measurement_is_fitted() {
    let map = PackedGaussian::draw(4, 1, key().named("map")).unwrap();
    for value in [3.0, -3.0, 0.0] {
        let y = DVector::from_element(1, value);
        let problem = MatrixSensing::new(&map, &y).unwrap();
        for (method, found) in symmetric_methods(&problem, 2) {
            let Ok((status, factor)) = found else { continue };
            assert!(all_finite(&factor.u), "{value}, {method}");
            let fitted = map.apply(&factor.matrix())[0];
            let fits = (fitted - value).abs() <= 1e-9 * value.abs();
            assert!(fits || status != Status::Converged, "{method}: {fitted} for {value}, {status}");
        }
    }
}

#[test]
fn errors_of_tiny_and_huge_matrices_are_neither_zero_nor_infinite() {
    for size in [1e-310, 1e-200, 1.0, 1e200, 1e300] {
        let truth = LowRankTruth::psd(3, &[size], key()).unwrap();
        let error = truth.frobenius_error(&DMatrix::zeros(3, 3)) / size;
        assert!((error - 1.0).abs() < 1e-10, "{size:e}: {error}");
    }
}

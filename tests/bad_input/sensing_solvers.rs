//! Settings of the sensing solvers that are out of range, starts that go nowhere, and data at the edge of numbers.

use nalgebra::{DMatrix, DVector};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    AsymmetricSettings, AsymmetricStart, Damping, DenseGaussian, Error, Factors, GradientSettings,
    LowRankTruth, MatrixSensing, MeasurementMap, PackedGaussian, PreconditionedSettings, Rebalancing, Side,
    StepNorm, StepSchedule, StepSize, SubgradientSettings, SymmetricStart, Warning,
    asymmetric_gradient_descent, gradient_descent, preconditioned_gradient_descent, rebalance,
    spectral_initialization, subgradient_method,
};
use proofsketch::solve::Status;

fn key() -> StreamKey {
    StreamKey::from_seed(1)
}

/// A 4×4 problem of rank 1.
fn data() -> (PackedGaussian, DVector<f64>) {
    let map = PackedGaussian::draw(4, 30, key()).unwrap();
    let y = map.apply(LowRankTruth::psd(4, &[1.0], key()).unwrap().matrix());
    (map, y)
}

fn setting<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result.unwrap_err() {
        Error::Setting { name, .. } => name,
        other => panic!("{other}"),
    }
}

#[test]
fn a_rank_of_zero_or_more_than_the_matrix_has() {
    let (map, y) = data();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    for rank in [0, 5] {
        let refusal = Error::Rank { rank, nrows: 4, ncols: 4 };
        let robust = SubgradientSettings { rank, ..SubgradientSettings::default() };
        assert_eq!(subgradient_method(&problem, &robust, key()).unwrap_err(), refusal);
        let plain = GradientSettings { rank, ..GradientSettings::default() };
        assert_eq!(gradient_descent(&problem, &plain, key()).unwrap_err(), refusal);
        let asymmetric = AsymmetricSettings { rank, ..AsymmetricSettings::default() };
        assert_eq!(asymmetric_gradient_descent(&problem, &asymmetric, key()).unwrap_err(), refusal);
        let preconditioned = PreconditionedSettings { rank, ..PreconditionedSettings::default() };
        assert_eq!(preconditioned_gradient_descent(&problem, &preconditioned, key()).unwrap_err(), refusal);
        assert_eq!(spectral_initialization(&problem, rank, 1.0).unwrap_err(), refusal);
    }
}

#[test]
fn scales_of_a_start_and_steps_out_of_range() {
    let (map, y) = data();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    for alpha in [0.0, -1.0, 1e-160, f64::NAN, f64::INFINITY] {
        let start = SymmetricStart::SignSpectral { alpha };
        let settings = SubgradientSettings { rank: 2, start, ..SubgradientSettings::default() };
        assert_eq!(setting(subgradient_method(&problem, &settings, key())), "alpha");
        let start = AsymmetricStart::Imbalanced { alpha, ratio: 0.5 };
        let settings = AsymmetricSettings { rank: 2, start, ..AsymmetricSettings::default() };
        assert_eq!(setting(asymmetric_gradient_descent(&problem, &settings, key())), "alpha");
    }
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let step = StepSize::Fixed(bad);
        let settings = GradientSettings { rank: 2, step, ..GradientSettings::default() };
        assert_eq!(setting(gradient_descent(&problem, &settings, key())), "step");
        let settings = PreconditionedSettings { rank: 2, step: bad, ..PreconditionedSettings::default() };
        assert_eq!(setting(preconditioned_gradient_descent(&problem, &settings, key())), "step");
        let schedule = StepSchedule::Loss { eta: bad };
        let settings = SubgradientSettings { rank: 2, schedule, ..SubgradientSettings::default() };
        assert_eq!(setting(subgradient_method(&problem, &settings, key())), "eta");
    }
    for decay in [0.0, 1.0, -0.5, f64::NAN] {
        let schedule = StepSchedule::Geometric { eta: 1.0, decay, norm: StepNorm::Symmetric };
        let settings = SubgradientSettings { rank: 2, schedule, ..SubgradientSettings::default() };
        assert!(matches!(subgradient_method(&problem, &settings, key()), Err(Error::Setting { .. })));
    }
    let settings = PreconditionedSettings {
        rank: 2,
        damping: Damping::Fixed(-1.0),
        ..PreconditionedSettings::default()
    };
    assert_eq!(setting(preconditioned_gradient_descent(&problem, &settings, key())), "damping");
    assert_eq!(setting(spectral_initialization(&problem, 2, 0.0)), "kept");
}

#[test]
fn a_rebalancing_out_of_range() {
    let (map, y) = data();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        for (name, rebalancing) in [
            ("gamma", Rebalancing { gamma: bad, ..Rebalancing::default() }),
            ("beta", Rebalancing { beta: Some(bad), ..Rebalancing::default() }),
        ] {
            let rebalancing = Some(rebalancing);
            let settings = AsymmetricSettings { rank: 2, rebalancing, ..AsymmetricSettings::default() };
            assert_eq!(setting(asymmetric_gradient_descent(&problem, &settings, key())), name);
        }
    }
}

#[test]
fn rebalancing_a_singular_factor_drops_its_null_columns() {
    let f = DMatrix::from_row_slice(3, 2, &[1.0, 1.0, 0.0, 0.0, 2.0, 2.0]);
    let g = DMatrix::from_row_slice(2, 2, &[1.0, 0.5, 3.0, -1.0]);
    let factors = Factors { f, g, loss: 0.0 };
    let balanced = rebalance(&factors, 0.5, Side::F).unwrap();
    assert_eq!(balanced.f.ncols(), 1);
    assert!((balanced.matrix() - factors.matrix()).norm() < 1e-14);
}

#[test]
fn given_starts_of_another_shape_or_not_finite() {
    let (map, y) = data();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let refusal = |u: DMatrix<f64>| {
        let settings =
            GradientSettings { rank: 2, start: SymmetricStart::Given(u), ..GradientSettings::default() };
        gradient_descent(&problem, &settings, key()).unwrap_err()
    };
    let shape = refusal(DMatrix::zeros(4, 3));
    assert!(matches!(shape, Error::Shape { found: (4, 3), needed: (4, 2), .. }), "{shape}");
    let mut u = DMatrix::zeros(4, 2);
    u[(3, 1)] = f64::NAN;
    assert!(matches!(refusal(u), Error::MatrixNotFinite { row: 3, column: 1, .. }));
}

#[test]
fn a_symmetric_method_on_a_rectangular_matrix() {
    let map = DenseGaussian::draw((3, 4), 20, key()).unwrap();
    let y = DVector::from_element(20, 1.0);
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let settings = GradientSettings { rank: 2, ..GradientSettings::default() };
    assert!(matches!(
        gradient_descent(&problem, &settings, key()),
        Err(Error::NotSquare { nrows: 3, ncols: 4, .. })
    ));
}

#[test]
fn starts_at_zero_are_degenerate() {
    let (map, _) = data();
    let zero = DVector::zeros(30);
    let problem = MatrixSensing::new(&map, &zero).unwrap();
    let settings = SubgradientSettings { rank: 2, ..SubgradientSettings::default() };
    let report = subgradient_method(&problem, &settings, key()).unwrap();
    assert_eq!(report.status, Status::DegenerateStart);
    assert_eq!(report.solution.matrix(), DMatrix::zeros(4, 4));
    let start = SymmetricStart::Given(DMatrix::zeros(4, 2));
    let settings = GradientSettings { rank: 2, start, ..GradientSettings::default() };
    assert_eq!(gradient_descent(&problem, &settings, key()).unwrap().status, Status::DegenerateStart);
}

#[test]
fn steps_that_are_too_long_end_with_finite_factors() {
    let (map, y) = data();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let settings = GradientSettings { rank: 2, step: StepSize::Fixed(1e3), ..GradientSettings::default() };
    let report = gradient_descent(&problem, &settings, key()).unwrap();
    assert_eq!(report.status, Status::Diverged);
    assert!(report.solution.u.iter().all(|entry| entry.is_finite()));
}

#[test]
fn outliers_near_the_largest_number_are_survived() {
    let map = PackedGaussian::draw(8, 300, key()).unwrap();
    let truth = LowRankTruth::psd(8, &[1.0], key()).unwrap();
    let mut y = map.apply(truth.matrix());
    y[3] = 1e300;
    y[7] = -1e300;
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let settings = SubgradientSettings { rank: 2, ..SubgradientSettings::default() };
    let report = subgradient_method(&problem, &settings, key()).unwrap();
    let error = truth.frobenius_error(&report.solution.matrix());
    assert!(error < 1e-4, "{error:e}: {}", report.status);
}

#[test]
fn starts_that_cannot_be_fast_are_warned_of() {
    let (map, y) = data();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let start = AsymmetricStart::Imbalanced { alpha: 0.1, ratio: 1.0 };
    let settings = AsymmetricSettings { rank: 4, start, ..AsymmetricSettings::default() };
    let warnings = settings.warnings(&problem, key()).unwrap();
    assert!(
        warnings.iter().any(|warning| matches!(warning, Warning::IndefiniteImbalance { .. })),
        "{warnings:?}"
    );
}

#[test]
fn one_by_one() {
    let map = PackedGaussian::draw(1, 5, key()).unwrap();
    let y = map.apply(&DMatrix::from_element(1, 1, 4.0));
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let settings = GradientSettings { rank: 1, ..GradientSettings::default() };
    let report = gradient_descent(&problem, &settings, key()).unwrap();
    assert!((report.solution.matrix()[(0, 0)] - 4.0).abs() < 1e-9, "{}", report.status);
}

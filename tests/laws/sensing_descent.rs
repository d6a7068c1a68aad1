use std::ops::ControlFlow;

use nalgebra::{DMatrix, DVector};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sensing::{
    AsymmetricSettings, AsymmetricStart, Damping, DenseGaussian, Factors, GradientSettings, Identity, Loss,
    LowRankTruth, MatrixSensing, MeasurementMap, PackedGaussian, PreconditionedSettings, Rebalancing,
    ScaledSubgradientSettings, Side, StepSchedule, StepSize, SubgradientSettings, SymmetricStart,
    asymmetric_gradient_descent, asymmetric_gradient_descent_observed, gradient_descent,
    gradient_descent_observed, preconditioned_gradient_descent, rebalance, scaled_subgradient_method,
    subgradient_method,
};

use crate::common::seed;

/// diag(1, 0.8, 0.5, 0, …) ∈ ℝ⁵⁰ˣ⁵⁰, every entry measured.
fn population() -> (DMatrix<f64>, Identity, DVector<f64>) {
    let truth = DMatrix::from_fn(50, 50, |i, j| if i == j && i < 3 { [1.0, 0.8, 0.5][i] } else { 0.0 });
    let map = Identity::symmetric(50).unwrap();
    let y = map.apply(&truth);
    (truth, map, y)
}

/// Errors ‖X_t − X★‖_F of symmetric gradient descent on the population, at the given iterations.
fn symmetric_errors(rank: usize, at: &[usize], key: StreamKey) -> Vec<f64> {
    let (truth, map, y) = population();
    let settings = GradientSettings {
        rank,
        start: SymmetricStart::Random { alpha: 0.1 },
        step: StepSize::Fixed(0.2),
        tol: 0.0,
        max_iterations: *at.last().unwrap(),
    };
    let mut errors = Vec::new();
    gradient_descent_observed(&MatrixSensing::new(&map, &y).unwrap(), &settings, key, |iterate| {
        if at.contains(&iterate.iteration) {
            errors.push((iterate.product - &truth).norm());
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    errors
}

/// Slope of ln y over x between two points of a run.
fn rate(errors: &[(f64, f64)]) -> f64 {
    let (first, last) = (errors[0], errors[errors.len() - 1]);
    (first.1 / last.1).ln() / (last.0 - first.0)
}

/// The rate of asymmetric gradient descent on the population while the error falls through `window`.
fn asymmetric_rate(
    alpha: f64,
    rebalancing: Option<Rebalancing>,
    window: std::ops::Range<f64>,
    key: StreamKey,
) -> f64 {
    let (truth, _, y) = population();
    let map = Identity::new((50, 50)).unwrap();
    let start = AsymmetricStart::Imbalanced { alpha, ratio: 1.0 / 3.0 };
    let settings = AsymmetricSettings {
        rank: 5,
        start,
        step: StepSize::Fixed(0.1),
        rebalancing,
        tol: 0.0,
        max_iterations: 200_000,
    };
    let mut errors = Vec::new();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    asymmetric_gradient_descent_observed(&problem, &settings, key, |iterate| {
        let error = (iterate.product - &truth).norm();
        if window.contains(&error) {
            errors.push((iterate.iteration as f64, error));
        }
        if error < window.start { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
    rate(&errors)
}

/// With the identity, the expected loss and η_t = (η/2)f the iteration is U ← U − ηΔU.
#[test]
fn the_expected_loss_gives_plain_gradient_descent() {
    let (truth, map, y) = population();
    let u0 = normal_matrix(50, 5, seed().named("expected")) * 0.1;
    let mut u = u0.clone();
    for _ in 0..50 {
        u = &u - (&u * u.transpose() - &truth) * &u * 0.2;
    }
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let start = SymmetricStart::Given(u0);
    let settings = SubgradientSettings {
        rank: 5,
        loss: Loss::Frobenius,
        start: start.clone(),
        schedule: StepSchedule::Loss { eta: 0.2 },
        tol: 0.0,
        max_iterations: 50,
    };
    let expected = subgradient_method(&problem, &settings, seed()).unwrap().solution;
    let step = StepSize::Fixed(0.2);
    let settings = GradientSettings { rank: 5, start, step, tol: 0.0, max_iterations: 50 };
    let descended = gradient_descent(&problem, &settings, seed()).unwrap().solution;
    assert!((&expected.u - &u).norm() < 1e-13 * u.norm());
    assert!((&descended.u - &u).norm() < 1e-13 * u.norm());
}

#[test]
fn redundant_columns_of_a_symmetric_factor_decay_as_one_over_t() {
    for rank in [4, 5, 10] {
        let at = [2_500, 5_000, 10_000];
        let errors = symmetric_errors(rank, &at, seed().named("sublinear"));
        let law = errors[2] * 2.0 * 0.2 * 10_000.0 / ((rank - 3) as f64).sqrt();
        let slope = (errors[2] / errors[0]).ln() / 4.0_f64.ln();
        println!("rank {rank}: {law} slope {slope}");
        assert!((law - 1.0).abs() < 0.02, "rank {rank}: {law}");
        assert!((slope + 1.0).abs() < 0.02, "rank {rank}: slope {slope}");
    }
    let exact = symmetric_errors(3, &[3_000], seed().named("sublinear"));
    assert!(exact[0] < 1e-14, "{exact:?}");
}

#[test]
fn the_rate_of_an_imbalanced_start_is_quadratic_in_its_scale() {
    let (small, large) = (0.01, 0.02);
    let key = seed().named("imbalance");
    let rates = [small, large].map(|alpha| asymmetric_rate(alpha, None, 1e-8..1e-4, key));
    let exponent = (rates[1] / rates[0]).log2();
    println!("{rates:?} {exponent}");
    assert!((exponent - 2.0).abs() < 0.1, "{rates:?}: exponent {exponent}");
}

#[test]
fn one_rebalancing_makes_the_rate_independent_of_the_scale() {
    for side in [Side::F, Side::G] {
        let rebalancing = Rebalancing { beta: Some(0.5), side, ..Rebalancing::default() };
        // Below α², where the redundant directions are all that is left of the error.
        let window = 1e-12..1e-8;
        let rates = [0.02, 0.005, 0.001]
            .map(|alpha| asymmetric_rate(alpha, Some(rebalancing), window.clone(), seed()));
        println!("{side:?} {rates:?}");
        let (least, largest) =
            (rates.iter().copied().fold(f64::INFINITY, f64::min), rates.iter().copied().fold(0.0, f64::max));
        assert!(largest < 1.2 * least, "{rates:?}");
        assert!((0.02..0.04).contains(&least), "{rates:?}");
    }
}

#[test]
fn rebalancing_keeps_the_product_and_equals_the_singular_values() {
    let key = seed().named("rebalancing");
    let (f, g) = (normal_matrix(12, 5, key.named("f")), normal_matrix(9, 5, key.named("g")) * 1e-3);
    let factors = Factors { f, g, loss: 0.0 };
    for side in [Side::F, Side::G] {
        let balanced = rebalance(&factors, 0.7, side).unwrap();
        assert!((balanced.matrix() - factors.matrix()).norm() < 1e-13 * factors.matrix().norm());
        let equal = if side == Side::F { &balanced.f } else { &balanced.g };
        assert!((equal.tr_mul(equal) - DMatrix::identity(5, 5) * 0.49).norm() < 1e-14);
    }
    // A dependent column is dropped from both factors.
    let mut f = factors.f.clone();
    let copy = f.column(0) * 2.0;
    f.set_column(4, &copy);
    let dependent = Factors { f, ..factors };
    let balanced = rebalance(&dependent, 0.7, Side::F).unwrap();
    assert_eq!((balanced.f.ncols(), balanced.g.ncols()), (4, 4));
    assert!((balanced.matrix() - dependent.matrix()).norm() < 1e-13 * dependent.matrix().norm());
}

/// F₊ᵀF₊ − G₊ᵀG₊ = FᵀF − GᵀG + η²(GᵀZᵀZG − FᵀZZᵀF); and equal factors stay equal.
#[test]
fn the_imbalance_changes_to_second_order_only() {
    let key = seed().named("identity of imbalance");
    let truth = LowRankTruth::rectangular((12, 10), &[2.0, 1.0], key).unwrap();
    let map = DenseGaussian::draw((12, 10), 300, key).unwrap();
    let y = map.apply(truth.matrix());
    let start = AsymmetricStart::Imbalanced { alpha: 0.3, ratio: 0.5 };
    let settings =
        AsymmetricSettings { rank: 4, start, step: StepSize::Fixed(0.1), ..AsymmetricSettings::default() };
    let mut expected: Option<DMatrix<f64>> = None;
    let problem = MatrixSensing::new(&map, &y).unwrap();
    asymmetric_gradient_descent_observed(&problem, &settings, key, |iterate| {
        let (f, g, z) = (iterate.f, iterate.g, &iterate.pass.gradient);
        let imbalance = f.tr_mul(f) - g.tr_mul(g);
        if let Some(expected) = &expected {
            assert!((&imbalance - expected).norm() < 1e-13 * (f.norm_squared() + g.norm_squared()));
        }
        let (zg, zf) = (z * g, z.tr_mul(f));
        expected = Some(imbalance + (zg.tr_mul(&zg) - zf.tr_mul(&zf)) * 0.01);
        if iterate.iteration == 200 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })
    .unwrap();
}

#[test]
fn equal_factors_are_the_symmetric_method() {
    let key = seed().named("equal factors");
    let truth = LowRankTruth::psd(12, &[2.0, 1.0], key).unwrap();
    let map = PackedGaussian::draw(12, 200, key).unwrap();
    let y = map.apply(truth.matrix());
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let u = normal_matrix(12, 4, key) * 0.1;
    let step = StepSize::Fixed(0.05);
    let start = AsymmetricStart::Given { f: u.clone(), g: u.clone() };
    let settings =
        AsymmetricSettings { rank: 4, start, step, max_iterations: 300, ..AsymmetricSettings::default() };
    let pair = asymmetric_gradient_descent(&problem, &settings, key).unwrap().solution;
    let start = SymmetricStart::Given(u);
    let settings =
        GradientSettings { rank: 4, start, step, max_iterations: 300, ..GradientSettings::default() };
    let single = gradient_descent(&problem, &settings, key).unwrap().solution;
    assert!((&pair.f - &pair.g).norm() < 1e-12 * pair.f.norm());
    assert!((&pair.f - &single.u).norm() < 1e-12 * pair.f.norm());
}

#[test]
fn preconditioned_methods_reach_ill_conditioned_truths() {
    let key = seed().named("condition");
    let truth = LowRankTruth::psd(20, &[1.0, 0.1, 0.01], key).unwrap();
    let map = PackedGaussian::draw(20, 600, key).unwrap();
    let y = map.apply(truth.matrix());
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let exact =
        PreconditionedSettings { rank: 3, damping: Damping::Fixed(0.0), ..PreconditionedSettings::default() };
    let over = PreconditionedSettings { rank: 6, ..PreconditionedSettings::default() };
    for settings in [exact, over] {
        let report = preconditioned_gradient_descent(&problem, &settings, key).unwrap();
        let error = truth.frobenius_error(&report.solution.matrix());
        println!("{:?}: {error:e} {} {}", settings.damping, report.status, report.iterations());
        assert!(error < 1e-9, "{error:e}");
    }
    let settings = ScaledSubgradientSettings { rank: 3, ..ScaledSubgradientSettings::default() };
    let report = scaled_subgradient_method(&problem, &settings, key).unwrap();
    assert!(truth.frobenius_error(&report.solution.matrix()) < 1e-12);
}

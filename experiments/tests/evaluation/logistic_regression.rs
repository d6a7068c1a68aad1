//! The classifiers against a slow obvious solver and the conditions of a minimum.

use nalgebra::{DMatrix, DVector};
use proofsketch::random::StreamKey;
use proofsketch::solve::Status;
use proofsketch_experiments::evaluation::{Error, LogisticSettings, logistic_regression};
use rand::RngExt;

/// Features of very different scales, and targets that depend on them but for noise.
fn instance(n: usize, d: usize, classes: usize) -> (DMatrix<f64>, DMatrix<f64>) {
    let mut rng = StreamKey::from_seed(11).named("instance").block(n as u64);
    let x = DMatrix::from_fn(n, d, |_, j| (rng.random::<f64>() - 0.4) * 3.0_f64.powi(j as i32 % 5 - 2));
    let t = DMatrix::from_fn(n, classes, |i, k| {
        let score = x[(i, k % d)] - x[(i, (k + 1) % d)] + 0.5 * (rng.random::<f64>() - 0.5);
        f64::from(u8::from(score > 0.1 * k as f64))
    });
    (x, t)
}

/// ∇f(w), from its definition.
fn gradient(x: &DMatrix<f64>, targets: &[f64], w: &DVector<f64>, c: f64) -> DVector<f64> {
    let mut gradient = w.clone();
    for (i, target) in targets.iter().enumerate() {
        let example = x.row(i).transpose().insert_row(x.ncols(), 1.0);
        let y = 2.0 * target - 1.0;
        let margin = y * w.dot(&example);
        gradient -= c * y / (1.0 + margin.exp()) * example;
    }
    gradient
}

/// Gradient descent with step 1/(1 + C ‖X‖²/4), which bounds the Hessian.
fn minimum_by_gradient_descent(x: &DMatrix<f64>, targets: &[f64], c: f64) -> DVector<f64> {
    let bound = 1.0 + c * (x.norm_squared() + x.nrows() as f64) / 4.0;
    let mut w = DVector::zeros(x.ncols() + 1);
    loop {
        let gradient = gradient(x, targets, &w, c);
        if gradient.norm() < 1e-10 {
            return w;
        }
        w -= gradient / bound;
    }
}

#[test]
fn it_agrees_with_gradient_descent() {
    let (x, targets) = instance(40, 4, 3);
    let settings = LogisticSettings { c: 0.7, tolerance: 1e-12, max_iterations: 100 };
    let learnt = logistic_regression(&x, &targets, &settings).unwrap();
    for (k, target) in targets.column_iter().enumerate() {
        let obvious = minimum_by_gradient_descent(&x, target.as_slice(), settings.c);
        assert!((learnt.weights.column(k) - obvious).amax() < 1e-9, "class {k}");
    }
}

#[test]
fn the_gradient_vanishes_to_the_tolerance() {
    for (n, d) in [(5, 30), (60, 12), (300, 3)] {
        let (x, targets) = instance(n, d, 9);
        for c in [1e-3, 1.0, 1e3] {
            for tolerance in [1e-2, 1e-6, 1e-10] {
                let settings = LogisticSettings { c, tolerance, max_iterations: 200 };
                let learnt = logistic_regression(&x, &targets, &settings).unwrap();
                assert_eq!(learnt.status, Status::Converged);
                for k in (0..9).filter(|&k| learnt.constant[k].is_none()) {
                    let w = learnt.weights.column(k).into_owned();
                    let norm = gradient(&x, targets.column(k).as_slice(), &w, c).norm();
                    // Rounding: each of n terms of the gradient is exact to some ulps of C ‖xᵢ‖.
                    let rounding = 1e-14 * c * x.norm() * (n as f64).sqrt();
                    assert!(norm <= tolerance * w.norm() + rounding, "{n}×{d}, C = {c}: {norm:e}");
                    assert!((norm - learnt.gradient_norms[k]).abs() <= 1e-6 * norm + rounding);
                }
            }
        }
    }
}

#[test]
fn a_class_of_none_or_of_all_has_a_constant_score() {
    let (x, mut targets) = instance(20, 3, 3);
    targets.column_mut(0).fill(0.0);
    targets.column_mut(2).fill(1.0);
    let learnt = logistic_regression(&x, &targets, &LogisticSettings::default()).unwrap();
    let scores = learnt.scores(&x);
    assert!(scores.column(0).iter().all(|&score| score == f64::NEG_INFINITY));
    assert!(scores.column(1).iter().all(|score| score.is_finite()));
    assert!(scores.column(2).iter().all(|&score| score == f64::INFINITY));
}

#[test]
fn too_few_steps_are_told() {
    let (x, targets) = instance(60, 5, 2);
    let settings = LogisticSettings { c: 10.0, tolerance: 1e-12, max_iterations: 1 };
    let learnt = logistic_regression(&x, &targets, &settings).unwrap();
    assert_eq!((learnt.status, learnt.iterations), (Status::IterationLimit, 1));
    assert!(learnt.gradient_norms[0] > 1e-12);
}

#[test]
fn bad_input_is_an_error() {
    let (x, targets) = instance(20, 3, 2);
    let settings = LogisticSettings::default();
    for c in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let refused = logistic_regression(&x, &targets, &LogisticSettings { c, ..settings });
        assert!(matches!(refused, Err(Error::Setting { name: "C", .. })));
    }
    let refused = logistic_regression(&x, &targets, &LogisticSettings { tolerance: -1.0, ..settings });
    assert!(matches!(refused, Err(Error::Setting { name: "tolerance", .. })));
    let refused = logistic_regression(&x.rows(0, 19).into_owned(), &targets, &settings);
    assert!(matches!(refused, Err(Error::Shape(_))));
    let none = logistic_regression(&DMatrix::zeros(0, 3), &DMatrix::zeros(0, 2), &settings);
    assert!(matches!(none, Err(Error::Shape(_))));
    let mut broken = x.clone();
    broken[(7, 2)] = f64::NAN;
    let refused = logistic_regression(&broken, &targets, &settings);
    assert!(matches!(refused, Err(Error::NotFinite { example: 7, index: 2, .. })));
    let refused = logistic_regression(&x, &targets.map(|t| 2.0 * t), &settings);
    assert!(matches!(refused, Err(Error::Shape(_))));
}

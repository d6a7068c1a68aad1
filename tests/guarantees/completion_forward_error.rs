//! From accuracy in the objective to accuracy in the answer.

use nalgebra::{DMatrix, DVector};
use proofsketch::completion::{ForwardError, LowRankMatrix, RowRegression, Spectrum};
use proofsketch::guarantee::{Verdict, check};
use proofsketch::linalg::{Qr, Svd};
use proofsketch::random::{StreamKey, normal_matrix};

use crate::common::seed;
use crate::completion_iteration::told;

const ALPHA: f64 = 1e-6;

/// d×k with singular values from 1 down to 1/κ, b of norm about √d.
fn regression(d: usize, k: usize, condition: f64, key: StreamKey) -> RowRegression {
    let truth = LowRankMatrix::incoherent((d, k), k, Spectrum::Geometric { condition }, key).unwrap();
    RowRegression::new(truth.to_dense(), normal_matrix(d, 1, key.named("b")).column(0).into_owned()).unwrap()
}

/// x★ + a step along one right singular vector that raises the objective to exactly (1 + ε)·OPT.
fn perturbed(regression: &RowRegression, epsilon: f64, direction: usize) -> DVector<f64> {
    let svd = Svd::new(&regression.a).unwrap();
    let length = (2.0 * epsilon + epsilon * epsilon).sqrt() * regression.optimum;
    &regression.minimizer + svd.v.column(direction) * (length / svd.singular_values[direction])
}

#[test]
fn forward_error_follows_from_the_objective() {
    let key = seed().named("forward");
    for (index, (d, k, condition)) in
        [(12, 4, 1.0), (40, 8, 1e3), (200, 20, 1e4), (9, 8, 10.0)].into_iter().enumerate()
    {
        let regression = regression(d, k, condition, key.indexed(index as u64));
        for epsilon in [1e-8, 1e-6, 1e-3, 0.1, 2.0] {
            // Attained along the last singular vector, by a factor σ_j/σ_k elsewhere.
            for direction in 0..k {
                let x = perturbed(&regression, epsilon, direction);
                let bound = regression.forward_error_bound(epsilon);
                let error = (&x - &regression.minimizer).norm();
                assert!(error <= bound * (1.0 + 1e-6), "ε = {epsilon}: {error} > {bound}");
                assert!((regression.objective_excess(&x) / epsilon - 1.0).abs() < 1e-4, "ε = {epsilon}");
            }
            let last = perturbed(&regression, epsilon, k - 1);
            let ratio = (last - &regression.minimizer).norm() / regression.forward_error_bound(epsilon);
            assert!((ratio - 1.0).abs() < 1e-6, "the bound is attained: {ratio}");
        }
    }
}

#[test]
fn random_answers_never_break_the_forward_error_bound() {
    let key = seed().named("forward, random");
    for index in 0..200 {
        let key = key.indexed(index);
        let k = 1 + (index as usize) % 9;
        let d = k + 1 + (index as usize * 7) % 30;
        let regression = regression(d, k, 10.0_f64.powi((index % 7) as i32), key);
        let size = 10.0_f64.powi((index % 11) as i32 - 6);
        let x = &regression.minimizer + normal_matrix(k, 1, key.named("x")).column(0) * size;
        let epsilon = regression.objective_excess(&x).max(0.0);
        let error = (x - &regression.minimizer).norm();
        let bound = regression.forward_error_bound(epsilon);
        // ε is a difference from 1: below 10⁻⁹ its rounding error shows.
        assert!(error <= bound * (1.0 + 1e-5) || epsilon < 1e-9, "{error} > {bound} at ε = {epsilon}");
    }
}

/// A solver accurate to (1 + ε) by construction: x★ pushed along the last singular vector.
fn accurate_to(epsilon: f64) -> impl Fn(&DMatrix<f64>, &DVector<f64>, StreamKey) -> DVector<f64> + Sync {
    move |a, b, _| {
        let regression = RowRegression::new(a.clone(), b.clone()).unwrap();
        perturbed(&regression, 0.999 * epsilon, a.ncols() - 1)
    }
}

#[test]
fn solvers_that_claim_an_accuracy_are_held_to_it() {
    let key = seed().named("forward, solvers");
    let weighted = {
        // Weights between 1 and 100 on the rows, as √w A and √w b.
        let plain = regression(60, 5, 30.0, key);
        let root = |i: usize| 1.0 + 9.0 * (i % 7) as f64 / 6.0;
        let a = DMatrix::from_fn(60, 5, |i, j| root(i) * plain.a[(i, j)]);
        RowRegression::new(a, DVector::from_fn(60, |i, _| root(i) * plain.b[i])).unwrap()
    };
    let epsilon = 1e-6;
    let exact =
        |a: &DMatrix<f64>, b: &DVector<f64>| Qr::new(a).unwrap().solve_least_squares_vector(b).unwrap();
    let root = |i: usize| 1.0 + 9.0 * (i % 7) as f64 / 6.0;
    let good = ForwardError { epsilon, solver: accurate_to(epsilon) };
    let evidence = check(&good, &weighted, 20, ALPHA, key);
    told("accurate to ε", &evidence);
    assert_eq!((evidence.failures, evidence.verdict), (0, Verdict::Undecided), "δ = 0 is never supported");
    let qr = ForwardError { epsilon, solver: |a: &DMatrix<f64>, b: &DVector<f64>, _| exact(a, b) };
    assert_eq!(check(&qr, &weighted, 5, ALPHA, key).failures, 0);

    let unweighted_side = ForwardError {
        epsilon,
        solver: |a: &DMatrix<f64>, b: &DVector<f64>, _| {
            exact(a, &DVector::from_fn(b.len(), |i, _| b[i] / root(i)))
        },
    };
    let wrong_rows = ForwardError {
        epsilon,
        solver: |a: &DMatrix<f64>, b: &DVector<f64>, _| {
            let rolled = DMatrix::from_fn(a.nrows(), a.ncols(), |i, j| a[((i + 1) % a.nrows(), j)]);
            exact(&rolled, b)
        },
    };
    // Accurate to ε in x, taken for ε in the objective: half the digits.
    let half_the_digits = ForwardError { epsilon, solver: accurate_to(2.0 * epsilon.sqrt()) };
    let verdicts = [
        told("right-hand side not weighted", &check(&unweighted_side, &weighted, 20, ALPHA, key)),
        told("rows of the neighbour", &check(&wrong_rows, &weighted, 20, ALPHA, key)),
        told("√ε in the objective", &check(&half_the_digits, &weighted, 20, ALPHA, key)),
    ];
    assert_eq!(verdicts, [Verdict::Refuted; 3]);

    let consistent =
        RowRegression::new(weighted.a.clone(), &weighted.a * DVector::from_element(5, 1.0)).unwrap();
    assert_eq!(told("OPT = 0", &check(&qr, &consistent, 5, ALPHA, key)), Verdict::NotApplicable);
}

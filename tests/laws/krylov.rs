use std::ops::ControlFlow;

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{DataOperator, PivotedQr, Qr, gram_multiply};
use proofsketch::solve::{CgError, CgSettings, LsqrSettings, Status, lsqr, preconditioned_cg};

use crate::common::seed;
use crate::matrices::{conditioned, uniform};

fn go_on<T>(_: &T) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn vector(n: usize, name: &str) -> DVector<f64> {
    uniform(n, 1, seed().named(name)).column(0).into_owned()
}

#[test]
fn lsqr_finds_the_least_squares_solution_and_its_records_are_true() {
    let a = conditioned(3000, 12, 100.0, seed().named("lsqr"));
    let b = vector(3000, "b");
    let report = lsqr(&DataOperator(&a), &b, &LsqrSettings::default(), go_on);
    assert_eq!(report.status, Status::Converged);
    let expected = Qr::new(&a).unwrap().solve_least_squares_vector(&b).unwrap();
    let last = report.history.last().unwrap();
    let residual = &b - &a * &report.solution;
    assert!((last.residual_norm - residual.norm()).abs() < 1e-12 * b.norm());
    assert!((last.solution_norm - report.solution.norm()).abs() < 1e-12 * last.solution_norm);
    // It stops at ‖Aᵀr‖ ≤ atol ‖A‖_F ‖r‖; then ‖x − x★‖ = ‖(AᵀA)⁻¹Aᵀr‖ ≤ ‖Aᵀr‖/σ_min², here σ_min = 1/100. Twice that for
    // rounding: that of Aᵀr is a thousandth of what is allowed.
    let allowed = 1e-12 * last.matrix_norm * last.residual_norm;
    let normal_residual = a.tr_mul(&residual).norm();
    assert!(last.normal_residual_norm <= allowed && normal_residual <= 2.0 * allowed, "{normal_residual:e}");
    assert!((&report.solution - &expected).norm() <= 2.0 * allowed * 100.0_f64.powi(2));
    assert!(last.matrix_norm >= 0.5 * a.norm() && last.condition > 10.0);
    let falls = |pair: &[_]| matches!(pair, [x, y] if *y <= *x);
    let norms: Vec<f64> = report.history.iter().map(|record| record.residual_norm).collect();
    assert!(norms.windows(2).all(falls), "the residual never grows");
}

/// Step k of LSQR is the minimiser over the Krylov space span{Aᵀb, (AᵀA)Aᵀb, …} of dimension k.
#[test]
fn lsqr_minimises_over_the_krylov_space() {
    let a = uniform(40, 8, seed().named("krylov"));
    let b = vector(40, "krylov b");
    for steps in 1..=4 {
        let settings = LsqrSettings { max_iterations: steps, ..LsqrSettings::default() };
        let report = lsqr(&a, &b, &settings, go_on);
        assert_eq!((report.status, report.iterations()), (Status::IterationLimit, steps));
        let mut columns = vec![a.tr_mul(&b)];
        while columns.len() < steps {
            columns.push(gram_multiply(&a, columns.last().unwrap()).normalize());
        }
        let space = Qr::new(&DMatrix::from_columns(&columns)).unwrap().q();
        let y = Qr::new(&(&a * &space)).unwrap().solve_least_squares_vector(&b).unwrap();
        assert!((report.solution - space * y).norm() < 1e-10, "{steps} steps");
    }
}

#[test]
fn lsqr_gives_the_shortest_of_many_solutions() {
    let a = uniform(6, 20, seed().named("wide"));
    let b = vector(6, "wide b");
    let report = lsqr(&a, &b, &LsqrSettings::default(), go_on);
    assert_eq!(report.status, Status::Converged);
    let shortest = PivotedQr::new(&a).unwrap().minimum_norm_solution_vector(&b, 1e-12).unwrap();
    assert!((report.solution - shortest).norm() < 1e-9);
}

#[test]
fn lsqr_says_how_it_ended() {
    let a = conditioned(200, 20, 1e10, seed().named("ending"));
    let b = vector(200, "ending b");
    let limited = LsqrSettings { condition_limit: 50.0, ..LsqrSettings::default() };
    assert_eq!(lsqr(&a, &b, &limited, go_on).status, Status::Stagnated);
    let mut seen = 0;
    let stopped = lsqr(&a, &b, &LsqrSettings::default(), |_| {
        seen += 1;
        if seen == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!((stopped.status, stopped.iterations()), (Status::Interrupted, 3));
    for (a, b) in [(a.clone(), DVector::zeros(200)), (DMatrix::zeros(200, 20), b)] {
        let trivial = lsqr(&a, &b, &LsqrSettings::default(), go_on);
        assert_eq!((trivial.status, trivial.solution), (Status::Converged, DVector::zeros(20)));
    }
}

#[test]
fn conjugate_gradients_solve_and_a_good_preconditioner_needs_few_steps() {
    let a = conditioned(500, 30, 1e4, seed().named("cg"));
    let x = vector(30, "cg x");
    let b = gram_multiply(&a, &x);
    let r = Qr::new(&a).unwrap();
    let factor = proofsketch::linalg::Cholesky::new(&(r.r().tr_mul(&r.r()))).unwrap();
    let zero = DVector::zeros(30);
    let apply = |p: &DVector<f64>| gram_multiply(&a, p);
    let settings = CgSettings { relative_tolerance: 1e-14, max_iterations: 20 };
    let exact =
        preconditioned_cg(apply, |r| factor.solve_vector(r), &b, zero.clone(), &settings, go_on).unwrap();
    assert!(exact.status == Status::Converged && exact.iterations() <= 6, "{}", exact.iterations());
    let plain = preconditioned_cg(apply, DVector::clone, &b, zero, &settings, go_on).unwrap();
    assert_eq!((plain.status, plain.iterations()), (Status::IterationLimit, 20));
}

#[test]
fn conjugate_gradients_end_within_the_dimension() {
    let a = uniform(60, 9, seed().named("dimension"));
    let x = vector(9, "dimension x");
    let apply = |p: &DVector<f64>| gram_multiply(&a, p);
    let b = apply(&x);
    let settings = CgSettings { relative_tolerance: 1e-10, max_iterations: 9 };
    let report = preconditioned_cg(apply, DVector::clone, &b, DVector::zeros(9), &settings, go_on).unwrap();
    assert_eq!(report.status, Status::Converged);
    assert!((&report.solution - &x).norm() < 1e-8 * x.norm());
    let again = preconditioned_cg(apply, DVector::clone, &b, x.clone(), &settings, go_on).unwrap();
    assert_eq!((again.status, again.iterations(), again.solution), (Status::Converged, 0, x));
}

#[test]
fn an_indefinite_operator_is_named_with_its_curvature() {
    let a = DMatrix::from_diagonal(&DVector::from_vec(vec![1.0, -2.0]));
    let b = DVector::from_vec(vec![0.0, 1.0]);
    let settings = CgSettings::default();
    let outcome = preconditioned_cg(|p| &a * p, DVector::clone, &b, DVector::zeros(2), &settings, go_on);
    let expected = CgError::NotPositiveDefinite { what: "operator", curvature: -2.0, iteration: 0 };
    assert_eq!(outcome.unwrap_err(), expected);
}

#[test]
fn both_iterations_work_at_the_ends_of_the_range() {
    for scale in [1e-250, 1e-150, 1e150, 1e250] {
        let x = DVector::from_vec(vec![1.0, -2.0, 3.0]);
        let a = DMatrix::from_row_slice(3, 3, &[4.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 5.0]) * scale;
        let b = &a * &x;
        let settings = CgSettings { relative_tolerance: 1e-14, max_iterations: 4 };
        let zero = DVector::zeros(3);
        let cg = preconditioned_cg(|p| &a * p, DVector::clone, &b, zero, &settings, go_on).unwrap();
        let lsqr = lsqr(&a, &b, &LsqrSettings::default(), go_on);
        for report in [(cg.status, cg.solution), (lsqr.status, lsqr.solution)] {
            assert_eq!(report.0, Status::Converged, "{scale}");
            assert!((report.1 - &x).norm() < 1e-10, "{scale}");
        }
    }
}

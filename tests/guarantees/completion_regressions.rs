//! Theorems about the regressions of a half-step of alternating minimization, and mutants of the solvers.

use std::ops::ControlFlow;

use nalgebra::{DMatrix, DVector};
use proofsketch::completion::{
    CgStepBound, GramConcentration, IncoherenceKept, LowRankMatrix, ObservationModel, Spectrum, cg_steps,
    gram_sample_size, incoherence, orthonormal_basis, sampled_grams,
};
use proofsketch::guarantee::{Guarantee, Verdict, check};
use proofsketch::linalg::Svd;
use proofsketch::random::StreamKey;
use proofsketch::solve::{CgSettings, preconditioned_cg};
use proofsketch::testing::{block_basis, hadamard_columns};

use crate::common::seed;
use crate::completion_iteration::told;

const ALPHA: f64 = 1e-6;

fn bernoulli(shape: (usize, usize), probability: f64, key: StreamKey) -> Vec<(u32, u32)> {
    ObservationModel::Bernoulli { probability }.draw(shape, key).unwrap()
}

const SHAPE: (usize, usize) = (512, 10);
const RANK: usize = 2;
const PROBABILITY: f64 = 0.25;

fn grams<F: Fn(&DMatrix<f64>, StreamKey) -> Vec<DMatrix<f64>> + Sync>(grams: F) -> GramConcentration<F> {
    GramConcentration {
        shape: SHAPE,
        rank: RANK,
        probability: PROBABILITY,
        incoherence: 1.0,
        distortion: 0.5,
        grams,
    }
}

#[test]
fn gram_matrices_of_observed_rows_concentrate() {
    let theorem =
        grams(|basis, key| sampled_grams(basis, &bernoulli(SHAPE, PROBABILITY, key), SHAPE.1, PROBABILITY));
    let delta = theorem.failure_probability();
    assert!(
        delta > 1e-3 && delta < 0.1,
        "δ = {delta}: the theorem should say something, and be cheap to support"
    );
    let closed = 2.0 * 20.0 * (-0.25 * PROBABILITY * 512.0 / (3.0 * 2.0)).exp();
    assert!(delta <= closed, "the closed form {closed} bounds {delta}");
    for (name, basis) in
        [("hadamard", hadamard_columns(SHAPE.0, 0, RANK)), ("block", block_basis(SHAPE.0, RANK))]
    {
        let evidence = check(&theorem, &basis, 1000, ALPHA, seed().named("gram").named(name));
        assert_eq!(told(name, &evidence), Verdict::Supported);
    }
}

#[test]
fn the_closed_form_of_the_sample_size_suffices() {
    for (k, n, mu, eta) in [(2, 10, 1.0, 0.05), (5, 100, 1.5, 0.01), (20, 1000, 3.0, 0.1)] {
        let rows = gram_sample_size((k, n), mu, 0.5, eta);
        let theorem = GramConcentration {
            shape: (1 << 24, n),
            rank: k,
            probability: rows / f64::from(1 << 24),
            incoherence: mu,
            distortion: 0.5,
            grams: |_: &DMatrix<f64>, _: StreamKey| Vec::new(),
        };
        assert!(theorem.failure_probability() <= eta, "k = {k}: {}", theorem.failure_probability());
    }
}

#[test]
fn wrong_gram_matrices_are_refuted() {
    let basis = block_basis(SHAPE.0, RANK);
    let without_scale =
        grams(|basis, key| sampled_grams(basis, &bernoulli(SHAPE, PROBABILITY, key), SHAPE.1, 1.0));
    let too_few = grams(|basis, key| {
        let probability = PROBABILITY / 16.0;
        sampled_grams(basis, &bernoulli(SHAPE, probability, key), SHAPE.1, probability)
    });
    // As many rows as were observed, but the first ones.
    let wrong_rows = grams(|basis, key| {
        let mut seen = vec![0; SHAPE.1];
        let mut entries = bernoulli(SHAPE, PROBABILITY, key);
        for entry in &mut entries {
            entry.0 = seen[entry.1 as usize];
            seen[entry.1 as usize] += 1;
        }
        sampled_grams(basis, &entries, SHAPE.1, PROBABILITY)
    });
    let key = seed().named("gram mutants");
    let verdicts = [
        told("1/p forgotten", &check(&without_scale, &basis, 300, ALPHA, key)),
        told("p/16 observed", &check(&too_few, &basis, 300, ALPHA, key)),
        told("rows 0, 1, 2, …", &check(&wrong_rows, &basis, 300, ALPHA, key)),
    ];
    assert_eq!(verdicts, [Verdict::Refuted; 3]);
}

#[test]
fn gram_concentration_asks_for_incoherence() {
    let theorem = grams(|_, _| Vec::new());
    let coherent = DMatrix::identity(SHAPE.0, RANK);
    assert!((incoherence(&coherent) - 16.0).abs() < 1e-12);
    let scaled = 2.0 * hadamard_columns(SHAPE.0, 0, RANK);
    let key = seed().named("gram outside");
    for (name, basis) in [("coherent", coherent), ("not orthonormal", scaled)] {
        assert_eq!(told(name, &check(&theorem, &basis, 10, ALPHA, key)), Verdict::NotApplicable);
    }
}

/// `steps` steps of conjugate gradients on AᵀA x = Aᵀb from 0.
fn conjugate_gradients(a: &DMatrix<f64>, b: &DVector<f64>, steps: usize) -> DVector<f64> {
    let settings = CgSettings { relative_tolerance: 1e-15, max_iterations: steps };
    let start = DVector::zeros(a.ncols());
    let apply = |x: &DVector<f64>| a.tr_mul(&(a * x));
    let report = preconditioned_cg(apply, DVector::clone, &a.tr_mul(b), start, &settings, |_| {
        ControlFlow::Continue(())
    });
    report.map_or_else(|_| DVector::zeros(a.ncols()), |report| report.solution)
}

/// `steps` steps of gradient descent with step 1, which would be right for all rows of a basis and forgets 1/p.
fn landweber(a: &DMatrix<f64>, b: &DVector<f64>, steps: usize) -> DVector<f64> {
    (0..steps).fold(DVector::zeros(a.ncols()), |x, _| &x + a.tr_mul(&(b - a * &x)))
}

type RowSolverUnderTest = fn(&DMatrix<f64>, &DVector<f64>, usize) -> DVector<f64>;

fn step_bound(
    (probability, observed): (f64, f64),
    solver: RowSolverUnderTest,
) -> CgStepBound<impl Fn(StreamKey) -> Vec<(u32, u32)> + Sync, RowSolverUnderTest> {
    let shape = (4096, 4);
    let observe = move |key| bernoulli(shape, observed, key);
    CgStepBound { shape, rank: 32, probability, incoherence: 1.0, tolerance: 1e-10, observe, solver }
}

#[test]
fn conjugate_gradients_need_no_sketch() {
    assert_eq!(cg_steps(1e-10), 19);
    let theorem = step_bound((0.5, 0.5), conjugate_gradients);
    let delta = theorem.failure_probability();
    assert!(delta > 0.01 && delta < 0.2, "δ = {delta}");
    for (name, basis) in [("hadamard", hadamard_columns(4096, 0, 32)), ("block", block_basis(4096, 32))] {
        let evidence = check(&theorem, &basis, 60, ALPHA, seed().named("cg").named(name));
        assert_eq!(told(name, &evidence), Verdict::Supported);
    }
}

#[test]
fn solvers_that_are_not_conjugate_gradients_are_refuted() {
    let basis = hadamard_columns(4096, 0, 32);
    let key = seed().named("cg mutants");
    let third: RowSolverUnderTest = |a, b, steps| conjugate_gradients(a, b, steps / 3);
    let unscaled: RowSolverUnderTest = |a, b, steps| conjugate_gradients(a, &(b * 0.5), steps);
    let verdicts = [
        told("a third of the steps", &check(&step_bound((0.5, 0.5), third), &basis, 60, ALPHA, key)),
        told(
            "gradient steps without 1/p",
            &check(&step_bound((0.5, 0.5), landweber), &basis, 60, ALPHA, key),
        ),
        told("b scaled by 1/2", &check(&step_bound((0.5, 0.5), unscaled), &basis, 60, ALPHA, key)),
        told("p/32 observed", &check(&step_bound((0.5, 0.015), conjugate_gradients), &basis, 60, ALPHA, key)),
    ];
    assert_eq!(verdicts, [Verdict::Refuted; 4]);
    let coherent = DMatrix::identity(4096, 32);
    let outside = check(&step_bound((0.5, 0.5), conjugate_gradients), &coherent, 10, ALPHA, key);
    assert_eq!(told("coherent", &outside), Verdict::NotApplicable);
}

#[test]
fn perturbed_bases_stay_incoherent() {
    let key = seed().named("incoherence");
    let spiked =
        LowRankMatrix::coherent((300, 300), 4, Spectrum::Geometric { condition: 50.0 }, 20.0, key).unwrap();
    let instances = [
        ("flat", hadamard_columns(256, 0, 4)),
        ("spiky rows, κ = 50", spiked.left_basis() * DMatrix::from_diagonal(spiked.singular_values())),
        ("large", 1e6 * block_basis(300, 3)),
    ];
    for (name, a) in &instances {
        for perturbation in [1e-6, 0.1, 0.5] {
            let ours = IncoherenceKept {
                perturbation,
                orthonormalize: |b: &DMatrix<f64>| orthonormal_basis(b).unwrap(),
            };
            let evidence = check(&ours, a, 100, ALPHA, key);
            told(&format!("{name}, η = {perturbation} σ_min"), &evidence);
            assert_eq!(evidence.failures, 0);
        }
    }
    // B scaled to the norm of a basis, its columns not made orthogonal.
    let not_orthonormal = IncoherenceKept {
        perturbation: 0.1,
        orthonormalize: |b: &DMatrix<f64>| b * ((b.ncols() as f64).sqrt() / b.column(b.ncols() - 1).norm()),
    };
    let verdict = told("columns scaled alike", &check(&not_orthonormal, &instances[1].1, 100, ALPHA, key));
    assert_eq!(verdict, Verdict::Refuted);
    let too_far = IncoherenceKept { perturbation: 0.9, orthonormalize: |b: &DMatrix<f64>| b.clone() };
    assert_eq!(
        told("η = 0.9 σ_min", &check(&too_far, &instances[0].1, 10, ALPHA, key)),
        Verdict::NotApplicable
    );
}

/// Without ‖A − B‖ < σ_min(A) nothing holds: B loses rank, or all but loses it, and its basis turns to one coordinate.
#[test]
fn incoherence_is_lost_when_rank_is() {
    let m = 64;
    let a = DMatrix::from_element(m, 1, 1.0 / (m as f64).sqrt());
    let mut b = &a * 1e-9;
    b[(5, 0)] += 1e-7;
    assert!((Svd::new(&(&a - &b)).unwrap().singular_values[0] - 1.0).abs() < 1e-7, "‖A − B‖ ≈ σ_min(A)");
    assert!((incoherence(&a) - 1.0).abs() < 1e-12);
    assert!(incoherence(&orthonormal_basis(&b).unwrap()) > 7.9, "of at most 8");
}

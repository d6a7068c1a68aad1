//! The theorems of the expected loss, held against the solver on the identity map, the iteration from its formula, and
//! mutants of it.

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use proofsketch::guarantee::{Guarantee, Verdict, check};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sensing::{
    ExpectedLossTail, Identity, IncrementalLearning, Loss, LowRankTruth, MatrixSensing, OneStepInequalities,
    SmallStart, StepSchedule, SubgradientSettings, SymmetricStart, subgradient_method_observed,
};

use crate::common::seed;
use crate::completion_iteration::told;
use crate::sensing_reference::{population_descent, ten_five_one};

const ETA: f64 = 0.05;

/// U₀, …, U_T of the library's subgradient method on ‖UUᵀ − X★‖_F: every entry of X★ is measured.
fn solver(truth: &LowRankTruth, start: &DMatrix<f64>, steps: usize) -> Vec<DMatrix<f64>> {
    let map = Identity::symmetric(truth.shape().0).unwrap();
    let y = truth.measured_by(&map);
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let settings = SubgradientSettings {
        rank: start.ncols(),
        loss: Loss::Frobenius,
        start: SymmetricStart::Given(start.clone()),
        schedule: StepSchedule::Loss { eta: ETA },
        tol: 0.0,
        max_iterations: steps,
    };
    let mut iterates = Vec::new();
    subgradient_method_observed(&problem, &settings, seed(), |iterate| {
        iterates.push(iterate.u.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    iterates
}

/// A start of the size of X★ that points anywhere, within the hypotheses.
fn large_start(truth: &LowRankTruth, key: StreamKey) -> DMatrix<f64> {
    let d = truth.shape().0;
    normal_matrix(d, d, key.named("start")) * (0.3 * truth.spectrum()[0].sqrt() / (d as f64).sqrt())
}

#[test]
fn one_step_obeys_the_five_inequalities() {
    let truth = ten_five_one(20, seed());
    let by_solver = |truth: &LowRankTruth, key: StreamKey| solver(truth, &large_start(truth, key), 200);
    let by_formula = |truth: &LowRankTruth, key: StreamKey| {
        population_descent(truth, &(large_start(truth, key) * 1e-3), ETA, 400)
    };
    let key = seed().named("one step");
    let evidence = check(&OneStepInequalities { eta: ETA, trajectory: by_solver }, &truth, 10, 1e-6, key);
    assert_eq!((told("solver", &evidence), evidence.failures), (Verdict::Undecided, 0));
    let evidence = check(&OneStepInequalities { eta: ETA, trajectory: by_formula }, &truth, 10, 1e-6, key);
    assert_eq!((told("small start", &evidence), evidence.failures), (Verdict::Undecided, 0));
}

#[test]
fn steps_with_the_sign_of_x_dropped_or_of_twice_the_length_break_them() {
    let truth = ten_five_one(20, seed());
    let key = seed().named("one step");
    let steps = |factor: f64| {
        move |truth: &LowRankTruth, key: StreamKey| {
            population_descent(truth, &large_start(truth, key), factor * ETA, 200)
        }
    };
    let long = OneStepInequalities { eta: ETA, trajectory: steps(2.0) };
    assert_eq!(told("2η", &check(&long, &truth, 5, 1e-6, key)), Verdict::Refuted);
    let ascent = OneStepInequalities { eta: ETA, trajectory: steps(-1.0) };
    assert_eq!(told("−η", &check(&ascent, &truth, 5, 1e-6, key)), Verdict::Refuted);
    let outside = OneStepInequalities { eta: 0.1, trajectory: steps(2.0) };
    assert_eq!(told("ησ₁ = 1", &check(&outside, &truth, 5, 1e-6, key)), Verdict::NotApplicable);
}

fn small_start(alpha: f64, spectrum: &[f64], search_rank: usize, key: StreamKey) -> SmallStart {
    let truth = LowRankTruth::psd(20, spectrum, key.named("truth")).unwrap();
    SmallStart::leaning(truth, alpha, (search_rank, 1.0), key)
}

#[test]
fn eigenvalues_are_learned_at_their_own_rates() {
    let by_solver = |start: &SmallStart| solver(&start.truth, &start.start, 400);
    let theorem = IncrementalLearning { eta: ETA, trajectory: by_solver };
    for (alpha, search_rank) in [(1e-2, 3), (1e-4, 20), (1e-6, 20)] {
        let start = small_start(alpha, &[10.0, 5.0, 1.0], search_rank, seed());
        let evidence = check(&theorem, &start, 1, 1e-6, seed());
        assert_eq!((told("solver", &evidence), evidence.failures), (Verdict::Undecided, 0));
        let factors = theorem.growth_factors(&start, &by_solver(&start));
        println!("α = {alpha:e}, r′ = {search_rank}: {factors:?}");
    }
    let start = small_start(1e-4, &[10.0, 5.0, 1.0], 20, seed());
    let fast = |start: &SmallStart| population_descent(&start.truth, &start.start, 1.2 * ETA, 400);
    let mutant = IncrementalLearning { eta: ETA, trajectory: fast };
    assert_eq!(told("1.2η", &check(&mutant, &start, 1, 1e-6, seed())), Verdict::Refuted);
    let large = small_start(0.1, &[10.0, 5.0, 1.0], 20, seed());
    assert_eq!(told("α = 0.1", &check(&theorem, &large, 1, 1e-6, seed())), Verdict::NotApplicable);
}

#[test]
fn the_error_of_a_small_start_falls_sublinearly() {
    let by_solver = |start: &SmallStart| solver(&start.truth, &start.start, 6_000);
    let theorem = ExpectedLossTail { eta: ETA, trajectory: by_solver };
    for (name, alpha, spectrum, search_rank) in [
        ("calibrated on", 0.1, &[10.0, 5.0, 1.0][..], 20),
        ("smaller α", 1e-3, &[10.0, 5.0, 1.0], 20),
        ("r′ = 5", 0.2, &[10.0, 5.0, 1.0], 5),
        ("equal eigenvalues", 0.1, &[1.0, 1.0, 1.0, 1.0], 20),
        ("rank 1", 0.1, &[4.0, 0.5][..1], 20),
        ("ill-conditioned", 0.05, &[10.0, 0.3], 20),
    ] {
        let spectrum = if name == "rank 1" { &[1.0][..] } else { spectrum };
        let start = small_start(alpha, spectrum, search_rank, seed().named(name));
        let outcome = theorem.trial(&start, seed());
        println!("{name}: {:.4} of the bound from T̄ = {}", outcome.observed, theorem.first_phases(&start));
        let evidence = check(&theorem, &start, 1, 1e-6, seed());
        assert_eq!((told(name, &evidence), evidence.failures), (Verdict::Undecided, 0));
    }
    let start = small_start(0.1, &[10.0, 5.0, 1.0], 20, seed());
    let slow = |start: &SmallStart| population_descent(&start.truth, &start.start, 0.05 * ETA, 6_000);
    let mutant = ExpectedLossTail { eta: ETA, trajectory: slow };
    assert_eq!(told("η/20", &check(&mutant, &start, 1, 1e-6, seed())), Verdict::Refuted);
    let wrong = small_start(0.1, &[10.0, 5.0, 2.0], 20, seed());
    assert_eq!(told("σᵣ = 2", &check(&theorem, &wrong, 1, 1e-6, seed())), Verdict::NotApplicable);
}

//! The subgradient method on the expected loss.

use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::check;
use crate::random::{StreamKey, normal_matrix};
use crate::sensing::{
    ExpectedLossTail, Identity, IncrementalLearning, Loss, LowRankTruth, MatrixSensing, OneStepInequalities,
    SmallStart, StepSchedule, SubgradientSettings, SymmetricStart, subgradient_method_observed,
};
use crate::testing::sensing_reference::{population_descent, ten_five_one};

const ETA: f64 = 0.05;

pub(super) fn theorems() -> Vec<Theorem> {
    vec![one_step_inequalities(), incremental_learning(), expected_loss_tail()]
}

/// U₀, …, U_T of the library's subgradient method on ‖UUᵀ − X★‖_F: every entry of X★ is measured. Empty where it fails.
fn solver(truth: &LowRankTruth, start: &DMatrix<f64>, steps: usize) -> Vec<DMatrix<f64>> {
    let mut iterates = Vec::new();
    let Ok(map) = Identity::symmetric(truth.shape().0) else { return iterates };
    let y = truth.measured_by(&map);
    let Ok(problem) = MatrixSensing::new(&map, &y) else { return iterates };
    let settings = SubgradientSettings {
        rank: start.ncols(),
        loss: Loss::Frobenius,
        start: SymmetricStart::Given(start.clone()),
        schedule: StepSchedule::Loss { eta: ETA },
        tol: 0.0,
        max_iterations: steps,
    };
    let report = subgradient_method_observed(&problem, &settings, StreamKey::from_seed(0), |iterate| {
        iterates.push(iterate.u.clone());
        ControlFlow::Continue(())
    });
    if report.is_ok() { iterates } else { Vec::new() }
}

/// A start of the size of X★ that points anywhere, within the hypotheses.
fn large_start(truth: &LowRankTruth, key: StreamKey) -> DMatrix<f64> {
    let d = truth.shape().0;
    normal_matrix(d, d, key.named("start")) * (0.3 * truth.spectrum()[0].sqrt() / (d as f64).sqrt())
}

fn one_step_inequalities() -> Theorem {
    type Trajectory = fn(&LowRankTruth, StreamKey) -> Vec<DMatrix<f64>>;
    let of = |eta, trajectory: Trajectory| OneStepInequalities { eta, trajectory };
    let truth = |key| ten_five_one(20, key);
    let statement = "inequalities (16) to (20) for S and E of U₊ = U − η(UUᵀ − X★)U at every step";
    Theorem::new("sensing", "OneStepInequalities", Kind::Deterministic, statement)
        .held("the solver from a start of the size of X★ = (10, 5, 1), d = 20", 10, move |trials, key| {
            let ours: Trajectory = |truth, key| solver(truth, &large_start(truth, key), 200);
            check(&of(ETA, ours), &truth(key), trials, ALPHA, key)
        })
        .held("the iteration from its formula and a small start", 10, move |trials, key| {
            let formula: Trajectory =
                |truth, key| population_descent(truth, &(large_start(truth, key) * 1e-3), ETA, 400);
            check(&of(ETA, formula), &truth(key), trials, ALPHA, key)
        })
        .mutant("steps of 2η", 5, move |trials, key| {
            let long: Trajectory =
                |truth, key| population_descent(truth, &large_start(truth, key), 2.0 * ETA, 200);
            check(&of(ETA, long), &truth(key), trials, ALPHA, key)
        })
        .mutant("the sign of X★ dropped: steps of −η", 5, move |trials, key| {
            let ascent: Trajectory =
                |truth, key| population_descent(truth, &large_start(truth, key), -ETA, 200);
            check(&of(ETA, ascent), &truth(key), trials, ALPHA, key)
        })
        .outside("ησ₁ = 1", move |trials, key| {
            let long: Trajectory = |truth, key| population_descent(truth, &large_start(truth, key), 0.1, 200);
            check(&of(0.1, long), &truth(key), trials, ALPHA, key)
        })
}

fn small_start(alpha: f64, spectrum: &[f64], search_rank: usize, key: StreamKey) -> SmallStart {
    let truth = LowRankTruth::psd(20, spectrum, key.named("truth")).expect("a spectrum of a rank below 20");
    SmallStart::leaning(truth, alpha, (search_rank, 1.0), key)
}

type FromStart = fn(&SmallStart) -> Vec<DMatrix<f64>>;

fn incremental_learning() -> Theorem {
    let of = |trajectory: FromStart| IncrementalLearning { eta: ETA, trajectory };
    let ours: FromStart = |start| solver(&start.truth, &start.start, 400);
    let start = |alpha, rank, key| small_start(alpha, &[10.0, 5.0, 1.0], rank, key);
    let statement = "λᵢ(SSᵀ) grows by (1 + ησᵢ)² a step, to 1 %, until σᵢ/100";
    Theorem::new("sensing", "IncrementalLearning", Kind::Deterministic, statement)
        .held("X★ = (10, 5, 1), d = r′ = 20, α = 10⁻⁴", 1, move |trials, key| {
            check(&of(ours), &start(1e-4, 20, key), trials, ALPHA, key)
        })
        .held("r′ = 3, α = 10⁻²", 1, move |trials, key| {
            check(&of(ours), &start(1e-2, 3, key), trials, ALPHA, key)
        })
        .held("r′ = 20, α = 10⁻⁶", 1, move |trials, key| {
            check(&of(ours), &start(1e-6, 20, key), trials, ALPHA, key)
        })
        .mutant("steps of 1.2η", 1, move |trials, key| {
            let fast: FromStart = |start| population_descent(&start.truth, &start.start, 1.2 * ETA, 400);
            check(&of(fast), &start(1e-4, 20, key), trials, ALPHA, key)
        })
        .outside("α = 0.1", move |trials, key| check(&of(ours), &start(0.1, 20, key), trials, ALPHA, key))
}

fn expected_loss_tail() -> Theorem {
    let of = |trajectory: FromStart| ExpectedLossTail { eta: ETA, trajectory };
    let ours: FromStart = |start| solver(&start.truth, &start.start, 6_000);
    let statement = "‖U_tU_tᵀ − X★‖ ≤ c·α²/(ηα²t + 1) for t ≥ c′·ln(σ₁/α)/(ησᵣ)";
    Theorem::new("sensing", "ExpectedLossTail", Kind::Calibrated, statement)
        .held("X★ = (10, 0.3), d = r′ = 20, α = 0.05", 1, move |trials, key| {
            check(&of(ours), &small_start(0.05, &[10.0, 0.3], 20, key), trials, ALPHA, key)
        })
        .held("four equal eigenvalues, α = 0.1", 1, move |trials, key| {
            check(&of(ours), &small_start(0.1, &[1.0; 4], 20, key), trials, ALPHA, key)
        })
        .held("X★ = (10, 5, 1), r′ = 5, α = 0.2", 1, move |trials, key| {
            check(&of(ours), &small_start(0.2, &[10.0, 5.0, 1.0], 5, key), trials, ALPHA, key)
        })
        .held("X★ = (10, 5, 1), r′ = 20, α = 10⁻³", 1, move |trials, key| {
            check(&of(ours), &small_start(1e-3, &[10.0, 5.0, 1.0], 20, key), trials, ALPHA, key)
        })
        .held("rank 1, α = 0.1", 1, move |trials, key| {
            check(&of(ours), &small_start(0.1, &[1.0], 20, key), trials, ALPHA, key)
        })
        .mutant("steps of η/20", 1, move |trials, key| {
            let slow: FromStart = |start| population_descent(&start.truth, &start.start, 0.05 * ETA, 6_000);
            check(&of(slow), &small_start(0.1, &[10.0, 5.0, 1.0], 20, key), trials, ALPHA, key)
        })
        .outside("σᵣ = 2", move |trials, key| {
            check(&of(ours), &small_start(0.1, &[10.0, 5.0, 2.0], 20, key), trials, ALPHA, key)
        })
}

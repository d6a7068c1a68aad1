//! The theorems of gradient descent for matrix sensing, held against the solvers, the iteration from its formula, and mutants.

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use proofsketch::guarantee::{Verdict, check};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    AcceleratedRate, AsymmetricSettings, AsymmetricStart, ConservedImbalance, DenseGaussian,
    GradientSettings, Identity, ImbalancedRate, LowRankTruth, MatrixSensing, MeasurementNoise, Rebalancing,
    SensingInstance, StepSize, SymmetricStart, SymmetricTail, asymmetric_gradient_descent_observed,
    gradient_descent_observed,
};

use crate::common::seed;
use crate::completion_iteration::told;
use crate::sensing_reference::{asymmetric_descent, imbalanced_start};

const N: usize = 50;

fn truth(spectrum: &[f64]) -> LowRankTruth {
    LowRankTruth::psd(N, spectrum, seed().named("truth")).unwrap()
}

/// Errors of the library's symmetric gradient descent on the population.
fn symmetric_errors(
    (search_rank, alpha, eta, steps): (usize, f64, f64, usize),
) -> impl Fn(&LowRankTruth, StreamKey) -> Vec<f64> + Sync {
    move |truth, key| {
        let map = Identity::symmetric(truth.shape().0).unwrap();
        let y = truth.measured_by(&map);
        let settings = GradientSettings {
            rank: search_rank,
            start: SymmetricStart::Random { alpha },
            step: StepSize::Fixed(eta),
            tol: 0.0,
            max_iterations: steps,
        };
        let mut errors = Vec::new();
        gradient_descent_observed(&MatrixSensing::new(&map, &y).unwrap(), &settings, key, |iterate| {
            errors.push((iterate.product - truth.matrix()).norm());
            ControlFlow::Continue(())
        })
        .unwrap();
        errors
    }
}

#[test]
fn redundant_columns_of_a_symmetric_factor_cost_one_over_t() {
    let truth = truth(&[1.0, 0.8, 0.5]);
    for search_rank in [4, 6] {
        let theorem = SymmetricTail {
            eta: 0.2,
            search_rank,
            range: (9_000, 10_000),
            tolerance: 0.02,
            errors: symmetric_errors((search_rank, 0.1, 0.2, 10_000)),
        };
        let evidence = check(&theorem, &truth, 3, 1e-6, seed().named("tail"));
        assert_eq!((told("k > r", &evidence), evidence.failures), (Verdict::Undecided, 0));
    }
    // The exact rank is linear: nothing is left of 1/t.
    let exact = |search_rank| SymmetricTail {
        eta: 0.2,
        search_rank,
        range: (9_000, 10_000),
        tolerance: 0.02,
        errors: symmetric_errors((3, 0.1, 0.2, 10_000)),
    };
    assert_eq!(told("k = r", &check(&exact(3), &truth, 2, 1e-6, seed())), Verdict::NotApplicable);
    assert_eq!(told("k = r as 4", &check(&exact(4), &truth, 2, 1e-6, seed())), Verdict::Refuted);
}

type Trajectory = Vec<(DMatrix<f64>, DMatrix<f64>)>;

/// Iterates of the library's asymmetric gradient descent for an instance.
fn asymmetric(instance: &SensingInstance, settings: &AsymmetricSettings, key: StreamKey) -> Trajectory {
    let mut iterates = Vec::new();
    asymmetric_gradient_descent_observed(&instance.problem().unwrap(), settings, key, |iterate| {
        iterates.push((iterate.f.clone(), iterate.g.clone()));
        ControlFlow::Continue(())
    })
    .unwrap();
    iterates
}

fn settings(rank: usize, alpha: f64, ratio: f64, steps: usize) -> AsymmetricSettings {
    AsymmetricSettings {
        rank,
        start: AsymmetricStart::Imbalanced { alpha, ratio },
        step: StepSize::Fixed(0.1),
        rebalancing: None,
        tol: 0.0,
        max_iterations: steps,
    }
}

fn population(truth: &LowRankTruth) -> SensingInstance {
    let map = Box::new(Identity::new(truth.shape()).unwrap());
    SensingInstance::measure(truth.clone(), map, &MeasurementNoise::NONE, seed()).unwrap()
}

#[test]
fn the_imbalance_is_conserved_to_second_order() {
    let key = seed().named("imbalance");
    let truth = LowRankTruth::rectangular((12, 9), &[2.0, 1.0], key).unwrap();
    let map = Box::new(DenseGaussian::draw((12, 9), 200, key.named("map")).unwrap());
    let instance = SensingInstance::measure(truth, map, &MeasurementNoise::NONE, key).unwrap();
    let by_solver = |instance: &SensingInstance, key: StreamKey| {
        asymmetric(instance, &settings(4, 0.3, 1.0 / 3.0, 300), key)
    };
    let evidence = check(&ConservedImbalance { eta: 0.1, trajectory: by_solver }, &instance, 5, 1e-6, key);
    assert_eq!((told("solver", &evidence), evidence.failures), (Verdict::Undecided, 0));
    let in_turn = |instance: &SensingInstance, key: StreamKey| {
        let (f, _) = imbalanced_start((12, 4), 0.3, 1.0, key);
        let (_, g) = imbalanced_start((9, 4), 0.3, 1.0 / 3.0, key);
        asymmetric_descent(instance, (f, g), 0.1, 300, false)
    };
    let mutant = ConservedImbalance { eta: 0.1, trajectory: in_turn };
    assert_eq!(told("G by the new F", &check(&mutant, &instance, 5, 1e-6, key)), Verdict::Refuted);
    let still = ConservedImbalance { eta: 0.0, trajectory: by_solver };
    assert_eq!(told("η = 0", &check(&still, &instance, 5, 1e-6, key)), Verdict::NotApplicable);
}

#[test]
fn an_imbalanced_start_converges_linearly_and_a_balanced_one_does_not() {
    let truth = truth(&[1.0, 0.8, 0.5]);
    let key = seed().named("imbalanced");
    let theorem = |search_rank: usize, ratio: f64| ImbalancedRate {
        eta: 0.1,
        search_rank,
        window: (1e-6, 1e-9),
        trajectory: move |truth: &LowRankTruth, key: StreamKey| {
            asymmetric(&population(truth), &settings(search_rank, 0.1, ratio, 3_000), key)
        },
    };
    let evidence = check(&theorem(5, 1.0 / 3.0), &truth, 3, 1e-6, key);
    assert_eq!((told("α/3", &evidence), evidence.failures), (Verdict::Undecided, 0));
    // F₀ = G₀ in size: Δ₀ is indefinite, and no rate is promised or kept.
    assert_eq!(told("α", &check(&theorem(5, 1.0), &truth, 3, 1e-6, key)), Verdict::Refuted);
    assert_eq!(told("n < 4k", &check(&theorem(20, 1.0 / 3.0), &truth, 1, 1e-6, key)), Verdict::NotApplicable);
}

#[test]
fn one_changed_step_frees_the_rate_from_the_start() {
    let truth = truth(&[1.0, 0.8, 0.5]);
    let theorem = |beta: f64, rebalancing: Option<Rebalancing>| AcceleratedRate {
        eta: 0.1,
        beta,
        alphas: vec![0.02, 0.001],
        window: (1e-9, 1e-12),
        errors: move |truth: &LowRankTruth, alpha: f64, key: StreamKey| {
            let settings = AsymmetricSettings { rebalancing, ..settings(5, alpha, 1.0 / 3.0, 4_000) };
            let iterates = asymmetric(&population(truth), &settings, key);
            iterates.iter().map(|(f, g)| truth.frobenius_error(&(f * g.transpose()))).collect()
        },
    };
    let one_step = Some(Rebalancing { beta: Some(0.5), ..Rebalancing::default() });
    let evidence = check(&theorem(0.5, one_step), &truth, 2, 1e-6, seed());
    assert_eq!((told("one step", &evidence), evidence.failures), (Verdict::Undecided, 0));
    assert_eq!(told("plain", &check(&theorem(0.5, None), &truth, 2, 1e-6, seed())), Verdict::Refuted);
    let large = theorem(2.0, one_step);
    assert_eq!(told("β² > σᵣ", &check(&large, &truth, 1, 1e-6, seed())), Verdict::NotApplicable);
}

//! Gradient descent for matrix sensing.

use std::ops::ControlFlow;

use nalgebra::DMatrix;

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::check;
use crate::random::StreamKey;
use crate::sensing::{
    AcceleratedRate, AsymmetricSettings, AsymmetricStart, ConservedImbalance, DenseGaussian,
    GradientSettings, Identity, ImbalancedRate, LowRankTruth, MatrixSensing, MeasurementNoise, Rebalancing,
    SensingInstance, StepSize, SymmetricStart, SymmetricTail, asymmetric_gradient_descent_observed,
    gradient_descent_observed,
};
use crate::testing::sensing_reference::{asymmetric_descent, imbalanced_start};

const N: usize = 50;
const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![symmetric_tail(), conserved_imbalance(), imbalanced_rate(), accelerated_rate()]
}

fn truth(key: StreamKey) -> LowRankTruth {
    LowRankTruth::psd(N, &[1.0, 0.8, 0.5], key.named("truth")).expect(SETTINGS)
}

/// Errors of the library's symmetric gradient descent on the population, of η = 0.2 and α = 0.1; none where it fails.
fn symmetric_errors(truth: &LowRankTruth, rank: usize, key: StreamKey) -> Vec<f64> {
    let mut errors = Vec::new();
    let Ok(map) = Identity::symmetric(truth.shape().0) else { return errors };
    let y = truth.measured_by(&map);
    let settings = GradientSettings {
        rank,
        start: SymmetricStart::Random { alpha: 0.1 },
        step: StepSize::Fixed(0.2),
        tol: 0.0,
        max_iterations: 10_000,
    };
    let report = MatrixSensing::new(&map, &y).and_then(|problem| {
        gradient_descent_observed(&problem, &settings, key, |iterate| {
            errors.push((iterate.product - truth.matrix()).norm());
            ControlFlow::Continue(())
        })
    });
    if report.is_ok() { errors } else { Vec::new() }
}

fn symmetric_tail() -> Theorem {
    type Errors = fn(&LowRankTruth, StreamKey) -> Vec<f64>;
    let of = |search_rank, errors: Errors| SymmetricTail {
        eta: 0.2,
        search_rank,
        range: (9_000, 10_000),
        tolerance: 0.02,
        errors,
    };
    let exact: Errors = |truth, key| symmetric_errors(truth, 3, key);
    let statement = "2ηt·‖X_tX_tᵀ − M★‖_F/√(k − r) = 1, to 2 %";
    Theorem::new("sensing", "SymmetricTail", Kind::Deterministic, statement)
        .held("M★ = (1, 0.8, 0.5), n = 50, k = 4, t from 9000 to 10000", 3, move |trials, key| {
            let ours: Errors = |truth, key| symmetric_errors(truth, 4, key);
            check(&of(4, ours), &truth(key), trials, ALPHA, key)
        })
        .held("k = 6", 3, move |trials, key| {
            let ours: Errors = |truth, key| symmetric_errors(truth, 6, key);
            check(&of(6, ours), &truth(key), trials, ALPHA, key)
        })
        .mutant("k = r passed off as 4", 2, move |trials, key| {
            check(&of(4, exact), &truth(key), trials, ALPHA, key)
        })
        .outside("k = r", move |trials, key| check(&of(3, exact), &truth(key), trials, ALPHA, key))
}

type Iterates = Vec<(DMatrix<f64>, DMatrix<f64>)>;

/// Iterates of the library's asymmetric gradient descent for an instance; none where it fails.
fn asymmetric(instance: &SensingInstance, settings: &AsymmetricSettings, key: StreamKey) -> Iterates {
    let mut iterates = Vec::new();
    let report = instance.problem().and_then(|problem| {
        asymmetric_gradient_descent_observed(&problem, settings, key, |iterate| {
            iterates.push((iterate.f.clone(), iterate.g.clone()));
            ControlFlow::Continue(())
        })
    });
    if report.is_ok() { iterates } else { Vec::new() }
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
    let map = Box::new(Identity::new(truth.shape()).expect(SETTINGS));
    SensingInstance::measure(truth.clone(), map, &MeasurementNoise::NONE, StreamKey::from_seed(0))
        .expect(SETTINGS)
}

fn conserved_imbalance() -> Theorem {
    type Trajectory = fn(&SensingInstance, StreamKey) -> Iterates;
    let of = |eta, trajectory: Trajectory| ConservedImbalance { eta, trajectory };
    let instance = |key: StreamKey| {
        let truth = LowRankTruth::rectangular((12, 9), &[2.0, 1.0], key.named("truth")).expect(SETTINGS);
        let map = Box::new(DenseGaussian::draw((12, 9), 200, key.named("map")).expect(SETTINGS));
        SensingInstance::measure(truth, map, &MeasurementNoise::NONE, key).expect(SETTINGS)
    };
    let ours: Trajectory = |instance, key| asymmetric(instance, &settings(4, 0.3, 1.0 / 3.0, 300), key);
    let statement = "Δ₊ − Δ = η²(GᵀZᵀZG − FᵀZZᵀF) for Δ = FᵀF − GᵀG at every step";
    Theorem::new("sensing", "ConservedImbalance", Kind::Deterministic, statement)
        .held("12 × 9, k = 4, Gaussian map, m = 200, 300 steps", 5, move |trials, key| {
            check(&of(0.1, ours), &instance(key), trials, ALPHA, key)
        })
        .mutant("G moved by the new F", 5, move |trials, key| {
            let in_turn: Trajectory = |instance, key| {
                let (f, _) = imbalanced_start((12, 4), 0.3, 1.0, key);
                let (_, g) = imbalanced_start((9, 4), 0.3, 1.0 / 3.0, key);
                asymmetric_descent(instance, (f, g), 0.1, 300, false)
            };
            check(&of(0.1, in_turn), &instance(key), trials, ALPHA, key)
        })
        .outside("η = 0", move |trials, key| check(&of(0.0, ours), &instance(key), trials, ALPHA, key))
}

fn imbalanced_rate() -> Theorem {
    type Trajectory = Box<dyn Fn(&LowRankTruth, StreamKey) -> Iterates + Sync>;
    let of = |search_rank: usize, ratio: f64| {
        let trajectory: Trajectory = Box::new(move |truth, key| {
            asymmetric(&population(truth), &settings(search_rank, 0.1, ratio, 3_000), key)
        });
        ImbalancedRate { eta: 0.1, search_rank, window: (1e-6, 1e-9), trajectory }
    };
    let statement = "the error falls by exp(−ηλ_min(Δ₀)/2) a step or faster";
    Theorem::new("sensing", "ImbalancedRate", Kind::Deterministic, statement)
        .held(
            "F₀ of size 0.1, G₀ of a third, M★ = (1, 0.8, 0.5), n = 50, k = 5",
            3,
            move |trials, key| check(&of(5, 1.0 / 3.0), &truth(key), trials, ALPHA, key),
        )
        .mutant("F₀ and G₀ of one size", 3, move |trials, key| {
            check(&of(5, 1.0), &truth(key), trials, ALPHA, key)
        })
        .outside("n < 4k", move |trials, key| check(&of(20, 1.0 / 3.0), &truth(key), trials, ALPHA, key))
}

fn accelerated_rate() -> Theorem {
    type Errors = Box<dyn Fn(&LowRankTruth, f64, StreamKey) -> Vec<f64> + Sync>;
    let of = |beta, rebalancing: Option<Rebalancing>| {
        let errors: Errors = Box::new(move |truth, alpha, key| {
            let settings = AsymmetricSettings { rebalancing, ..settings(5, alpha, 1.0 / 3.0, 4_000) };
            let iterates = asymmetric(&population(truth), &settings, key);
            iterates.iter().map(|(f, g)| truth.frobenius_error(&(f * g.transpose()))).collect()
        });
        AcceleratedRate { eta: 0.1, beta, alphas: vec![0.02, 0.001], window: (1e-9, 1e-12), errors }
    };
    let one_step = Some(Rebalancing { beta: Some(0.5), ..Rebalancing::default() });
    let statement = "the error falls by exp(−ηβ²/2) a step or faster, for every scale of the start";
    Theorem::new("sensing", "AcceleratedRate", Kind::Deterministic, statement)
        .held("β = 0.5, α = 0.02 and 0.001, M★ = (1, 0.8, 0.5), n = 50, k = 5", 2, move |trials, key| {
            check(&of(0.5, one_step), &truth(key), trials, ALPHA, key)
        })
        .mutant("without the changed step", 2, move |trials, key| {
            check(&of(0.5, None), &truth(key), trials, ALPHA, key)
        })
        .outside("β = 2, β² > σᵣ", move |trials, key| {
            check(&of(2.0, one_step), &truth(key), trials, ALPHA, key)
        })
}

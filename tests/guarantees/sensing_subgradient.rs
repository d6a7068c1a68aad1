//! The theorems of the subgradient method under outliers and noise, held against the solver and against mutants.

use std::ops::ControlFlow;

use nalgebra::DMatrix;
use proofsketch::guarantee::{Verdict, check, outcomes};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    GaussianNoiseError, Loss, LowRankTruth, MagnitudeBlindness, MeasurementNoise, NoEarlyStopping,
    OutlierLaw, ScaleEquivariance, SearchRankIndependence, SensingInstance, StepNorm, StepSchedule,
    SubgradientSettings, SymmetricStart, sign, subgradient_method_observed,
};

use crate::common::seed;
use crate::completion_iteration::told;
use crate::sensing_reference::{Geometric, errors, leading_start, measured, ten_five_one};

const DIM: usize = 20;
/// Some 18 for each degree of freedom of X★.
const MEASUREMENTS: usize = 1_000;
/// Draws, and the share that may fail: none in 15 supports a failure rate of at most a fifth.
const TRIALS: u64 = 15;
const FAILING: f64 = 0.2;

fn outliers(deviation: f64) -> MeasurementNoise {
    MeasurementNoise::outliers(0.1, OutlierLaw::Normal { deviation })
}

fn settings(rank: usize, alpha: f64, eta: f64, decay: f64) -> SubgradientSettings {
    SubgradientSettings {
        rank,
        loss: Loss::L1,
        start: SymmetricStart::SignSpectral { alpha },
        schedule: StepSchedule::Geometric { eta, decay, norm: StepNorm::Symmetric },
        tol: 0.0,
        max_iterations: 2_800,
    }
}

/// U₀, U₁, … of the solver.
fn iterates(instance: &SensingInstance, settings: &SubgradientSettings) -> Vec<DMatrix<f64>> {
    let mut iterates = Vec::new();
    subgradient_method_observed(&instance.problem().unwrap(), settings, seed(), |iterate| {
        iterates.push(iterate.u.clone());
        ControlFlow::Continue(())
    })
    .unwrap();
    iterates
}

/// Errors of the solver with outliers of a size, ηρᵗ = 0.985ᵗ and α = 10⁻¹²: 1.4 times the growth that is needed.
fn robust_errors(truth: &LowRankTruth, rank: usize, deviation: f64, key: StreamKey) -> Vec<f64> {
    let instance = measured(truth, MEASUREMENTS, &outliers(deviation), key);
    errors(truth, &iterates(&instance, &settings(rank, 1e-12, 1.0, 0.985)))
}

/// The same from the formula, with another weight of residuals.
fn weighted_errors(truth: &LowRankTruth, weight: fn(f64) -> f64, deviation: f64, key: StreamKey) -> Vec<f64> {
    let instance = measured(truth, MEASUREMENTS, &outliers(deviation), key);
    let start = leading_start(&instance, sign, 3, 1e-12);
    let descent = Geometric { eta: 1.0, decay: 0.985, weight };
    errors(truth, &descent.iterates(instance.map.as_ref(), &instance.y, start, 2_500))
}

#[test]
fn the_error_stays_where_it_is_without_early_stopping() {
    let truth = ten_five_one(DIM, seed());
    let theorem = NoEarlyStopping {
        end: 2_400,
        last: 4_000,
        accuracy: 1e-6,
        failure_probability: FAILING,
        errors: |truth: &LowRankTruth, key: StreamKey| robust_errors(truth, 20, 10.0, key),
    };
    let evidence = check(&theorem, &truth, TRIALS, 1e-6, seed().named("no early stopping"));
    assert_eq!(told("sign", &evidence), Verdict::Supported);
    let mutant = NoEarlyStopping {
        end: 2_000,
        last: 2_500,
        accuracy: 1e-6,
        failure_probability: FAILING,
        errors: |truth: &LowRankTruth, key: StreamKey| weighted_errors(truth, |r| r, 10.0, key),
    };
    assert_eq!(told("residual", &check(&mutant, &truth, TRIALS, 1e-6, seed())), Verdict::Refuted);
    let general = LowRankTruth::rectangular((DIM, DIM), &[2.0, 1.0], seed()).unwrap();
    assert_eq!(told("X★ not PSD", &check(&theorem, &general, 2, 1e-6, seed())), Verdict::NotApplicable);
}

#[test]
fn steps_do_not_depend_on_the_search_rank() {
    let truth = ten_five_one(DIM, seed());
    let theorem =
        |search_ranks, solver: fn(&LowRankTruth, usize, StreamKey) -> Vec<f64>| SearchRankIndependence {
            search_ranks,
            floor: 1e-4,
            tolerance: 0.1,
            failure_probability: FAILING,
            errors: solver,
        };
    let small = theorem((3, 20), |truth, rank, key| robust_errors(truth, rank, 10.0, key));
    let key = seed().named("search rank");
    assert_eq!(told("small start", &check(&small, &truth, TRIALS, 1e-6, key)), Verdict::Supported);
    let large = theorem((3, 20), |truth, rank, key| {
        let instance = measured(truth, MEASUREMENTS, &outliers(10.0), key);
        errors(truth, &iterates(&instance, &settings(rank, 1.0, 1.0, 0.985)))
    });
    assert_eq!(told("α = 1", &check(&large, &truth, TRIALS, 1e-6, key)), Verdict::Refuted);
    let below = theorem((2, 20), |truth, rank, key| robust_errors(truth, rank, 10.0, key));
    assert_eq!(told("r′ < r", &check(&below, &truth, 2, 1e-6, key)), Verdict::NotApplicable);
}

#[test]
fn outliers_of_any_size_are_alike() {
    let truth = ten_five_one(DIM, seed());
    let key = seed().named("magnitudes");
    let last = |errors: Vec<f64>| errors.last().copied().unwrap();
    // Relative floors of r′ = r are rounding, for either size.
    let theorem = MagnitudeBlindness {
        magnitudes: (1e2, 1e6),
        accuracy: 1e-12,
        factor: 10.0,
        failure_probability: FAILING,
        final_error: |truth: &LowRankTruth, size: f64, key: StreamKey| {
            last(robust_errors(truth, 3, size, key)) / truth.matrix().norm()
        },
    };
    assert_eq!(told("sign", &check(&theorem, &truth, TRIALS, 1e-6, key)), Verdict::Supported);
    let mutant = MagnitudeBlindness {
        magnitudes: (1e2, 1e6),
        accuracy: 1e-12,
        factor: 10.0,
        failure_probability: FAILING,
        final_error: |truth: &LowRankTruth, size: f64, key: StreamKey| {
            last(weighted_errors(truth, |r| r, size, key)) / truth.matrix().norm()
        },
    };
    assert_eq!(told("residual", &check(&mutant, &truth, TRIALS, 1e-6, key)), Verdict::Refuted);
    let small = MagnitudeBlindness { magnitudes: (1.0, 1e6), ..theorem };
    assert_eq!(told("small outliers", &check(&small, &truth, 2, 1e-6, key)), Verdict::NotApplicable);
}

#[test]
fn scaling_data_and_start_scales_every_bit() {
    let truth = ten_five_one(DIM, seed());
    let factor = |weight: Option<fn(f64) -> f64>| {
        move |truth: &LowRankTruth, c: f64, key: StreamKey| {
            let mut instance = measured(truth, 300, &outliers(10.0), key);
            instance.y *= c * c;
            match weight {
                None => iterates(&instance, &settings(6, c * 1e-6, 0.5, 0.97)).pop().unwrap(),
                Some(weight) => {
                    let start = leading_start(&instance, sign, 6, c * 1e-6);
                    let z = |u: &DMatrix<f64>| {
                        let residual = instance.map.apply(&(u * u.transpose())) - &instance.y;
                        instance.map.adjoint(&residual.map(weight))
                    };
                    (0..50).fold(start, |u, _| &u - z(&u) * &u * 1e-4)
                }
            }
        }
    };
    let key = seed().named("scaling");
    let evidence = check(&ScaleEquivariance { factor: factor(None) }, &truth, 5, 1e-6, key);
    assert_eq!((told("geometric", &evidence), evidence.failures), (Verdict::Undecided, 0));
    let mutant = ScaleEquivariance { factor: factor(Some(|residual| residual)) };
    assert_eq!(told("gradient descent", &check(&mutant, &truth, 5, 1e-6, key)), Verdict::Refuted);
}

/// ‖UUᵀ − X★‖_F at the end under Gaussian noise.
fn noisy_error(truth: &LowRankTruth, (nu, m, rank): (f64, usize, usize), key: StreamKey) -> f64 {
    let instance = measured(truth, m, &MeasurementNoise::gaussian(nu), key);
    errors(truth, &iterates(&instance, &settings(rank, 1e-10, 0.4, 0.992))).pop().unwrap()
}

#[test]
fn gaussian_noise_costs_no_more_than_its_order() {
    let theorem = |deviation, measurements, search_rank| GaussianNoiseError {
        deviation,
        measurements,
        search_rank,
        failure_probability: FAILING,
        final_error: noisy_error,
    };
    let key = seed().named("gaussian noise");
    let truth = ten_five_one(DIM, seed());
    let seen = outcomes(&theorem(0.7, 500, 20), &truth, 30, key);
    println!("calibration: {:?}", seen.iter().map(|o| o.observed / o.bound).fold(0.0, f64::max));
    for (name, spectrum, nu, m, rank) in [
        ("r′ = 3", &[10.0, 5.0, 1.0][..], 0.7, 500, 3),
        ("m = 2000", &[10.0, 5.0, 1.0], 0.7, 2_000, 20),
        ("ν = 0.1", &[10.0, 5.0, 1.0], 0.1, 500, 20),
    ] {
        let truth = LowRankTruth::psd(DIM, spectrum, seed().named(name)).unwrap();
        let evidence = check(&theorem(nu, m, rank), &truth, TRIALS, 1e-6, key);
        assert_eq!(told(name, &evidence), Verdict::Supported);
    }
    let large = GaussianNoiseError {
        final_error: |truth: &LowRankTruth, (nu, m, rank): (f64, usize, usize), key: StreamKey| {
            let instance = measured(truth, m, &MeasurementNoise::gaussian(nu), key);
            let short = SubgradientSettings { max_iterations: 150, ..settings(rank, 1e-10, 0.4, 0.992) };
            errors(truth, &iterates(&instance, &short)).pop().unwrap()
        },
        deviation: 0.1,
        measurements: 500,
        search_rank: 20,
        failure_probability: FAILING,
    };
    assert_eq!(told("stopped early", &check(&large, &truth, TRIALS, 1e-6, key)), Verdict::Refuted);
    assert_eq!(told("ν = 9", &check(&theorem(9.0, 500, 20), &truth, 2, 1e-6, key)), Verdict::NotApplicable);
}

use std::ops::ControlFlow;

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::Svd;
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sensing::{
    AsymmetricSettings, Corruption, DenseGaussian, GradientSettings, Loss, LowRankTruth, MatrixSensing,
    MeasurementMap, OutlierLaw, PackedGaussian, PreconditionedSettings, Rebalancing,
    ScaledSubgradientSettings, StepNorm, StepSchedule, SubgradientSettings, SymmetricStart, Warning,
    asymmetric_gradient_descent, available_growth, decay_for_growth, gradient_descent, log_amplitude, polish,
    preconditioned_gradient_descent, required_growth, sign, sign_spectral_direction, subgradient_method,
    subgradient_method_observed,
};
use proofsketch::solve::Status;

use crate::common::{seed, with_thread_counts};

const SPECTRUM: [f64; 3] = [10.0, 5.0, 1.0];

/// X★ of eigenvalues 10, 5, 1, a Gaussian map with d = 20, and y with a share of N(0, 100) outliers.
fn corrupted(
    measurements: usize,
    fraction: f64,
    key: StreamKey,
) -> (LowRankTruth, PackedGaussian, DVector<f64>) {
    let truth = LowRankTruth::psd(20, &SPECTRUM, key.named("truth")).unwrap();
    let map = PackedGaussian::draw(20, measurements, key.named("map")).unwrap();
    let outliers = Corruption { fraction, law: OutlierLaw::Normal { deviation: 10.0 } };
    let y = outliers.added_to(&map.apply(truth.matrix()), key).unwrap();
    (truth, map, y)
}

/// Geometric steps as long as the start of α = 10⁻¹⁵ needs.
fn geometric(rank: usize) -> SubgradientSettings {
    SubgradientSettings {
        rank,
        start: SymmetricStart::SignSpectral { alpha: 1e-15 },
        schedule: StepSchedule::Geometric { eta: 1.0, decay: 0.985, norm: StepNorm::Symmetric },
        ..SubgradientSettings::default()
    }
}

#[test]
fn outliers_are_ignored_at_any_search_rank() {
    // Above the true rank the error ends at what the start leaves in the other directions, the same at every rank.
    // With eigenvalues (10, 5, 1) the last is below the noise of the start, which misses it in one draw of sixty or so; 1 of
    // (2, 1.5, 1) is above.
    let mut floors = Vec::new();
    let key = seed().named("outliers");
    let truth = LowRankTruth::psd(20, &[2.0, 1.5, 1.0], key.named("truth")).unwrap();
    let map = PackedGaussian::draw(20, 1000, key.named("map")).unwrap();
    let outliers = Corruption { fraction: 0.1, law: OutlierLaw::Normal { deviation: 10.0 } };
    let y = outliers.added_to(&map.apply(truth.matrix()), key).unwrap();
    for rank in [3, 4, 10, 20] {
        let report =
            subgradient_method(&MatrixSensing::new(&map, &y).unwrap(), &geometric(rank), seed()).unwrap();
        let error = truth.frobenius_error(&report.solution.matrix());
        println!("rank {rank}: {error:e}, {} after {}", report.status, report.iterations());
        assert_eq!(report.status, Status::Converged);
        assert!(error < if rank == 3 { 1e-13 } else { 1e-6 }, "{error:e}");
        if rank >= 10 {
            floors.push(error);
        }
    }
    // Beyond the positive eigenvalues of the start no column is left.
    assert!(floors[1] < 2.0 * floors[0] && floors[0] < 2.0 * floors[1], "{floors:?}");
}

/// The update by its formula, matrix by matrix, with the full singular value decomposition for ‖Q‖₂.
#[test]
fn an_iterate_of_the_subgradient_method_is_its_formula() {
    let key = seed().named("formula");
    let truth = LowRankTruth::psd(6, &[2.0, 1.0], key).unwrap();
    let map = DenseGaussian::draw((6, 6), 80, key).unwrap();
    let y = map.apply(truth.matrix());
    let u0 = normal_matrix(6, 4, key) * 0.1;
    for (loss, schedule) in [
        (Loss::L1, StepSchedule::Loss { eta: 0.05 }),
        (Loss::L1, StepSchedule::Geometric { eta: 0.2, decay: 0.9, norm: StepNorm::Symmetric }),
        (Loss::L1, StepSchedule::Geometric { eta: 0.2, decay: 0.9, norm: StepNorm::Full }),
        (Loss::Frobenius, StepSchedule::Loss { eta: 0.05 }),
        (Loss::Frobenius, StepSchedule::Geometric { eta: 0.2, decay: 0.9, norm: StepNorm::Full }),
    ] {
        let mut u = u0.clone();
        for t in 0..10 {
            let residual: Vec<f64> =
                (0..80).map(|i| map.matrix(i).dot(&(&u * u.transpose())) - y[i]).collect();
            let mean = residual.iter().map(|r| r.abs()).sum::<f64>() / 80.0;
            let root = (residual.iter().map(|r| r * r).sum::<f64>() / 80.0).sqrt();
            let (f, weight): (f64, &dyn Fn(f64) -> f64) =
                if loss == Loss::L1 { (mean, &sign) } else { (root, &|r| r / root) };
            let q =
                (0..80).fold(DMatrix::zeros(6, 6), |q, i| q + map.matrix(i) * (weight(residual[i]) / 80.0));
            let symmetric = (&q + q.transpose()) * 0.5;
            let norm = |q: &DMatrix<f64>| Svd::new(q).unwrap().singular_values[0];
            let step = match schedule {
                StepSchedule::Geometric { eta, decay, norm: StepNorm::Full } => {
                    eta * decay.powi(t) / norm(&q)
                }
                StepSchedule::Geometric { eta, decay, .. } => eta * decay.powi(t) / norm(&symmetric),
                StepSchedule::Loss { eta } | StepSchedule::GrowthBudget { eta, .. } => 0.5 * eta * f,
            };
            u = &u - (&q + q.transpose()) * &u * step;
        }
        let settings = SubgradientSettings {
            rank: 4,
            loss,
            start: SymmetricStart::Given(u0.clone()),
            schedule,
            max_iterations: 10,
            ..SubgradientSettings::default()
        };
        let problem = MatrixSensing::new(&map, &y).unwrap();
        let report = subgradient_method(&problem, &settings, key).unwrap();
        let difference = (&report.solution.u - &u).norm() / u.norm();
        println!("{loss:?} {schedule:?}: {difference:e}");
        assert!(difference < 1e-12, "{loss:?} {schedule:?}: {difference:e}");
    }
}

/// By Lanczos above d = 32, along a run in which the subgradient changes from step to step.
#[test]
fn the_norm_of_a_subgradient_is_good_to_a_hundredth() {
    let key = seed().named("norm");
    let truth = LowRankTruth::psd(40, &[2.0, 1.0], key).unwrap();
    let map = PackedGaussian::draw(40, 900, key).unwrap();
    let outliers = Corruption { fraction: 0.1, law: OutlierLaw::Normal { deviation: 10.0 } };
    let y = outliers.added_to(&map.apply(truth.matrix()), key).unwrap();
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let mut norms = Vec::new();
    let schedule = StepSchedule::Geometric { eta: 0.6, decay: 0.97, norm: StepNorm::Symmetric };
    let settings = SubgradientSettings { schedule, ..geometric(20) };
    let report = subgradient_method_observed(&problem, &settings, seed(), |iterate| {
        norms.push(Svd::new(&iterate.pass.gradient).unwrap().singular_values[0]);
        ControlFlow::Continue(())
    })
    .unwrap();
    let ratios = report.history.iter().zip(&norms).map(|(record, norm)| record.subgradient_norm / norm);
    let (least, largest) = ratios.fold((f64::INFINITY, 0.0_f64), |(l, h), r| (l.min(r), h.max(r)));
    println!("norm {least} {largest} over {}", norms.len());
    assert!(least > 0.99 && largest < 1.0 + 1e-12, "{least} {largest}");
}

#[test]
fn scaling_the_data_by_four_and_the_start_by_two_scales_the_answer_to_the_bit() {
    let (_, map, y) = corrupted(400, 0.1, seed().named("scaling"));
    let scaled = &y * 4.0;
    let by = |y: &DVector<f64>, alpha: f64| {
        let start = SymmetricStart::SignSpectral { alpha };
        let settings = SubgradientSettings { start, ..geometric(10) };
        subgradient_method(&MatrixSensing::new(&map, y).unwrap(), &settings, seed()).unwrap()
    };
    let (one, four) = (by(&y, 1e-15), by(&scaled, 2e-15));
    assert_eq!(one.solution.u.clone() * 2.0, four.solution.u);
    assert_eq!(one.iterations(), four.iterations());
    assert!(one.iterations() > 1000);
}

#[test]
fn columns_of_negative_eigenvalues_start_at_zero_and_stay_there() {
    let (truth, map, y) = corrupted(1000, 0.1, seed().named("columns"));
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let direction = sign_spectral_direction(&problem, 20).unwrap();
    let zero = |u: &DMatrix<f64>| u.column_iter().map(|column| column.amax() == 0.0).collect::<Vec<_>>();
    let at_start = zero(&direction);
    let count = at_start.iter().filter(|zero| **zero).count();
    assert!((5..=15).contains(&count), "{count} zero columns");
    let report = subgradient_method(&problem, &geometric(20), seed()).unwrap();
    assert_eq!(zero(&report.solution.u), at_start);
    assert!(truth.frobenius_error(&report.solution.matrix()) < 1e-8);
}

#[test]
fn rotated_columns_give_the_rotated_factor() {
    let (_, map, y) = corrupted(500, 0.1, seed().named("rotation"));
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let u0 = normal_matrix(20, 6, seed().named("rotation")) * 0.01;
    let q = Svd::new(&normal_matrix(6, 6, seed().named("q"))).unwrap().u;
    let by = |u0: DMatrix<f64>| {
        let start = SymmetricStart::Given(u0);
        let settings = SubgradientSettings { start, max_iterations: 60, ..geometric(6) };
        subgradient_method(&problem, &settings, seed()).unwrap().solution.u
    };
    let (plain, rotated) = (by(u0.clone()), by(&u0 * &q));
    assert!((&plain * &q - &rotated).norm() < 1e-9 * plain.norm());
}

#[test]
fn bits_do_not_depend_on_threads() {
    let key = seed().named("threads");
    let truth = LowRankTruth::psd(70, &[2.0, 1.0], key).unwrap();
    let map = PackedGaussian::draw(70, 600, key).unwrap();
    let y = map.apply(truth.matrix());
    let dense = DenseGaussian::draw((70, 70), 600, key).unwrap();
    let z = dense.apply(truth.matrix());
    let answers = with_thread_counts(|| {
        let problem = MatrixSensing::new(&map, &y).unwrap();
        let settings = SubgradientSettings { max_iterations: 30, ..geometric(70) };
        let robust = subgradient_method(&problem, &settings, key).unwrap();
        let settings =
            PreconditionedSettings { rank: 5, max_iterations: 30, ..PreconditionedSettings::default() };
        let preconditioned = preconditioned_gradient_descent(&problem, &settings, key).unwrap();
        let settings = GradientSettings { rank: 70, max_iterations: 30, ..GradientSettings::default() };
        let symmetric = gradient_descent(&problem, &settings, key).unwrap();
        let rebalancing = Some(Rebalancing { gamma: 0.99, ..Rebalancing::default() });
        let settings =
            AsymmetricSettings { rank: 70, rebalancing, max_iterations: 30, ..AsymmetricSettings::default() };
        let problem = MatrixSensing::new(&dense, &z).unwrap();
        let asymmetric = asymmetric_gradient_descent(&problem, &settings, key).unwrap();
        (robust, preconditioned, symmetric, asymmetric)
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

#[test]
fn growth_is_the_sum_it_stands_for() {
    for (eta, decay) in
        [(0.01, 0.9), (0.4, 0.985), (1.0, 0.9899), (1.0, 0.9901), (20.0, 0.995), (0.3, 0.9995)]
    {
        let mut sum = 0.0;
        let mut term = 2.0 * eta;
        while term > 1e-18 {
            sum += 0.5 * f64::ln_1p(term);
            term *= decay;
        }
        let growth = available_growth(eta, decay).unwrap();
        assert!((growth / sum - 1.0).abs() < 1e-9, "{eta} {decay}: {growth} {sum}");
        let back = decay_for_growth(eta, growth).unwrap();
        assert!((back - decay).abs() < 1e-9 * (1.0 - decay), "{back} {decay}");
    }
    let amplitude = log_amplitude(126.0_f64.sqrt(), 0.8, 1e-15);
    assert!((required_growth(&SPECTRUM, amplitude) - 41.2).abs() < 0.2);
}

/// Eigenvalues (10, 5, 1), α = 10⁻¹⁵: over ten seeds, half the growth never learns all, and what is missed is said; the
/// default schedule learns all.
#[test]
fn a_schedule_without_enough_growth_is_a_dead_start() {
    let amplitude = log_amplitude(126.0_f64.sqrt(), 0.8, 1e-15);
    let required = required_growth(&SPECTRUM, amplitude);
    let mut outcomes = Vec::new();
    for trial in 0..10 {
        let (truth, map, y) = corrupted(500, 0.1, seed().named("dead start").indexed(trial));
        let problem = MatrixSensing::new(&map, &y).unwrap();
        for share in [0.6, 1.3] {
            let decay = decay_for_growth(0.4, share * required).unwrap();
            let schedule = StepSchedule::Geometric { eta: 0.4, decay, norm: StepNorm::Symmetric };
            let settings = SubgradientSettings { schedule, ..geometric(20) };
            let report = subgradient_method(&problem, &settings, seed()).unwrap();
            let error = truth.frobenius_error(&report.solution.matrix());
            println!("{trial} {share}: {error:e} {}", report.status);
            outcomes.push((share, error, report.status));
        }
    }
    for (_, error, status) in outcomes {
        assert_eq!(status == Status::DeadStart, error > 0.1, "{error:e} {status}");
    }
}

#[test]
fn the_default_schedule_learns_every_eigenvalue() {
    for trial in 0..4 {
        let (truth, map, y) = corrupted(500, 0.1, seed().named("default").indexed(trial));
        for scale in [1.0, 1e-20, 1e20] {
            let y = &y * scale;
            let problem = MatrixSensing::new(&map, &y).unwrap();
            let settings = SubgradientSettings::for_problem(&problem, 20);
            let report = subgradient_method(&problem, &settings, seed()).unwrap();
            let error = truth.frobenius_error(&(report.solution.matrix() / scale));
            println!("{trial} {scale}: {error:e} {} {}", report.status, report.iterations());
            assert_eq!(report.status, Status::Converged);
            assert!(error < 1e-4, "{error:e}");
        }
    }
}

#[test]
fn polishing_removes_the_error_of_the_start() {
    let (truth, map, y) = corrupted(500, 0.1, seed().named("polish"));
    let problem = MatrixSensing::new(&map, &y).unwrap();
    let rough =
        subgradient_method(&problem, &SubgradientSettings::for_problem(&problem, 20), seed()).unwrap();
    let settings = ScaledSubgradientSettings { first_step: 0.05, ..ScaledSubgradientSettings::default() };
    let polished = polish(&problem, &rough.solution, &settings).unwrap();
    let error = truth.frobenius_error(&polished.solution.matrix());
    assert_eq!(polished.solution.u.ncols(), 3);
    assert!(error < 1e-12, "{error:e}");
}

#[test]
fn settings_that_cannot_succeed_are_warned_of() {
    let (_, map, y) = corrupted(500, 0.0, seed().named("warnings"));
    let problem = MatrixSensing::new(&map, &y).unwrap();
    assert_eq!(geometric(20).warnings(&problem).unwrap(), []);
    let schedule = StepSchedule::Geometric { eta: 0.1, decay: 0.9, norm: StepNorm::Symmetric };
    let short = SubgradientSettings { schedule, ..geometric(20) };
    assert!(matches!(short.warnings(&problem).unwrap()[..], [Warning::ShortSchedule { .. }]));
    // n > 4k, and n ≤ 4k.
    let settings = |rank| AsymmetricSettings { rank, ..AsymmetricSettings::default() };
    assert_eq!(settings(1).warnings(&problem, seed()).unwrap(), []);
    let few = settings(12).warnings(&problem, seed()).unwrap();
    assert!(matches!(few[..], [Warning::IndefiniteImbalance { .. }]));
    let map = PackedGaussian::draw(20, 15, seed()).unwrap();
    let y = DVector::from_element(15, 1.0);
    let warnings = geometric(2).warnings(&MatrixSensing::new(&map, &y).unwrap()).unwrap();
    assert_eq!(warnings, [Warning::FewMeasurements { measurements: 15, degrees_of_freedom: 20 }]);
}

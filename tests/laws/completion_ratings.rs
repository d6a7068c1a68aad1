//! The model of ratings: what its fit satisfies, and how it changes with the problem.

use nalgebra::{DMatrix, DVector};
use proofsketch::completion::ratings::{
    BiasedFactorization, Penalty, Settings, candidates, objective, select, solve,
};
use proofsketch::completion::{Duplicates, MatrixCompletion, RowSolver};
use proofsketch::random::{StreamKey, uniform_unit};
use proofsketch::sketch::SketchFamily;
use proofsketch::solve::Status;
use rand_distr::{Distribution, StandardNormal};

use crate::common::{seed, with_thread_counts};

fn normal(nrows: usize, ncols: usize, key: StreamKey) -> DMatrix<f64> {
    let mut rng = key.block(0);
    DMatrix::from_fn(nrows, ncols, |_, _| StandardNormal.sample(&mut rng))
}

/// b, c and μ + bᵢ + cⱼ + uᵢᵀvⱼ of rank k.
fn truth((m, n): (usize, usize), rank: usize, key: StreamKey) -> (DVector<f64>, DVector<f64>, DMatrix<f64>) {
    let b = normal(m, 1, key.named("b")).column(0).into_owned();
    let c = normal(n, 1, key.named("c")).column(0).into_owned();
    let product = normal(m, rank, key.named("u")) * normal(n, rank, key.named("v")).transpose();
    let matrix = DMatrix::from_fn(m, n, |i, j| 3.5 + b[i] + c[j] + product[(i, j)]);
    (b, c, matrix)
}

/// A share of the entries of a matrix, with noise.
fn sampled(matrix: &DMatrix<f64>, share: f64, noise: f64, key: StreamKey) -> Vec<(u32, u32, f64)> {
    let mut rng = key.named("sample").block(0);
    let mut triplets = Vec::new();
    for i in 0..matrix.nrows() {
        for j in 0..matrix.ncols() {
            let error: f64 = StandardNormal.sample(&mut rng);
            if uniform_unit(&mut rng) < share {
                triplets.push((i as u32, j as u32, matrix[(i, j)] + noise * error));
            }
        }
    }
    triplets
}

fn posed((m, n): (usize, usize), triplets: &[(u32, u32, f64)]) -> MatrixCompletion {
    MatrixCompletion::from_triplets(m, n, triplets, Duplicates::Refuse).unwrap()
}

fn noisy(shape: (usize, usize), key: StreamKey) -> MatrixCompletion {
    posed(shape, &sampled(&truth(shape, 2, key).2, 0.5, 0.5, key))
}

/// Every combination of what changes the objective.
fn variants() -> Vec<Settings> {
    let mut variants = Vec::new();
    for (penalty, ridge, bias_ridge) in [(Penalty::PerRow, 1.0, 2.0), (Penalty::PerEntry, 0.1, 0.05)] {
        for (biases, pattern) in [(true, None), (true, Some(0.7)), (false, None), (false, Some(0.7))] {
            let (ridge, bias_ridge) = (Some(ridge), Some(bias_ridge));
            let settings = Settings {
                rank: 3,
                biases,
                penalty,
                ridge,
                bias_ridge,
                pattern,
                clip: false,
                ..Settings::default()
            };
            variants.push(settings);
        }
    }
    variants
}

/// The same problem with weights.
fn weighted(problem: &MatrixCompletion, weight: impl Fn(usize) -> f64) -> MatrixCompletion {
    let observations: Vec<_> =
        problem.triplets().enumerate().map(|(index, (i, j, value))| (i, j, value, weight(index))).collect();
    let shape = (problem.nrows(), problem.ncols());
    MatrixCompletion::from_weighted_triplets(shape.0, shape.1, &observations, Duplicates::Refuse).unwrap()
}

fn predictions(model: &BiasedFactorization) -> DMatrix<f64> {
    DMatrix::from_fn(model.u.nrows(), model.v.nrows(), |i, j| model.predict(i, j))
}

#[test]
fn biases_without_factors_are_recovered_as_the_ridge_vanishes() {
    let (shape, key) = ((40, 30), seed().named("biases alone"));
    let (b, c, matrix) = truth(shape, 0, key);
    let problem = posed(shape, &sampled(&matrix, 0.4, 0.0, key));
    let settings = Settings {
        bias_ridge: Some(1e-9),
        clip: false,
        tol: 0.0,
        max_iterations: 500,
        ..Settings::biases_alone()
    };
    let model = solve(&problem, &settings, key).unwrap().solution;
    // b and c are determined up to a constant that moves from one to the other.
    let centred = |x: &DVector<f64>| x.add_scalar(-x.mean());
    assert!((centred(&model.row_biases) - centred(&b)).amax() < 1e-6);
    assert!((centred(&model.column_biases) - centred(&c)).amax() < 1e-6);
    assert!((predictions(&model) - matrix).amax() < 1e-6);
}

#[test]
fn biased_matrices_of_low_rank_are_recovered_as_the_ridge_vanishes() {
    let (shape, key) = ((60, 50), seed().named("biased"));
    let matrix = truth(shape, 2, key).2;
    let problem = posed(shape, &sampled(&matrix, 0.6, 0.0, key));
    let mut before = f64::INFINITY;
    for ridge in [1e-1, 1e-3, 1e-5] {
        let settings = Settings {
            rank: 2,
            ridge: Some(ridge),
            bias_ridge: Some(ridge),
            clip: false,
            tol: 0.0,
            max_iterations: 3000,
            ..Settings::default()
        };
        let model = solve(&problem, &settings, key).unwrap().solution;
        let error = (predictions(&model) - &matrix).norm() / matrix.norm();
        assert!(error < 0.05 * before, "{ridge}: {error} after {before}");
        before = error;
    }
    assert!(before < 1e-5, "{before}");
}

#[test]
fn the_objective_falls_at_every_half_step_and_is_what_it_is_defined_as() {
    let key = seed().named("objective");
    let problem = noisy((50, 40), key);
    let weighted = weighted(&problem, |index| [0.5, 1.0, 3.0][index % 3]);
    for (problem, settings) in variants().iter().flat_map(|it| [(&problem, it), (&weighted, it)]) {
        let report = solve(problem, settings, key).unwrap();
        let steps: Vec<f64> =
            report.history.iter().flat_map(|record| [record.objective_between, record.objective]).collect();
        assert!(steps.len() > 6, "{settings:?}");
        for pair in steps.windows(2) {
            assert!(pair[1] <= pair[0] * (1.0 + 1e-12), "{settings:?}: {pair:?}");
        }
        let defined = objective(problem, &report.solution, settings).unwrap();
        let reported = steps[steps.len() - 1];
        assert!((reported / defined - 1.0).abs() < 1e-10, "{settings:?}: {reported} is not {defined}");
    }
}

/// The derivative of the objective along `direction`, by a central difference.
fn slope(
    problem: &MatrixCompletion,
    settings: &Settings,
    model: &BiasedFactorization,
    direction: &BiasedFactorization,
) -> f64 {
    const STEP: f64 = 1e-4;
    let at = |t: f64| {
        let moved = BiasedFactorization {
            row_biases: &model.row_biases + &direction.row_biases * t,
            column_biases: &model.column_biases + &direction.column_biases * t,
            u: &model.u + &direction.u * t,
            v: &model.v + &direction.v * t,
            ..model.clone()
        };
        objective(problem, &moved, settings).unwrap()
    };
    (at(STEP) - at(-STEP)) / (2.0 * STEP)
}

#[test]
fn the_gradient_vanishes_at_convergence() {
    let key = seed().named("gradient");
    let shape = (30, 25);
    let problem = noisy(shape, key);
    for settings in variants() {
        let settings = Settings { tol: 0.0, max_iterations: 5000, ..settings };
        let model = solve(&problem, &settings, key).unwrap().solution;
        for trial in 0..3 {
            let key = key.named("direction").indexed(trial);
            let bias = if settings.biases { 1.0 } else { 0.0 };
            let direction = BiasedFactorization {
                mean: 0.0,
                row_biases: normal(shape.0, 1, key.named("b")).column(0) * bias,
                column_biases: normal(shape.1, 1, key.named("c")).column(0) * bias,
                u: normal(shape.0, settings.rank, key.named("u")),
                v: normal(shape.1, settings.rank, key.named("v")),
                range: None,
            };
            let away = BiasedFactorization {
                u: &model.u + &direction.u,
                v: &model.v + &direction.v,
                ..model.clone()
            };
            let (here, there) = (
                slope(&problem, &settings, &model, &direction),
                slope(&problem, &settings, &away, &direction),
            );
            assert!(here.abs() < 1e-5 * there.abs(), "{settings:?}: {here} beside {there}");
        }
    }
}

#[test]
fn a_constant_and_a_factor_pass_through() {
    let key = seed().named("units");
    let problem = noisy((50, 40), key);
    for settings in variants().into_iter().filter(|settings| settings.biases) {
        let settings = Settings { clip: true, max_iterations: 20, ..settings };
        let model = solve(&problem, &settings, key).unwrap().solution;
        let moved = problem.with_values(|_, _, value| 100.0 + 8.0 * value).unwrap();
        let scaled = Settings { ridge: settings.ridge.map(|ridge| 8.0 * ridge), ..settings.clone() };
        let expected = predictions(&model) * 8.0;
        let found = predictions(&solve(&moved, &scaled, key).unwrap().solution).add_scalar(-100.0);
        assert!((found - expected).amax() < 1e-9, "{settings:?}");
    }
}

#[test]
fn a_ridge_per_entry_is_one_per_row_where_all_have_as_many() {
    let key = seed().named("penalties");
    let shape = (24, 24);
    let problem = posed(shape, &sampled(&truth(shape, 2, key).2, 1.0, 0.5, key));
    let by_row = Settings {
        rank: 3,
        ridge: Some(4.8),
        bias_ridge: Some(2.4),
        pattern: Some(0.5),
        ..Settings::default()
    };
    let by_entry =
        Settings { penalty: Penalty::PerEntry, ridge: Some(0.2), bias_ridge: Some(0.1), ..by_row.clone() };
    let [one, other] =
        [by_row, by_entry].map(|settings| predictions(&solve(&problem, &settings, key).unwrap().solution));
    assert!((one - other).amax() < 1e-9);
}

#[test]
fn weights_that_are_all_alike_scale_the_ridge() {
    let key = seed().named("weights");
    let problem = noisy((40, 30), key);
    let settings = Settings { rank: 3, ridge: Some(1.0), bias_ridge: Some(2.0), ..Settings::default() };
    let doubled = Settings { ridge: Some(2.0), bias_ridge: Some(4.0), ..settings.clone() };
    let one = solve(&problem, &settings, key).unwrap().solution;
    let other = solve(&weighted(&problem, |_| 2.0), &doubled, key).unwrap().solution;
    assert!((predictions(&one) - predictions(&other)).amax() < 1e-9);
}

#[test]
fn row_solvers_agree() {
    let key = seed().named("solvers");
    let problem = noisy((60, 50), key);
    for settings in variants() {
        let settings = Settings { max_iterations: 5, ..settings };
        let with = |solver| {
            predictions(&solve(&problem, &Settings { solver, ..settings.clone() }, key).unwrap().solution)
        };
        let reference = with(RowSolver::Qr);
        let sketch = RowSolver::SketchPcg { c: 2, kind: SketchFamily::Gaussian };
        for solver in [RowSolver::Auto, RowSolver::Cholesky, RowSolver::Cg { steps: 50, tol: 1e-14 }, sketch]
        {
            let error = (with(solver) - &reference).amax();
            assert!(error < 1e-8, "{solver:?}, {settings:?}: {error}");
        }
    }
}

#[test]
fn same_key_same_bits_for_any_number_of_threads() {
    let key = seed().named("threads");
    let problem = noisy((300, 250), key);
    for settings in variants() {
        let settings = Settings { max_iterations: 4, ..settings };
        let answers = with_thread_counts(|| {
            let selection = select(&problem, std::slice::from_ref(&settings), 0.2, key).unwrap();
            (solve(&problem, &settings, key).unwrap(), selection.rmse)
        });
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{settings:?}");
    }
}

#[test]
fn what_nobody_rated_is_predicted_by_the_bias_of_the_other() {
    let key = seed().named("empty");
    let shape = (30, 20);
    let triplets = sampled(&truth(shape, 2, key).2, 0.6, 0.1, key);
    let kept: Vec<_> = triplets.into_iter().filter(|&(i, j, _)| i != 7 && j != 3).collect();
    let problem = posed(shape, &kept);
    for settings in variants().into_iter().filter(|settings| settings.biases) {
        let model = solve(&problem, &settings, key).unwrap().solution;
        assert!(model.u.row(7).amax() < 1e-12 && model.row_biases[7].abs() < 1e-12, "{settings:?}");
        assert!((model.predict(7, 3) - model.mean).abs() < 1e-11);
        assert!((model.predict(7, 5) - model.predict(99, 5)).abs() < 1e-11);
        assert!((model.predict(4, 3) - model.mean - model.row_biases[4]).abs() < 1e-11);
    }
}

#[test]
fn values_that_are_all_alike_and_very_large_ones() {
    let key = seed().named("extremes");
    let constant = posed((3, 2), &[(0, 0, 4.0), (1, 0, 4.0), (2, 1, 4.0)]);
    let report = solve(&constant, &Settings { rank: 1, ..Settings::default() }, key).unwrap();
    assert_eq!(
        (report.status, predictions(&report.solution)),
        (Status::Converged, DMatrix::from_element(3, 2, 4.0))
    );
    let problem = noisy((40, 30), key);
    let settings = Settings { rank: 2, ..Settings::default() };
    let model = predictions(&solve(&problem, &settings, key).unwrap().solution);
    for scale in [1e200, 1e-200] {
        let scaled = problem.with_values(|_, _, value| value * scale).unwrap();
        let found = predictions(&solve(&scaled, &settings, key).unwrap().solution) / scale;
        assert!((&found - &model).amax() < 1e-9, "{scale}");
    }
}

#[test]
fn selection_prefers_the_truth_to_what_fits_noise() {
    let key = seed().named("selection");
    let shape = (120, 100);
    let matrix = truth(shape, 2, key).2;
    let problem = posed(shape, &sampled(&matrix, 0.4, 0.7, key));
    let grid = candidates(&problem, &Settings { clip: false, ..Settings::default() }, &[2, 12]);
    assert_eq!(grid.len(), 13);
    let selection = select(&problem, &grid, 0.1, key).unwrap();
    let alone = &selection.trials[0];
    assert_eq!((alone.settings.rank, selection.trials.len()), (0, 13));
    assert!(selection.rmse < 0.75 * alone.rmse, "{} beside {}", selection.rmse, alone.rmse);
    assert!(selection.trials.iter().all(|trial| trial.rmse >= selection.rmse));
    let model = solve(&problem, &selection.settings, key).unwrap().solution;
    let error = (predictions(&model) - &matrix).norm() / (matrix.len() as f64).sqrt();
    assert!(error < 0.6, "{error}"); // the noise has 0.7, biases alone miss by 1.4
}

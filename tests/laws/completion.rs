use nalgebra::DMatrix;
use proofsketch::completion::{
    Duplicates, MatrixCompletion, Ridge, RowSolver, Sampling, Settings, Side, multiple_response_regression,
    solve,
};
use proofsketch::random::{StreamKey, uniform_unit};
use proofsketch::sketch::SketchFamily;
use proofsketch::solve::Status;

use crate::common::{seed, with_thread_counts};
use crate::matrices::uniform;

type Triplets = Vec<(u32, u32, f64)>;

/// M = A Bᵀ of rank k, and the entries of it that a coin of probability p shows.
fn low_rank(shape: (usize, usize), k: usize, p: f64, key: StreamKey) -> (Triplets, DMatrix<f64>) {
    let (a, b) = (uniform(shape.0, k, key.named("a")), uniform(shape.1, k, key.named("b")));
    let m = a * b.transpose();
    let mut rng = key.named("mask").block(0);
    let mut triplets = Vec::new();
    for (i, j) in (0..shape.0).flat_map(|i| (0..shape.1).map(move |j| (i, j))) {
        if uniform_unit(&mut rng) < p {
            triplets.push((i as u32, j as u32, m[(i, j)]));
        }
    }
    (triplets, m)
}

fn problem(shape: (usize, usize), triplets: &Triplets) -> MatrixCompletion {
    MatrixCompletion::from_triplets(shape.0, shape.1, triplets, Duplicates::Refuse).unwrap()
}

fn completed(solution: &proofsketch::completion::Solution) -> DMatrix<f64> {
    &solution.u * solution.v.transpose()
}

fn relative_distance(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
    (a - b).norm() / b.norm()
}

#[test]
fn register_kernels_agree_with_householder_regressions_for_every_rank() {
    for k in (1..=18).chain([23, 24, 31, 33, 40, 64]) {
        let key = seed().named("kernels").indexed(k as u64);
        let shape = (37, 3 * k + 20);
        let (triplets, _) = low_rank(shape, k.min(5), 0.9, key);
        let weigh = |&(i, j, value): &(u32, u32, f64)| (i, j, value, 0.5 + f64::from((i + j) % 5));
        let weighted: Vec<_> = triplets.iter().map(weigh).collect();
        let weighted =
            MatrixCompletion::from_weighted_triplets(shape.0, shape.1, &weighted, Duplicates::Refuse)
                .unwrap();
        let basis = uniform(shape.1, k, key.named("basis"));
        for (problem, ridge) in [(problem(shape, &triplets), 0.0), (weighted.clone(), 0.0), (weighted, 0.7)] {
            let by = |solver| {
                multiple_response_regression(&problem, Side::Rows, &basis, &solver, ridge, None, key).unwrap()
            };
            let (fast, reference) = (by(RowSolver::Cholesky), by(RowSolver::Qr));
            assert!(relative_distance(&fast, &reference) < 1e-10, "rank {k}, ridge {ridge}");
        }
    }
}

#[test]
fn all_row_solvers_agree() {
    let shape = (60, 400);
    for (k, ridge) in [(4, 0.0), (12, 0.0), (12, 0.3)] {
        let key = seed().named("solvers").indexed(k as u64);
        let (triplets, _) = low_rank(shape, k, 0.5, key);
        let problem = problem(shape, &triplets);
        let basis = uniform(shape.1, k, key.named("basis"));
        let start = uniform(shape.0, k, key.named("start"));
        let by = |solver| {
            multiple_response_regression(&problem, Side::Rows, &basis, &solver, ridge, Some(&start), key)
                .unwrap()
        };
        let reference = by(RowSolver::Qr);
        for solver in [
            RowSolver::Auto,
            RowSolver::Cholesky,
            RowSolver::Cg { steps: 100, tol: 1e-13 },
            RowSolver::SketchPcg { c: 4, kind: SketchFamily::SparseSign { nonzeros: 8 } },
            RowSolver::SketchPcg { c: 4, kind: SketchFamily::Srht },
            RowSolver::SketchPcg { c: 4, kind: SketchFamily::Gaussian },
        ] {
            assert!(relative_distance(&by(solver), &reference) < 1e-8, "{solver:?}, rank {k}, ridge {ridge}");
        }
    }
}

#[test]
fn each_row_solver_recovers_the_matrix() {
    let shape = (90, 70);
    let (triplets, m) = low_rank(shape, 3, 0.5, seed().named("recovery"));
    for solver in [
        RowSolver::Auto,
        RowSolver::Cholesky,
        RowSolver::Qr,
        RowSolver::Cg { steps: 3, tol: 1e-14 },
        RowSolver::SketchPcg { c: 4, kind: SketchFamily::SparseSign { nonzeros: 8 } },
    ] {
        let settings = Settings { solver, ..Settings::of_rank(3) };
        let report = solve(&problem(shape, &triplets), &settings, seed()).unwrap();
        assert_eq!(report.status, Status::Converged, "{solver:?}");
        assert!(relative_distance(&completed(&report.solution), &m) < 1e-10, "{solver:?}");
        assert!(report.solution.diagnostics.identifiable);
        assert_eq!(report.solution.diagnostics.effective_rank, 3);
    }
}

/// With every entry observed the columns of M lie in a space the first half-step finds.
#[test]
fn a_full_matrix_is_exact_after_one_sweep() {
    let shape = (50, 40);
    let (triplets, m) = low_rank(shape, 4, 2.0, seed().named("full"));
    let settings =
        Settings { ridge: Ridge::None, validation: 0.0, max_iterations: 1, ..Settings::of_rank(4) };
    let report = solve(&problem(shape, &triplets), &settings, seed()).unwrap();
    assert!(relative_distance(&completed(&report.solution), &m) < 1e-13);
    assert!(report.solution.relative_residual < 1e-13);
}

#[test]
fn the_answer_turns_with_permutations_scaling_and_transposition() {
    let (rows, columns) = (60, 80);
    let (triplets, m) = low_rank((rows, columns), 3, 0.4, seed().named("equivariance"));
    let settings = Settings { validation: 0.0, ..Settings::of_rank(3) };
    let recovered = |shape, triplets: &Triplets| {
        let report = solve(&problem(shape, triplets), &settings, seed()).unwrap();
        assert_eq!(report.status, Status::Converged);
        completed(&report.solution)
    };
    let place = |i: u32| (i * 7 + 3) % rows as u32;
    let permuted = triplets.iter().map(|&(i, j, value)| (place(i), j, value)).collect();
    let found = recovered((rows, columns), &permuted);
    let expected = DMatrix::from_fn(rows, columns, |i, j| {
        m[((0..rows as u32).find(|&old| place(old) as usize == i).unwrap() as usize, j)]
    });
    assert!(relative_distance(&found, &expected) < 1e-10);
    let turned = triplets.iter().map(|&(i, j, value)| (j, i, value)).collect();
    assert!(relative_distance(&recovered((columns, rows), &turned), &m.transpose()) < 1e-10);
    for scale in [1e-200, -3.0, 1e200] {
        let scaled = triplets.iter().map(|&(i, j, value)| (i, j, scale * value)).collect();
        let found = recovered((rows, columns), &scaled) / scale;
        assert!(relative_distance(&found, &m) < 1e-10, "scale {scale}");
    }
}

/// Powers of two change no rounding, and so no bit but the exponents.
#[test]
fn scaling_by_a_power_of_two_scales_the_bits() {
    let shape = (40, 30);
    let (triplets, _) = low_rank(shape, 2, 0.6, seed().named("power of two"));
    let doubled = triplets.iter().map(|&(i, j, value)| (i, j, 8.0 * value)).collect();
    let by = |triplets: &Triplets| solve(&problem(shape, triplets), &Settings::of_rank(2), seed()).unwrap();
    let (once, eightfold) = (by(&triplets), by(&doubled));
    assert_eq!(once.history, eightfold.history);
    assert_eq!(once.solution.u * 8.0, eightfold.solution.u);
    assert_eq!(once.solution.v, eightfold.solution.v);
}

/// What is not observed is not read: there is no way in for it but the triplets, and their order does not matter.
#[test]
fn the_order_of_observations_changes_no_bit() {
    let shape = (50, 45);
    let (triplets, m) = low_rank(shape, 3, 0.5, seed().named("leak"));
    let mut scrambled = DMatrix::from_element(shape.0, shape.1, f64::NAN);
    triplets.iter().for_each(|&(i, j, value)| scrambled[(i as usize, j as usize)] = value);
    let mut reversed = triplets.clone();
    reversed.reverse();
    let of_triplets = problem(shape, &triplets);
    assert!(of_triplets == problem(shape, &reversed));
    assert!(
        of_triplets
            == MatrixCompletion::from_triplet_vec(shape.0, shape.1, reversed, Duplicates::Refuse).unwrap()
    );
    assert!(of_triplets == MatrixCompletion::from_dense_with_nan(&scrambled).unwrap());
    let report = solve(&of_triplets, &Settings::of_rank(3), seed()).unwrap();
    assert!(relative_distance(&completed(&report.solution), &m) < 1e-10);
}

#[test]
fn the_bits_do_not_depend_on_threads() {
    // Above one block of entries and one block of rows of a Gram matrix.
    let shape = (5000, 60);
    let (triplets, _) = low_rank(shape, 3, 0.25, seed().named("threads"));
    let problem = problem(shape, &triplets);
    for (solver, sampling) in [
        (RowSolver::Auto, Sampling::Reuse),
        (RowSolver::Cg { steps: 3, tol: 0.1 }, Sampling::Reuse),
        (RowSolver::SketchPcg { c: 2, kind: SketchFamily::Srht }, Sampling::Reuse),
        (RowSolver::Auto, Sampling::Split { iterations: Some(1), incoherence: None }),
    ] {
        let settings = Settings { solver, sampling, max_iterations: 4, ..Settings::of_rank(3) };
        let reports = with_thread_counts(|| solve(&problem, &settings, seed()).unwrap());
        assert!(reports.windows(2).all(|pair| pair[0] == pair[1]), "{solver:?}, {sampling:?}");
    }
}

/// Started from the answer, in the basis that the QR factorization turned it to, conjugate gradients have nothing to do.
#[test]
fn a_warm_start_survives_the_change_of_basis() {
    let shape = (80, 60);
    let (triplets, _) = low_rank(shape, 3, 0.6, seed().named("warm"));
    let solver = RowSolver::Cg { steps: 50, tol: 1e-8 };
    let settings = Settings {
        solver,
        ridge: Ridge::None,
        tol: 1e-12,
        xtol: 0.0,
        validation: 0.0,
        ..Settings::of_rank(3)
    };
    let report = solve(&problem(shape, &triplets), &settings, seed()).unwrap();
    let (first, last) = (report.history.first().unwrap(), report.history.last().unwrap());
    assert!(last.relative_residual < 1e-7);
    assert!(last.solver_steps * 20 < first.solver_steps, "{} of {}", last.solver_steps, first.solver_steps);
}

#[test]
fn observations_given_twice_are_refused_or_averaged() {
    let twice = [(0, 0, 1.0, 1.0), (0, 1, 5.0, 2.0), (0, 1, 2.0, 4.0), (1, 0, 7.0, 0.0), (1, 1, 4.0, 1.0)];
    let refused = MatrixCompletion::from_weighted_triplets(2, 2, &twice, Duplicates::Refuse).unwrap_err();
    assert!(refused.to_string().contains("observations 1 and 2 are both of entry (0, 1)"), "{refused}");
    let averaged = MatrixCompletion::from_weighted_triplets(2, 2, &twice, Duplicates::Average).unwrap();
    assert_eq!(averaged.triplets().collect::<Vec<_>>(), [(0, 0, 1.0), (0, 1, 3.0), (1, 1, 4.0)]);
    assert_eq!(averaged.weights().unwrap(), [1.0, 6.0, 1.0]);
    assert_eq!(averaged.transpose().triplets().collect::<Vec<_>>(), [(0, 0, 1.0), (1, 0, 3.0), (1, 1, 4.0)]);
}

/// The stationary points of ‖P_Ω(U Vᵀ − M)‖² + λ(‖U‖² + ‖V‖²) have UᵀU = VᵀV.
#[test]
fn a_fixed_ridge_ends_at_a_stationary_point_of_its_objective() {
    let shape = (50, 70);
    let (mut triplets, _) = low_rank(shape, 2, 0.5, seed().named("ridge"));
    let noise = uniform(triplets.len(), 1, seed().named("ridge noise"));
    triplets.iter_mut().zip(&noise).for_each(|(entry, noise)| entry.2 = 100.0 * entry.2 + 5.0 * noise);
    let ridge = 20.0;
    let settings = Settings {
        ridge: Ridge::Fixed(ridge),
        validation: 0.0,
        xtol: 1e-12,
        max_iterations: 5000,
        ..Settings::of_rank(2)
    };
    let report = solve(&problem(shape, &triplets), &settings, seed()).unwrap();
    let (u, v) = (&report.solution.u, &report.solution.v);
    let mut residual = DMatrix::zeros(shape.0, shape.1);
    for &(i, j, value) in &triplets {
        residual[(i as usize, j as usize)] = (u.row(i as usize) * v.row(j as usize).transpose())[0] - value;
    }
    let gradient_u = &residual * v + u * ridge;
    let gradient_v = residual.transpose() * u + v * ridge;
    assert!(gradient_u.norm() < 1e-6 * ridge * u.norm(), "{:e}", gradient_u.norm());
    assert!(gradient_v.norm() < 1e-4 * ridge * v.norm(), "{:e}", gradient_v.norm());
    assert!(relative_distance(&u.tr_mul(u), &v.tr_mul(v)) < 1e-4);
}

#[test]
fn fitting_without_recovering_is_said_so() {
    let shape = (60, 60);
    // Fewer entries than degrees of freedom: a rank-4 matrix fits nearly anything.
    let (triplets, m) = low_rank(shape, 4, 0.11, seed().named("too few"));
    let settings = Settings { max_iterations: 300, tol: 1e-6, ..Settings::of_rank(4) };
    let report = solve(&problem(shape, &triplets), &settings, seed()).unwrap();
    assert!(relative_distance(&completed(&report.solution), &m) > 0.1);
    assert_eq!(report.status, Status::NotRecovered);
}

#[test]
fn a_fit_that_stopped_improving_short_of_the_tolerance_is_not_called_converged() {
    let shape = (60, 50);
    let key = seed().named("underfit");
    let (exact, _) = low_rank(shape, 4, 0.7, key);
    let (noisy, _) = low_rank(shape, 2, 0.7, key);
    let noise = uniform(noisy.len(), 1, key.named("noise"));
    let noisy =
        noisy.iter().zip(&noise).map(|(&(i, j, value), noise)| (i, j, value + 0.01 * noise)).collect();
    for (triplets, ridge, expected) in [
        (&exact, Ridge::Vanishing, Status::Stagnated),
        (&exact, Ridge::None, Status::Stagnated),
        (&noisy, Ridge::Vanishing, Status::Stagnated),
        (&noisy, Ridge::Fixed(0.1), Status::Converged),
    ] {
        let settings = Settings { ridge, xtol: 0.0, max_iterations: 5000, ..Settings::of_rank(2) };
        let report = solve(&problem(shape, triplets), &settings, seed()).unwrap();
        assert!(report.solution.relative_residual > 1e-3);
        assert_eq!(report.status, expected, "{ridge:?}");
    }
}

#[test]
fn a_step_error_leaves_a_floor_of_its_size() {
    let shape = (80, 80);
    let (triplets, m) = low_rank(shape, 3, 0.6, seed().named("floor"));
    for error in [1e-3, 1e-6] {
        let settings = Settings {
            step_error: error,
            validation: 0.0,
            tol: 0.0,
            xtol: 0.0,
            max_iterations: 60,
            ..Settings::of_rank(3)
        };
        let report = solve(&problem(shape, &triplets), &settings, seed()).unwrap();
        let floor = relative_distance(&completed(&report.solution), &m);
        assert!((0.1 * error..30.0 * error).contains(&floor), "{error:e} leaves {floor:e}");
    }
}

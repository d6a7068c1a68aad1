//! Completion where numbers end: entries near 1e±300 and subnormal, one row, one entry, constant and repeated lines.

use nalgebra::{DMatrix, dmatrix};
use proofsketch::completion::{
    Duplicates, LineStatus, MatrixCompletion, Ridge, RowSolver, Settings, Solution, ratings, solve,
};
use proofsketch::random::StreamKey;
use proofsketch::solve::Status;

use crate::hard_numbers::all_finite;

type Entries = Vec<(u32, u32, f64)>;

/// Three entries of four of this matrix, times a size.
fn seen(m: &DMatrix<f64>, size: f64) -> Entries {
    let places = (0..m.nrows()).flat_map(|i| (0..m.ncols()).map(move |j| (i, j)));
    places
        .filter(|(i, j)| (i * 5 + j * 3) % 4 != 0)
        .map(|(i, j)| (i as u32, j as u32, m[(i, j)] * size))
        .collect()
}

fn completed(m: &DMatrix<f64>, size: f64, settings: &Settings) -> (Status, Solution) {
    let (nrows, ncols) = m.shape();
    let problem = MatrixCompletion::from_triplets(nrows, ncols, &seen(m, size), Duplicates::Refuse).unwrap();
    let report = solve(&problem, settings, StreamKey::from_seed(1)).unwrap();
    (report.status, report.solution)
}

/// The largest error of an entry in units of `size`.
fn error_of(solution: &Solution, m: &DMatrix<f64>, size: f64) -> f64 {
    let places = (0..m.nrows()).flat_map(|i| (0..m.ncols()).map(move |j| (i, j)));
    places.map(|(i, j)| (solution.entry(i, j) / size - m[(i, j)]).abs()).fold(0.0, f64::max)
}

fn rank_two() -> DMatrix<f64> {
    let left = DMatrix::from_fn(12, 2, |i, j| ((i * (j + 2) + 3 * j) % 7) as f64 - 2.5);
    let right = DMatrix::from_fn(9, 2, |i, j| ((i * (2 * j + 3) + j) % 5) as f64 - 1.5);
    left * right.transpose()
}

const SOLVERS: [RowSolver; 4] =
    [RowSolver::Auto, RowSolver::Cholesky, RowSolver::Qr, RowSolver::Cg { steps: 5, tol: 1e-12 }];

#[test]
fn entries_of_all_sizes_are_completed() {
    let m = rank_two();
    for size in [1e-310, 1e-300, 1e-150, 1.0, 1e150, 1e300] {
        for ridge in [Ridge::Vanishing, Ridge::None] {
            for solver in SOLVERS {
                let settings = Settings { ridge, solver, ..Settings::of_rank(2) };
                let (status, solution) = completed(&m, size, &settings);
                assert_eq!(status, Status::Converged, "{size:e}, {ridge:?}, {solver:?}");
                let error = error_of(&solution, &m, size);
                assert!(error < 1e-9, "{size:e}, {ridge:?}, {solver:?}: {error:e}");
            }
        }
    }
}

/// Entries of a few units of the last place: right to that unit, or told that no completion of rank 2 fits.
#[test]
fn entries_of_a_few_units_of_the_last_place() {
    let (m, unit) = (rank_two(), f64::from_bits(1));
    for size in [unit, 1e-320] {
        let (status, solution) = completed(&m, size, &Settings::of_rank(2));
        let observed = seen(&m, size);
        let off = |&(i, j, value): &(u32, u32, f64)| (solution.entry(i as usize, j as usize) - value).abs();
        let worst = observed.iter().map(off).fold(0.0, f64::max);
        assert!(worst <= 2.0 * unit, "{size:e}: {worst:e}");
        assert!(size > unit || status == Status::Stagnated, "{status}");
    }
}

#[test]
fn numbers_that_overflow_inside_are_refused() {
    let m = rank_two();
    let entries = seen(&m, 2e307);
    let problem = MatrixCompletion::from_triplets(12, 9, &entries, Duplicates::Refuse).unwrap();
    if let Ok(report) = solve(&problem, &Settings::of_rank(2), StreamKey::from_seed(1)) {
        let error = error_of(&report.solution, &m, 2e307);
        assert!(error < 1e-9, "{error:e}");
    }
}

/// Of rank one: m×1 and 1×n, a constant column, lines twice, lines of zeros.
#[test]
fn degenerate_matrices_are_completed() {
    let ones = DMatrix::from_element(6, 5, 1.0);
    let repeated = DMatrix::from_fn(8, 6, |i, j| ((i / 2 + 1) * (j / 3 + 1)) as f64);
    let zeros =
        DMatrix::from_fn(8, 6, |i, j| if i == 3 || j == 4 { 0.0 } else { (i + 1) as f64 * (j + 1) as f64 });
    for (name, m) in [("constant", &ones), ("lines twice", &repeated), ("lines of zeros", &zeros)] {
        for solver in SOLVERS {
            let settings = Settings { solver, ..Settings::of_rank(1) };
            let (status, solution) = completed(m, 1.0, &settings);
            assert_eq!(status, Status::Converged, "{name}, {solver:?}");
            let error = error_of(&solution, m, 1.0);
            assert!(error < 1e-9 * m.amax(), "{name}, {solver:?}: {error:e}");
        }
    }
    let constant_column =
        DMatrix::from_fn(9, 6, |i, j| if j == 0 { 2.0 } else { ((i * j) % 3) as f64 - j as f64 });
    let (_, solution) = completed(&constant_column, 1.0, &Settings::of_rank(3));
    assert!(all_finite(solution.u.iter().chain(&solution.v)));
    for m in [dmatrix![2.0; -1.0; 3.0; 0.5], dmatrix![2.0, -1.0, 3.0, 0.5]] {
        let (nrows, ncols) = m.shape();
        let every: Entries =
            (0..4).map(|k| if ncols == 1 { (k, 0, m[k as usize]) } else { (0, k, m[k as usize]) }).collect();
        let problem = MatrixCompletion::from_triplets(nrows, ncols, &every, Duplicates::Refuse).unwrap();
        let report = solve(&problem, &Settings::of_rank(1), StreamKey::from_seed(1)).unwrap();
        assert!(error_of(&report.solution, &m, 1.0) < 1e-9, "{nrows}×{ncols}: {}", report.status);
    }
}

/// One entry of a larger matrix: it is fitted, and told to determine nothing else.
#[test]
fn one_entry_of_a_larger_matrix() {
    for size in [1e-300, 1.0, 1e300] {
        let problem =
            MatrixCompletion::from_triplets(3, 4, &[(1, 2, -2.0 * size)], Duplicates::Refuse).unwrap();
        for rank in [1, 2] {
            let report = solve(&problem, &Settings::of_rank(rank), StreamKey::from_seed(1)).unwrap();
            let found = &report.solution;
            assert!((found.entry(1, 2) / size + 2.0).abs() < 1e-6, "{size:e}: {}", found.entry(1, 2));
            assert!(!found.diagnostics.identifiable);
            assert_eq!(found.diagnostics.row_status[0], LineStatus::Empty);
            assert_eq!(found.entry(0, 0), 0.0);
        }
    }
}

/// Ratings that are all the same are their mean; those of one user and one item too.
#[test]
fn ratings_without_variation_are_their_mean() {
    for size in [1e-300, 1.0, 1e150, 1e300] {
        let same: Entries = (0..4).flat_map(|i| (0..3).map(move |j| (i, j, 4.0 * size))).collect();
        for (nrows, ncols, entries) in [(4, 3, &same[..]), (1, 1, &same[..1])] {
            let problem = MatrixCompletion::from_triplets(nrows, ncols, entries, Duplicates::Refuse).unwrap();
            let settings = ratings::Settings { rank: 1, biases: true, ..ratings::Settings::default() };
            let model = ratings::solve(&problem, &settings, StreamKey::from_seed(1)).unwrap().solution;
            assert!((model.mean / size - 4.0).abs() < 1e-12, "{size:e}: {}", model.mean);
            let effects = model.row_biases.iter().chain(&model.column_biases);
            assert!(effects.into_iter().all(|bias| (bias / size).abs() < 1e-9), "{size:e}: {model:?}");
        }
    }
}

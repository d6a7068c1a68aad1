use nalgebra::{DMatrix, dmatrix};
use proofsketch::completion::{
    Duplicates, Error, LineStatus, MatrixCompletion, Ridge, RowSolver, Sampling, Settings, solve,
};
use proofsketch::random::StreamKey;
use proofsketch::sketch::SketchFamily;
use proofsketch::solve::Status;

fn triplets(nrows: usize, ncols: usize, list: &[(u32, u32, f64)]) -> Result<MatrixCompletion, Error> {
    MatrixCompletion::from_triplets(nrows, ncols, list, Duplicates::Refuse)
}

/// Rank 1, all observed but a few.
fn small() -> MatrixCompletion {
    let list: Vec<_> = (0..8)
        .flat_map(|i| (0..6).map(move |j| (i, j, f64::from((i + 1) * (j + 1)))))
        .filter(|(i, j, _)| (i + j) % 7 != 0)
        .collect();
    triplets(8, 6, &list).unwrap()
}

fn refusal(settings: Settings) -> Error {
    solve(&small(), &settings, StreamKey::from_seed(1)).unwrap_err()
}

#[test]
fn flawed_observations_are_named_with_their_place() {
    let entry = (0, 0, 1.0);
    for (outcome, message) in [
        (triplets(0, 3, &[]), "the matrix is empty: 0×3"),
        (triplets(3, 0, &[]), "the matrix is empty: 3×0"),
        (triplets(2, 2, &[]), "no entry of the 2×2 matrix is observed"),
        (
            triplets(1 << 33, 2, &[entry]),
            "a 8589934592×2 matrix is too large: rows and columns are counted in 32 bits",
        ),
        (
            triplets(2, 2, &[entry, (2, 0, 1.0)]),
            "observation 1 is of entry (2, 0), outside a 2×2 matrix (counted from 0)",
        ),
        (
            triplets(2, 2, &[entry, (1, 0, f64::NAN)]),
            "observation 1, of entry (1, 0), is NaN: every observed value must be finite",
        ),
        (
            triplets(2, 2, &[(1, 1, f64::INFINITY), entry]),
            "observation 0, of entry (1, 1), is inf: every observed value must be finite",
        ),
        (
            triplets(2, 2, &[(1, 1, 1.0), entry, (0, 1, 3.0), (0, 0, 2.0)]),
            "observations 1 and 3 are both of entry (0, 0)",
        ),
    ] {
        assert_eq!(outcome.unwrap_err().to_string(), message);
    }
    let weighted = |weight| {
        let observed = [(0, 0, 1.0, 1.0), (0, 1, 1.0, weight)];
        MatrixCompletion::from_weighted_triplets(2, 2, &observed, Duplicates::Refuse)
    };
    for weight in [-1.0, f64::NAN, f64::INFINITY] {
        let error = weighted(weight).unwrap_err();
        assert!(matches!(error, Error::Weight { index: 1, row: 0, column: 1, .. }), "{error}");
    }
    assert_eq!(weighted(0.0).unwrap().observed(), 1);
    let nothing = MatrixCompletion::from_weighted_triplets(1, 1, &[(0, 0, 1.0, 0.0)], Duplicates::Refuse);
    assert_eq!(nothing.unwrap_err(), Error::NothingObserved { nrows: 1, ncols: 1 });
}

#[test]
fn nan_means_missing_only_where_the_name_says_so() {
    let some = MatrixCompletion::from_dense_with_nan(&dmatrix![f64::NAN, 2.0; 3.0, f64::NAN]).unwrap();
    assert_eq!(some.triplets().collect::<Vec<_>>(), [(0, 1, 2.0), (1, 0, 3.0)]);
    let none = MatrixCompletion::from_dense_with_nan(&DMatrix::from_element(2, 3, f64::NAN));
    assert_eq!(none.unwrap_err(), Error::NothingObserved { nrows: 2, ncols: 3 });
    let infinite = MatrixCompletion::from_dense_with_nan(&dmatrix![1.0, f64::NEG_INFINITY]).unwrap_err();
    assert!(matches!(infinite, Error::NotFinite { row: 0, column: 1, .. }), "{infinite}");
    let empty = MatrixCompletion::from_dense_with_nan(&DMatrix::zeros(0, 4)).unwrap_err();
    assert_eq!(empty, Error::Empty { nrows: 0, ncols: 4 });
    let mut calls = 0;
    let replaced = some.with_values(|_, _, value| {
        calls += 1;
        if calls == 2 { f64::NAN } else { value }
    });
    assert!(matches!(replaced, Err(Error::NotFinite { index: 1, row: 1, column: 0, .. })));
}

#[test]
fn settings_out_of_range_are_refused_by_name() {
    let rank = |rank| refusal(Settings::of_rank(rank)).to_string();
    assert_eq!(rank(0), "rank 0 is out of range for a 8×6 matrix: need 1 ≤ rank ≤ 6");
    assert_eq!(rank(7), "rank 7 is out of range for a 8×6 matrix: need 1 ≤ rank ≤ 6");
    let base = Settings::of_rank(1);
    let sketch = SketchFamily::Srht;
    for (settings, name) in [
        (Settings { tol: -1.0, ..base.clone() }, "tol"),
        (Settings { tol: f64::NAN, ..base.clone() }, "tol"),
        (Settings { xtol: 1.0, ..base.clone() }, "xtol"),
        (Settings { validation: 0.6, ..base.clone() }, "validation"),
        (Settings { validation: f64::NAN, ..base.clone() }, "validation"),
        (Settings { step_error: 1.0, ..base.clone() }, "step_error"),
        (Settings { ridge: Ridge::Fixed(-1.0), ..base.clone() }, "ridge"),
        (Settings { ridge: Ridge::Fixed(f64::NAN), ..base.clone() }, "ridge"),
        (Settings { solver: RowSolver::Cg { steps: 0, tol: 0.1 }, ..base.clone() }, "steps"),
        (Settings { solver: RowSolver::Cg { steps: 1, tol: 1.0 }, ..base.clone() }, "tol of the row solver"),
        (Settings { solver: RowSolver::SketchPcg { c: 1, kind: sketch }, ..base.clone() }, "c"),
    ] {
        let error = refusal(settings);
        assert!(matches!(error, Error::Setting { name: found, .. } if found == name), "{name}: {error}");
    }
}

#[test]
fn too_few_entries_to_split_are_counted() {
    let split = |iterations| Sampling::Split { iterations: Some(iterations), incoherence: None };
    let error = refusal(Settings { sampling: split(3), ..Settings::of_rank(2) });
    let expected = Error::TooFewToSplit { observed: 41, subsets: 7, degrees_of_freedom: 24, needed: 168 };
    assert_eq!(error, expected);
    assert!(error.to_string().contains("168 in all"), "{error}");
    let endless = refusal(Settings { sampling: split(usize::MAX), ..Settings::of_rank(2) });
    assert!(matches!(endless, Error::Setting { name: "iterations", .. }), "{endless}");
    let none = refusal(Settings { sampling: split(0), ..Settings::of_rank(2) });
    assert!(matches!(none, Error::Setting { name: "iterations", .. }), "{none}");
}

#[test]
fn rows_without_enough_entries_have_a_status_and_a_finite_answer() {
    // Row 9 and column 7 are empty, row 8 has one entry of the two it needs.
    let mut list: Vec<_> =
        (0..8).flat_map(|i| (0..7).map(move |j| (i, j, f64::from(i * j) + f64::from(i)))).collect();
    list.push((8, 3, 5.0));
    let problem = triplets(10, 8, &list).unwrap();
    for (solver, ridge) in [
        (RowSolver::Auto, Ridge::Vanishing),
        (RowSolver::Cholesky, Ridge::None),
        (RowSolver::Qr, Ridge::None),
        (RowSolver::Cg { steps: 5, tol: 1e-10 }, Ridge::None),
        (RowSolver::SketchPcg { c: 2, kind: SketchFamily::Srht }, Ridge::Vanishing),
        (RowSolver::Auto, Ridge::Fixed(0.1)),
    ] {
        let settings = Settings { solver, ridge, ..Settings::of_rank(2) };
        let solution = solve(&problem, &settings, StreamKey::from_seed(1)).unwrap().solution;
        assert!(solution.u.iter().chain(&solution.v).all(|entry| entry.is_finite()), "{solver:?}");
        let diagnostics = solution.diagnostics;
        let status = &diagnostics.row_status;
        assert_eq!(status[7..], [LineStatus::Determined, LineStatus::Underdetermined, LineStatus::Empty]);
        assert_eq!(diagnostics.column_status[7], LineStatus::Empty);
        assert!(!diagnostics.identifiable);
        assert_eq!(solution.u.row(9).norm(), 0.0);
        assert_eq!(solution.v.row(7).norm(), 0.0);
    }
}

#[test]
fn one_entry_and_zeros_have_an_answer() {
    let key = StreamKey::from_seed(1);
    let one = solve(&triplets(3, 2, &[(1, 0, -2.0)]).unwrap(), &Settings::of_rank(1), key).unwrap();
    assert!((one.solution.entry(1, 0) + 2.0).abs() < 1e-6);
    let zeros = triplets(4, 3, &[(0, 0, 0.0), (1, 2, -0.0), (3, 1, 0.0)]).unwrap();
    let answer = solve(&zeros, &Settings::of_rank(2), key).unwrap();
    assert_eq!(answer.status, Status::Converged);
    assert_eq!((answer.solution.u.shape(), answer.solution.v.shape()), ((4, 2), (3, 2)));
    assert_eq!((answer.solution.u.norm(), answer.solution.relative_residual), (0.0, 0.0));
    assert_eq!(answer.solution.diagnostics.effective_rank, 0);
}

/// More columns than the matrix has singular values: all are returned, and the effective rank is reported.
#[test]
fn a_rank_that_is_too_large_is_reported_and_kept() {
    let m = DMatrix::from_fn(30, 25, |i, j| (i as f64).sin() * (j as f64 + 1.0));
    let mut observed = m.clone();
    (0..30).for_each(|i| observed[(i, (i * 7) % 25)] = f64::NAN);
    let problem = MatrixCompletion::from_dense_with_nan(&observed).unwrap();
    for ridge in [Ridge::Vanishing, Ridge::None] {
        let settings = Settings { ridge, tol: 1e-10, ..Settings::of_rank(4) };
        let solution = solve(&problem, &settings, StreamKey::from_seed(2)).unwrap().solution;
        assert_eq!((solution.u.ncols(), solution.v.ncols()), (4, 4));
        assert!(solution.u.iter().chain(&solution.v).all(|entry| entry.is_finite()));
        // Without a ridge the columns too many are free to fit Ω alone.
        let distance = (&solution.u * solution.v.transpose() - &m).norm() / m.norm();
        assert!(ridge == Ridge::None || distance < 1e-6, "{distance:e}");
        assert!(ridge == Ridge::None || solution.diagnostics.effective_rank == 1);
    }
}

#[test]
fn values_at_the_ends_of_the_range_are_no_trouble() {
    for scale in [5e-324, 1e-310, 1e-300, 1e300, 2e307] {
        let list: Vec<_> =
            (0..6).flat_map(|i| (0..5).map(move |j| (i, j, f64::from(1 + i % 2) * scale))).collect();
        let report =
            solve(&triplets(6, 5, &list).unwrap(), &Settings::of_rank(1), StreamKey::from_seed(3)).unwrap();
        let found = report.solution.entry(3, 3) / scale;
        assert!(report.solution.u.iter().all(|entry| entry.is_finite()), "{scale:e}");
        assert!((found - 2.0).abs() < 1e-6, "{scale:e}: {found}");
    }
}

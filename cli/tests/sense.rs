//! `proofsketch sense` as a user calls it.

use std::fs;
use std::path::{Path, PathBuf};

use proofsketch::io::read_npy;
use serde_json::Value;

mod common;

use common::{Program, words, write};

const SENSE: Program = Program("sense");

fn number(answer: &Value, key: &str) -> f64 {
    answer[key].as_f64().unwrap_or_else(|| panic!("{key} is no number: {answer:#}"))
}

fn table(nrows: usize, ncols: usize, entry: impl Fn(usize, usize) -> f64) -> String {
    let line = |i| (0..ncols).map(|j| entry(i, j).to_string()).collect::<Vec<_>>().join(",") + "\n";
    (0..nrows).map(line).collect()
}

fn wave(i: usize, k: usize) -> f64 {
    ((i + 1) as f64 * (0.7 + 1.3 * k as f64)).sin()
}

/// Positive semidefinite of rank 2.
fn semidefinite(folder: &Path) -> PathBuf {
    let entry = |i, j| 3.0 * wave(i, 0) * wave(j, 0) + wave(i, 1) * wave(j, 1);
    write(folder, "psd.csv", &table(16, 16, entry))
}

/// 20 × 12 of rank 2.
fn rectangular(folder: &Path) -> PathBuf {
    write(folder, "wide.csv", &table(20, 12, |i, j| wave(i, 0) * wave(j, 2) - 0.5 * wave(i, 1) * wave(j, 3)))
}

#[test]
fn a_matrix_is_recovered_by_every_method() {
    let folder = tempfile::tempdir().unwrap();
    let input = semidefinite(folder.path());
    for (method, rank, bound) in [
        ("subgradient", "4", 1e-6),
        ("gd-symmetric", "2", 1e-10),
        ("gd-asymmetric", "4", 1e-10),
        ("one-step", "4", 1e-10),
    ] {
        let arguments = ["--rank", rank, "--method", method, "--measurements", "500"];
        let (answer, _) = SENSE.answered(&input, &arguments);
        assert!(number(&answer, "relative_error") < bound, "{method}: {answer:#}");
        assert_eq!((&answer["effective_rank"], &answer["method"]), (&Value::from(2), &Value::from(method)));
    }
}

#[test]
fn outliers_break_squares_and_not_the_subgradient_method() {
    let folder = tempfile::tempdir().unwrap();
    let input = semidefinite(folder.path());
    let corrupted = ["--rank", "4", "--measurements", "600", "--corrupt", "0.1", "--outliers", "1000"];
    let (answer, told) = SENSE.answered(&input, &corrupted);
    assert_eq!((told.as_str(), &answer["method"]), ("", &Value::from("subgradient")));
    assert!(number(&answer, "relative_error") < 1e-4, "{answer:#}");
    assert!((30.0..=90.0).contains(&number(&answer, "outliers")));
    let squares = ["--method", "one-step", "--iterations", "200"];
    let (answer, told) = SENSE.answered(&input, &[&corrupted[..], &squares].concat());
    assert!(told.contains("one-step minimises squares, which outliers break"), "{told}");
    assert!(number(&answer, "relative_error") > 0.1, "{answer:#}");
}

#[test]
fn a_rectangle_is_recovered_from_normal_numbers_and_from_a_transform() {
    let folder = tempfile::tempdir().unwrap();
    let input = rectangular(folder.path());
    for map in [&["--map", "gaussian"][..], &["--map", "srht", "--measurements", "200"]] {
        let (answer, told) = SENSE.answered(&input, &[&["--rank", "3"], map].concat());
        assert_eq!((told.as_str(), &answer["method"]), ("", &Value::from("one-step")));
        assert!(number(&answer, "relative_error") < 1e-10, "{answer:#}");
        assert!(number(&answer, "best_rank_error") < 1e-14);
    }
}

#[test]
fn second_moments_of_a_rectangle_are_recovered() {
    let folder = tempfile::tempdir().unwrap();
    let input = rectangular(folder.path());
    for moments in ["--gram", "--covariance"] {
        let (answer, _) = SENSE.answered(&input, &["--rank", "3", "--corrupt", "0.05", moments]);
        assert_eq!((&answer["rows"], &answer["columns"]), (&Value::from(12), &Value::from(12)));
        assert!(number(&answer, "relative_error") < 1e-5, "{moments}: {answer:#}");
    }
}

#[test]
fn json_has_its_keys_and_the_same_seed_the_same_answer() {
    let folder = tempfile::tempdir().unwrap();
    let input = semidefinite(folder.path());
    let run = |threads| SENSE.answered(&input, &["--rank", "3", "--threads", threads, "--seed", "5"]).0;
    let (one, two) = (run("1"), run("2"));
    for key in ["relative_error", "iterations", "status", "effective_rank"] {
        assert_eq!(one[key], two[key], "{key}");
        assert!(!one[key].is_null(), "{key}");
    }
    for key in ["seconds", "seconds_read", "seconds_solve"] {
        assert!(number(&one, key) >= 0.0);
    }
    let facts = words(&SENSE.run(&input, &["--rank", "3"]).stdout);
    assert!(facts.starts_with("matrix         16 × 16\n"), "{facts}");
}

#[test]
fn the_answer_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let input = rectangular(folder.path());
    let (npy, csv) = (folder.path().join("found.npy"), folder.path().join("found.csv"));
    for out in [&npy, &csv] {
        SENSE.answered(&input, &["--rank", "3", "--out", out.to_str().unwrap()]);
    }
    let found = read_npy(&npy).unwrap();
    assert_eq!(found.shape(), (20, 12));
    let expected = wave(3, 0) * wave(5, 2) - 0.5 * wave(3, 1) * wave(5, 3);
    assert!((found[(3, 5)] - expected).abs() < 1e-9);
    assert_eq!(fs::read_to_string(&csv).unwrap().lines().count(), 20);
}

#[test]
fn bad_input_is_refused_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let (psd, wide) = (semidefinite(folder.path()), rectangular(folder.path()));
    let skew = write(folder.path(), "skew.csv", "0,1\n-1,0\n");
    let indefinite = write(folder.path(), "indefinite.csv", "1,0\n0,-2\n");
    let holes = write(folder.path(), "holes.csv", "1,2\n3,inf\n");
    let single = write(folder.path(), "single.csv", "1,2\n");
    let subgradient = ["--rank", "1", "--method", "subgradient"];
    for (input, arguments, message) in [
        (&psd, &["--rank", "0"][..], "--rank 0 is out of range for a 16×16 matrix: need 1 ≤ K ≤ 16"),
        (&wide, &["--rank", "13"], "need 1 ≤ K ≤ 12"),
        (&psd, &["--rank", "2", "--measurements", "0"], "no measurement of the 16×16 matrix is made"),
        (&psd, &["--rank", "2", "--corrupt", "1.5"], "the fraction of outliers = 1.5 is out of range"),
        (&psd, &["--rank", "2", "--noise", "-1"], "the deviation of the noise"),
        (
            &psd,
            &["--rank", "2", "--measurements", "99999999999"],
            "take fewer (--measurements), or --map srht",
        ),
        (&wide, &subgradient, "the matrix is 20×12, not square"),
        (&skew, &subgradient, "the matrix is not symmetric: entries mirrored differ by up to 2.0"),
        (&indefinite, &subgradient, "its least eigenvalue is -2.00, so it is no U Uᵀ"),
        (&holes, &["--rank", "1"], "column"),
        (&single, &["--rank", "1", "--covariance"], "--covariance needs two rows at least"),
        (&psd, &["--rank", "2", "--out", "/no/such/folder/x.npy"], "there is no folder /no/such/folder"),
    ] {
        let told = SENSE.refused(input, arguments);
        assert!(told.contains(message), "{arguments:?}: {told}");
    }
}

/// A zero matrix is recovered as zero, and the status says that nothing was found.
#[test]
fn a_zero_matrix_has_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let input = write(folder.path(), "zero.csv", "0,0\n0,0\n");
    let (answer, told) = SENSE.answered(&input, &["--rank", "1"]);
    assert_eq!(
        (number(&answer, "relative_error"), &answer["status"]),
        (0.0, &Value::from("degenerate start"))
    );
    assert!(told.contains("degenerate start"), "{told}");
}

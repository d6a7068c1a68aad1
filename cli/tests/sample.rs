//! `proofsketch sample` as a user calls it.

use std::fs;
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use proofsketch::io::{read_npy, read_table, write_npy};
use serde_json::Value;

mod common;

use common::{Program, words, write};

const SAMPLE: Program = Program("sample");

/// Rows x, y, z, w with w = 5 + 2x − 3y + z/2 + an integer of mean about 0; every 50th row is large.
fn rows(nrows: usize) -> DMatrix<f64> {
    let mut rows = DMatrix::from_fn(nrows, 4, |i, j| {
        let step = [7, 31, 57][j.min(2)];
        let size = if i % 50 == 0 { 20.0 } else { 1.0 };
        size * ((i * step + i * i % 19) % 101) as f64
    });
    for (i, mut row) in rows.row_iter_mut().enumerate() {
        row[3] = 5.0 + 2.0 * row[0] - 3.0 * row[1] + row[2] / 2.0 + ((i * 13 % 29) as f64 - 14.0);
    }
    rows
}

fn csv_text(names: &str, rows: &DMatrix<f64>) -> String {
    let lines = rows.row_iter().map(|row| row.iter().map(f64::to_string).collect::<Vec<_>>().join(","));
    std::iter::once(names.to_owned()).chain(lines).map(|line| line + "\n").collect()
}

fn table(folder: &Path, nrows: usize) -> PathBuf {
    write(folder, "table.csv", &csv_text("x,y,z,w", &rows(nrows)))
}

fn number(answer: &Value, key: &str) -> f64 {
    answer[key].as_f64().unwrap_or_else(|| panic!("{key} is a number in {answer}"))
}

#[test]
fn json_has_its_keys_for_all_scores() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 1500);
    for scores in ["sensitivity", "lewis", "leverage", "root-leverage", "augmented", "uniform"] {
        for p in ["1", "1.5", "2"] {
            let call = ["--p", p, "--rows", "300", "--scores", scores, "--target", "w"];
            let (answer, told) = SAMPLE.answered(&path, &call);
            assert_eq!((&answer["scores"], told.as_str()), (&Value::from(scores), ""));
            assert!((number(&answer, "expected_rows") - 300.0).abs() < 1e-6);
            // Four and more standard deviations of at most √300.
            assert!((number(&answer, "rows_kept") - 300.0).abs() < 80.0);
            let total = number(&answer, "total_sensitivity_upper");
            let least = 5.0_f64.powf(p.parse::<f64>().unwrap() / 2.0);
            assert!((least * (1.0 - 1e-9)..=5.0 + 1e-9).contains(&total), "{scores}, p = {p}: {total}");
            let distortion = number(&answer, "distortion_seen");
            assert!(distortion > 0.0 && (scores == "uniform" || distortion < 1.0), "{scores}: {distortion}");
            assert_eq!(answer["distortion_exact"], p == "2");
            let ratio = number(&answer, "objective_ratio");
            assert!(
                ratio >= 1.0 - 1e-7 && (scores == "uniform" || ratio < 1.2),
                "{scores}, p = {p}: {ratio}"
            );
            assert!(number(&answer, "seconds") > 0.0);
        }
    }
}

#[test]
fn without_a_target_the_columns_are_scored_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 600);
    for (p, scores) in [("0.5", "lewis"), ("0.5", "root-leverage"), ("4", "sensitivity"), ("3", "lewis")] {
        let (answer, _) = SAMPLE.answered(&path, &["--p", p, "--rows", "200", "--scores", scores]);
        assert_eq!((&answer["columns"], &answer["rank"]), (&Value::from(4), &Value::from(4)));
        assert!(answer["objective_ratio"].is_null() && answer["target"].is_null());
    }
}

#[test]
fn the_coreset_is_written_and_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 900);
    let (text, binary) = (folder.path().join("coreset.csv"), folder.path().join("coreset.npy"));
    let call = |out: &Path, more: &[&str]| {
        let out = ["--out", out.to_str().unwrap()];
        SAMPLE.answered(&path, &[&["--p", "1", "--rows", "100", "--seed", "4"], &out[..], more].concat()).0
    };
    let mut answer = call(&text, &["--threads", "1"]);
    let mut other = call(&binary, &["--threads", "3"]);
    let (table, matrix) = (read_table(&text).unwrap(), read_npy(&binary).unwrap());
    assert_eq!(table.names().unwrap(), ["row", "weight"]);
    assert_eq!(table.values(), &matrix);
    assert_eq!(Value::from(matrix.nrows()), answer["rows_kept"]);
    assert!(matrix.column(0).iter().is_sorted() && matrix.column(0).max() < 900.0);
    assert!(matrix.column(1).min() >= 1.0);
    for key in ["seconds", "seconds_read", "seconds_scores", "seconds_check"] {
        assert!(answer[key].take().is_f64() && other[key].take().is_f64());
    }
    assert_eq!(answer, other);
}

#[test]
fn all_rows_are_the_table_itself() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 60);
    let (answer, _) = SAMPLE.answered(&path, &["--p", "1", "--rows", "60", "--target", "w"]);
    assert_eq!(answer["rows_kept"], 60);
    assert!(number(&answer, "distortion_seen") < 1e-12);
    assert!((number(&answer, "objective_ratio") - 1.0).abs() < 1e-7);
}

#[test]
fn words_say_what_was_found_and_how() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 600);
    let output = SAMPLE.run(&path, &["--p", "1", "--rows", "200", "--target", "w"]);
    let told = words(&output.stdout);
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    for fact in ["of 600 (200.000 expected)", "sensitivity: ", "distortion", "‖Ax − b‖ₚ", "ratio 1."]
    {
        assert!(told.contains(fact), "{fact}: {told}");
    }
    let help = words(&SAMPLE.run(Path::new("--help"), &[]).stdout);
    assert!(help.contains("Examples:") && help.contains("--scores"), "{help}");
}

#[test]
fn dependent_and_constant_columns_are_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut wide = rows(300).insert_column(4, 7.0);
    wide.set_column(2, &(2.0 * wide.column(0)));
    let path = write(folder.path(), "wide.csv", &csv_text("x,y,z,w,seven", &wide));
    let (answer, told) = SAMPLE.answered(&path, &["--p", "1.5", "--rows", "100", "--target", "w"]);
    assert_eq!((&answer["columns"], &answer["rank"]), (&Value::from(6), &Value::from(4)));
    assert!(told.contains("constant throughout: seven") && told.contains("rank 4 of 6"), "{told}");
    let (answer, told) = SAMPLE.answered(&path, &["--p", "2", "--rows", "2", "--seed", "1"]);
    if answer["rows_kept"].as_u64().unwrap() < 4 {
        assert!(told.contains("span less than rank 4"), "{told}");
        assert!(number(&answer, "distortion_seen") >= 1.0 - 1e-9);
    }
}

#[test]
fn a_table_that_is_fitted_exactly_has_no_ratio() {
    let folder = tempfile::tempdir().unwrap();
    let mut exact = rows(300);
    let fitted = 2.0 * exact.column(0) - exact.column(1);
    exact.set_column(3, &fitted);
    let path = write(folder.path(), "exact.csv", &csv_text("x,y,z,w", &exact));
    let (answer, told) = SAMPLE.answered(&path, &["--p", "1", "--rows", "100", "--target", "w"]);
    assert!(answer["objective_ratio"].is_null() && told.contains("rank 4 of 5"), "{answer} {told}");
}

#[test]
fn bad_calls_are_refused_on_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 50);
    for (call, why) in [
        (&["--p", "1", "--rows", "51"][..], "--rows 51: need 1 to 50"),
        (&["--p", "1", "--rows", "0"], "--rows 0: need 1 to 50"),
        (&["--p", "0", "--rows", "9"], "--p 0: need a finite number > 0"),
        (&["--p", "-1", "--rows", "9"], "--p -1: need a finite number > 0"),
        (&["--p", "nan", "--rows", "9"], "--p NaN: need a finite number > 0"),
        (&["--p", "inf", "--rows", "9"], "--p inf: need a finite number > 0"),
        (&["--p", "0.5", "--rows", "9"], "sensitivities need p ≥ 1"),
        (&["--p", "0.5", "--rows", "9", "--scores", "lewis", "--target", "w"], "--target needs p ≥ 1"),
        (&["--p", "3", "--rows", "9", "--scores", "augmented"], "needs p ≤ 2"),
        (&["--p", "1", "--rows", "9", "--target", "v"], "v"),
        (&["--p", "1", "--rows", "9", "--target", "5"], "5"),
        (&["--p", "1", "--rows", "9", "--out", "/nowhere/out.csv"], "there is no folder"),
    ] {
        let told = SAMPLE.refused(&path, call);
        assert!(told.contains(why), "{call:?}: {told}");
    }
    let same = path.to_str().unwrap();
    assert!(SAMPLE.refused(&path, &["--p", "1", "--rows", "9", "--out", same]).contains("is the input"));
}

#[test]
fn broken_tables_are_refused_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let call = ["--p", "1", "--rows", "3"];
    let broken = write(folder.path(), "broken.csv", "x,y\n1,2\n3,4\n5,NaN\n6,7\n");
    let told = SAMPLE.refused(&broken, &call);
    assert!(told.contains("broken.csv") && told.contains('4') && told.contains("NaN"), "{told}");
    let mut holes = rows(20);
    holes[(6, 2)] = f64::NAN;
    let path = folder.path().join("holes.npy");
    write_npy(&path, &holes).unwrap();
    let told = SAMPLE.refused(&path, &call);
    assert!(told.contains("row 7, column 3: NaN is not finite"), "{told}");
    let zero = write(folder.path(), "zero.csv", "x,y\n0,0\n0,0\n0,0\n");
    assert!(SAMPLE.refused(&zero, &call).contains("zero"));
    let alone = write(folder.path(), "alone.csv", "x\n1\n2\n3\n");
    let told = SAMPLE.refused(&alone, &[&call[..], &["--target", "x", "--no-intercept"]].concat());
    assert!(told.contains("no column is left"), "{told}");
    assert!(!fs::exists(folder.path().join("out.csv")).unwrap());
}

/// The rows kept are drawn by scores within the certified factor; what is exact in memory is exact from a stream.
#[test]
fn a_stream_gives_a_coreset_of_the_same_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 90_000);
    let npy = folder.path().join("table.npy");
    write_npy(&npy, &rows(90_000)).unwrap();
    for (path, p, scores) in
        [(&path, "2", "leverage"), (&npy, "2", "root-leverage"), (&npy, "1", "root-leverage")]
    {
        let call = ["--p", p, "--rows", "3000", "--scores", scores, "--target", "w"];
        let target = if path == &npy { "4" } else { "w" };
        let call = call.map(|word| if word == "w" { target } else { word });
        let (whole, _) = SAMPLE.answered(path, &call);
        let (stream, told) = SAMPLE.answered(path, &[&call[..], &["--stream"]].concat());
        assert_eq!(told, "");
        assert_eq!(stream["rank"], whole["rank"]);
        assert!((number(&stream, "expected_rows") - 3000.0).abs() < 1e-6);
        assert!((number(&stream, "rows_kept") - 3000.0).abs() < 300.0);
        assert!(stream["scores_method"].as_str().unwrap().contains("certified"));
        let seen = number(&stream, "distortion_seen");
        assert!(seen > 0.0 && seen < 0.5, "{p} {scores}: {seen}");
        assert_eq!(stream["distortion_exact"], p == "2");
        assert_eq!((&stream["optimum"], &stream["objective_ratio"]), (&Value::Null, &Value::Null));
        let ratio = number(&stream, "objective") / number(&whole, "optimum");
        assert!((1.0 - 1e-9..1.02).contains(&ratio), "{p} {scores}: {ratio}");
        let total = number(&stream, "total_sensitivity_upper");
        assert!(total >= 5.0_f64.powf(p.parse::<f64>().unwrap() / 2.0) && total <= 5.0 + 1e-9);
    }
}

#[test]
fn streams_refuse_what_they_cannot_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 5_000);
    let call = |scores, rows| ["--p", "1", "--rows", rows, "--scores", scores, "--stream"];
    assert!(SAMPLE.refused(&path, &call("lewis", "100")).contains("leverage or root-leverage"));
    assert!(SAMPLE.refused(&path, &call("leverage", "6000")).contains("need 1 to 5000"));
    assert!(SAMPLE.refused(folder.path(), &call("leverage", "10")).contains("regular file"));
    let mut bad = rows(5_000);
    bad[(4_321, 2)] = f64::NAN;
    let npy = folder.path().join("bad.npy");
    write_npy(&npy, &bad).unwrap();
    assert!(SAMPLE.refused(&npy, &call("leverage", "10")).contains("row 4322, column 3: NaN is not finite"));
}

#[test]
fn a_regression_that_ends_early_gives_no_ratio() {
    let folder = tempfile::tempdir().unwrap();
    let line = |i: usize| {
        let (x, zeros) = (i * i % 103, i * 5 % 9);
        format!("{x},{},{}\n", 7 * i % 31, x * 10_usize.pow(zeros as u32))
    };
    let heavy: String = (0..300).map(line).collect();
    let path = write(folder.path(), "heavy.csv", &("x,y,z\n".to_owned() + &heavy));
    let (answer, told) =
        SAMPLE.answered(&path, &["--p", "1.02", "--rows", "100", "--scores", "leverage", "--target", "z"]);
    let [optimum, least] = ["optimum", "optimum_lower_bound"].map(|key| number(&answer, key));
    assert!(optimum - least > 0.1 * optimum, "{answer}");
    assert!(answer["objective_ratio"].is_null() && told.contains("ended before it converged"), "{told}");
}

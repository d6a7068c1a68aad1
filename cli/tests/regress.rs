//! `proofsketch regress` as a user calls it.

use nalgebra::DMatrix;
use proofsketch::io::{read_npy, write_npy};
use proofsketch::sketch::SketchFamily;
use serde_json::Value;

use common::plane::{NAMES, REGRESS, assert_close, csv_text, numbers, rows, table};
use common::{words, write};

mod common;

#[test]
fn a_consistent_system_is_solved_to_rounding_by_every_sketch() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 600, 0.0);
    let known = SketchFamily::KNOWN.split(", ").map(|name| name.split('[').next().unwrap());
    for sketch in known.chain(["sparse-sign:2"]) {
        for more in [&[][..], &["--refine"], &["--stream"]] {
            let (answer, told) =
                REGRESS.answered(&path, &[&["--sketch", sketch, "--rows", "80"], more].concat());
            assert_close(&numbers(&answer["coefficients"]), &[5.0, 2.0, -3.0, 0.5], 1e-11);
            let family: SketchFamily = sketch.parse().unwrap();
            assert_eq!((&answer["sketch"], told.as_str()), (&Value::from(family.to_string()), ""));
            let rows = if sketch == "bgp" { 128 } else { 80 }; // powers of two only
            assert_eq!((&answer["sketch_rows"], &answer["rank"]), (&Value::from(rows), &Value::from(4)));
        }
    }
}

#[test]
fn json_has_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 2000, 1.0);
    let (sketched, _) = REGRESS.answered(&path, &["--rows", "100", "--seed", "3"]);
    assert_eq!((&sketched["rows"], &sketched["columns"]), (&Value::from(2000), &Value::from(4)));
    assert_eq!((&sketched["seed"], &sketched["target"]), (&Value::from(3), &Value::from("w")));
    assert_eq!(sketched["names"], Value::from(NAMES.to_vec()));
    assert_eq!(sketched["warnings"], Value::from(Vec::<Value>::new()));
    assert!(numbers(&sketched["half_widths"]).iter().all(|&width| width > 0.0));
    assert!(sketched["sketched_residual"].as_f64().unwrap() > 0.0);
    assert!(sketched["seconds"].as_f64().unwrap() > 0.0);
    assert!(sketched["residual"].is_null() && sketched["backward_error"].is_null());

    let (refined, _) = REGRESS.answered(&path, &["--rows", "100", "--refine"]);
    assert!(refined["half_widths"].is_null());
    assert!(refined["backward_error"].as_f64().unwrap() < 1e-15);
    assert_eq!(refined["status"], "converged");
    assert!(refined["iterations"].as_u64().unwrap() > 0);
    let x = numbers(&refined["coefficients"]);
    let residual: f64 = rows(2000, 1.0)
        .row_iter()
        .map(|row| (row[3] - x[0] - row[0] * x[1] - row[1] * x[2] - row[2] * x[3]).powi(2))
        .sum();
    let reported = refined["residual"].as_f64().unwrap();
    assert!((reported / residual.sqrt() - 1.0).abs() < 1e-12, "{reported}");
}

#[test]
fn words_name_the_coefficients_and_say_how_they_came_about() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 2000, 1.0);
    let output = REGRESS.run(&path, &["--rows", "100"]);
    let told = words(&output.stdout);
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].contains("coefficient") && lines[0].contains("± 95 %"), "{told}");
    for (line, name) in lines[1..5].iter().zip(NAMES) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        assert_eq!((fields.len(), fields[0]), (3, name), "{told}");
        assert!(fields[1..].iter().all(|field| field.parse::<f64>().is_ok()), "{told}");
    }
    for fact in ["100 rows, seed 0", "2000", "‖S(Ax − b)‖", "target"] {
        assert!(told.contains(fact), "{told}");
    }
    let refined = words(&REGRESS.run(&path, &["--rows", "100", "--refine"]).stdout);
    assert!(refined.contains("‖Ax − b‖") && refined.contains("backward error"), "{refined}");
    assert!(!refined.contains('±'), "{refined}");
}

#[test]
fn the_target_and_the_intercept_are_chosen() {
    let folder = tempfile::tempdir().unwrap();
    let named = table(folder.path(), 300, 0.0);
    let headless = write(folder.path(), "headless.tsv", &csv_text("", &rows(300, 0.0)).replace(',', "\t"));
    for (path, target, names) in
        [(&named, "y", ["(intercept)", "x", "z", "w"]), (&headless, "2", ["(intercept)", "1", "3", "4"])]
    {
        let (answer, _) = REGRESS.answered(path, &["--target", target, "--rows", "50"]);
        assert_eq!(
            (&answer["names"], &answer["target"]),
            (&Value::from(names.to_vec()), &Value::from(target))
        );
        let expected = [5.0 / 3.0, 2.0 / 3.0, 0.5 / 3.0, -1.0 / 3.0];
        assert_close(&numbers(&answer["coefficients"]), &expected, 1e-11);
    }
    let (answer, _) = REGRESS.answered(&named, &["--no-intercept", "--target", "1", "--refine"]);
    assert_eq!(answer["names"], Value::from(vec!["y", "z", "w"]));
    assert!(answer["residual"].as_f64().unwrap() > 1.0);
}

#[test]
fn eps_and_delta_choose_the_rows_of_the_exact_rule() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 3000, 1.0);
    let rows_of = |arguments: &[&str]| REGRESS.answered(&path, arguments).0["sketch_rows"].as_u64().unwrap();
    let default = rows_of(&["--eps", "0.25"]);
    assert_eq!(rows_of(&["--eps", "0.25", "--delta", "0.05"]), default);
    assert_eq!(rows_of(&["--stream", "--eps", "0.25", "--delta", "0.05"]), default);
    assert_eq!(rows_of(&[]), default);
    assert!(rows_of(&["--eps", "0.25", "--delta", "0.001"]) > default);
    assert!(rows_of(&["--eps", "0.5"]) < default / 2);
}

#[test]
fn threads_do_not_change_a_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 5000, 1.0);
    for arguments in [&[][..], &["--stream"], &["--refine"], &["--sketch", "gaussian", "--rows", "64"]] {
        let bytes = |threads| {
            let (answer, _) = REGRESS.answered(&path, &[arguments, &["--threads", threads]].concat());
            let keys = ["coefficients", "half_widths", "sketched_residual", "residual", "backward_error"];
            keys.map(|key| answer[key].to_string())
        };
        let one = bytes("1");
        for threads in ["2", "3", "8"] {
            assert_eq!(bytes(threads), one, "{arguments:?} on {threads} threads");
        }
    }
}

#[test]
fn a_stream_gives_the_answer_of_the_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    // Long enough for several blocks of a stream.
    let wide = DMatrix::from_fn(20_000, 25, |i, j| ((i * (2 * j + 3) + i * i % (17 + j)) % 103) as f64);
    let npy = folder.path().join("wide.npy");
    write_npy(&npy, &wide).unwrap();
    let csv = table(folder.path(), 5000, 1.0);
    let defaults: &[&str] = &[];
    let choices =
        [defaults, &["--rows", "200", "--sketch", "gaussian"], &["--no-intercept", "--target", "2"]];
    for (path, arguments) in [&npy, &csv].into_iter().flat_map(|path| choices.map(|choice| (path, choice))) {
        let (whole, _) = REGRESS.answered(path, arguments);
        let (stream, _) = REGRESS.answered(path, &[arguments, &["--stream"]].concat());
        for key in ["coefficients", "half_widths"] {
            assert_close(&numbers(&stream[key]), &numbers(&whole[key]), 1e-9);
        }
        for key in ["rows", "columns", "rank", "names", "target", "sketch", "sketch_rows", "status"] {
            assert_eq!(stream[key], whole[key], "{key}");
        }
    }
    assert!(REGRESS.refused(&csv, &["--stream", "--refine"]).contains("--refine reads it many times"));
}

#[test]
fn rank_deficiency_is_an_answer_with_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let mut deficient = rows(500, 0.0);
    for mut row in deficient.row_iter_mut() {
        row[3] += 7.0 * (row[2] - row[1]);
        row[2] = row[1];
    }
    let path = write(folder.path(), "twins.csv", &csv_text("x,y,z,w", &deficient));
    for arguments in [&["--rows", "60"][..], &["--refine"], &["--rows", "60", "--stream"], &["--rows", "500"]]
    {
        let (answer, told) = REGRESS.answered(&path, arguments);
        assert_eq!((&answer["rank"], &answer["columns"]), (&Value::from(3), &Value::from(4)));
        assert!(answer["half_widths"].is_null());
        assert!(told.contains("warning: ") && told.contains("rank 3"), "{told}");
        assert!(
            answer["warnings"].as_array().unwrap().iter().any(|w| w.as_str().unwrap().contains("rank 3"))
        );
        let x = numbers(&answer["coefficients"]);
        assert!((x[2] - x[3]).abs() < 1e-9, "the shortest solution shares the weight of twins: {x:?}");
    }
    let zero = write(
        folder.path(),
        "zero.csv",
        &csv_text("x,y,z,w", &deficient.insert_column(0, 0.0).remove_column(4)),
    );
    let (answer, told) = REGRESS.answered(&zero, &["--rows", "60"]);
    assert_eq!(answer["coefficients"][1], 0.0);
    assert!(told.contains("zero throughout") && told.trim_end().contains(": x"), "{told}");
}

#[test]
fn a_sketch_as_long_as_the_table_is_no_sketch() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 120, 1.0);
    for arguments in [&["--rows", "120"][..], &[], &["--stream"], &["--eps", "1e-9"]] {
        let (answer, told) = REGRESS.answered(&path, arguments);
        assert!(told.contains("warning: ") && told.contains("solved exactly"), "{told}");
        assert_eq!(answer["sketch_rows"], 120);
        assert!(answer["sketched_residual"].is_null() && answer["residual"].as_f64().unwrap() > 1.0);
        let (refined, _) = REGRESS.answered(&path, &["--refine", "--rows", "40"]);
        assert_close(&numbers(&answer["coefficients"]), &numbers(&refined["coefficients"]), 1e-11);
    }
    assert!(words(&REGRESS.run(&path, &[]).stdout).contains("none: solved exactly"));
}

#[test]
fn coefficients_are_written_as_text_or_npy() {
    let folder = tempfile::tempdir().unwrap();
    let quoted = csv_text("\"flow, max\",y,z,w", &rows(800, 1.0));
    let path = write(folder.path(), "quoted.csv", &quoted);
    let out = |name: &str| folder.path().join(name);
    for name in ["out.csv", "out.tsv", "out.npy", "refined.csv", "refined.npy.gz"] {
        let file = out(name);
        let more: &[&str] = if name.starts_with("refined") { &["--refine"] } else { &[] };
        let (answer, _) =
            REGRESS.answered(&path, &[more, &["--out", file.to_str().unwrap(), "--rows", "90"]].concat());
        let x = numbers(&answer["coefficients"]);
        let widths = answer["half_widths"].is_array().then(|| numbers(&answer["half_widths"]));
        if name.contains(".npy") {
            let columns: Vec<f64> = x.into_iter().chain(widths.unwrap_or_default()).collect();
            assert_eq!(read_npy(&file).unwrap().as_slice(), columns, "{name}");
            continue;
        }
        let delimiter = if name.ends_with(".tsv") { b'\t' } else { b',' };
        let mut lines = csv::ReaderBuilder::new().delimiter(delimiter).from_path(&file).unwrap();
        assert_eq!(lines.headers().unwrap(), vec!["name", "coefficient", "half_width"]);
        let names = ["(intercept)", "flow, max", "y", "z"];
        for (i, line) in lines.records().map(Result::unwrap).enumerate() {
            assert_eq!((&line[0], line[1].parse()), (names[i], Ok(x[i])), "{name}");
            assert_eq!(line[2].parse().ok(), widths.as_ref().map(|widths| widths[i]), "{name}");
        }
    }
}

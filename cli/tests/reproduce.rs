//! `proofsketch reproduce` as a user calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::documented::{assert_documented, keys};
use proofsketch_experiments::{DATA_VARIABLE, Figure, figures};
use serde_json::Value;

mod common;

fn proofsketch(arguments: &[&str], out: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofsketch"));
    command
        .env_remove(DATA_VARIABLE)
        .args(arguments)
        .arg("--out")
        .arg(out)
        .output()
        .expect("the program runs")
}

/// A figure on data that is not shipped.
fn on_outside_data() -> &'static Figure {
    figures().iter().find(|figure| figure.outside_data().is_some()).expect("there is one")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("words are UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("words are UTF-8")
}

#[test]
fn all_says_what_it_does_and_ends_with_a_summary() {
    let out = tempfile::tempdir().unwrap();
    let before = computed_before(out.path());
    let output = proofsketch(&["reproduce", "all", "--scale", "smoke"], out.path());
    let (words, errors) = (stdout(&output), stderr(&output));
    assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""));
    assert!(words.lines().next().unwrap().contains("scale smoke, seed 0"), "{words}");
    assert!(words.contains("claims: "), "{words}");
    assert!(words.contains("claims.md"), "{words}");
    for figure in figures() {
        let is_there = figure.outside_data().is_none() || figure.id == on_outside_data().id;
        for kind in ["svg", "png"] {
            let picture = out.path().join(format!("figures/{}/{}.{kind}", figure.paper.id, figure.id));
            assert_eq!(picture.exists(), is_there, "{}", picture.display());
        }
        let skipped = format!("{}: {} (skipped: needs ", figure.id, figure.title);
        assert_eq!(words.contains(&skipped), figure.outside_data().is_some(), "{skipped}");
    }
    let (csv, text) = before;
    assert_eq!(fs::read_to_string(csv).unwrap(), text, "data without its source was touched");
    let page = fs::read_to_string(out.path().join("fastrp.md")).unwrap();
    assert!(page.contains("Without it, what was computed before stays as it is."), "{page}");
}

/// Puts the data of the one figure that cannot be run there.
fn computed_before(out: &Path) -> (PathBuf, String) {
    let figure = on_outside_data();
    assert_eq!(figure.id, "training_ratio_blogcatalog");
    let mut text =
        "labels,method,C,d,train_percent,shuffles,micro,micro_deviation,macro,macro_deviation\n".to_owned();
    for method in ["FastRP", "RandNE", "similarity without projection", "\"RandNE, C = 1\""] {
        for percent in [10, 50, 90] {
            text += &format!("groups,{method},0.1,512,{percent},5,0.41,0.004,0.27,0.006\n");
        }
    }
    let csv = out.join(format!("data/{}/{}.csv", figure.paper.id, figure.id));
    fs::create_dir_all(csv.parent().unwrap()).unwrap();
    fs::write(&csv, &text).unwrap();
    (csv, text)
}

#[test]
fn data_that_is_not_shipped_is_asked_for() {
    let out = tempfile::tempdir().unwrap();
    let figure = on_outside_data();
    let dataset = figure.outside_data().unwrap();
    for arguments in
        [&["reproduce", "run", figure.id][..], &["reproduce", "run", figure.id, "--data", "no such"]]
    {
        let output = proofsketch(arguments, out.path());
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.lines().count() == 1 && told.contains("--data DIR or set PROOFSKETCH_DATA"), "{told}");
        assert!(told.contains(&format!("DIR/{}/{}", dataset.id, dataset.files[0].0)), "{told}");
    }
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
    let listed = stdout(&proofsketch(&["reproduce", "list"], out.path()));
    let line = listed.lines().find(|line| line.starts_with(figure.id)).unwrap();
    assert!(line.contains(&format!("(needs {})", dataset.id)), "{line}");
}

#[test]
fn json_is_one_object_and_nothing_else() {
    let out = tempfile::tempdir().unwrap();
    let output = proofsketch(&["reproduce", "all", "--scale", "smoke", "--json", "--seed", "3"], out.path());
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    assert_eq!(value["figures"].as_array().unwrap().len(), figures().len());
    assert_eq!(value["figures"][0]["manifest"]["seed"], 3);
    let described = value["figures"].as_array().unwrap();
    let claims: usize = described.iter().map(|f| f["claims"].as_array().map_or(0, Vec::len)).sum();
    for figure in described {
        assert!(figure["claims"].is_array() != figure["skipped"].is_string(), "{figure}");
    }
    assert_eq!(value["summary"]["claims"], claims);
    let documented = keys("reproduce");
    let of_all = || documented.iter().filter(|key| key.actions.iter().any(|action| action == "all"));
    let found = assert_documented(&value, of_all());
    assert!(of_all().all(|key| found.contains(&key.path)), "{found:?}");
    let listed = proofsketch(&["--json", "reproduce", "list"], out.path());
    let listed: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed["figures"].as_array().unwrap().len(), figures().len());
}

#[test]
fn run_plot_and_check_go_through_the_data_file() {
    let out = tempfile::tempdir().unwrap();
    let figure = &figures()[0];
    let csv = out.path().join(format!("data/{}/{}.csv", figure.paper.id, figure.id));
    for action in ["plot", "check"] {
        let early = proofsketch(&["reproduce", action, figure.id, "--quiet"], out.path());
        assert_eq!(early.status.code(), Some(2));
        let told = stderr(&early);
        assert!(told.starts_with("error: no data of") && told.lines().count() == 1, "{told}");
        assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0, "nothing to report, and no reports");
    }
    let run = proofsketch(&["reproduce", "run", figure.id, "--scale", "smoke", "--threads", "2"], out.path());
    assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    let data = fs::read(&csv).unwrap();
    for action in ["plot", "check"] {
        assert_eq!(proofsketch(&["reproduce", action, figure.id], out.path()).status.code(), Some(0));
    }
    assert_eq!(fs::read(&csv).unwrap(), data);
    assert!(out.path().join("claims.md").exists());
}

#[test]
fn a_claim_that_does_not_reproduce_is_an_answer() {
    let out = tempfile::tempdir().unwrap();
    let csv = out.path().join("data/linf_regression/student_t_rows.csv");
    fs::create_dir_all(csv.parent().unwrap()).unwrap();
    fs::write(&csv, "epsilon,d,rows,closed_form\n0.5,32,2000,1686\n").unwrap();
    let output = proofsketch(&["reproduce", "check", "student_t_rows"], out.path());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("not reproduced"), "{}", stdout(&output));
    assert!(fs::read_to_string(out.path().join("claims.md")).unwrap().contains("**not reproduced**"));
}

#[test]
fn bad_usage_is_one_line_and_status_2() {
    let out = tempfile::tempdir().unwrap();
    let near = &figures()[0].id[1..];
    let output = proofsketch(&["reproduce", "run", near], out.path());
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.lines().count() == 1 && told.contains(figures()[0].id), "{told}");
    for arguments in [
        &["reproduce", "run"][..],
        &["reproduce", "all", "--scale", "huge"],
        &["reproduce", "all", "--threads", "0"],
        &["reproduce", "all", "--seed", "-1"],
        &["produce"],
    ] {
        assert_eq!(proofsketch(arguments, out.path()).status.code(), Some(2), "{arguments:?}");
    }
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_written_is_told() {
    let out = tempfile::NamedTempFile::new().unwrap();
    let output = proofsketch(&["reproduce", "run", figures()[0].id, "--scale", "smoke"], out.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).starts_with("error: ") && stderr(&output).lines().count() == 1,
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_figure_that_fails_is_status_1() {
    let out = tempfile::tempdir().unwrap();
    let csv = out.path().join("data/linf_regression/student_t_rows.csv");
    fs::create_dir_all(csv.parent().unwrap()).unwrap();
    fs::write(&csv, "x,y\n1,2\n").unwrap();
    let output = proofsketch(&["reproduce", "plot", "student_t_rows"], out.path());
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(told.contains("plot failed: no number column `epsilon`") && told.lines().count() == 1, "{told}");
}

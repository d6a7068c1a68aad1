//! Answers in JSON have the keys of docs/json.md, neither more nor less, and values of the types told there.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::documented::{Key, assert_documented, keys};
use common::{Program, write};
use serde_json::Value;

mod common;

/// 600 rows of three columns, with noise in the last.
fn table(folder: &Path) -> PathBuf {
    let mut text = "x,y,z\n".to_owned();
    for i in 0..600_u32 {
        let (x, y) = (i * i % 103, 7 * i % 31);
        writeln!(text, "{x},{y},{}", x + 2 * y + i % 5).unwrap();
    }
    write(folder, "table.csv", &text)
}

/// Asserts the keys of the answers of a command to some calls: each has all that are outside of lists, and together they
/// have all.
fn assert_keys(command: &'static str, calls: &[(&Path, &[&str])]) {
    let documented = keys(command);
    let (mut seen, all) = (BTreeSet::new(), paths(&documented, |_| true));
    for (input, arguments) in calls {
        let (answer, _) = Program(command).answered(input, arguments);
        let found = assert_documented(&answer, &documented);
        let outside = paths(&documented, |key| !key.path.contains("[]"));
        assert!(found.is_superset(&outside), "{arguments:?}: {:?}", outside.difference(&found));
        seen.extend(found);
    }
    assert_eq!(seen, all, "{command}");
}

fn paths(documented: &[Key], which: impl Fn(&Key) -> bool) -> BTreeSet<String> {
    documented.iter().filter(|key| which(key)).map(|key| key.path.clone()).collect()
}

#[test]
fn regress() {
    let folder = tempfile::tempdir().unwrap();
    let table = table(folder.path());
    assert_keys(
        "regress",
        &[
            (&table, &["--rows", "60"]),
            (&table, &["--rows", "60", "--refine"]),
            (&table, &["--rows", "60", "--stream", "--no-intercept"]),
            (&table, &["--rows", "600"]),
        ],
    );
}

#[test]
fn sample() {
    let folder = tempfile::tempdir().unwrap();
    let table = table(folder.path());
    let stream = ["--p", "1", "--rows", "90", "--stream", "--scores", "root-leverage", "--target", "z"];
    assert_keys(
        "sample",
        &[
            (&table, &["--p", "2", "--rows", "90"]),
            (&table, &["--p", "1", "--rows", "90", "--scores", "lewis", "--target", "z"]),
            (&table, &stream),
        ],
    );
}

#[test]
fn embed() {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../experiments/data/karate");
    let (edges, labels) = (data.join("edges.tsv.gz"), data.join("labels.tsv.gz"));
    let (labels, out) = (labels.to_str().unwrap(), folder.path().join("vectors.npy"));
    assert_keys(
        "embed",
        &[
            (&edges, &["--dim", "8"]),
            (&edges, &["--dim", "8", "--directed", "both", "--out", out.to_str().unwrap()]),
            (&edges, &["--dim", "8", "--labels", labels, "--train", "0.5"]),
            (&edges, &["--dim", "8", "--labels", labels, "--train", "0.5", "--shuffles", "1"]),
        ],
    );
}

#[test]
fn complete() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ratings, mut test) = (String::new(), String::new());
    for (user, item) in (0..30_u32).flat_map(|user| (0..20_u32).map(move |item| (user, item))) {
        let text = if (user * 7 + item * 3) % 10 == 0 { &mut test } else { &mut ratings };
        writeln!(text, "{user},{item},{}", 1 + (user + 1) * (item + 2) % 5).unwrap();
    }
    let ratings = write(folder.path(), "ratings.csv", &ratings);
    let test = write(folder.path(), "test.csv", &test);
    let test = test.to_str().unwrap();
    assert_keys(
        "complete",
        &[
            (&ratings, &["--rank", "1"]),
            (&ratings, &["--rank", "2", "--biases", "--test", test, "--pattern"]),
            (&ratings, &["--biases", "--select"]),
            (&ratings, &["--rank", "2", "--ridge", "1", "--no-clip", "--validation", "0"]),
        ],
    );
}

#[test]
fn sense() {
    let folder = tempfile::tempdir().unwrap();
    let table = table(folder.path());
    let arguments = ["--covariance", "--rank", "1", "--corrupt", "0.1"];
    assert_keys(
        "sense",
        &[(&table, &arguments), (&table, &["--covariance", "--rank", "2", "--map", "srht"])],
    );
}

#[test]
fn reproduce() {
    let out = tempfile::tempdir().unwrap();
    let answered = |action: &[&str]| -> Value {
        let mut program = Command::new(env!("CARGO_BIN_EXE_proofsketch"));
        program.arg("reproduce").args(action).args(["--json", "--scale", "smoke", "--out"]).arg(out.path());
        serde_json::from_slice(&program.output().unwrap().stdout).unwrap()
    };
    let listed = keys("reproduce list");
    assert_eq!(assert_documented(&answered(&["list"]), &listed), paths(&listed, |_| true));
    let documented = keys("reproduce");
    for action in [
        &["run", "student_t_rows"][..],
        &["plot", "student_t_rows"],
        &["check", "student_t_rows"],
        &["guarantees"],
    ] {
        let of_action = |key: &Key| key.actions.iter().any(|one| one == action[0]);
        let found = assert_documented(&answered(action), documented.iter().filter(|key| of_action(key)));
        assert_eq!(found, paths(&documented, of_action), "{action:?}");
    }
}

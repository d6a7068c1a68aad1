//! An interrupted program leaves the files as they were.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use common::{words, write};

mod common;

fn start(arguments: &[&str]) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_proofsketch"));
    program.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs")
}

/// Waits until `is_so`, while the program runs.
fn until(program: &mut Child, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(program.try_wait().unwrap().is_none(), "the program has ended before it was interrupted");
        assert!(start.elapsed() < Duration::from_secs(120), "nothing is written");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Interrupts the program; asserts that it ends with `status` and without a word.
fn interrupt(program: Child, signal: &str, status: i32) {
    let sent = Command::new("kill").args(["-s", signal, &program.id().to_string()]).status();
    assert!(sent.expect("kill is there").success());
    let output = program.wait_with_output().unwrap();
    assert_eq!((output.status.code(), words(&output.stderr)), (Some(status), String::new()), "{signal}");
    assert_eq!(words(&output.stdout), "", "{signal}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

fn has_temporary(folder: &Path) -> bool {
    names(folder).iter().any(|name| name.ends_with(".tmp"))
}

#[test]
fn a_file_that_was_there_stays_and_no_temporary_file_does() {
    let folder = tempfile::tempdir().unwrap();
    let edges: String = (0..20_000).map(|u| format!("{u}\t{}\n", (7 * u + 1) % 20_000)).collect();
    let edges = write(folder.path(), "edges.tsv", &edges);
    let out = write(folder.path(), "vectors.csv.gz", "dear");
    let arguments =
        ["embed", edges.to_str().unwrap(), "--dim", "400", "--out", out.to_str().unwrap(), "--quiet"];
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let mut program = start(&arguments);
        until(&mut program, || has_temporary(folder.path()));
        interrupt(program, signal, status);
        assert_eq!(names(folder.path()), ["edges.tsv", "vectors.csv.gz"]);
        assert_eq!(fs::read_to_string(&out).unwrap(), "dear");
    }
}

#[test]
fn a_folder_of_files_is_all_there_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let ratings: String = (0..60_000).map(|k| format!("{},{},{}\n", k / 3, k % 7, 1 + k % 5)).collect();
    let ratings = write(folder.path(), "ratings.csv", &ratings);
    let test: String = (0..900_000).map(|k| format!("{},{},3\n", k / 45, k % 45)).collect();
    let test = write(folder.path(), "test.csv", &test);
    let out = folder.path().join("model");
    let [ratings, test, out] = [&ratings, &test, &out].map(|path| path.to_str().unwrap());
    let mut program =
        start(&["complete", ratings, "--biases", "--rank", "0", "--test", test, "--out", out, "--quiet"]);
    until(&mut program, || has_temporary(folder.path()));
    interrupt(program, "INT", 130);
    assert_eq!(names(folder.path()), ["ratings.csv", "test.csv"]);
}

#[test]
fn a_computation_is_interrupted_before_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("reports");
    let mut program = start(&["reproduce", "guarantees", "--out", out.to_str().unwrap()]);
    let mut told = BufReader::new(program.stdout.take().unwrap()).lines();
    assert!(told.nth(1).expect("it tells what it does").unwrap().starts_with("Theorems"));
    interrupt(program, "INT", 130);
    assert!(!out.exists());
}

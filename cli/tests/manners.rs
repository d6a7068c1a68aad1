//! Help, suggestions and silence of the program, whatever the subcommand.

use std::process::{Command, Output};

use common::words;

mod common;

const COMMANDS: [&str; 6] = ["reproduce", "regress", "sample", "embed", "complete", "sense"];

fn proofsketch(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_proofsketch"));
    program.args(arguments).current_dir(folder.path()).output().expect("the program runs")
}

/// The lines of help that show how a command is called.
fn examples(command: &str) -> Vec<String> {
    let arguments = [command, "--help"];
    let help = words(&proofsketch(&arguments[usize::from(command.is_empty())..]).stdout);
    let (_, examples) = help.split_once("Examples:").unwrap_or_else(|| panic!("no examples: {help}"));
    let calls = examples.lines().map(str::trim).filter(|line| line.starts_with("proofsketch "));
    // what is said of an example stands after two blanks
    calls.map(|line| line.split("  ").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_command_shows_examples_that_are_understood() {
    for command in COMMANDS.into_iter().chain([""]) {
        let examples = examples(command);
        assert!(examples.len() >= 3, "{command}: {examples:?}");
        for example in examples.iter().filter(|example| !example.contains("reproduce ")) {
            let arguments: Vec<&str> = example.split_whitespace().skip(1).collect();
            let output = proofsketch(&arguments);
            let told = words(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{example}: {told}");
            assert!(told.contains("cannot be opened"), "{example}: {told}");
        }
    }
}

#[test]
fn mistyped_options_and_commands_get_a_suggestion() {
    for (arguments, meant) in [
        (&["regres", "a.csv"][..], "regress"),
        (&["regress", "a.csv", "--trget", "x"], "--target"),
        (&["sample", "a.csv", "--p", "1", "--row", "3"], "--rows"),
        (&["embed", "a.tsv", "--dims", "8"], "--dim"),
        (&["complete", "a.csv", "--rank", "1", "--bias"], "--biases"),
        (&["sense", "a.npy", "--ranks", "1"], "--rank"),
        (&["reproduce", "list", "--scal", "smoke"], "--scale"),
        (&["sample", "a.csv", "--p", "1", "--rows", "3", "--scores", "lewi"], "lewis"),
        (&["regress", "a.csv", "--thread", "2"], "--threads"),
        (&["regress", "a.csv", "--sketch", "goussian"], "gaussian"),
        (&["embed", "a.tsv", "--mode", "gdss"], "gds"),
        (&["embed", "a.tsv", "--matrix", "transitio"], "transition"),
        (&["complete", "a.csv", "--rank", "1", "--solver", "choleski"], "cholesky"),
        (&["sense", "a.npy", "--rank", "1", "--method", "one-stp"], "one-step"),
        (&["reproduce", "list", "--scale", "smok"], "smoke"),
        (&["reproduce", "chekc", "student_t_rows"], "check"),
    ] {
        let output = proofsketch(arguments);
        let told = words(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
        assert!(told.contains("tip: a similar") && told.contains(meant), "{arguments:?}: {told}");
    }
}

#[test]
fn numbers_that_do_not_count_are_refused_in_words() {
    for (arguments, least) in [
        (&["regress", "a.csv", "--seed", "-1"][..], 0),
        (&["regress", "a.csv", "--threads", "0"], 1),
        (&["regress", "a.csv", "--rows", "many"], 0),
        (&["sample", "a.csv", "--p", "1", "--rows", "-3"], 0),
        (&["embed", "a.tsv", "--dim", "1.5"], 0),
        (&["embed", "a.tsv", "--labels", "b.tsv", "--shuffles", "0"], 1),
        (&["complete", "a.csv", "--rank", "-2"], 0),
        (&["sense", "a.npy", "--rank", "1", "--measurements", "-9"], 0),
    ] {
        let output = proofsketch(arguments);
        let told = words(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
        assert!(told.contains(&format!("not a whole number from {least} to 2^64")), "{arguments:?}: {told}");
    }
}

#[test]
fn a_pipe_sees_no_progress() {
    for extra in [&[][..], &["--quiet"], &["--json"]] {
        let arguments = [&["reproduce", "run", "student_t_rows", "--scale", "smoke"][..], extra].concat();
        let output = proofsketch(&arguments);
        assert_eq!((output.status.code(), words(&output.stderr)), (Some(0), String::new()), "{extra:?}");
    }
}

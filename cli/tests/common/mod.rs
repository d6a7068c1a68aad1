//! The program as a user calls it.
#![allow(dead_code)] // each test binary uses a part

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

pub mod documented;
pub mod plane;

/// One subcommand of the program, called on a file.
pub struct Program(pub &'static str);

impl Program {
    /// What came of a call.
    pub fn run(&self, input: &Path, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_proofsketch"));
        command.arg(self.0).arg(input).args(arguments).output().expect("the program runs")
    }

    /// The answer in JSON, and what was said beside it.
    pub fn answered(&self, input: &Path, arguments: &[&str]) -> (Value, String) {
        let output = self.run(input, &[arguments, &["--json"]].concat());
        let told = words(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
        (serde_json::from_slice(&output.stdout).expect("one JSON object and nothing else"), told)
    }

    /// The one line on which a call was refused with status 2, nothing having been answered.
    pub fn refused(&self, input: &Path, arguments: &[&str]) -> String {
        let output = self.run(input, arguments);
        let told = words(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
        assert!(told.starts_with("error: ") && told.lines().count() == 1, "{arguments:?}: {told}");
        told
    }
}

/// Output as text.
pub fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("words are UTF-8")
}

/// Writes a file into a folder.
pub fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

//! Why there is no answer, and the exit status that says so.

use std::process::ExitCode;

/// No answer: an exit status, and the line that says why unless it has been told already.
#[derive(Debug)]
pub struct Failure {
    status: u8,
    line: Option<String>,
}

impl Failure {
    /// Bad usage or bad input.
    pub fn input(line: impl Into<String>) -> Self {
        Self { status: 2, line: Some(line.into()) }
    }

    /// The same failure, its line told already.
    pub fn told(self) -> Self {
        Self { line: None, ..self }
    }

    /// Says why on standard error and gives the exit status.
    pub fn conclude(self) -> ExitCode {
        if let Some(line) = self.line {
            eprintln!("error: {line}");
        }
        self.status.into()
    }
}

impl From<&proofsketch_experiments::Error> for Failure {
    fn from(error: &proofsketch_experiments::Error) -> Self {
        Self { status: if error.is_input() { 2 } else { 1 }, line: Some(error.to_string()) }
    }
}

impl From<proofsketch_experiments::Error> for Failure {
    fn from(error: proofsketch_experiments::Error) -> Self {
        Self::from(&error)
    }
}

impl From<proofsketch::io::Error> for Failure {
    fn from(error: proofsketch::io::Error) -> Self {
        Self::input(error.to_string())
    }
}

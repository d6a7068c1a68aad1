//! Where words go.

use std::fmt::Display;
use std::io::Write;

/// What may be printed: a reader that has gone away (a closed pipe) stops no computation.
#[derive(Debug, Clone, Copy)]
pub struct Screen {
    /// Answers only.
    pub quiet: bool,
    /// One JSON object instead of words.
    pub json: bool,
}

impl Screen {
    /// A line of the answer, on standard output unless JSON is asked for.
    pub fn answer(self, line: impl Display) {
        if !self.json {
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }

    /// A line that is not the answer: what will be done, where it went.
    pub fn announce(self, line: impl Display) {
        if !self.quiet {
            self.answer(line);
        }
    }

    /// The answer as JSON, if that is asked for.
    pub fn json(self, value: &serde_json::Value) {
        if self.json {
            let _ = writeln!(std::io::stdout(), "{value:#}");
        }
    }
}

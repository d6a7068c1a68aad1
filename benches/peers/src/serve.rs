//! Commands on standard input, one JSON line each on standard output.
//!
//! `load WORK DIR` reads the input of a work, `run VARIANT` does the work once, `save FILE` writes its last answer as
//! `.npy`. Each answers with the seconds it took, or with what went wrong.

use std::error::Error;
use std::io::{BufRead, Write};
use std::time::Instant;

use serde_json::{Value, json};

use crate::works::{self, Answer, Work};

/// What was loaded, and what the last run gave.
#[derive(Default)]
struct State {
    work: Option<Box<dyn Work>>,
    answer: Option<Answer>,
}

/// Answers commands until standard input ends.
pub fn serve() -> Result<(), Box<dyn Error>> {
    let mut state = State::default();
    for line in std::io::stdin().lock().lines() {
        let reply = state.obey(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
        let mut out = std::io::stdout().lock();
        writeln!(out, "{reply}")?;
        out.flush()?;
    }
    Ok(())
}

impl State {
    fn obey(&mut self, line: &str) -> Result<Value, Box<dyn Error>> {
        let (command, rest) = line.split_once(' ').ok_or("a command and its argument")?;
        let mut start = Instant::now();
        match command {
            "load" => {
                let (work, folder) = rest.split_once(' ').ok_or("load WORK DIR")?;
                self.work = Some(works::load(work, folder.as_ref())?);
            }
            "run" => {
                self.answer = None;
                let work = self.work.as_ref().ok_or("nothing is loaded")?;
                start = Instant::now();
                self.answer = Some(work.run(rest)?);
            }
            "save" => self.answer.as_ref().ok_or("nothing was run")?.save(rest.as_ref())?,
            _ => return Err(format!("no command {command}: there are load, run and save").into()),
        }
        Ok(json!({ "seconds": start.elapsed().as_secs_f64() }))
    }
}

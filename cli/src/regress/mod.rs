//! `proofsketch regress`: least squares of one column of a table on the others, by a sketch.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use proofsketch::io::{Table, read_table};
use proofsketch::linalg::first_non_finite;
use proofsketch::random::StreamKey;
use proofsketch::regression::{self, LeastSquares, Refinement, Settings, SketchSize, solve};
use proofsketch::sketch::SketchFamily;

use crate::failure::Failure;
use crate::numbers::whole;
use crate::output::{Seconds, assert_writable};
use crate::passes::not_finite;
use crate::screen::Screen;

mod answer;
mod family;
mod layout;
mod stream;

use answer::Answer;
use family::FamilyParser;
pub use layout::Layout;

/// Arguments of `regress`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  proofsketch regress flights.csv.gz --target arr_delay --refine
  proofsketch regress features.npy --sketch gaussian --eps 0.1 --delta 0.01
  proofsketch regress huge.csv --stream --out coefficients.csv --json")]
pub struct Regress {
    /// Table of numbers, with or without names of its columns: CSV, TSV, .npy or Matrix Market, plain or gzipped
    table: PathBuf,
    /// Column to explain, by name or by number from 1 [default: the last]
    #[arg(long, value_name = "COL")]
    target: Option<String>,
    /// Fit without a column of ones
    #[arg(long)]
    no_intercept: bool,
    /// Family of random matrices
    #[arg(long, value_name = "FAMILY", value_parser = FamilyParser, default_value_t = Settings::default().sketch,
          long_help = format!("Family of random matrices: {}", SketchFamily::KNOWN))]
    sketch: SketchFamily,
    /// Rows of the sketch [default: by --eps 0.25 --delta 0.05; with --refine 12 to 48 a column]
    #[arg(long, value_name = "M", conflicts_with = "eps", value_parser = whole::<usize>, allow_negative_numbers = true)]
    rows: Option<usize>,
    /// Choose the rows for an error of at most (E/√d)·‖r‖·‖A⁺‖ in each coefficient: proved for the gaussian sketch
    #[arg(long, value_name = "E", value_parser = positive, allow_negative_numbers = true)]
    eps: Option<f64>,
    /// Probability that --eps may be missed with [default: 0.05]
    #[arg(long, value_name = "D", value_parser = probability, allow_negative_numbers = true, requires = "eps")]
    delta: Option<f64>,
    /// Go on from the sketch to the exact least-squares solution
    #[arg(long)]
    refine: bool,
    /// Read the table in blocks, in as much memory as the sketch needs, however long it is; not with --refine, which
    /// reads the table many times
    #[arg(long)]
    stream: bool,
    /// Write the coefficients here: .npy (a column, and one of half-widths if there are any), else CSV with names
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Regress {
    /// Reads, solves and tells.
    pub fn answer(&self, seed: u64, screen: Screen) -> Result<(), Failure> {
        if self.stream && self.refine {
            let why =
                "--stream holds no table in memory, and --refine reads it many times: leave out one of them";
            return Err(Failure::input(why));
        }
        if let Some(out) = &self.out {
            assert_writable(out, &self.table)?;
        }
        let answer = if self.stream { self.solve_stream(seed, screen)? } else { self.solve(seed)? };
        if !answer.is_finite() {
            return Err(self.overflow());
        }
        if let Some(out) = &self.out {
            answer.write(out)?;
        }
        answer.tell(screen);
        if let Some(out) = &self.out {
            screen.announce(format!("\ncoefficients: {}", out.display()));
        }
        Ok(())
    }

    fn solve(&self, seed: u64) -> Result<Answer, Failure> {
        let start = Instant::now();
        let table = read_table(&self.table)?;
        let read = start.elapsed();
        if let Some(at) = first_non_finite(table.values()) {
            return Err(not_finite(&self.table, at));
        }
        let layout = self.layout(&table)?;
        let (a, b) = layout.split(table.into_values());
        let report = LeastSquares::new(&a, &b)
            .and_then(|problem| solve(&problem, &self.settings(), StreamKey::from_seed(seed)))
            .map_err(|error| self.failure(&error))?;
        let seconds = Seconds { read, total: start.elapsed() };
        Ok(Answer { layout, rows: b.len(), sketch: self.sketch, seed, report, seconds })
    }

    fn settings(&self) -> Settings {
        let by_error = |epsilon| SketchSize::GaussianExact { epsilon, delta: self.delta.unwrap_or(0.05) };
        let size = self.rows.map(SketchSize::Explicit).or(self.eps.map(by_error));
        let refinement = self.refine.then(Refinement::default);
        Settings { sketch: self.sketch, size, refinement, ..Settings::default() }
    }

    fn layout(&self, table: &Table) -> Result<Layout, Failure> {
        Layout::new(table, self.target.as_deref(), !self.no_intercept)
            .map_err(|error| Failure::input(format!("{}: {error}", self.table.display())))
    }

    /// The failure of a solver, with the table's name before it.
    fn failure(&self, error: &regression::Error) -> Failure {
        use regression::Error::{Factorization, SketchTooSmall, TooFewRows};
        let hint = match error {
            Factorization(_) => return self.overflow(),
            SketchTooSmall { .. } | TooFewRows { .. } if !self.no_intercept => {
                " (the intercept is one of the columns)"
            }
            _ => "",
        };
        Failure::input(format!("{}: {error}{hint}", self.table.display()))
    }

    fn overflow(&self) -> Failure {
        let why = "its numbers are so large or small that least squares overflows: scale the columns";
        Failure::input(format!("{}: {why}", self.table.display()))
    }
}

fn positive(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0);
    value.ok_or_else(|| "not a finite number > 0".to_owned())
}

fn probability(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|&value| 0.0 < value && value < 1.0);
    value.ok_or_else(|| "not a number between 0 and 1, both excluded".to_owned())
}

//! `proofsketch sample`: a few rows of a table, with weights, that stand for all of them in ℓp.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use nalgebra::{DMatrix, DVector};
use proofsketch::io::{Table, read_table};
use proofsketch::linalg::first_non_finite;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{Coreset, RowBasis, SamplingPlan, distortion};

use crate::failure::Failure;
use crate::numbers::whole;
use crate::output::assert_writable;
use crate::passes::not_finite;
use crate::regress::Layout;
use crate::screen::Screen;

mod answer;
mod check;
mod scores;
mod stream;
mod stream_check;

use answer::{Answer, Seconds};
use check::{Objectives, directions, objectives};
use scores::{Scored, Scores};

/// Arguments of `sample`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  proofsketch sample flights.csv.gz --p 1 --rows 2000 --target arr_delay --out coreset.csv
  proofsketch sample features.npy --p 4 --rows 500 --scores lewis --out coreset.npy
  proofsketch sample table.csv --p 1.5 --rows 300 --scores augmented --seed 7 --json
  proofsketch sample huge.csv --stream --p 1 --rows 5000 --scores root-leverage --out rows.csv

The rows kept, each times its weight, have Σ W|aᵀx|ᵖ near ‖Ax‖ₚᵖ for every x. How near is measured on the table itself:
the distortion is the largest error found over directions x, which is certain, but there may be a larger one unless p = 2.")]
pub struct Sample {
    /// Table of numbers, with or without names of its columns: CSV, TSV, .npy or Matrix Market, plain or gzipped
    table: PathBuf,
    /// Exponent p > 0 of the norm; ≥ 1 with --target and for scores made of sensitivities
    #[arg(long, value_name = "P", allow_negative_numbers = true)]
    p: f64,
    /// Rows to keep in expectation
    #[arg(long, value_name = "M", value_parser = whole::<usize>, allow_negative_numbers = true)]
    rows: usize,
    /// What the probabilities of the rows are proportional to
    #[arg(long, value_name = "SCORES", value_enum, default_value_t = Scores::Sensitivity)]
    scores: Scores,
    /// Column that the others explain, by name or by number from 1: the rows of [A b] are scored, A the other columns and
    /// one of ones, and the regression on the coreset is held against that on the table
    #[arg(long, value_name = "COL")]
    target: Option<String>,
    /// Explain the target without a column of ones
    #[arg(long, requires = "target")]
    no_intercept: bool,
    /// Read the table in blocks, four to five times, in memory for a number a row and the rows kept; for --scores leverage
    /// and root-leverage
    #[arg(long)]
    stream: bool,
    /// Write the rows kept (counted from 0) and their weights here: .npy (two columns), else CSV with names
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// The table as numbers: A, or [A b].
struct Data {
    names: Vec<String>,
    matrix: DMatrix<f64>,
    /// (name of b, A, b)
    regression: Option<(String, DMatrix<f64>, DVector<f64>)>,
}

impl Sample {
    /// Reads, scores, draws, checks and tells.
    pub fn answer(&self, seed: u64, screen: Screen) -> Result<(), Failure> {
        self.assert_exponent()?;
        if let Some(out) = &self.out {
            assert_writable(out, &self.table)?;
        }
        let answer = if self.stream { self.sample_stream(seed, screen)? } else { self.sample(seed)? };
        if let Some(out) = &self.out {
            answer.write(out)?;
        }
        answer.tell(screen);
        if let Some(out) = &self.out {
            screen.announce(format!("\ncoreset: {}", out.display()));
        }
        Ok(())
    }

    fn sample(&self, seed: u64) -> Result<Answer, Failure> {
        let start = Instant::now();
        let table = read_table(&self.table)?;
        self.assert_usable(&table)?;
        let data = self.data(table)?;
        let read = start.elapsed();
        let basis = RowBasis::new(&data.matrix).map_err(|error| self.refusal(&error))?;
        let Scored { scores, method, total_upper } =
            scores::score(&basis, self.p, self.scores).map_err(|error| self.refusal(&error))?;
        let plan = SamplingPlan::budget(&scores, self.rows as f64).map_err(|error| self.refusal(&error))?;
        let key = StreamKey::from_seed(seed);
        let coreset = plan.sample(key.named("coreset"));
        let drawn = start.elapsed();
        self.assert_drawn(&coreset)?;
        let seen = distortion(&basis, &coreset, &directions(&basis), key.named("directions"))
            .map_err(|error| self.refusal(&error))?;
        let objectives = match &data.regression {
            Some((_, a, b)) => Some(objectives(a, b, &coreset).map_err(|error| self.refusal(&error))?),
            None => None,
        };
        let mut warnings = self.constant_columns(&data);
        warnings.extend(rank_warnings((basis.rank(), data.names.len()), coreset.len()));
        warnings.extend(objectives.as_ref().and_then(Objectives::warning));
        let seconds = Seconds { read, score: drawn - read, total: start.elapsed() };
        Ok(Answer {
            p: self.p,
            rank: basis.rank(),
            columns: data.names.len(),
            target: data.regression.map(|(name, ..)| name),
            scores: self.scores,
            expected_rows: plan.expected_rows(),
            method,
            total_upper,
            coreset,
            seen,
            objectives,
            warnings,
            seed,
            seconds,
        })
    }

    fn assert_exponent(&self) -> Result<(), Failure> {
        let p = self.p;
        let refused = |why: &str| Err(Failure::input(format!("--p {p}: {why}")));
        if !(p.is_finite() && p > 0.0) {
            return refused("need a finite number > 0");
        }
        if p < 1.0 && self.target.is_some() {
            return refused("--target needs p ≥ 1: below it the regression is not convex");
        }
        if p < 1.0 && self.scores.needs_sensitivities() {
            let others = "--scores lewis, root-leverage, leverage or uniform";
            return refused(&format!("sensitivities need p ≥ 1: choose {others}"));
        }
        if p > 2.0 && self.scores == Scores::Augmented {
            return refused("--scores augmented needs p ≤ 2");
        }
        Ok(())
    }

    fn assert_usable(&self, table: &Table) -> Result<(), Failure> {
        match first_non_finite(table.values()) {
            Some(at) => Err(not_finite(&self.table, at)),
            None => self.assert_rows(table.values().nrows()),
        }
    }

    fn assert_rows(&self, nrows: usize) -> Result<(), Failure> {
        if self.rows == 0 || self.rows > nrows {
            let wanted = self.rows;
            return Err(self.refusal(&format!("--rows {wanted}: need 1 to {nrows}, the rows of the table")));
        }
        Ok(())
    }

    fn assert_drawn(&self, coreset: &Coreset) -> Result<(), Failure> {
        if coreset.is_empty() {
            return Err(self.refusal(&"no row was drawn: ask for more --rows, or try another --seed"));
        }
        Ok(())
    }

    fn data(&self, table: Table) -> Result<Data, Failure> {
        if self.target.is_none() {
            let names = (0..table.values().ncols()).map(|j| table.column_name(j)).collect();
            return Ok(Data { names, matrix: table.into_values(), regression: None });
        }
        let layout = self.layout(&table)?;
        let (a, b) = layout.split(table.into_values());
        let d = a.ncols();
        let mut matrix = a.clone().insert_column(d, 0.0);
        matrix.set_column(d, &b);
        let mut names = layout.names;
        names.push(layout.target.clone());
        Ok(Data { names, matrix, regression: Some((layout.target, a, b)) })
    }

    /// The columns of a table with a target.
    fn layout(&self, table: &Table) -> Result<Layout, Failure> {
        let layout = Layout::new(table, self.target.as_deref(), !self.no_intercept)
            .map_err(|error| self.refusal(&error))?;
        if layout.ncols() == 0 {
            return Err(self.refusal(&"no column is left to explain the target by"));
        }
        Ok(layout)
    }

    fn constant_columns(&self, data: &Data) -> Vec<String> {
        let ones = usize::from(self.target.is_some() && !self.no_intercept);
        let constant: Vec<&str> = (ones..data.names.len())
            .filter(|&j| is_constant(data.matrix.column(j).as_slice()))
            .map(|j| data.names[j].as_str())
            .collect();
        let line = (!constant.is_empty()).then(|| format!("constant throughout: {}", constant.join(", ")));
        line.into_iter().collect()
    }

    /// A failure with the table's name before it.
    fn refusal(&self, why: &dyn std::fmt::Display) -> Failure {
        Failure::input(format!("{}: {why}", self.table.display()))
    }
}

/// What to know of the rank before trusting the answer.
fn rank_warnings((rank, columns): (usize, usize), kept: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if rank < columns {
        lines.push(format!("columns depend on each other: rank {rank} of {columns}"));
    }
    if kept < rank {
        lines.push(format!("{kept} rows span less than rank {rank}: some x ≠ 0 vanishes on all of them"));
    }
    lines
}

fn is_constant(column: &[f64]) -> bool {
    column.iter().all(|&entry| entry == column[0])
}

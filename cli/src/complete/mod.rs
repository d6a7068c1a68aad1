//! `proofsketch complete`: a matrix of low rank from some of its entries, or a model of ratings.

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};
use proofsketch::completion::ratings::{self, Penalty};
use proofsketch::completion::{Duplicates, Ridge, RowSolver, Sampling, Settings};
use proofsketch::random::StreamKey;
use proofsketch::sketch::SketchFamily;

use crate::failure::Failure;
use crate::numbers::whole;
use crate::output::Seconds;
use crate::screen::Screen;

mod answer;
mod files;
mod fit;
mod observed;

use answer::Answer;
use files::assert_folder;
use fit::Fit;
use observed::Observed;

/// Ranks that `--select` tries unless `--rank` says up to which.
const RANKS: [usize; 3] = [5, 10, 20];

/// With fewer values than this none is held out unless that is asked for.
const LEAST_TO_SPLIT: usize = 100;

/// Arguments of `complete`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without --biases, --ridge, --pattern or --select the entries are taken as free of noise, and the
matrix is recovered exactly if it has the rank asked for. Ratings want --biases, and --select to choose rank and ridge.

Examples:
  proofsketch complete entries.csv --rank 10 --out completed
  proofsketch complete ratings.tsv.gz --select --biases --test test.tsv --json
  proofsketch complete ratings.dat --rank 20 --biases --pattern --ridge 15 --out model
  proofsketch complete holes.npy --dense-with-nan --rank 5 --out completed"
)]
pub struct Complete {
    /// Lines `user item value [time]`, separated by tab, comma, `;`, `::` or blanks, plain or gzipped
    ratings: PathBuf,
    /// Rank K of the factors; with --select the highest to try [default there: 20]. 0 with --biases: biases alone
    #[arg(long, value_name = "K", required_unless_present = "select", value_parser = whole::<usize>, allow_negative_numbers = true)]
    rank: Option<usize>,
    /// Ratings to predict and to compare with, as lines of the same kind
    #[arg(long, value_name = "FILE", conflicts_with = "dense_with_nan")]
    test: Option<PathBuf>,
    /// Model each value as mean + bias of the user + bias of the item + product of factors
    #[arg(long)]
    biases: bool,
    /// Ridge L on the factors, in units of the values [default with --biases: 10 standard deviations]
    #[arg(long, value_name = "L", value_parser = not_negative, allow_negative_numbers = true)]
    ridge: Option<f64>,
    /// Ridge on the biases [default: 3, or 0.03 per entry; 0 with --ridge 0]
    #[arg(long, value_name = "L", value_parser = not_negative, allow_negative_numbers = true, requires = "biases")]
    bias_ridge: Option<f64>,
    /// Whether the ridge counts every user and item once, or as often as it has ratings [default: row]
    #[arg(long, value_enum)]
    penalty: Option<PenaltyName>,
    /// Learn also from which items a user rated at all, with this weight [default weight: 1]
    #[arg(long, value_name = "W", value_parser = positive, num_args = 0..=1, default_missing_value = "1")]
    pattern: Option<f64>,
    /// Choose rank and ridge on ratings held out, then fit all
    #[arg(long)]
    select: bool,
    /// Share of the values to hold out, 0 for none [default: 0.05 without noise, else 0.1, or 0 below 100 values]
    #[arg(long, value_name = "P", value_parser = share, allow_negative_numbers = true)]
    validation: Option<f64>,
    /// Do not clip predicted ratings to the range of those given
    #[arg(long)]
    no_clip: bool,
    /// How each user's and item's regression is solved
    #[arg(long, value_enum, default_value_t = SolverName::Auto)]
    solver: SolverName,
    /// Use all entries in every step, or a part of their own for each, as the theory assumes
    #[arg(long, value_enum, default_value_t = SamplingName::Reuse)]
    sampling: SamplingName,
    /// What to do with a pair that is rated twice
    #[arg(long, value_enum, default_value_t = DuplicatesName::Error)]
    duplicates: DuplicatesName,
    /// Iterations at most [default: 500 without noise, else 100]
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    iterations: Option<usize>,
    /// Read a whole matrix instead, .npy or a table, in which NaN, NA or an empty cell is a missing entry
    #[arg(long)]
    dense_with_nan: bool,
    /// Write factors, biases, names and predictions into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum PenaltyName {
    Row,
    Entry,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum SolverName {
    Auto,
    Cholesky,
    Qr,
    /// Three steps of conjugate gradients
    Cg,
    /// Conjugate gradients preconditioned by a sketch
    Sketch,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum SamplingName {
    Reuse,
    Split,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum DuplicatesName {
    Error,
    Average,
}

impl Complete {
    /// Reads, fits and tells.
    pub fn answer(&self, seed: u64, screen: Screen) -> Result<(), Failure> {
        self.assert_consistent()?;
        if let Some(out) = &self.out {
            assert_folder(out)?;
        }
        let start = Instant::now();
        let duplicates = match self.duplicates {
            DuplicatesName::Error => Duplicates::Refuse,
            DuplicatesName::Average => Duplicates::Average,
        };
        let observed = if self.dense_with_nan {
            Observed::read_dense(&self.ratings)?
        } else {
            Observed::read(&self.ratings, self.test.as_deref(), duplicates)?
        };
        let read = start.elapsed();
        let fit = self.fit(&observed, StreamKey::from_seed(seed)).map_err(|error| self.failure(&error))?;
        let seconds = Seconds { read, total: start.elapsed() };
        let answer = Answer { observed, fit, seed, seconds };
        answer.assert_finite(&self.ratings.display().to_string())?;
        if let Some(out) = &self.out {
            answer.write(out)?;
        }
        answer.tell(screen);
        if let Some(out) = &self.out {
            screen.announce(format!("\nwritten to {}", out.display()));
        }
        Ok(())
    }

    /// Whether the entries are taken as noisy: a model of ratings, beyond the theory.
    fn is_noisy(&self) -> bool {
        self.biases || self.ridge.is_some() || self.pattern.is_some() || self.select
    }

    fn assert_consistent(&self) -> Result<(), Failure> {
        let refused = |why: &str| Err(Failure::input(why));
        if self.sampling == SamplingName::Split && self.is_noisy() {
            return refused(
                "--sampling split is for entries without noise: not with --biases, --ridge, --pattern or --select",
            );
        }
        if self.sampling == SamplingName::Split && self.iterations.is_some() {
            return refused("--sampling split fixes the number of iterations: not with --iterations");
        }
        if self.penalty.is_some() && !self.is_noisy() {
            return refused("--penalty needs a ridge: give --ridge, --biases or --select");
        }
        if self.select && self.validation == Some(0.0) {
            return refused("--select chooses on values held out: --validation must be positive");
        }
        if self.rank == Some(0) && !self.biases {
            return refused("--rank 0 leaves nothing to fit: give --biases, or a rank from 1");
        }
        Ok(())
    }

    fn fit(&self, observed: &Observed, key: StreamKey) -> Result<Fit, proofsketch::completion::Error> {
        if !self.is_noisy() {
            return Fit::exact(&observed.problem, &self.exact_settings(), key);
        }
        let base = self.ratings_settings();
        let candidates = if self.select {
            let limit = observed.problem.nrows().min(observed.problem.ncols());
            ratings::candidates(&observed.problem, &base, &self.ranks(limit))
        } else {
            vec![base]
        };
        let default = if self.select || observed.problem.observed() >= LEAST_TO_SPLIT { 0.1 } else { 0.0 };
        Fit::ratings(&observed.problem, &candidates, self.validation.unwrap_or(default), key)
    }

    /// A quarter, a half and the whole of the highest rank.
    fn ranks(&self, limit: usize) -> Vec<usize> {
        let Some(highest) = self.rank else {
            return RANKS
                .iter()
                .map(|&rank| rank.min(limit))
                .collect::<std::collections::BTreeSet<_>>()
                .into_iter()
                .collect();
        };
        let mut ranks = vec![highest / 4, highest / 2, highest];
        ranks.dedup();
        ranks
    }

    fn exact_settings(&self) -> Settings {
        let sampling = match self.sampling {
            SamplingName::Reuse => Sampling::Reuse,
            SamplingName::Split => Sampling::Split { iterations: None, incoherence: None },
        };
        let defaults = Settings::default();
        Settings {
            rank: self.rank.unwrap_or(defaults.rank),
            sampling,
            solver: self.row_solver(),
            ridge: Ridge::Vanishing,
            validation: self.validation.unwrap_or(defaults.validation),
            max_iterations: self.iterations.unwrap_or(defaults.max_iterations),
            ..defaults
        }
    }

    fn ratings_settings(&self) -> ratings::Settings {
        let defaults = ratings::Settings::default();
        ratings::Settings {
            rank: self.rank.unwrap_or(defaults.rank),
            biases: self.biases,
            penalty: match self.penalty {
                Some(PenaltyName::Entry) => Penalty::PerEntry,
                _ => Penalty::PerRow,
            },
            ridge: self.ridge,
            bias_ridge: self.bias_ridge,
            pattern: self.pattern,
            clip: !self.no_clip,
            solver: self.row_solver(),
            max_iterations: self.iterations.unwrap_or(defaults.max_iterations),
            ..defaults
        }
    }

    fn row_solver(&self) -> RowSolver {
        match self.solver {
            SolverName::Auto => RowSolver::Auto,
            SolverName::Cholesky => RowSolver::Cholesky,
            SolverName::Qr => RowSolver::Qr,
            SolverName::Cg => RowSolver::Cg { steps: 3, tol: 1e-12 },
            SolverName::Sketch => {
                RowSolver::SketchPcg { c: 4, kind: SketchFamily::SparseSign { nonzeros: 8 } }
            }
        }
    }

    /// The failure of a solver, with the file's name before it.
    fn failure(&self, error: &proofsketch::completion::Error) -> Failure {
        Failure::input(format!("{}: {error}", self.ratings.display()))
    }
}

fn not_negative(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value: &f64| value.is_finite() && *value >= 0.0);
    value.ok_or_else(|| "not a finite number ≥ 0".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0);
    value.ok_or_else(|| "not a finite number > 0".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value| (0.0..=0.5).contains(value));
    value.ok_or_else(|| "not a number between 0 and 0.5".to_owned())
}

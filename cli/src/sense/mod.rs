//! `proofsketch sense`: a matrix of a file is measured at random, its measurements corrupted, and recovered from them.

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};
use proofsketch::random::StreamKey;

use crate::failure::Failure;
use crate::numbers::whole;
use crate::output::{Seconds, assert_writable};
use crate::screen::Screen;

mod answer;
mod input;
mod measured;
mod recovery;

use answer::Answer;
use measured::Measured;
use recovery::Recovery;

/// Arguments of `sense`.
#[derive(Debug, Args)]
#[command(
    after_help = "The matrix is measured by m random matrices, y_i = <A_i, X>, and recovered from y alone; the error is then taken
against the file. Only --method subgradient withstands outliers. A real matrix is of low rank in part: the smallest
error that rank K allows is told beside.

Examples:
  proofsketch sense covariance.npy --rank 10 --corrupt 0.2
  proofsketch sense samples.csv --covariance --rank 5 --measurements 4000 --json
  proofsketch sense photo.npy --rank 8 --map srht --measurements 20000 --out recovered.npy"
)]
pub struct Sense {
    /// The matrix: .npy, Matrix Market or a table, plain or gzipped
    matrix: PathBuf,
    /// Columns K of the factors, at least the rank that is sought
    #[arg(long, value_name = "K", value_parser = whole::<usize>, allow_negative_numbers = true)]
    rank: usize,
    /// Number of measurements [default: 6 for each degree of freedom of a matrix of rank K]
    #[arg(long, value_name = "M", value_parser = whole::<usize>, allow_negative_numbers = true)]
    measurements: Option<usize>,
    /// Share P of the measurements that get an outlier
    #[arg(long, value_name = "P", default_value_t = 0.0, allow_negative_numbers = true)]
    corrupt: f64,
    /// Standard deviation of the outliers, in units of the root mean square of the measurements
    #[arg(long, value_name = "SIZE", default_value_t = 10.0, allow_negative_numbers = true)]
    outliers: f64,
    /// Standard deviation of Gaussian noise on every measurement, in the same units
    #[arg(long, value_name = "SD", default_value_t = 0.0, allow_negative_numbers = true)]
    noise: f64,
    /// How to recover [default: subgradient for positive semidefinite matrices, else one-step]
    #[arg(long, value_enum)]
    method: Option<MethodName>,
    /// What measures
    #[arg(long, value_enum, default_value_t = MapName::Gaussian)]
    map: MapName,
    /// Sense XᵀX/n in place of the n rows of X
    #[arg(long, conflicts_with = "covariance")]
    gram: bool,
    /// Sense the covariance of the columns, with the rows as samples
    #[arg(long)]
    covariance: bool,
    /// Iterations at most [default: that of the method]
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    iterations: Option<usize>,
    /// Write the recovered matrix, .npy or a table by its ending
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How to recover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MethodName {
    /// Subgradient method on the absolute residuals, U Uᵀ
    Subgradient,
    /// Gradient descent on the squares, U Uᵀ
    GdSymmetric,
    /// Gradient descent on the squares, F Gᵀ from an imbalanced start
    GdAsymmetric,
    /// The same with one step that makes its rate independent of the start
    OneStep,
}

impl MethodName {
    fn is_symmetric(self) -> bool {
        matches!(self, Self::Subgradient | Self::GdSymmetric)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Subgradient => "subgradient",
            Self::GdSymmetric => "gd-symmetric",
            Self::GdAsymmetric => "gd-asymmetric",
            Self::OneStep => "one-step",
        }
    }
}

/// What measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum MapName {
    /// Independent normal numbers, stored: 4 bytes for each entry of each measurement
    Gaussian,
    /// Rows of a signed Hadamard transform, nothing stored; proved for squares only
    Srht,
}

impl Sense {
    /// Reads, measures, recovers and tells.
    pub fn answer(&self, seed: u64, screen: Screen) -> Result<(), Failure> {
        if let Some(out) = &self.out {
            assert_writable(out, &self.matrix)?;
        }
        let start = Instant::now();
        let target = self.target()?;
        let read = start.elapsed();
        let key = StreamKey::from_seed(seed);
        let measured = self.measure(&target.matrix, self.method_for(&target)?, key)?;
        let recovery = self.recover(&measured, key)?;
        let seconds = Seconds { read, total: start.elapsed() };
        let answer = Answer::new(&target.matrix, &measured, (recovery, self.rank), seed, seconds)
            .map_err(|error| self.failure(&error.to_string()))?;
        if let Some(out) = &self.out {
            answer.write(out)?;
        }
        answer.tell(screen);
        if let Some(out) = &self.out {
            screen.announce(format!("\nwritten to {}", out.display()));
        }
        Ok(())
    }

    /// A failure, with the file's name before it.
    fn failure(&self, why: &str) -> Failure {
        Failure::input(format!("{}: {why}", self.matrix.display()))
    }
}

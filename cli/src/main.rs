//! Command line of proofsketch: reads arguments, calls the library, prints its answers.

use std::num::NonZeroUsize;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

mod complete;
mod embed;
mod failure;
#[cfg(unix)]
mod interruption;
mod numbers;
mod output;
mod passes;
mod regress;
mod reproduce;
mod sample;
mod screen;
mod sense;

use failure::Failure;
use numbers::{counting, whole};
use screen::Screen;

/// Provably-specified randomized linear algebra: solvers, their theorems, and the figures of the papers.
#[derive(Debug, Parser)]
#[command(name = "proofsketch", version, arg_required_else_help = true, propagate_version = true)]
#[command(after_help = "Examples:
  proofsketch regress table.csv --target price --eps 0.1
  proofsketch sample table.csv --p 1 --rows 2000 --out coreset.csv
  proofsketch embed friends.tsv --dim 128 --out vectors.npy
  proofsketch complete ratings.csv --select --biases --out model
  proofsketch sense samples.csv --covariance --rank 10 --corrupt 0.2
  proofsketch reproduce all --scale smoke --out smoke-reports

`proofsketch COMMAND --help` shows more.
Exit status: 0 an answer, 1 a computation failed, 2 bad usage or input, 130 Ctrl-C.")]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
struct Global {
    /// Seed of all randomness: the same seed gives the same numbers on any number of threads
    #[arg(long, global = true, default_value_t = 0, value_parser = whole::<u64>, allow_negative_numbers = true)]
    seed: u64,
    /// Threads to compute on [default: all cores]
    #[arg(long, global = true, value_parser = counting, allow_negative_numbers = true)]
    threads: Option<NonZeroUsize>,
    /// Print the answer only: no progress, no announcements
    #[arg(long, global = true)]
    quiet: bool,
    /// Print one JSON object on standard output and nothing else there
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run, plot and check the figures of the papers, and write the reports
    Reproduce(reproduce::Reproduce),
    /// Explain one column of a table by the others: least squares by a sketch, with error bars
    Regress(regress::Regress),
    /// Keep a few weighted rows of a table that stand for all of them in ℓp: a coreset
    Sample(sample::Sample),
    /// Describe the nodes of a graph by vectors (FastRP), and score them by labels
    Embed(embed::Embed),
    /// Complete a matrix of low rank from some of its entries, or predict ratings
    Complete(complete::Complete),
    /// Measure a matrix at random, corrupt the measurements, and recover it from them
    Sense(sense::Sense),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    #[cfg(unix)]
    if let Err(error) = interruption::watch() {
        eprintln!("warning: an interrupt may leave temporary files: {error}");
    }
    let screen = Screen { quiet: cli.global.quiet, json: cli.global.json };
    match answer(&cli, screen) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.conclude(),
    }
}

fn answer(cli: &Cli, screen: Screen) -> Result<(), Failure> {
    if let Some(threads) = cli.global.threads {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.get());
        pool.build_global().map_err(|error| Failure::input(format!("--threads {threads}: {error}")))?;
    }
    match &cli.command {
        Command::Reproduce(command) => command.answer(cli.global.seed, screen),
        Command::Regress(command) => command.answer(cli.global.seed, screen),
        Command::Sample(command) => command.answer(cli.global.seed, screen),
        Command::Embed(command) => command.answer(cli.global.seed, screen),
        Command::Complete(command) => command.answer(cli.global.seed, screen),
        Command::Sense(command) => command.answer(cli.global.seed, screen),
    }
}

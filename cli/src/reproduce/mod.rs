//! `proofsketch reproduce`: the figures of the papers.

mod outcome;
mod session;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use proofsketch_experiments::reproduce::{Reports, select};
use proofsketch_experiments::{DATA_VARIABLE, Scale};

use crate::failure::Failure;
use crate::screen::Screen;
use session::Session;

/// Arguments of `reproduce`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  proofsketch reproduce all                          every figure of every paper, into reports/
  proofsketch reproduce all --scale smoke --out smoke-reports
  proofsketch reproduce list
  proofsketch reproduce guarantees                   every theorem against its code, into reports/guarantees.md
  proofsketch reproduce run student_t_rows --seed 7  one figure
  proofsketch reproduce all --data ~/graphs          those too whose data is not shipped
  proofsketch reproduce check linf_regression        the claims of one paper, from its data")]
pub struct Reproduce {
    #[command(subcommand)]
    action: Action,
    /// How much work: `smoke` takes seconds, `paper` is what the reports hold
    #[arg(long, global = true, value_enum, default_value_t = ScaleArgument::Paper)]
    scale: ScaleArgument,
    /// Folder of the reports
    #[arg(long, global = true, default_value = "reports", value_name = "DIR")]
    out: PathBuf,
    /// Folder of data that is not shipped, DIR/<name>/…: without it figures on such data are skipped [default:
    /// $PROOFSKETCH_DATA]
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show every figure with its paper, its claim and about how long it takes
    List,
    /// Compute the data of figures: data/<paper>/<figure>.csv with a manifest
    Run(Ids),
    /// Draw figures from their data: figures/<paper>/<figure>.svg and .png
    Plot(Ids),
    /// Hold the data of figures against their claims and write the reports
    Check(Ids),
    /// Hold every theorem of the library against its code, its mutant and what lies outside it: guarantees.md
    Guarantees,
    /// Run, plot and check every figure, short ones first, hold every theorem, and write the reports
    All,
}

#[derive(Debug, Args)]
struct Ids {
    /// Names of figures, or of papers for all their figures
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ScaleArgument {
    Smoke,
    Paper,
}

impl Reproduce {
    /// Does what was asked.
    pub fn answer(&self, seed: u64, screen: Screen) -> Result<(), Failure> {
        let scale = match self.scale {
            ScaleArgument::Smoke => Scale::Smoke,
            ScaleArgument::Paper => Scale::Paper,
        };
        let data = self.data.clone().or_else(|| std::env::var_os(DATA_VARIABLE).map(PathBuf::from));
        let reports = Reports::new(&self.out).with_data(data);
        let session = Session { reports, scale, seed, screen };
        match &self.action {
            Action::List => {
                session.list();
                Ok(())
            }
            Action::Run(Ids { ids }) => session.run_figures(&select(ids)?),
            Action::Plot(Ids { ids }) => session.plot_figures(&select(ids)?),
            Action::Check(Ids { ids }) => session.check_figures(&select(ids)?),
            Action::Guarantees => session.conclude(session.guarantees()),
            Action::All => session.all(),
        }
    }
}

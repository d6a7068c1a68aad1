//! `proofsketch reproduce`: the figures of the papers.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use proofsketch_experiments::guarantees::verdict;
use proofsketch_experiments::reproduce::{Reports, select};
use proofsketch_experiments::{
    ClaimCheck, DATA_VARIABLE, Error, Figure, Manifest, Progress, Scale, Tally, Verdict, figures,
};
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::screen::Screen;

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

/// One call of the command.
struct Session {
    reports: Reports,
    scale: Scale,
    seed: u64,
    screen: Screen,
}

impl Session {
    fn list(&self) {
        for figure in figures() {
            let seconds = about(figure.seconds.at(self.scale));
            let needs = figure.outside_data().map_or(String::new(), |data| format!(" (needs {})", data.id));
            self.screen.answer(format!(
                "{:<28} {:<18} {seconds:>12}  {}{needs}",
                figure.id, figure.paper.id, figure.title
            ));
        }
        let described = figures().iter().map(|figure| {
            json!({
                "id": figure.id, "paper": figure.paper.id, "title": figure.title, "claim": figure.claim,
                "citation": figure.paper.citation, "seconds": figure.seconds.at(self.scale),
                "data": figure.outside_data().map(|data| data.id),
            })
        });
        self.screen.json(&json!({ "scale": self.scale, "figures": described.collect::<Vec<Value>>() }));
    }

    fn run_figures(&self, chosen: &[&'static Figure]) -> Result<(), Failure> {
        self.conclude(self.each(chosen, |figure, _| {
            let manifest = self.run(figure)?;
            let path = self.reports.csv(figure).display().to_string();
            let (rows, seconds) = (counted(manifest.rows, "row"), manifest.seconds);
            self.screen.answer(format!("{}: {rows} in {seconds:.1} s: {path}", figure.id));
            Ok(json!({ "id": figure.id, "csv": path, "manifest": manifest }))
        }))
    }

    fn plot_figures(&self, chosen: &[&'static Figure]) -> Result<(), Failure> {
        self.conclude(self.each(chosen, |figure, _| {
            self.reports.plot(figure)?;
            let [svg, png] =
                ["svg", "png"].map(|kind| self.reports.picture(figure, kind).display().to_string());
            self.screen.answer(format!("{}: {svg}, {png}", figure.id));
            Ok(json!({ "id": figure.id, "svg": svg, "png": png }))
        }))
    }

    fn check_figures(&self, chosen: &[&'static Figure]) -> Result<(), Failure> {
        self.conclude_with_pages(self.each(chosen, |figure, verdicts| {
            let claims = self.check(figure, verdicts)?;
            Ok(json!({ "id": figure.id, "claims": claims }))
        }))
    }

    fn all(&self) -> Result<(), Failure> {
        let mut by_length: Vec<&'static Figure> = figures().iter().collect();
        by_length.sort_by(|a, b| a.seconds.at(self.scale).total_cmp(&b.seconds.at(self.scale)));
        self.screen.announce(format!(
            "Runs, plots and checks {} at scale {}, seed {}, into {}: {} on two cores.",
            counted(by_length.len(), "figure"),
            self.scale,
            self.seed,
            self.reports.root().display(),
            about(
                by_length
                    .iter()
                    .filter(|figure| self.reports.missing_data(figure).is_none())
                    .map(|figure| figure.seconds.at(self.scale))
                    .sum()
            )
        ));
        let mut outcome = self.each(&by_length, |figure, verdicts| {
            if let Some(missing) = self.reports.missing_data(figure) {
                return self.skip(figure, &missing, verdicts);
            }
            let manifest = self.run(figure)?;
            self.reports.plot(figure)?;
            self.screen.announce(format!("\n{}: {} ({:.1} s)", figure.id, figure.title, manifest.seconds));
            let claims = self.check(figure, verdicts)?;
            Ok(json!({ "id": figure.id, "manifest": manifest, "claims": claims }))
        });
        let held = self.guarantees();
        outcome.theorems = held.theorems;
        outcome.failures.extend(held.failures);
        outcome.pages = held.pages;
        self.conclude_with_pages(outcome)
    }

    /// Holds every theorem and shows each verdict.
    fn guarantees(&self) -> Outcome {
        let mut outcome = Outcome::default();
        self.screen
            .announce("\nTheorems, each against its code, a mutant and an instance outside its hypotheses:");
        let written = self.reports.write_guarantees(self.scale, self.seed, |one| {
            let [held, mutant, outside] = [&one.held, &one.mutant, &one.outside].map(verdict);
            let name = one.theorem.name;
            self.screen.answer(format!("  {held:<18}  {name}; mutant {mutant}; outside {outside}"));
            outcome.theorems.push(json!({
                "theorem": name, "family": one.theorem.family, "kind": one.theorem.kind.to_string(),
                "citation": one.held.citation().to_string(), "verdict": held, "mutant": mutant, "outside": outside,
            }));
        });
        match written {
            Ok(page) => outcome.pages.push(page.display().to_string()),
            Err(error) => {
                eprintln!("error: {error}");
                outcome.failures.push(error);
            }
        }
        outcome
    }

    /// Leaves the data of a figure as it is, which is still drawn and checked if it is there.
    fn skip(
        &self,
        figure: &'static Figure,
        missing: &Error,
        verdicts: &mut Vec<Verdict>,
    ) -> Result<Value, Error> {
        self.screen.answer(format!("\n{}: {} (skipped: {missing})", figure.id, figure.title));
        let skipped = json!({ "id": figure.id, "skipped": missing.to_string() });
        if !self.reports.csv(figure).exists() {
            return Ok(skipped);
        }
        self.screen.answer("  drawn and checked from the data that is there:");
        self.reports.plot(figure)?;
        let claims = self.check(figure, verdicts)?;
        Ok(json!({ "id": figure.id, "skipped": missing.to_string(), "claims": claims }))
    }

    fn run(&self, figure: &'static Figure) -> Result<Manifest, Error> {
        let shows_bar = !self.screen.quiet && !self.screen.json;
        let progress = if shows_bar { Progress::on_terminal(figure.id) } else { Progress::hidden() };
        let manifest = self.reports.run(figure, self.scale, self.seed, progress.clone());
        progress.finish();
        manifest
    }

    /// Checks the claims of a figure and shows each verdict.
    fn check(&self, figure: &'static Figure, verdicts: &mut Vec<Verdict>) -> Result<Vec<ClaimCheck>, Error> {
        let claims = self.reports.check(figure)?;
        for claim in &claims {
            self.screen.answer(format!(
                "  {:<18}  {}: {}",
                claim.verdict.to_string(),
                claim.sentence,
                claim.seen
            ));
            verdicts.push(claim.verdict);
        }
        Ok(claims)
    }

    /// Takes one step for each figure; one that fails is told at once and does not stop the others.
    fn each(
        &self,
        chosen: &[&'static Figure],
        step: impl Fn(&'static Figure, &mut Vec<Verdict>) -> Result<Value, Error>,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        for figure in chosen {
            match step(figure, &mut outcome.verdicts) {
                Ok(described) => outcome.figures.push(described),
                Err(error) => {
                    eprintln!("error: {error}");
                    outcome.failures.push(error);
                }
            }
        }
        outcome
    }

    fn conclude(&self, outcome: Outcome) -> Result<(), Failure> {
        self.screen.json(&outcome.described());
        outcome.into_result()
    }

    /// Writes the reports if there is anything to report, and ends with the summary.
    fn conclude_with_pages(&self, mut outcome: Outcome) -> Result<(), Failure> {
        if outcome.figures.is_empty() {
            return self.conclude(outcome);
        }
        let pages = self.reports.write_pages();
        let tally: Tally = outcome.verdicts.iter().copied().collect();
        self.screen.answer(format!("\n{tally}."));
        match pages {
            Ok(pages) => {
                let pages: Vec<String> = pages.iter().map(|page| page.display().to_string()).collect();
                self.screen.announce(format!("Reports: {}", pages.join(", ")));
                outcome.pages.extend(pages);
            }
            Err(error) => {
                eprintln!("error: no reports written: {error}");
                outcome.failures.push(error);
            }
        }
        self.conclude(outcome)
    }
}

/// What came of a call.
#[derive(Default)]
struct Outcome {
    figures: Vec<Value>,
    verdicts: Vec<Verdict>,
    theorems: Vec<Value>,
    pages: Vec<String>,
    failures: Vec<Error>,
}

impl Outcome {
    fn described(&self) -> Value {
        let tally: Tally = self.verdicts.iter().copied().collect();
        let errors: Vec<String> = self.failures.iter().map(ToString::to_string).collect();
        json!({ "figures": self.figures, "theorems": self.theorems, "summary": tally, "reports": self.pages, "errors": errors })
    }

    /// Fails as the first step that failed did, which has been told.
    fn into_result(self) -> Result<(), Failure> {
        self.failures.first().map_or(Ok(()), |error| Err(Failure::from(error).told()))
    }
}

/// "1 figure", "9 figures".
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// "about 40 s", "about 12 min".
fn about(seconds: f64) -> String {
    if seconds < 1.0 {
        "under 1 s".to_owned()
    } else if seconds < 100.0 {
        format!("about {seconds:.0} s")
    } else {
        format!("about {:.0} min", seconds / 60.0)
    }
}

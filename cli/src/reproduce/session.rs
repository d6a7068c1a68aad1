//! One call of `reproduce`: figures run, drawn and checked, theorems held, and what is shown meanwhile.

use proofsketch_experiments::guarantees::verdict;
use proofsketch_experiments::reproduce::Reports;
use proofsketch_experiments::{
    ClaimCheck, Error, Figure, Manifest, Progress, Scale, Tally, Verdict, figures,
};
use serde_json::{Value, json};

use super::outcome::Outcome;
use crate::failure::Failure;
use crate::screen::Screen;

/// One call of the command.
pub struct Session {
    pub reports: Reports,
    pub scale: Scale,
    pub seed: u64,
    pub screen: Screen,
}

impl Session {
    pub fn list(&self) {
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

    pub fn run_figures(&self, chosen: &[&'static Figure]) -> Result<(), Failure> {
        self.conclude(self.each(chosen, |figure, _| {
            let manifest = self.run(figure)?;
            let path = self.reports.csv(figure).display().to_string();
            let (rows, seconds) = (counted(manifest.rows, "row"), manifest.seconds);
            self.screen.answer(format!("{}: {rows} in {seconds:.1} s: {path}", figure.id));
            Ok(json!({ "id": figure.id, "csv": path, "manifest": manifest }))
        }))
    }

    pub fn plot_figures(&self, chosen: &[&'static Figure]) -> Result<(), Failure> {
        self.conclude(self.each(chosen, |figure, _| {
            self.reports.plot(figure)?;
            let [svg, png] =
                ["svg", "png"].map(|kind| self.reports.picture(figure, kind).display().to_string());
            self.screen.answer(format!("{}: {svg}, {png}", figure.id));
            Ok(json!({ "id": figure.id, "svg": svg, "png": png }))
        }))
    }

    pub fn check_figures(&self, chosen: &[&'static Figure]) -> Result<(), Failure> {
        self.conclude_with_pages(self.each(chosen, |figure, verdicts| {
            let claims = self.check(figure, verdicts)?;
            Ok(json!({ "id": figure.id, "claims": claims }))
        }))
    }

    pub fn all(&self) -> Result<(), Failure> {
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
    pub fn guarantees(&self) -> Outcome {
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

    pub fn conclude(&self, outcome: Outcome) -> Result<(), Failure> {
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

use proofsketch::completion::LineStatus;
use proofsketch::completion::ratings::{Penalty, Selection};
use proofsketch::solve::Status;
use serde_json::{Value, json};

use super::fit::Kind;
use super::{Fit, Observed};
use crate::failure::Failure;
use crate::output::{Seconds, significant};
use crate::screen::Screen;

/// A relative residual above this is told of: entries without noise are met to rounding.
const VISIBLE_RESIDUAL: f64 = 1e-4;

/// What `complete` found.
#[derive(Debug)]
pub struct Answer {
    pub observed: Observed,
    pub fit: Fit,
    pub seed: u64,
    pub seconds: Seconds,
}

impl Answer {
    /// Refuses an answer in which a number has overflowed.
    pub fn assert_finite(&self, file: &str) -> Result<(), Failure> {
        if self.fit.is_finite() {
            return Ok(());
        }
        let why = "its values are so large that the answer overflows: scale them";
        Err(Failure::input(format!("{file}: {why}")))
    }

    /// Prints the answer, warnings on standard error.
    pub fn tell(&self, screen: Screen) {
        for warning in self.warnings() {
            eprintln!("warning: {warning}");
        }
        screen.answer(self.facts());
        screen.json(&self.described());
    }

    /// Root of the mean squared error on the test file.
    fn rmse_test(&self) -> Option<f64> {
        self.observed.test.as_ref().map(|test| self.fit.model.rmse(test.iter().copied()))
    }

    /// Whether a recovery leaves a residual that entries without noise would not.
    fn misses_visibly(&self) -> bool {
        matches!(self.fit.kind, Kind::Exact { relative_residual } if relative_residual > VISIBLE_RESIDUAL)
    }

    /// What to know before trusting the answer.
    fn warnings(&self) -> Vec<String> {
        let (fit, mut lines) = (&self.fit, Vec::new());
        match fit.status {
            Status::Converged => {}
            Status::NotRecovered => lines.push(
                "not recovered: the values held out contradict the fit, so do not trust it where nothing was observed; \
                 the matrix is not of this rank, too little of it is observed, or it holds noise (then give --biases or \
                 --ridge)"
                    .to_owned(),
            ),
            // How far it is off is said below.
            Status::Stagnated if self.misses_visibly() => {}
            status => {
                lines.push(format!("ended before it converged: {status} after {} iterations", fit.iterations));
            }
        }
        let rank = fit.model.rank();
        if fit.diagnostics.effective_rank < rank {
            let effective = fit.diagnostics.effective_rank;
            lines.push(format!(
                "the product of the factors has rank {effective}: {rank} is more than there is"
            ));
        }
        if let Kind::Exact { relative_residual } = fit.kind
            && self.misses_visibly()
            && fit.status != Status::NotRecovered
        {
            let percent = significant(100.0 * relative_residual, 2);
            lines.push(format!(
                "the fit misses the entries by {percent} % of their size: they hold noise, or need a higher rank; ratings \
                 want --biases"
            ));
        }
        if matches!(fit.kind, Kind::Exact { .. }) && !fit.diagnostics.identifiable {
            let needs = format!("each row and column needs {rank} entries, and all must hang together");
            lines.push(format!("the entries do not determine the matrix: {needs}"));
        }
        let (users, items) = self.observed.unknown();
        if users + items > 0 {
            let kinds = [(users, "users"), (items, "items")].into_iter().filter(|&(count, _)| count > 0);
            let unknown: Vec<String> = kinds.map(|(count, kind)| format!("{count} {kind}")).collect();
            let what = format!("{} of the test file do not occur in training", unknown.join(" and "));
            let how = if self.has_biases() { "what biases are known" } else { "0" };
            lines.push(format!("{what}: predicted by {how}"));
        }
        lines
    }

    pub fn has_biases(&self) -> bool {
        matches!(&self.fit.kind, Kind::Ratings(chosen) if chosen.settings.biases)
    }

    /// The answer in JSON.
    pub fn described(&self) -> Value {
        let (problem, fit) = (&self.observed.problem, &self.fit);
        let chosen = match &fit.kind {
            Kind::Ratings(chosen) => Some(&**chosen),
            Kind::Exact { .. } => None,
        };
        let settings = chosen.map(|chosen| &chosen.settings);
        let selection = chosen.and_then(|chosen| chosen.selection.as_ref());
        json!({
            "rows": problem.nrows(),
            "columns": problem.ncols(),
            "observed": problem.observed(),
            "model": fit.name(),
            "rank": fit.model.rank(),
            "effective_rank": fit.diagnostics.effective_rank,
            "rmse_train": fit.rmse_train,
            "rmse_validation": fit.rmse_validation,
            "rmse_test": self.rmse_test(),
            "iterations": fit.iterations,
            "status": fit.status.to_string(),
            "identifiable": fit.diagnostics.identifiable,
            "empty_rows": count(&fit.diagnostics.row_status, LineStatus::Empty),
            "empty_columns": count(&fit.diagnostics.column_status, LineStatus::Empty),
            "underdetermined_rows": count(&fit.diagnostics.row_status, LineStatus::Underdetermined),
            "underdetermined_columns": count(&fit.diagnostics.column_status, LineStatus::Underdetermined),
            "tested": self.observed.test.as_ref().map(Vec::len),
            "unknown_users": self.observed.unknown().0,
            "unknown_items": self.observed.unknown().1,
            "seed": self.seed,
            "warnings": self.warnings(),
            "seconds": self.seconds.total.as_secs_f64(),
            "seconds_read": self.seconds.read.as_secs_f64(),
            "seconds_solve": self.seconds.solve().as_secs_f64(),
            "mean": chosen.map(|_| fit.model.mean),
            "range": fit.model.range,
            "ridge": settings.and_then(|settings| settings.ridge),
            "bias_ridge": settings.filter(|settings| settings.biases).and_then(|settings| settings.bias_ridge),
            "penalty": settings.map(|settings| penalty_name(settings.penalty)),
            "pattern": settings.and_then(|settings| settings.pattern),
            "held_out": selection.map(|selection| selection.held_out),
            "trials": selection.map(trials),
        })
    }

    /// One fact a line.
    fn facts(&self) -> String {
        let (problem, fit, seconds) = (&self.observed.problem, &self.fit, &self.seconds);
        let share = significant(100.0 * problem.sampling_rate(), 3);
        let shape =
            format!("{} × {}, {} observed ({share} %)", problem.nrows(), problem.ncols(), problem.observed());
        let mut facts = vec![("matrix", shape), ("model", self.model_fact())];
        if let Kind::Ratings(chosen) = &fit.kind
            && let Some(selection) = &chosen.selection
            && selection.trials.len() > 1
        {
            let what =
                format!("the best of {} on {} values held out", selection.trials.len(), selection.held_out);
            facts.push(("chosen as", what));
        }
        let errors = [
            ("RMSE train", Some(fit.rmse_train)),
            ("RMSE held out", fit.rmse_validation),
            ("RMSE test", self.rmse_test()),
        ];
        facts.extend(errors.into_iter().filter_map(|(what, value)| Some((what, significant(value?, 5)))));
        facts.push(("status", format!("{} after {} iterations", fit.status, fit.iterations)));
        let [read, solve, total] =
            [seconds.read, seconds.solve(), seconds.total].map(|time| significant(time.as_secs_f64(), 2));
        facts.push(("seconds", format!("{total}: reading {read}, solving {solve}")));
        let lines: Vec<String> = facts.iter().map(|(what, value)| format!("{what:<13}  {value}")).collect();
        lines.join("\n")
    }

    fn model_fact(&self) -> String {
        let fit = &self.fit;
        let Kind::Ratings(chosen) = &fit.kind else {
            return format!("{}, rank {}", fit.name(), fit.model.rank());
        };
        let settings = &chosen.settings;
        let mut fact = fit.name().to_owned();
        if settings.rank > 0 {
            let per = if settings.penalty == Penalty::PerEntry { " an entry" } else { "" };
            let ridge = significant(settings.ridge.unwrap_or(0.0), 3);
            fact += &format!(", rank {}, ridge {ridge}{per}", settings.rank);
        }
        if settings.rank > 0 && settings.pattern.is_some() {
            fact += ", with the pattern of the ratings";
        }
        fact
    }
}

fn count(lines: &[LineStatus], wanted: LineStatus) -> usize {
    lines.iter().filter(|&&status| status == wanted).count()
}

fn penalty_name(penalty: Penalty) -> &'static str {
    match penalty {
        Penalty::PerRow => "row",
        Penalty::PerEntry => "entry",
    }
}

fn trials(selection: &Selection) -> Vec<Value> {
    let trial = |trial: &proofsketch::completion::ratings::Trial| {
        let (settings, rmse) = (&trial.settings, trial.rmse);
        let ridge = settings.ridge.filter(|_| settings.rank > 0);
        json!({ "rank": settings.rank, "ridge": ridge, "rmse": rmse, "iterations": trial.iterations })
    };
    selection.trials.iter().map(trial).collect()
}

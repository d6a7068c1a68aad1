use std::path::Path;
use std::time::Duration;

use nalgebra::DMatrix;
use proofsketch::io::{write_atomically, write_npy};
use proofsketch::sampling::{Coreset, Distortion};
use serde_json::{Value, json};

use super::check::Objectives;
use super::scores::Scores;
use crate::failure::Failure;
use crate::output::{significant, text_extension};
use crate::screen::Screen;

/// Where the time went.
#[derive(Debug)]
pub struct Seconds {
    pub read: Duration,
    pub score: Duration,
    pub total: Duration,
}

impl Seconds {
    /// Time of measuring the distortion and of the regressions.
    fn check(&self) -> Duration {
        self.total.saturating_sub(self.read + self.score)
    }
}

/// A coreset and what is known of it.
#[derive(Debug)]
pub struct Answer {
    pub p: f64,
    pub rank: usize,
    pub columns: usize,
    pub target: Option<String>,
    pub scores: Scores,
    /// How the scores were found.
    pub method: String,
    pub expected_rows: f64,
    pub total_upper: f64,
    pub coreset: Coreset,
    pub seen: Distortion,
    pub objectives: Option<Objectives>,
    pub warnings: Vec<String>,
    pub seed: u64,
    pub seconds: Seconds,
}

/// One line of the file of the coreset.
#[derive(serde::Serialize)]
struct Line {
    row: usize,
    weight: f64,
}

impl Answer {
    /// Prints the answer, warnings on standard error.
    pub fn tell(&self, screen: Screen) {
        for warning in &self.warnings {
            eprintln!("warning: {warning}");
        }
        screen.answer(self.facts());
        screen.json(&self.described());
    }

    /// Writes row ids and weights: `.npy` or text by the name of the file.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let (indices, weights) = (self.coreset.indices(), self.coreset.weights());
        let Some(delimiter) = text_extension(path) else {
            let entry = |k: usize, j: usize| if j == 0 { indices[k] as f64 } else { weights[k] };
            return Ok(write_npy(path, &DMatrix::from_fn(indices.len(), 2, entry))?);
        };
        Ok(write_atomically(path, |out| {
            let mut lines = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
            for (&row, &weight) in indices.iter().zip(weights) {
                lines.serialize(Line { row, weight }).map_err(std::io::Error::from)?;
            }
            lines.flush()
        })?)
    }

    fn described(&self) -> Value {
        let objectives = self.objectives.as_ref();
        let optimum = objectives.and_then(|it| it.optimum);
        json!({
            "rows": self.coreset.nrows(),
            "columns": self.columns,
            "rank": self.rank,
            "p": self.p,
            "target": self.target,
            "scores": self.scores.name(),
            "scores_method": self.method,
            "rows_kept": self.coreset.len(),
            "expected_rows": self.expected_rows,
            "total_sensitivity_upper": self.total_upper,
            "distortion_seen": self.seen.distortion(),
            "distortion_exact": self.seen.exact,
            "least_ratio": self.seen.lower.ratio,
            "largest_ratio": self.seen.upper.ratio,
            "objective": objectives.map(|it| it.of_coreset),
            "optimum": optimum.map(|it| it.objective),
            "optimum_lower_bound": optimum.map(|it| it.dual_bound),
            "objective_ratio": objectives.and_then(Objectives::ratio),
            "seed": self.seed,
            "warnings": self.warnings,
            "seconds": self.seconds.total.as_secs_f64(),
            "seconds_read": self.seconds.read.as_secs_f64(),
            "seconds_scores": self.seconds.score.as_secs_f64(),
            "seconds_check": self.seconds.check().as_secs_f64(),
        })
    }

    /// One fact a line.
    fn facts(&self) -> String {
        let (n, m) = (self.coreset.nrows(), self.coreset.len());
        let expected = significant(self.expected_rows, 6);
        let exact = if self.seen.exact { "exact" } else { "the largest seen" };
        let range = [&self.seen.lower, &self.seen.upper].map(|it| significant(it.ratio, 4));
        let distortion = significant(self.seen.distortion(), 3);
        let mut facts = vec![
            ("rows", format!("{m} of {n} ({expected} expected), p = {}, seed {}", self.p, self.seed)),
            ("columns", format!("{}, rank {}", self.columns, self.rank)),
            ("scores", format!("{}: {}", self.scores.name(), self.method)),
            ("Σ sensitivities", format!("≤ {}", significant(self.total_upper, 4))),
            ("distortion", format!("{distortion} ({exact}; ratios from {} to {})", range[0], range[1])),
        ];
        if let (Some(target), Some(objectives)) = (&self.target, &self.objectives) {
            facts.push(("target", target.clone()));
            facts.push(("‖Ax − b‖ₚ", objective_fact(objectives)));
        }
        let seconds = &self.seconds;
        let [total, read, score, check] = [seconds.total, seconds.read, seconds.score, seconds.check()]
            .map(|time| significant(time.as_secs_f64(), 2));
        facts.push(("seconds", format!("{total}: reading {read}, scoring {score}, checking {check}")));
        facts
            .iter()
            .map(|(what, value)| format!("{what:<15}  {value}\n"))
            .collect::<String>()
            .trim_end()
            .to_owned()
    }
}

fn objective_fact(objectives: &Objectives) -> String {
    let found = significant(objectives.of_coreset, 6);
    let Some(optimum) = objectives.optimum else { return format!("{found} from the coreset") };
    if optimum.is_open() {
        return format!("{found} from the coreset, the least not known");
    }
    let ratio = objectives
        .ratio()
        .map_or("the table is fitted exactly".to_owned(), |ratio| format!("ratio {}", significant(ratio, 6)));
    let least = significant(optimum.objective, 6);
    format!("{found} from the coreset, {least} at best ({}): {ratio}", optimum.status)
}

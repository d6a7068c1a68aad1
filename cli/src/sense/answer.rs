use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::io::write_table;
use proofsketch::linalg::Svd;
use proofsketch::solve::Status;
use serde_json::{Value, json};

use super::{Measured, MethodName, Recovery};
use crate::failure::Failure;
use crate::output::{Seconds, significant};
use crate::screen::Screen;

/// Singular values of the answer below this share of the largest do not count for its rank.
const NEGLIGIBLE: f64 = 1e-3;

/// What `sense` found.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    measured: &'a Measured,
    recovery: Recovery,
    shape: (usize, usize),
    rank: usize,
    relative_error: f64,
    best_error: f64,
    effective_rank: usize,
    seed: u64,
    seconds: Seconds,
}

impl<'a> Answer<'a> {
    /// The recovered matrix against that of the file.
    pub(super) fn new(
        x: &DMatrix<f64>,
        measured: &'a Measured,
        (recovery, rank): (Recovery, usize),
        seed: u64,
        seconds: Seconds,
    ) -> Result<Self, proofsketch::linalg::Error> {
        let values = Svd::new(x)?.singular_values;
        let found = Svd::new(&recovery.matrix)?.singular_values;
        let norm = values.norm();
        let relative = |error: f64| if norm > 0.0 { error / norm } else { error };
        Ok(Self {
            relative_error: relative((&recovery.matrix - x).norm()),
            best_error: relative(values.rows(rank, values.len() - rank).norm()),
            effective_rank: found.iter().filter(|&&value| value > NEGLIGIBLE * found[0]).count(),
            shape: x.shape(),
            rank,
            measured,
            recovery,
            seed,
            seconds,
        })
    }

    /// Writes the recovered matrix.
    pub(super) fn write(&self, out: &Path) -> Result<(), Failure> {
        write_table(out, None, &self.recovery.matrix)?;
        Ok(())
    }

    /// Prints the answer, warnings on standard error.
    pub(super) fn tell(&self, screen: Screen) {
        for warning in self.warnings() {
            eprintln!("warning: {warning}");
        }
        screen.answer(self.facts());
        screen.json(&self.described());
    }

    fn warnings(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.recovery.warnings.iter().map(ToString::to_string).collect();
        let (measurements, needed) = (self.measured.y.len(), self.measured.degrees_of_freedom);
        if measurements < needed && lines.is_empty() {
            let what = format!("{measurements} measurements are fewer than the {needed} degrees of freedom");
            lines.push(format!("{what} of a matrix of rank {}", self.rank));
        }
        if self.measured.outliers > 0 && self.measured.method != MethodName::Subgradient {
            let name = self.measured.method.name();
            lines.push(format!("{name} minimises squares, which outliers break: see --method subgradient"));
        }
        match self.recovery.status {
            Status::Converged | Status::StepUnderflow => {}
            status => {
                let iterations = self.recovery.iterations;
                lines.push(format!("ended before it converged: {status} after {iterations} iterations"));
            }
        }
        lines
    }

    fn described(&self) -> Value {
        let seconds = &self.seconds;
        json!({
            "rows": self.shape.0,
            "columns": self.shape.1,
            "method": self.measured.method.name(),
            "rank": self.rank,
            "measurements": self.measured.y.len(),
            "degrees_of_freedom": self.measured.degrees_of_freedom,
            "measurement_size": self.measured.size,
            "outliers": self.measured.outliers,
            "relative_error": self.relative_error,
            "best_rank_error": self.best_error,
            "iterations": self.recovery.iterations,
            "status": self.recovery.status.to_string(),
            "effective_rank": self.effective_rank,
            "seed": self.seed,
            "warnings": self.warnings(),
            "seconds": seconds.total.as_secs_f64(),
            "seconds_read": seconds.read.as_secs_f64(),
            "seconds_solve": seconds.solve().as_secs_f64(),
        })
    }

    /// One fact a line.
    fn facts(&self) -> String {
        let (measured, recovery) = (self.measured, &self.recovery);
        let count = measured.y.len();
        let per = significant(count as f64 / measured.degrees_of_freedom as f64, 3);
        let [read, solve, total] = [self.seconds.read, self.seconds.solve(), self.seconds.total]
            .map(|time| significant(time.as_secs_f64(), 2));
        let rank = self.rank;
        let facts = [
            ("matrix", format!("{} × {}", self.shape.0, self.shape.1)),
            ("measurements", format!("{count}, {per} a degree of freedom; {} outliers", measured.outliers)),
            ("method", format!("{}, {rank} columns", measured.method.name())),
            ("error", format!("{} of ‖X‖_F", significant(self.relative_error, 3))),
            ("best of rank", format!("{} at rank {rank}", significant(self.best_error, 3))),
            ("found rank", self.effective_rank.to_string()),
            ("status", format!("{} after {} iterations", recovery.status, recovery.iterations)),
            ("seconds", format!("{total}: reading {read}, measuring and solving {solve}")),
        ];
        let lines: Vec<String> = facts.iter().map(|(what, value)| format!("{what:<13}  {value}")).collect();
        lines.join("\n")
    }
}

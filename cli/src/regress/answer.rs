use std::path::Path;

use nalgebra::DMatrix;
use proofsketch::io::{write_atomically, write_npy};
use proofsketch::regression::{RefinementRecord, Solution, Warning};
use proofsketch::sketch::SketchFamily;
use proofsketch::solve::{Report, Status};
use serde_json::{Value, json};

use super::Layout;
use crate::failure::Failure;
use crate::output::{Seconds, significant, text_extension};
use crate::screen::Screen;

/// What `regress` found.
#[derive(Debug)]
pub struct Answer {
    pub layout: Layout,
    /// n, the number of rows.
    pub rows: usize,
    pub sketch: SketchFamily,
    pub seed: u64,
    pub report: Report<Solution, RefinementRecord>,
    pub seconds: Seconds,
}

/// One line of the file of coefficients.
#[derive(serde::Serialize)]
struct Line<'a> {
    name: &'a str,
    coefficient: f64,
    half_width: Option<f64>,
}

impl Answer {
    /// Whether no number in it has overflowed.
    pub fn is_finite(&self) -> bool {
        let solution = &self.report.solution;
        let widths = solution.certificate.iter().flat_map(|certificate| certificate.half_widths.iter());
        let residuals = solution.sketched_residual.iter().chain(&solution.residual);
        solution.coefficients.iter().chain(widths).chain(residuals).all(|value| value.is_finite())
    }

    /// Prints the answer, warnings on standard error.
    pub fn tell(&self, screen: Screen) {
        for warning in self.warnings() {
            eprintln!("warning: {warning}");
        }
        screen.answer(self.coefficient_table() + &self.facts());
        screen.json(&self.described());
    }

    /// Writes the coefficients and half-widths: `.npy` or text by the name of the file.
    pub fn write(&self, path: &Path) -> Result<(), Failure> {
        let solution = &self.report.solution;
        let Some(delimiter) = text_extension(path) else {
            let mut columns = vec![solution.coefficients.clone()];
            columns.extend(solution.certificate.as_ref().map(|certificate| certificate.half_widths.clone()));
            return Ok(write_npy(path, &DMatrix::from_columns(&columns))?);
        };
        Ok(write_atomically(path, |out| {
            let mut lines = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
            for (i, name) in self.layout.names.iter().enumerate() {
                let (coefficient, half_width) = (solution.coefficients[i], self.half_width(i));
                lines.serialize(Line { name, coefficient, half_width }).map_err(std::io::Error::from)?;
            }
            lines.flush()
        })?)
    }

    fn half_width(&self, i: usize) -> Option<f64> {
        self.report.solution.certificate.as_ref().map(|certificate| certificate.half_widths[i])
    }

    fn is_refined(&self) -> bool {
        self.report.solution.backward_error.is_some()
    }

    /// Conjugate-gradient steps of the refinement, each a pass over A.
    fn iterations(&self) -> usize {
        self.report.history.iter().map(|record| record.inner_iterations).sum()
    }

    /// What to know before trusting the answer, columns by their names.
    fn warnings(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.report.solution.warnings.iter().map(|w| self.worded(w)).collect();
        if self.report.status != Status::Converged {
            lines.push(format!("the refinement ended before it converged: {}", self.report.status));
        }
        lines
    }

    fn worded(&self, warning: &Warning) -> String {
        let Warning::ZeroColumns { columns } = warning else { return warning.to_string() };
        let names: Vec<&str> = columns.iter().map(|&j| self.layout.names[j].as_str()).collect();
        format!("zero throughout, their coefficients set to 0: {}", names.join(", "))
    }

    fn described(&self) -> Value {
        let solution = &self.report.solution;
        let certificate = solution.certificate.as_ref();
        json!({
            "rows": self.rows,
            "columns": self.layout.ncols(),
            "rank": solution.rank,
            "target": self.layout.target,
            "names": self.layout.names,
            "coefficients": solution.coefficients.as_slice(),
            "half_widths": certificate.map(|certificate| certificate.half_widths.as_slice()),
            "level": certificate.map(|certificate| certificate.level),
            "sketch": self.sketch.to_string(),
            "sketch_rows": solution.sketch_rows,
            "seed": self.seed,
            "sketched_residual": solution.sketched_residual,
            "residual": solution.residual,
            "status": self.report.status.to_string(),
            "backward_error": solution.backward_error,
            "iterations": self.is_refined().then(|| self.iterations()),
            "warnings": self.warnings(),
            "seconds": self.seconds.total.as_secs_f64(),
            "seconds_read": self.seconds.read.as_secs_f64(),
            "seconds_solve": self.seconds.solve().as_secs_f64(),
        })
    }

    /// Names, coefficients and half-widths in columns.
    fn coefficient_table(&self) -> String {
        let certificate = self.report.solution.certificate.as_ref();
        let heads = ("", "coefficient", certificate.map(|c| format!("± {:.0} %", 100.0 * c.level)));
        let name_width = self.layout.names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
        let mut table = String::new();
        let mut line = |name: &str, coefficient: &str, half_width: Option<String>| {
            let half_width = half_width.map_or(String::new(), |text| format!("  {text:>12}"));
            table += &format!("{name:<name_width$}  {coefficient:>13}{half_width}\n");
        };
        line(heads.0, heads.1, heads.2);
        for (i, name) in self.layout.names.iter().enumerate() {
            let coefficient = significant(self.report.solution.coefficients[i], 6);
            line(name, &coefficient, self.half_width(i).map(|width| significant(width, 2)));
        }
        table
    }

    /// One fact a line.
    fn facts(&self) -> String {
        let solution = &self.report.solution;
        let intercept = if self.layout.has_intercept { ", with the intercept" } else { "" };
        let seconds = &self.seconds;
        let mut facts = vec![
            ("target", self.layout.target.clone()),
            ("rows", self.rows.to_string()),
            ("columns", format!("{}{intercept}", self.layout.ncols())),
            ("rank", solution.rank.to_string()),
            ("sketch", self.sketch_fact()),
        ];
        if let Some(certificate) = &solution.certificate {
            let what = "intervals for the coefficients that --refine would give";
            facts.push(("±", format!("{:.0} % {what}", 100.0 * certificate.level)));
        }
        if let Some(residual) = solution.sketched_residual {
            facts.push(("‖S(Ax − b)‖", significant(residual, 6)));
        }
        if let Some(residual) = solution.residual {
            facts.push(("‖Ax − b‖", significant(residual, 6)));
        }
        if let Some(error) = solution.backward_error {
            let (status, iterations) = (self.report.status, self.iterations());
            let ending = format!("{status} after {iterations} conjugate-gradient iterations");
            facts.push(("refinement", format!("{ending}, backward error {}", significant(error, 2))));
        }
        let [read, solve, total] =
            [seconds.read, seconds.solve(), seconds.total].map(|time| significant(time.as_secs_f64(), 2));
        facts.push(("seconds", format!("{total}: reading {read}, solving {solve}")));
        let lines = facts.iter().map(|(what, value)| format!("\n{what:<12}  {value}"));
        lines.collect()
    }

    fn sketch_fact(&self) -> String {
        let solution = &self.report.solution;
        match solution.sketched_residual {
            Some(_) => format!("{}, {} rows, seed {}", self.sketch, solution.sketch_rows, self.seed),
            None => "none: solved exactly".to_owned(),
        }
    }
}

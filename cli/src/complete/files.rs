//! The folder that `complete` writes.

use std::path::Path;

use nalgebra::{DMatrix, DVector};
use proofsketch::completion::MatrixCompletion;
use proofsketch::io::{NameTable, parent_folder, write_atomically, write_folder, write_npy};

use super::Answer;
use crate::failure::Failure;

/// Refuses, before any work, a folder that could not be written.
pub fn assert_folder(out: &Path) -> Result<(), Failure> {
    let refused = |why: String| Err(Failure::input(format!("--out {}: {why}", out.display())));
    let parent = parent_folder(out);
    if out.exists() && !out.is_dir() {
        return refused("is a file, and a folder is needed".into());
    }
    if !out.is_dir() && !parent.is_dir() {
        return refused(format!("there is no folder {}", parent.display()));
    }
    Ok(())
}

impl Answer {
    /// Writes the files, all of them or none.
    pub fn write(&self, out: &Path) -> Result<(), Failure> {
        write_folder(out, |aside| self.write_files(aside))
    }

    fn write_files(&self, folder: &Path) -> Result<(), Failure> {
        let file = |name: &str| folder.join(name);
        let (model, observed) = (&self.fit.model, &self.observed);
        if model.rank() > 0 {
            write_npy(file("user_factors.npy"), &model.u)?;
            write_npy(file("item_factors.npy"), &model.v)?;
        }
        let problem = &observed.problem;
        let users = Names { kind: "user", names: &observed.users, biases: self.bias_of(&model.row_biases) };
        users.write(&file("users.csv"), problem.nrows(), |i| problem.row_degree(i))?;
        let items =
            Names { kind: "item", names: &observed.items, biases: self.bias_of(&model.column_biases) };
        items.write(&file("items.csv"), problem.ncols(), |j| problem.column_degree(j))?;
        if let Some(test) = &observed.test {
            self.write_predictions(&file("predictions.csv"), test)?;
        }
        if observed.is_dense {
            write_npy(file("completed.npy"), &self.completed(problem))?;
        }
        let summary = self.described();
        Ok(write_atomically(file("summary.json"), |out| writeln!(out, "{summary:#}"))?)
    }

    fn bias_of<'a>(&self, biases: &'a DVector<f64>) -> Option<&'a DVector<f64>> {
        self.has_biases().then_some(biases)
    }

    fn write_predictions(&self, path: &Path, test: &[(u32, u32, f64)]) -> Result<(), Failure> {
        Ok(write_atomically(path, |out| {
            let mut lines = csv::Writer::from_writer(out);
            lines.write_record(["user", "item", "value", "prediction"])?;
            for &(i, j, value) in test {
                let prediction = self.fit.model.predict(i as usize, j as usize);
                let (user, item) = (self.observed.users.name(i), self.observed.items.name(j));
                lines.write_record([user.as_str(), &item, &value.to_string(), &prediction.to_string()])?;
            }
            lines.flush()
        })?)
    }

    /// The matrix with its holes filled.
    fn completed(&self, problem: &MatrixCompletion) -> DMatrix<f64> {
        let model = &self.fit.model;
        let mut matrix = DMatrix::from_fn(problem.nrows(), problem.ncols(), |i, j| model.predict(i, j));
        for (i, j, value) in problem.triplets() {
            matrix[(i as usize, j as usize)] = value;
        }
        matrix
    }
}

/// Users or items, in the order of the rows of their factor.
struct Names<'a> {
    kind: &'a str,
    names: &'a NameTable,
    biases: Option<&'a DVector<f64>>,
}

impl Names<'_> {
    fn write(&self, path: &Path, count: usize, ratings: impl Fn(usize) -> usize) -> Result<(), Failure> {
        Ok(write_atomically(path, |out| {
            let mut lines = csv::Writer::from_writer(out);
            lines.write_record([self.kind, "ratings"].into_iter().chain(self.biases.map(|_| "bias")))?;
            for i in 0..count {
                let bias = self.biases.map(|biases| biases[i].to_string());
                let line = [self.names.name(i as u32), ratings(i).to_string()];
                lines.write_record(line.into_iter().chain(bias))?;
            }
            lines.flush()
        })?)
    }
}

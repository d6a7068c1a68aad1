use nalgebra::{DMatrix, DVector};
use proofsketch::io::{self, Table};

/// Which columns of a table are A and which one is b.
#[derive(Debug)]
pub struct Layout {
    /// Names of the columns of A.
    pub names: Vec<String>,
    /// Name of b.
    pub target: String,
    /// Whether the first column of A is of ones, and not in the table.
    pub has_intercept: bool,
    target_index: usize,
}

impl Layout {
    /// The columns of `table`, of which no row is needed: b the target, by default the last, and A all others.
    pub fn new(table: &Table, target: Option<&str>, has_intercept: bool) -> Result<Self, io::Error> {
        let ncols = table.values().ncols();
        let target_index = target.map_or(Ok(ncols - 1), |column| table.column_index(column))?;
        let intercept = has_intercept.then(|| "(intercept)".to_owned());
        let others = (0..ncols).filter(|&j| j != target_index).map(|j| table.column_name(j));
        let names = intercept.into_iter().chain(others).collect();
        Ok(Self { names, target: table.column_name(target_index), has_intercept, target_index })
    }

    /// d, the number of columns of A.
    pub fn ncols(&self) -> usize {
        self.names.len()
    }

    /// (A, b) of rows of the table, in the memory of the rows.
    pub fn split(&self, mut rows: DMatrix<f64>) -> (DMatrix<f64>, DVector<f64>) {
        let nrows = rows.nrows();
        let b = rows.column(self.target_index).into_owned();
        if !self.has_intercept {
            return (rows.remove_column(self.target_index), b);
        }
        let entries = rows.as_mut_slice();
        entries.copy_within(..self.target_index * nrows, nrows);
        entries[..nrows].fill(1.0);
        (rows, b)
    }

    /// [A b] of rows of the table.
    pub fn augmented(&self, rows: DMatrix<f64>) -> DMatrix<f64> {
        let (a, b) = self.split(rows);
        let d = a.ncols();
        let mut augmented = a.insert_column(d, 0.0);
        augmented.set_column(d, &b);
        augmented
    }
}

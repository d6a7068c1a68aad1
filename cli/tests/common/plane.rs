//! Tables whose last column is a linear function of the others, and the command that finds it.

use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use serde_json::Value;

use super::{Program, write};

/// Names of the columns of [`table`] as `regress` orders them.
pub const NAMES: [&str; 4] = ["(intercept)", "x", "y", "z"];

/// The command.
pub const REGRESS: Program = Program("regress");

/// A list of numbers of an answer.
pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(|x| x.as_f64().expect("a number")).collect()
}

/// Asserts that numbers are near others, relative to 1 and these.
pub fn assert_close(found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (x, y) in found.iter().zip(expected) {
        assert!((x - y).abs() <= tolerance * (1.0 + y.abs()), "{found:?} is not {expected:?}");
    }
}

/// Rows x, y, z, w with w = 5 + 2x − 3y + z/2 + `noise`·(an integer of mean about 0): all integers and halves.
pub fn rows(nrows: usize, noise: f64) -> DMatrix<f64> {
    let mut rows = DMatrix::from_fn(nrows, 4, |i, j| {
        let step = [7, 31, 57][j.min(2)];
        ((i * step + i * i % 19) % 101) as f64
    });
    for (i, mut row) in rows.row_iter_mut().enumerate() {
        row[3] = 5.0 + 2.0 * row[0] - 3.0 * row[1] + row[2] / 2.0 + noise * ((i * 13 % 29) as f64 - 14.0);
    }
    rows
}

/// Rows as CSV, with a header.
pub fn csv_text(names: &str, rows: &DMatrix<f64>) -> String {
    let lines = rows.row_iter().map(|row| row.iter().map(f64::to_string).collect::<Vec<_>>().join(","));
    std::iter::once(names.to_owned()).chain(lines).map(|line| line + "\n").collect()
}

/// A table of [`rows`] in the folder.
pub fn table(folder: &Path, nrows: usize, noise: f64) -> PathBuf {
    write(folder, "table.csv", &csv_text("x,y,z,w", &rows(nrows, noise)))
}

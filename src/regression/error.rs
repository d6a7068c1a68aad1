use crate::{linalg, sketch};

/// Why a regression problem has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A has no rows or no columns.
    #[error("the data matrix is empty: {nrows}×{ncols}")]
    Empty {
        /// n, rows of A.
        nrows: usize,
        /// d, columns of A.
        ncols: usize,
    },
    /// b has other than n entries.
    #[error("A has {nrows} rows and b has {entries} entries: they must agree")]
    Shape {
        /// n, rows of A.
        nrows: usize,
        /// Entries of b.
        entries: usize,
    },
    /// n < d: the least-squares solution is not determined by the data.
    #[error("A has {nrows} rows for {ncols} columns: least squares needs at least as many rows as columns")]
    TooFewRows {
        /// n, rows of A.
        nrows: usize,
        /// d, columns of A.
        ncols: usize,
    },
    /// m < d: the sketch cannot keep the column space.
    #[error("a sketch of {sketch_rows} rows cannot hold {ncols} columns: need m ≥ d")]
    SketchTooSmall {
        /// m, the sketch dimension.
        sketch_rows: usize,
        /// d, columns of A.
        ncols: usize,
    },
    /// The sketch was drawn for another number of rows.
    #[error("the sketch acts on {sketch_columns} rows and A has {nrows}")]
    SketchMismatch {
        /// n of the sketch.
        sketch_columns: usize,
        /// n of the problem.
        nrows: usize,
    },
    /// A NaN or an infinity in A, the first in row order.
    #[error("entry ({row}, {column}) of A is {value}: every entry must be finite (counted from 0)")]
    NotFinite {
        /// Its row, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// The entry itself.
        value: f64,
    },
    /// A NaN or an infinity in b, the first.
    #[error("entry {index} of b is {value}: every entry must be finite (counted from 0)")]
    TargetNotFinite {
        /// Its index, from 0.
        index: usize,
        /// The entry itself.
        value: f64,
    },
    /// A setting outside its range.
    #[error("{name} = {value} is out of range: need {range}")]
    Setting {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
    /// A number of the answer exceeds the largest that can be represented.
    #[error("{what} overflows: scale the columns of the data")]
    Overflow {
        /// What overflows.
        what: &'static str,
    },
    /// The sketch distribution has no meaning.
    #[error(transparent)]
    Sketch(#[from] sketch::Error),
    /// A dense factorization failed.
    #[error(transparent)]
    Factorization(#[from] linalg::Error),
}

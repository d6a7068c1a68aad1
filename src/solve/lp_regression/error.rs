use crate::{linalg, sketch};

/// Why an ℓp regression has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LpRegressionError {
    /// A has no rows or no columns.
    #[error("the data matrix is empty: {nrows}×{ncols}")]
    Empty {
        /// n, rows of A.
        nrows: usize,
        /// d, columns of A.
        ncols: usize,
    },
    /// b or the weights have other than n entries.
    #[error("A has {nrows} rows and {what} has {entries} entries: they must agree")]
    Shape {
        /// "b" or "the list of weights".
        what: &'static str,
        /// n, rows of A.
        nrows: usize,
        /// Entries found.
        entries: usize,
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
    /// A weight that is negative or not finite, the first.
    #[error("weight {index} is {value}: every weight must be finite and at least 0 (counted from 0)")]
    Weight {
        /// Its index, from 0.
        index: usize,
        /// The weight itself.
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
    #[error("{what} overflows: scale the data")]
    Overflow {
        /// What overflows.
        what: &'static str,
    },
    /// A sketch has no meaning.
    #[error(transparent)]
    Sketch(#[from] sketch::Error),
    /// A dense factorization failed.
    #[error(transparent)]
    Factorization(#[from] linalg::Error),
}

use crate::{linalg, sketch};

/// Why scores, a plan or a coreset cannot be had.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A has no rows or no columns.
    #[error("the matrix is empty: {nrows}×{ncols}")]
    Empty {
        /// n, rows of A.
        nrows: usize,
        /// d, columns of A.
        ncols: usize,
    },
    /// A NaN or an infinity, the first in row order.
    #[error("entry ({row}, {column}) is {value}: every entry must be finite (counted from 0)")]
    NotFinite {
        /// Its row, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// The entry itself.
        value: f64,
    },
    /// Every entry of A is zero: no row has a score.
    #[error("the {nrows}×{ncols} matrix is zero: no row has a score")]
    Zero {
        /// n, rows of A.
        nrows: usize,
        /// d, columns of A.
        ncols: usize,
    },
    /// The exponent p of the norm is outside the range of the method.
    #[error("p = {p} is out of range: need {range}")]
    Exponent {
        /// p.
        p: f64,
        /// The range in words.
        range: &'static str,
    },
    /// A row that the matrix does not have.
    #[error("row {row} does not exist: the matrix has {nrows} rows, counted from 0")]
    Row {
        /// Its index.
        row: usize,
        /// n, rows of A.
        nrows: usize,
    },
    /// A list with one entry a row has another length than the matrix has rows.
    #[error("{found} {what} do not fit a matrix of {nrows} rows")]
    Length {
        /// What the list holds, in the plural.
        what: &'static str,
        /// Its length.
        found: usize,
        /// n, rows of A.
        nrows: usize,
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
    /// A score or a weight of a row that is out of its range: negative, not finite, or zero for a weight.
    #[error("the score or weight {value} of row {row} is out of range (counted from 0)")]
    Score {
        /// The row, the first offender.
        row: usize,
        /// Its score or weight.
        value: f64,
    },
    /// A row of a coreset that does not exist or does not come after the one before it.
    #[error("row {row} at position {position} of a coreset: need ascending rows of {nrows} (counted from 0)")]
    CoresetRow {
        /// Its position in the list.
        position: usize,
        /// Its index.
        row: usize,
        /// n, rows of A.
        nrows: usize,
    },
    /// Every score is zero: no row can be kept.
    #[error("none of the {nrows} rows has a positive score: there is nothing to sample")]
    NoScore {
        /// n, rows of A.
        nrows: usize,
    },
    /// No theorem says how many rows these scores need at this p.
    #[error("no theorem covers sampling by {scores} at p = {norm_exponent}: choose the number of rows")]
    NoTheorem {
        /// The name of the scores.
        scores: &'static str,
        /// p.
        norm_exponent: f64,
    },
    /// The rows span a direction that their sketch does not, or the other way round.
    #[error("the sketch does not span what the rows span: give it more rows or another seed")]
    LostBySketch,
    /// A sketch or a sampling distribution has no meaning.
    #[error(transparent)]
    Sketch(#[from] sketch::Error),
    /// A dense factorization failed.
    #[error(transparent)]
    Factorization(#[from] linalg::Error),
}

/// Refuses a setting that is out of its range.
pub(super) fn in_range(
    name: &'static str,
    value: f64,
    holds: bool,
    range: &'static str,
) -> Result<(), Error> {
    if holds { Ok(()) } else { Err(Error::Setting { name, value, range }) }
}

/// Refuses an exponent that is not finite, or outside what `holds` says of it.
pub(super) fn check_exponent(p: f64, holds: impl Fn(f64) -> bool, range: &'static str) -> Result<(), Error> {
    if p.is_finite() && holds(p) { Ok(()) } else { Err(Error::Exponent { p, range }) }
}

use crate::{linalg, sketch};

/// Why a completion problem has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// M has no rows or no columns.
    #[error("the matrix is empty: {nrows}×{ncols}")]
    Empty {
        /// m, rows of M.
        nrows: usize,
        /// n, columns of M.
        ncols: usize,
    },
    /// M has more rows or columns than a 32-bit index can name.
    #[error("a {nrows}×{ncols} matrix is too large: rows and columns are counted in 32 bits")]
    TooLarge {
        /// m, rows of M.
        nrows: usize,
        /// n, columns of M.
        ncols: usize,
    },
    /// Ω is empty.
    #[error("no entry of the {nrows}×{ncols} matrix is observed")]
    NothingObserved {
        /// m, rows of M.
        nrows: usize,
        /// n, columns of M.
        ncols: usize,
    },
    /// An observed entry lies outside M.
    #[error(
        "observation {index} is of entry ({row}, {column}), outside a {nrows}×{ncols} matrix (counted from 0)"
    )]
    OutOfRange {
        /// Its place among the observations, from 0.
        index: usize,
        /// Its row.
        row: u32,
        /// Its column.
        column: u32,
        /// m, rows of M.
        nrows: usize,
        /// n, columns of M.
        ncols: usize,
    },
    /// An observed value is NaN or infinite.
    #[error(
        "observation {index}, of entry ({row}, {column}), is {value}: every observed value must be finite"
    )]
    NotFinite {
        /// Its place among the observations, from 0.
        index: usize,
        /// Its row.
        row: u32,
        /// Its column.
        column: u32,
        /// The value itself.
        value: f64,
    },
    /// A weight is negative, NaN or infinite.
    #[error("observation {index}, of entry ({row}, {column}), has weight {weight}: need a finite weight ≥ 0")]
    Weight {
        /// Its place among the observations, from 0.
        index: usize,
        /// Its row.
        row: u32,
        /// Its column.
        column: u32,
        /// The weight itself.
        weight: f64,
    },
    /// One entry is observed twice.
    #[error("observations {first} and {second} are both of entry ({row}, {column})")]
    Duplicate {
        /// Place of the first, from 0.
        first: usize,
        /// Place of the second, from 0.
        second: usize,
        /// Their row.
        row: u32,
        /// Their column.
        column: u32,
    },
    /// The wanted rank exceeds what an m × n matrix can have, or is zero.
    #[error("rank {rank} is out of range for a {nrows}×{ncols} matrix: need 1 ≤ rank ≤ {limit}", limit = (*nrows).min(*ncols))]
    Rank {
        /// k.
        rank: usize,
        /// m, rows of M.
        nrows: usize,
        /// n, columns of M.
        ncols: usize,
    },
    /// Sample splitting leaves a subset with fewer entries than a rank-k matrix has degrees of freedom.
    #[error(
        "{observed} observed entries are too few to split into {subsets} subsets: each needs at least \
         k(m + n − k) = {degrees_of_freedom} entries, {needed} in all"
    )]
    TooFewToSplit {
        /// |Ω|.
        observed: usize,
        /// 2T + 1.
        subsets: usize,
        /// k(m + n − k).
        degrees_of_freedom: usize,
        /// (2T + 1)·k(m + n − k).
        needed: usize,
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
    /// A number of the answer, or on the way to it, exceeds the largest there is.
    #[error("{what} overflows: scale the values")]
    Overflow {
        /// What overflows.
        what: &'static str,
    },
    /// The sketch of [`RowSolver::SketchPcg`](super::RowSolver::SketchPcg) has no meaning.
    #[error(transparent)]
    Sketch(#[from] sketch::Error),
    /// A dense factorization failed.
    #[error(transparent)]
    Factorization(#[from] linalg::Error),
}

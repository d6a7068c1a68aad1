use std::fmt;

use nalgebra::DVector;

/// What a caller should know before trusting an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The sketch would have at least as many rows as the data: the problem was solved without one.
    NotSketched {
        /// m that was asked for.
        sketch_rows: usize,
        /// n, rows of A.
        nrows: usize,
    },
    /// A has not full column rank to working precision: the shortest minimiser is given, and no guarantee holds.
    RankDeficient {
        /// Numerical rank.
        rank: usize,
        /// d, columns of A.
        ncols: usize,
    },
    /// Columns of A that are zero throughout; their coefficients are 0.
    ZeroColumns {
        /// Their indices, from 0.
        columns: Vec<usize>,
    },
}

impl Warning {
    /// What the column norms and the rank give cause for.
    pub(super) fn of_columns(norms: &DVector<f64>, rank: usize) -> Vec<Self> {
        let mut warnings = Vec::new();
        let columns: Vec<usize> = (0..norms.len()).filter(|&j| norms[j] == 0.0).collect();
        if !columns.is_empty() {
            warnings.push(Self::ZeroColumns { columns });
        }
        if rank < norms.len() {
            warnings.push(Self::RankDeficient { rank, ncols: norms.len() });
        }
        warnings
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSketched { sketch_rows, nrows } => write!(
                f,
                "a sketch of {sketch_rows} rows is no smaller than the data ({nrows} rows): solved exactly instead"
            ),
            Self::RankDeficient { rank, ncols } => write!(
                f,
                "the {ncols} columns have rank {rank} to working precision: the coefficients are the shortest of many \
                 minimisers, and no guarantee holds"
            ),
            Self::ZeroColumns { columns } => {
                write!(f, "columns {columns:?} (counted from 0) are zero throughout")
            }
        }
    }
}

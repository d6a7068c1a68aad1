use crate::{linalg, sketch};

/// Why a sensing problem has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The matrix has no rows or no columns.
    #[error("the matrix is empty: {nrows}×{ncols}")]
    Empty {
        /// n₁.
        nrows: usize,
        /// n₂.
        ncols: usize,
    },
    /// m = 0.
    #[error("no measurement of the {nrows}×{ncols} matrix is made")]
    NoMeasurements {
        /// n₁.
        nrows: usize,
        /// n₂.
        ncols: usize,
    },
    /// y has another length than the map makes measurements.
    #[error("y has {entries} entries, but the map makes {measurements} measurements")]
    Length {
        /// m.
        measurements: usize,
        /// Entries of y.
        entries: usize,
    },
    /// A measurement is NaN or infinite.
    #[error("measurement {index} (counted from 0) is {value}: every measurement must be finite")]
    NotFinite {
        /// Its place, from 0.
        index: usize,
        /// The value itself.
        value: f64,
    },
    /// An entry of a given matrix is NaN or infinite.
    #[error("{what} has {value} at row {row}, column {column} (counted from 0): every entry must be finite")]
    MatrixNotFinite {
        /// Which matrix.
        what: &'static str,
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// The value itself.
        value: f64,
    },
    /// A given matrix has another shape than the problem needs.
    #[error("{what} is {}×{}, need {}×{}", found.0, found.1, needed.0, needed.1)]
    Shape {
        /// Which matrix.
        what: &'static str,
        /// Its shape.
        found: (usize, usize),
        /// The shape it should have.
        needed: (usize, usize),
    },
    /// A symmetric method or map was asked to work on a matrix that is not square.
    #[error("{what} needs a square matrix, not {nrows}×{ncols}")]
    NotSquare {
        /// Method or map.
        what: &'static str,
        /// n₁.
        nrows: usize,
        /// n₂.
        ncols: usize,
    },
    /// m·N numbers do not fit into memory.
    #[error("{measurements} measurement matrices of {entries} entries each do not fit into memory")]
    TooLarge {
        /// m.
        measurements: usize,
        /// Stored entries of one matrix.
        entries: usize,
    },
    /// The wanted rank is zero, or exceeds what the matrix can have.
    #[error("rank {rank} is out of range for a {nrows}×{ncols} matrix: need 1 ≤ rank ≤ {limit}", limit = (*nrows).min(*ncols))]
    Rank {
        /// r or r′.
        rank: usize,
        /// n₁.
        nrows: usize,
        /// n₂.
        ncols: usize,
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
    /// A sketch could not be drawn.
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

/// Refuses a matrix without entries and a map without measurements.
pub(super) fn check_shape((nrows, ncols): (usize, usize), measurements: usize) -> Result<(), Error> {
    if nrows == 0 || ncols == 0 {
        return Err(Error::Empty { nrows, ncols });
    }
    if measurements == 0 {
        return Err(Error::NoMeasurements { nrows, ncols });
    }
    Ok(())
}

/// Refuses more numbers than memory can address.
pub(super) fn check_size(measurements: usize, entries: usize) -> Result<(), Error> {
    match measurements.checked_mul(entries) {
        Some(numbers) if numbers <= isize::MAX as usize / size_of::<f64>() => Ok(()),
        _ => Err(Error::TooLarge { measurements, entries }),
    }
}

/// Refuses a given matrix that is NaN or infinite somewhere.
pub(super) fn check_finite(what: &'static str, matrix: &nalgebra::DMatrix<f64>) -> Result<(), Error> {
    match linalg::first_non_finite(matrix) {
        Some((row, column, value)) => Err(Error::MatrixNotFinite { what, row, column, value }),
        None => Ok(()),
    }
}

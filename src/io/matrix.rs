use std::ops::Range;
use std::path::Path;

use nalgebra::DMatrix;
use nalgebra_sparse::CsrMatrix;

use crate::linalg::{DataMatrix, RowBlock};

use super::format::Format;
use super::gzip::Input;
use super::lines::Lines;
use super::rows::Rows;
use super::{Error, blocks, matrix_market, npy};

/// A matrix as a file holds it: dense, or compressed sparse rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Matrix {
    /// A table, a `.npy` file, or a Matrix Market `array`.
    Dense(DMatrix<f64>),
    /// A Matrix Market `coordinate` matrix.
    Sparse(CsrMatrix<f64>),
}

/// Reads a matrix: a numeric table, `.npy` or Matrix Market, each plain or compressed by gzip.
///
/// A name that ends in `.npy` or `.mtx` (or either and `.gz`) says which; any other file is known by its first bytes,
/// and is a table if they say nothing.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::io::{Matrix, read_matrix, write_npy};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("frames.npy.gz");
/// let frames = dmatrix![1.0, 2.0; 3.0, 4.0];
/// write_npy(&path, &frames)?;
/// assert_eq!(read_matrix(&path)?, Matrix::Dense(frames));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// See [`Error`].
pub fn read_matrix(path: impl AsRef<Path>) -> Result<Matrix, Error> {
    let path = path.as_ref();
    let mut input = Input::open(path)?;
    match Format::of(path, &mut input)? {
        Format::Table => blocks::read_rows(&mut Rows::new(Lines::new(input))?).map(Matrix::Dense),
        Format::Npy => npy::read(input).map(Matrix::Dense),
        Format::MatrixMarket => matrix_market::read(Lines::new(input)),
    }
}

/// Reads a dense matrix in which entries may be missing, as NaN: an empty cell of a table, or `NA`, `N/A`, `NaN`, `null`,
/// `none` or `?` in any case; NaN in a `.npy` file. Formats are known as by [`read_matrix`].
///
/// ```
/// use proofsketch::io::{read_matrix_with_missing, write_atomically};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("holes.csv");
/// write_atomically(&path, |out| out.write_all(b"1,,3\nNA,5,6\n"))?;
/// let matrix = read_matrix_with_missing(&path)?;
/// assert!(matrix[(0, 1)].is_nan() && matrix[(1, 0)].is_nan() && matrix[(1, 2)] == 6.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`read_matrix`], but for missing cells; [`Error::Unsupported`] for a sparse matrix, whose zeros are values.
pub fn read_matrix_with_missing(path: impl AsRef<Path>) -> Result<DMatrix<f64>, Error> {
    let path = path.as_ref();
    let mut input = Input::open(path)?;
    if Format::of(path, &mut input)? == Format::Table {
        return blocks::read_rows(&mut Rows::new(Lines::new(input))?.with_missing_as_nan());
    }
    drop(input);
    match read_matrix(path)? {
        Matrix::Dense(dense) => Ok(dense),
        Matrix::Sparse(_) => {
            let what =
                "a sparse matrix, whose zeros are values; missing entries are read from tables and .npy"
                    .into();
            Err(Error::Unsupported { path: path.into(), what })
        }
    }
}

impl Matrix {
    /// The matrix with its zeros written out; no copy if it is dense.
    ///
    /// # Errors
    /// [`Error::TooLarge`] if memory does not hold it.
    pub fn into_dense(self) -> Result<DMatrix<f64>, Error> {
        let sparse = match self {
            Self::Dense(dense) => return Ok(dense),
            Self::Sparse(sparse) => sparse,
        };
        let (nrows, ncols) = (sparse.nrows(), sparse.ncols());
        let too_large = Error::TooLarge { nrows, ncols };
        let mut zeros = Vec::new();
        match nrows.checked_mul(ncols) {
            Some(len) if zeros.try_reserve_exact(len).is_ok() => zeros.resize(len, 0.0),
            _ => return Err(too_large),
        }
        let mut dense = DMatrix::from_vec(nrows, ncols, zeros);
        for (i, j, value) in sparse.triplet_iter() {
            dense[(i, j)] = *value;
        }
        Ok(dense)
    }
}

/// Refuses a sparse matrix of a file whose dense form is much larger than the file.
pub(super) fn check_density(path: &Path, matrix: &Matrix) -> Result<(), Error> {
    const ENTRIES: u128 = 1 << 27;
    const PER_STORED: u128 = 1 << 12;
    let Matrix::Sparse(sparse) = matrix else { return Ok(()) };
    let (nrows, ncols, stored) = (sparse.nrows(), sparse.ncols(), sparse.nnz());
    if nrows as u128 * ncols as u128 <= ENTRIES + PER_STORED * stored as u128 {
        return Ok(());
    }
    let what = format!(
        "a sparse {nrows}×{ncols} matrix of {stored} entries as a dense one: more than {PER_STORED} zeros for each"
    );
    Err(Error::Unsupported { path: path.into(), what })
}

impl DataMatrix for Matrix {
    fn nrows(&self) -> usize {
        match self {
            Self::Dense(dense) => DataMatrix::nrows(dense),
            Self::Sparse(sparse) => DataMatrix::nrows(sparse),
        }
    }

    fn ncols(&self) -> usize {
        match self {
            Self::Dense(dense) => DataMatrix::ncols(dense),
            Self::Sparse(sparse) => DataMatrix::ncols(sparse),
        }
    }

    fn row_block(&self, rows: Range<usize>) -> RowBlock<'_> {
        match self {
            Self::Dense(dense) => dense.row_block(rows),
            Self::Sparse(sparse) => sparse.row_block(rows),
        }
    }
}

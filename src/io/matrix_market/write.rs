use std::path::Path;

use nalgebra::DMatrix;
use nalgebra_sparse::CsrMatrix;

use crate::io::write::Number;
use crate::io::{Error, write_atomically};

/// Writes a dense matrix as `%%MatrixMarket matrix array real general`, compressed if the name ends in `.gz`.
///
/// Every number is written with the fewest digits that read back to the same bits.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::io::{Matrix, read_matrix_market, write_matrix_market_array};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("a.mtx");
/// let a = dmatrix![1.0, 0.1; -2.5e300, 0.0];
/// write_matrix_market_array(&path, &a)?;
/// assert_eq!(read_matrix_market(&path)?, Matrix::Dense(a));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Write`].
pub fn write_matrix_market_array(path: impl AsRef<Path>, matrix: &DMatrix<f64>) -> Result<(), Error> {
    write_atomically(path, |out| {
        writeln!(out, "%%MatrixMarket matrix array real general")?;
        writeln!(out, "{} {}", matrix.nrows(), matrix.ncols())?;
        matrix.iter().try_for_each(|&value| writeln!(out, "{}", Number(value)))
    })
}

/// Writes a sparse matrix as `%%MatrixMarket matrix coordinate real general`, compressed if the name ends in `.gz`.
///
/// # Errors
/// [`Error::Write`].
pub fn write_matrix_market_coordinate(path: impl AsRef<Path>, matrix: &CsrMatrix<f64>) -> Result<(), Error> {
    write_atomically(path, |out| {
        writeln!(out, "%%MatrixMarket matrix coordinate real general")?;
        writeln!(out, "{} {} {}", matrix.nrows(), matrix.ncols(), matrix.nnz())?;
        let mut entries = matrix.triplet_iter();
        entries.try_for_each(|(i, j, &value)| writeln!(out, "{} {} {}", i + 1, j + 1, Number(value)))
    })
}

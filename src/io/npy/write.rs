use std::io::Write;
use std::path::Path;

use nalgebra::{DMatrix, Scalar};

use super::MAGIC;
use crate::io::{Error, write_atomically};

/// A floating point type that `.npy` files hold: `f32` as `<f4`, `f64` as `<f8`.
pub trait NpyFloat: Scalar + Copy + sealed::Sealed {
    /// The type as numpy names it.
    #[doc(hidden)]
    const DESCR: &'static str;

    /// Appends the number's bytes, little-endian.
    #[doc(hidden)]
    fn append_bytes(self, bytes: &mut Vec<u8>);
}

impl NpyFloat for f32 {
    const DESCR: &'static str = "<f4";

    fn append_bytes(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

impl NpyFloat for f64 {
    const DESCR: &'static str = "<f8";

    fn append_bytes(self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// Writes a matrix as `.npy` in C order, compressed if the name ends in `.gz`.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::io::{read_npy, write_npy};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("embedding.npy");
/// write_npy(&path, &dmatrix![0.5_f32, -1.0; 0.1, 2.0])?;
/// assert_eq!(read_npy(&path)?, dmatrix![0.5, -1.0; f64::from(0.1_f32), 2.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Write`].
pub fn write_npy<T: NpyFloat>(path: impl AsRef<Path>, matrix: &DMatrix<T>) -> Result<(), Error> {
    write_atomically(path, |out| write(matrix, out))
}

fn write<T: NpyFloat>(matrix: &DMatrix<T>, out: &mut dyn Write) -> std::io::Result<()> {
    const BLOCK_ENTRIES: usize = 1 << 15;
    out.write_all(&header(T::DESCR, matrix.shape()))?;
    let (nrows, ncols) = matrix.shape();
    let rows_per_block = (BLOCK_ENTRIES / ncols.max(1)).max(1);
    let mut bytes = Vec::new();
    for start in (0..nrows).step_by(rows_per_block) {
        bytes.clear();
        for row in matrix.rows_range(start..nrows.min(start + rows_per_block)).row_iter() {
            row.iter().for_each(|value| value.append_bytes(&mut bytes));
        }
        out.write_all(&bytes)?;
    }
    Ok(())
}

/// A header of format version 1, padded so that the numbers start at a multiple of 64 bytes.
fn header(descr: &str, (nrows, ncols): (usize, usize)) -> Vec<u8> {
    const ALIGNMENT: usize = 64;
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({nrows}, {ncols}), }}");
    let before = MAGIC.len() + 4;
    let length = (before + text.len() + 1).next_multiple_of(ALIGNMENT) - before;
    let mut header = [MAGIC, &[1, 0]].concat();
    header.extend((length as u16).to_le_bytes());
    header.extend(format!("{text:<width$}\n", width = length - 1).into_bytes());
    header
}

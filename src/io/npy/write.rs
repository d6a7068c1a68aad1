use std::io::{self, BufWriter, Write};
use std::path::Path;

use nalgebra::{DMatrix, Scalar};
use npyz::{WriteOptions, WriterBuilder};

use crate::io::{Error, write_atomically};

/// A floating point type that `.npy` files hold: `f32` as `f4`, `f64` as `f8`.
pub trait NpyFloat: Scalar + Copy + sealed::Sealed {}

impl NpyFloat for f32 {}

impl NpyFloat for f64 {}

pub(super) mod sealed {
    pub trait Sealed: npyz::AutoSerialize {
        /// The type of little-endian numbers.
        const DESCR: &str;

        /// Appends the number in little-endian bytes.
        fn append_to(self, bytes: &mut Vec<u8>);
    }

    impl Sealed for f32 {
        const DESCR: &str = "'<f4'";

        fn append_to(self, bytes: &mut Vec<u8>) {
            bytes.extend_from_slice(&self.to_le_bytes());
        }
    }

    impl Sealed for f64 {
        const DESCR: &str = "'<f8'";

        fn append_to(self, bytes: &mut Vec<u8>) {
            bytes.extend_from_slice(&self.to_le_bytes());
        }
    }
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

fn write<T: NpyFloat>(matrix: &DMatrix<T>, out: &mut dyn Write) -> io::Result<()> {
    let (nrows, ncols) = matrix.shape();
    let mut buffer = BufWriter::with_capacity(1 << 16, out);
    let options = WriteOptions::new().default_dtype().shape(&[nrows as u64, ncols as u64]);
    let mut writer = options.writer(&mut buffer).begin_nd()?;
    for row in matrix.row_iter() {
        writer.extend(row.iter().copied())?;
    }
    writer.finish()?;
    buffer.flush()
}

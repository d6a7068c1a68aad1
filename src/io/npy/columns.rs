use std::fmt;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::Path;

use nalgebra::DMatrix;
use npyz::{DType, Order, WriteOptions, WriterBuilder};

use super::NpyFloat;
use crate::io::{Error, write_atomically};

/// Writes the transpose of a matrix as `.npy` in C order: of d × N the N × d array of its columns, byte for byte as
/// they lie in memory; compressed if the name ends in `.gz`.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::io::{read_npy, write_npy_transposed};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("embedding.npy");
/// let vectors = dmatrix![0.5_f32, -1.0; 0.25, 2.0; 0.0, 8.0]; // two nodes in three dimensions
/// write_npy_transposed(&path, &vectors)?;
/// assert_eq!(read_npy(&path)?, dmatrix![0.5, 0.25, 0.0; -1.0, 2.0, 8.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Write`].
pub fn write_npy_transposed<T: NpyFloat>(path: impl AsRef<Path>, matrix: &DMatrix<T>) -> Result<(), Error> {
    let (nrows, ncols) = matrix.shape();
    write_atomically(path, |out| {
        begin::<T>(out, Order::C, ncols, nrows)?;
        append(matrix.as_slice(), out)
    })
}

/// Writes an N × d array as `.npy` in Fortran order from blocks of its columns that never stand in memory together.
///
/// `fill` is called once and [appends](NpyColumns::append) every block in order. The file takes its place only once it
/// is complete: not if `fill` fails, nor if it leaves a column out. Readers of `.npy` see the same array as in C order.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::io::{read_npy, write_npy_columns};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("embedding.npy");
/// write_npy_columns(&path, 2, 3, |columns| {
///     columns.append(&dmatrix![0.5_f32, -1.0; 0.25, 2.0])?; // two coordinates of both nodes
///     columns.append(&dmatrix![0.0_f32, 8.0])
/// })?;
/// assert_eq!(read_npy(&path)?, dmatrix![0.5, 0.25, 0.0; -1.0, 2.0, 8.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Write`], also for an error that `fill` returns and for a number of columns other than `ncols`.
pub fn write_npy_columns<T: NpyFloat>(
    path: impl AsRef<Path>,
    nrows: usize,
    ncols: usize,
    fill: impl FnOnce(&mut NpyColumns<'_, T>) -> io::Result<()>,
) -> Result<(), Error> {
    write_atomically(path, |out| {
        begin::<T>(out, Order::Fortran, nrows, ncols)?;
        let mut columns = NpyColumns { out, nrows, missing: ncols, number: PhantomData };
        fill(&mut columns)?;
        match columns.missing {
            0 => Ok(()),
            missing => Err(io::Error::other(format!("{missing} of {ncols} columns are missing"))),
        }
    })
}

/// The columns of an array, being written: see [`write_npy_columns`].
pub struct NpyColumns<'a, T> {
    out: &'a mut dyn Write,
    nrows: usize,
    missing: usize,
    number: PhantomData<T>,
}

impl<T> fmt::Debug for NpyColumns<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NpyColumns").field("nrows", &self.nrows).field("missing", &self.missing).finish()
    }
}

impl<T: NpyFloat> NpyColumns<'_, T> {
    /// Appends the rows of a b × N matrix as the next b columns of the array: b coordinates of every node.
    ///
    /// # Errors
    /// What writing fails with; an error of kind `InvalidInput` for another N, or more columns than are missing.
    pub fn append(&mut self, coordinates: &DMatrix<T>) -> io::Result<()> {
        let (count, nrows) = coordinates.shape();
        if nrows != self.nrows || count > self.missing {
            let wanted = (self.missing, self.nrows);
            let problem =
                format!("a block of {count}×{nrows} where at most {}×{} are missing", wanted.0, wanted.1);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        let mut column = Vec::with_capacity(nrows);
        for row in coordinates.row_iter() {
            column.clear();
            column.extend(row.iter().copied());
            append(&column, self.out)?;
        }
        self.missing -= count;
        Ok(())
    }
}

/// Writes the header of an array.
fn begin<T: NpyFloat>(out: &mut dyn Write, order: Order, nrows: usize, ncols: usize) -> io::Result<()> {
    let dtype = DType::parse(T::DESCR)?;
    let shape = [nrows as u64, ncols as u64];
    WriteOptions::new_header_only()
        .dtype(dtype)
        .order(order)
        .shape(&shape)
        .writer(out)
        .write_header_only()?;
    Ok(())
}

/// Writes numbers as little-endian bytes.
fn append<T: NpyFloat>(numbers: &[T], out: &mut dyn Write) -> io::Result<()> {
    const NUMBERS: usize = 1 << 14;
    let mut bytes = Vec::with_capacity(size_of::<T>() * NUMBERS.min(numbers.len()));
    for chunk in numbers.chunks(NUMBERS) {
        bytes.clear();
        chunk.iter().for_each(|number| number.append_to(&mut bytes));
        out.write_all(&bytes)?;
    }
    Ok(())
}

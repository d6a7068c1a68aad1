use std::cmp::Ordering;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;

use super::header::{Header, broken, invalid};
use crate::io::Error;
use crate::io::blocks::{self, RowSource};
use crate::io::gzip::Input;

/// Reads a matrix from a `.npy` file, plain or compressed by gzip; a vector is one column.
///
/// Numbers may be f4, f8, b1, i1 to i8 or u1 to u8, in C or Fortran order, of either endianness; 64-bit integers
/// beyond 2⁵³ are rounded. NaN and ∞ are read as they stand. Memory grows with what the file holds, not with what its
/// header promises.
///
/// # Errors
/// [`Error::Open`], [`Error::Read`]; [`Error::Npy`] for a broken header; [`Error::Unsupported`] for another type or
/// number of dimensions; [`Error::Truncated`]; [`Error::Empty`] for a matrix without entries.
pub fn read_npy(path: impl AsRef<Path>) -> Result<DMatrix<f64>, Error> {
    read(Input::open(path.as_ref())?)
}

pub(in crate::io) fn read(input: Input) -> Result<DMatrix<f64>, Error> {
    let mut array = Array::open(input)?;
    let &Header { is_fortran, nrows, ncols, .. } = &array.header;
    if !is_fortran {
        return blocks::read_rows(&mut array);
    }
    let mut columns = Vec::new();
    for _ in 0..ncols {
        columns.extend(array.next_numbers(nrows)?);
    }
    Ok(DMatrix::from_vec(nrows, ncols, columns))
}

/// The rows of a `.npy` file, in order.
pub(in crate::io) fn open_rows(input: Input) -> Result<Box<dyn RowSource>, Error> {
    let array = Array::open(input)?;
    match (array.header.is_fortran, array.input.is_compressed()) {
        (false, _) => Ok(Box::new(array)),
        (true, false) => Ok(Box::new(FortranRows::open(array)?)),
        (true, true) => {
            let what =
                "compressed .npy in Fortran order cannot be read in blocks of rows; decompress it".into();
            Err(Error::Unsupported { path: array.input.path().into(), what })
        }
    }
}

/// The number of rows that the header states.
pub(in crate::io) fn count_rows(input: Input) -> Result<usize, Error> {
    Array::open(input).map(|array| array.header.nrows)
}

/// The numbers of a `.npy` file, read in the order they are stored in.
#[derive(Debug)]
struct Array {
    input: Input,
    header: Header,
    bytes_read: usize,
}

impl Array {
    /// Reads the header, and holds it against the length of the file.
    fn open(mut input: Input) -> Result<Self, Error> {
        let header = Header::read(&mut input)?;
        if header.data_size() == 0 {
            return Err(Error::Empty { path: input.path().into() });
        }
        let file = std::fs::metadata(input.path()).ok().filter(std::fs::Metadata::is_file);
        if let Some(file) = file.filter(|_| !input.is_compressed()) {
            let found = usize::try_from(file.len()).unwrap_or(usize::MAX).saturating_sub(header.offset);
            match found.cmp(&header.data_size()) {
                Ordering::Less => return Err(header.truncated(input.path(), found)),
                Ordering::Greater => return Err(too_long(input.path())),
                Ordering::Equal => {}
            }
        }
        Ok(Self { input, header, bytes_read: 0 })
    }

    /// The next `count` numbers; after the last one, the file must end.
    fn next_numbers(&mut self, count: usize) -> Result<Vec<f64>, Error> {
        let mut bytes = Vec::new();
        let wanted = count * self.header.scalar.size();
        self.bytes_read += self.input.read_up_to(wanted, &mut bytes)?;
        if bytes.len() < wanted {
            return Err(self.header.truncated(self.input.path(), self.bytes_read));
        }
        if self.bytes_read == self.header.data_size() && !self.input.peek()?.is_empty() {
            return Err(too_long(self.input.path()));
        }
        self.header.scalar.decode(&bytes).map_err(|error| broken(self.input.path(), &error))
    }
}

fn too_long(path: &Path) -> Error {
    invalid(path, "it goes on after its last number")
}

impl RowSource for Array {
    fn ncols(&self) -> usize {
        self.header.ncols
    }

    fn nrows(&self) -> Option<usize> {
        Some(self.header.nrows)
    }

    fn next_block(&mut self, nrows: usize) -> Result<Option<DMatrix<f64>>, Error> {
        let nrows = nrows.min(self.header.nrows - self.bytes_read / self.header.row_size());
        if nrows == 0 {
            return Ok(None);
        }
        let row_major = self.next_numbers(nrows * self.header.ncols)?;
        Ok(Some(DMatrix::from_row_slice(nrows, self.header.ncols, &row_major)))
    }
}

/// Rows of a `.npy` file in Fortran order: of each block, one piece of every column.
#[derive(Debug)]
struct FortranRows {
    path: PathBuf,
    file: File,
    header: Header,
    rows_read: usize,
}

impl FortranRows {
    fn open(array: Array) -> Result<Self, Error> {
        let path = array.input.path().to_owned();
        let file = File::open(&path).map_err(|source| Error::Open { path: path.clone(), source })?;
        Ok(Self { path, file, header: array.header, rows_read: 0 })
    }

    /// Appends rows `rows_read..rows_read + nrows` of column `j`.
    fn append_column(&mut self, j: usize, nrows: usize, bytes: &mut Vec<u8>) -> std::io::Result<()> {
        let size = self.header.scalar.size();
        let start = self.header.offset + (j * self.header.nrows + self.rows_read) * size;
        self.file.seek(SeekFrom::Start(start as u64))?;
        let found = (&self.file).take((nrows * size) as u64).read_to_end(bytes)?;
        if found == nrows * size { Ok(()) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl RowSource for FortranRows {
    fn ncols(&self) -> usize {
        self.header.ncols
    }

    fn nrows(&self) -> Option<usize> {
        Some(self.header.nrows)
    }

    fn next_block(&mut self, nrows: usize) -> Result<Option<DMatrix<f64>>, Error> {
        let nrows = nrows.min(self.header.nrows - self.rows_read);
        let mut bytes = Vec::new();
        for j in 0..self.header.ncols {
            self.append_column(j, nrows, &mut bytes).map_err(|source| Error::read(&self.path, source))?;
        }
        self.rows_read += nrows;
        let columns = self.header.scalar.decode(&bytes).map_err(|error| broken(&self.path, &error))?;
        Ok((nrows > 0).then(|| DMatrix::from_vec(nrows, self.header.ncols, columns)))
    }
}

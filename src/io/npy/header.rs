use std::io;
use std::path::Path;

use npyz::{NpyHeader, Order};

use super::MAGIC;
use super::scalar::Scalar;
use crate::io::Error;
use crate::io::gzip::Input;
use crate::io::number::shortened;

/// Longest header read; numpy itself writes a few hundred bytes and refuses more than 10,000.
const LONGEST: usize = 1 << 16;

/// What the header of a `.npy` file says of the numbers after it.
#[derive(Clone, Debug)]
pub(in crate::io) struct Header {
    pub(super) scalar: Scalar,
    pub(super) is_fortran: bool,
    pub(super) nrows: usize,
    pub(super) ncols: usize,
    /// Bytes of the file before the numbers.
    pub(super) offset: usize,
}

impl Header {
    /// Reads the header of format version 1, 2 or 3. A vector counts as one column.
    pub(in crate::io) fn read(input: &mut Input) -> Result<Self, Error> {
        let bytes = header_bytes(input)?;
        let path = input.path();
        let header = NpyHeader::from_reader(&bytes[..]).map_err(|error| broken(path, &error))?;
        let unsupported = |what| Error::Unsupported { path: path.into(), what };
        let scalar = Scalar::new(header.dtype()).ok_or_else(|| {
            let descr = shortened(header.dtype().descr().as_bytes());
            unsupported(format!("an array of type {descr}; f4, f8, b1, i1 to i8 and u1 to u8 are read"))
        })?;
        let (nrows, ncols) = match *header.shape() {
            [nrows] => (nrows, 1),
            [nrows, ncols] => (nrows, ncols),
            ref shape => {
                return Err(unsupported(format!(
                    "an array of shape {shape:?}; vectors and matrices are read"
                )));
            }
        };
        let is_fortran = header.order() == Order::Fortran && header.shape().len() > 1;
        match (usize::try_from(nrows), usize::try_from(ncols)) {
            (Ok(nrows), Ok(ncols)) if fits(nrows, ncols) => {
                Ok(Self { scalar, is_fortran, nrows, ncols, offset: bytes.len() })
            }
            _ => Err(invalid(path, &format!("it promises {nrows}×{ncols} numbers"))),
        }
    }

    /// Bytes of one row.
    pub(super) fn row_size(&self) -> usize {
        self.ncols * self.scalar.size()
    }

    /// Bytes of all numbers.
    pub(super) fn data_size(&self) -> usize {
        self.nrows * self.ncols * self.scalar.size()
    }

    /// The error of a file that holds `found` bytes of numbers only.
    pub(super) fn truncated(&self, path: &Path, found: usize) -> Error {
        let (nrows, ncols, promised) = (self.nrows, self.ncols, self.data_size());
        let found =
            format!("{found} bytes of numbers where the header promises {promised} ({nrows}×{ncols})");
        Error::Truncated { path: path.into(), found }
    }
}

/// Whether a matrix of this shape can be held in memory at all.
fn fits(nrows: usize, ncols: usize) -> bool {
    nrows.checked_mul(ncols).is_some_and(|len| len <= isize::MAX as usize / 64)
}

/// The bytes before the numbers, once they are known to be harmless to parse.
fn header_bytes(input: &mut Input) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    input.read_up_to(MAGIC.len() + 2, &mut bytes)?;
    let length_size = match bytes.strip_prefix(MAGIC) {
        Some([1, _]) => 2,
        Some([2 | 3, _]) => 4,
        Some([version, _]) => {
            let what = format!(".npy format version {version}; versions 1 to 3 are read");
            return Err(Error::Unsupported { path: input.path().into(), what });
        }
        _ => return Err(invalid(input.path(), "it does not start with \\x93NUMPY and a version")),
    };
    let start = bytes.len();
    if input.read_up_to(length_size, &mut bytes)? < length_size {
        return Err(invalid(input.path(), "it ends inside its header"));
    }
    let length = bytes[start..].iter().rev().fold(0, |length, &byte| length << 8 | usize::from(byte));
    if length > LONGEST {
        return Err(invalid(input.path(), &format!("it promises a header of {length} bytes")));
    }
    if input.read_up_to(length, &mut bytes)? < length {
        return Err(invalid(input.path(), "it ends inside its header"));
    }
    check_text(&String::from_utf8_lossy(&bytes[start + length_size..]), input.path())?;
    Ok(bytes)
}

/// Refuses what would let a parser of Python literals recurse without end, or the product of the sizes overflow.
fn check_text(text: &str, path: &Path) -> Result<(), Error> {
    if text.contains('[') {
        return Err(Error::Unsupported { path: path.into(), what: "an array of records".into() });
    }
    if text.matches(['(', '{']).count() > 2 || text.contains(['+', '-']) {
        return Err(invalid(path, "its header is more than a dictionary with one tuple of sizes"));
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let mut sizes = words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let product =
        sizes.try_fold(1_u64, |product, size| product.checked_mul(size.parse::<u64>().ok()?.max(1)));
    product.map(|_| ()).ok_or_else(|| invalid(path, "its header promises more numbers than there can be"))
}

pub(super) fn invalid(path: &Path, problem: &str) -> Error {
    Error::Npy { path: path.into(), problem: problem.into() }
}

/// The error of a header or number that npyz refuses, in one line.
pub(super) fn broken(path: &Path, error: &io::Error) -> Error {
    let message = error.to_string();
    invalid(path, message.lines().next().unwrap_or_default())
}

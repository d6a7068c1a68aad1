use std::path::Path;

use super::MAGIC;
use super::scalar::Scalar;
use crate::io::Error;
use crate::io::gzip::Input;
use crate::io::number::shortened;

/// Longest header read; numpy itself writes a few hundred bytes and refuses more than 10,000.
const LONGEST: usize = 1 << 16;

/// What the header of a `.npy` file says of the numbers after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        let mut bytes = Vec::new();
        input.read_up_to(MAGIC.len() + 2, &mut bytes)?;
        let length_bytes = match bytes.strip_prefix(MAGIC) {
            Some([1, _]) => 2,
            Some([2 | 3, _]) => 4,
            Some([version, _]) => {
                let what = format!(".npy format version {version}; versions 1 to 3 are read");
                return Err(Error::Unsupported { path: input.path().into(), what });
            }
            _ => return Err(invalid(input.path(), "it does not start with \\x93NUMPY and a version")),
        };
        let mut length = Vec::new();
        input.read_up_to(length_bytes, &mut length)?;
        let length = length.iter().rev().fold(0, |length, &byte| length << 8 | usize::from(byte));
        if length > LONGEST {
            return Err(invalid(input.path(), &format!("it promises a header of {length} bytes")));
        }
        let mut text = Vec::new();
        if input.read_up_to(length, &mut text)? < length {
            return Err(invalid(input.path(), "it ends inside its header"));
        }
        let offset = MAGIC.len() + 2 + length_bytes + length;
        Self::parse(&String::from_utf8_lossy(&text), offset, input.path())
    }

    /// Reads the Python dictionary `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
    fn parse(text: &str, offset: usize, path: &Path) -> Result<Self, Error> {
        let value =
            |key| value_of(text, key).ok_or_else(|| invalid(path, &format!("its header has no '{key}'")));
        let unsupported = |what| Error::Unsupported { path: path.into(), what };
        let descr = value("descr")?;
        let scalar = quoted(descr).and_then(Scalar::from_descr).ok_or_else(|| {
            let descr = shortened(quoted(descr).unwrap_or(descr).as_bytes());
            unsupported(format!("an array of type {descr}; f4, f8, b1, i1 to i8 and u1 to u8 are read"))
        })?;
        let order = value("fortran_order")?;
        if !order.starts_with("True") && !order.starts_with("False") {
            return Err(invalid(path, "its 'fortran_order' is neither True nor False"));
        }
        let dimensions =
            shape(value("shape")?).ok_or_else(|| invalid(path, "its 'shape' is not a tuple of sizes"))?;
        let (nrows, ncols) = match dimensions[..] {
            [nrows] => (nrows, 1),
            [nrows, ncols] => (nrows, ncols),
            _ => {
                return Err(unsupported(format!(
                    "an array of shape {dimensions:?}; vectors and matrices are read"
                )));
            }
        };
        let bytes = nrows.checked_mul(ncols).and_then(|len| len.checked_mul(scalar.size()));
        if bytes.is_none_or(|bytes| bytes > isize::MAX as usize / 8) {
            return Err(invalid(path, &format!("it promises {nrows}×{ncols} numbers")));
        }
        let is_fortran = order.starts_with("True") && dimensions.len() > 1;
        Ok(Self { scalar, is_fortran, nrows, ncols, offset })
    }

    /// Bytes of one row.
    pub(super) fn row_size(&self) -> usize {
        self.ncols * self.scalar.size()
    }

    /// Bytes of all numbers.
    pub(super) fn data_size(&self) -> usize {
        self.nrows * self.row_size()
    }

    /// The error of a file that holds `found` bytes of numbers only.
    pub(super) fn truncated(&self, path: &Path, found: usize) -> Error {
        let (nrows, ncols, promised) = (self.nrows, self.ncols, self.data_size());
        let found =
            format!("{found} bytes of numbers where the header promises {promised} ({nrows}×{ncols})");
        Error::Truncated { path: path.into(), found }
    }
}

pub(super) fn invalid(path: &Path, problem: &str) -> Error {
    Error::Npy { path: path.into(), problem: problem.into() }
}

/// What follows `'key':` in a Python dictionary.
fn value_of<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let (_, after) =
        text.split_once(&format!("'{key}'")).or_else(|| text.split_once(&format!("\"{key}\"")))?;
    Some(after.trim_start().strip_prefix(':')?.trim_start())
}

/// The content of the Python string that `text` starts with.
fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].split_once(quote).map(|(content, _)| content)
}

/// The sizes in the Python tuple that `text` starts with.
fn shape(text: &str) -> Option<Vec<usize>> {
    let (sizes, _) = text.strip_prefix('(')?.split_once(')')?;
    let sizes = sizes.trim().trim_end_matches(',');
    if sizes.is_empty() {
        return Some(Vec::new());
    }
    sizes.split(',').map(|size| size.trim().trim_end_matches('L').parse().ok()).collect()
}

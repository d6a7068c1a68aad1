use std::path::Path;

use nalgebra::DMatrix;
use nalgebra_sparse::{CooMatrix, CsrMatrix};

use super::banner::{Banner, BannerFlaw, Field, Layout, Symmetry};
use crate::io::lines::Lines;
use crate::io::number::{self, shortened};
use crate::io::{Error, Matrix};

/// Reads a Matrix Market file, plain or compressed by gzip: `array` as a dense matrix, `coordinate` as a sparse one.
///
/// Real and integer values, and patterns, whose entries are 1; general, symmetric and skew-symmetric. Entries given
/// more than once are summed. Memory grows with what the file holds, not with what its sizes promise.
///
/// # Errors
/// [`Error::MatrixMarket`] with the line that breaks the format; [`Error::NotANumber`], [`Error::Missing`],
/// [`Error::NotFinite`] with line and column; [`Error::Truncated`]; [`Error::Unsupported`] for complex matrices;
/// [`Error::Empty`] for a matrix without rows or columns; [`Error::Open`], [`Error::Read`].
pub fn read_matrix_market(path: impl AsRef<Path>) -> Result<Matrix, Error> {
    read(Lines::open(path.as_ref())?)
}

pub(in crate::io) fn read(lines: Lines) -> Result<Matrix, Error> {
    let mut reader = Reader { lines };
    let banner = reader.banner()?;
    match banner.layout {
        Layout::Array => reader.array(banner.symmetry).map(Matrix::Dense),
        Layout::Coordinate => reader.coordinate(banner).map(Matrix::Sparse),
    }
}

struct Reader {
    lines: Lines,
}

impl Reader {
    fn banner(&mut self) -> Result<Banner, Error> {
        self.lines.advance()?;
        let what = "complex Matrix Market files; real, integer and pattern ones are read";
        Banner::parse(self.lines.line()).map_err(|flaw| match flaw {
            BannerFlaw::Unsupported => {
                Error::Unsupported { path: self.lines.path().into(), what: what.into() }
            }
            BannerFlaw::Invalid => {
                let line = shortened(self.lines.line().trim_ascii());
                self.invalid(format!("`{line}` is not a Matrix Market banner"))
            }
        })
    }

    /// The values column by column, of each column those that the symmetry does not imply.
    fn array(&mut self, symmetry: Symmetry) -> Result<DMatrix<f64>, Error> {
        let [nrows, ncols] = self.sizes(["rows", "columns"], symmetry)?;
        let (m, n) = (nrows as u128, ncols as u128);
        let promised = match symmetry {
            Symmetry::General => m * n,
            Symmetry::Symmetric => n * (n + 1) / 2,
            Symmetry::Skew => n * (n - 1) / 2,
        };
        let mut values = Vec::new();
        while self.advance()? {
            self.check_room(values.len(), promised)?;
            let [value] = self.fields(["value"])?;
            values.push(self.number(value, 0)?);
        }
        self.check_complete(values.len(), promised)?;
        Ok(match symmetry.mirror() {
            None => DMatrix::from_vec(nrows, ncols, values),
            Some(factor) => mirrored(&values, ncols, symmetry.first_row(0), factor),
        })
    }

    /// The entries given and, where the matrix is symmetric, their mirror images.
    fn coordinate(&mut self, Banner { field, symmetry, .. }: Banner) -> Result<CsrMatrix<f64>, Error> {
        let [nrows, ncols, promised] = self.sizes(["rows", "columns", "entries"], symmetry)?;
        let (mut rows, mut columns, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let mut found = 0;
        while self.advance()? {
            self.check_room(found, promised as u128)?;
            found += 1;
            let (i, j, value) = match field {
                Field::Real => {
                    let [i, j, value] = self.fields(["row", "column", "value"])?;
                    (i, j, self.number(value, 2)?)
                }
                Field::Pattern => {
                    let [i, j] = self.fields(["row", "column"])?;
                    (i, j, 1.0)
                }
            };
            let (i, j) = (self.index("row", i, nrows)?, self.index("column", j, ncols)?);
            if i < symmetry.first_row(j) {
                return Err(self.invalid(format!("entry ({}, {}) is implied by the symmetry", i + 1, j + 1)));
            }
            let mirror = symmetry.mirror().filter(|_| i != j).map(|factor| (j, i, factor * value));
            for (i, j, value) in std::iter::once((i, j, value)).chain(mirror) {
                rows.push(i);
                columns.push(j);
                values.push(value);
            }
        }
        self.check_complete(found, promised as u128)?;
        self.check_offsets(nrows, found)?;
        let entries = CooMatrix::try_from_triplets(nrows, ncols, rows, columns, values);
        Ok(CsrMatrix::from(&entries.expect("every index was checked against the sizes")))
    }

    /// The line of sizes, of a matrix that has rows and columns.
    fn sizes<const N: usize>(&mut self, names: [&str; N], symmetry: Symmetry) -> Result<[usize; N], Error> {
        if !self.advance()? {
            return Err(Error::Truncated {
                path: self.lines.path().into(),
                found: "it ends before its sizes".into(),
            });
        }
        let fields = self.fields(names)?;
        let mut sizes = [0; N];
        for ((size, field), name) in sizes.iter_mut().zip(fields).zip(names) {
            *size = integer(field).ok_or_else(|| self.no_count(name, field))?;
        }
        match sizes[..2] {
            [0, _] | [_, 0] => Err(Error::Empty { path: self.lines.path().into() }),
            [nrows, ncols] if symmetry != Symmetry::General && nrows != ncols => {
                Err(self.invalid(format!("a {nrows}×{ncols} matrix cannot be symmetric or skew-symmetric")))
            }
            _ => Ok(sizes),
        }
    }

    /// Moves to the next line that is neither blank nor a comment.
    fn advance(&mut self) -> Result<bool, Error> {
        while self.lines.advance()? {
            if self.lines.line().trim_ascii_start().first() != Some(&b'%') {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The fields of the line, which are these.
    fn fields<const N: usize>(&self, names: [&str; N]) -> Result<[&[u8]; N], Error> {
        let mut words = self.lines.line().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let mut fields = [&b""[..]; N];
        for field in &mut fields {
            *field = words.next().ok_or_else(|| self.unlike(names))?;
        }
        if words.next().is_none() { Ok(fields) } else { Err(self.unlike(names)) }
    }

    fn number(&self, field: &[u8], column: usize) -> Result<f64, Error> {
        number::parse(field).map_err(|flaw| flaw.at(self.lines.cell(column, None), field))
    }

    /// An index of the file, from 1, as one from 0.
    fn index(&self, name: &str, field: &[u8], size: usize) -> Result<usize, Error> {
        let index = integer(field).ok_or_else(|| self.no_count(name, field))?;
        if (1..=size).contains(&index) {
            Ok(index - 1)
        } else {
            Err(self.invalid(format!("{name} {index} is not between 1 and {size}")))
        }
    }

    fn check_room(&self, found: usize, promised: u128) -> Result<(), Error> {
        if (found as u128) < promised {
            return Ok(());
        }
        Err(self.invalid(format!("goes on after the {promised} entries that its sizes promise")))
    }

    fn check_complete(&self, found: usize, promised: u128) -> Result<(), Error> {
        if found as u128 == promised {
            return Ok(());
        }
        let found = format!("{found} entries where its sizes promise {promised}");
        Err(Error::Truncated { path: self.lines.path().into(), found })
    }

    /// Compressed rows need one offset a row: sizes must not ask for many more of them than there are entries.
    fn check_offsets(&self, nrows: usize, entries: usize) -> Result<(), Error> {
        const ROWS: usize = 1 << 22;
        const ROWS_PER_ENTRY: usize = 1 << 6;
        if nrows <= entries.saturating_mul(ROWS_PER_ENTRY).saturating_add(ROWS) {
            return Ok(());
        }
        let what = format!("a sparse matrix of {nrows} rows that holds {entries} entries");
        Err(Error::Unsupported { path: self.lines.path().into(), what })
    }

    fn unlike<const N: usize>(&self, names: [&str; N]) -> Error {
        let line = shortened(self.lines.line().trim_ascii());
        self.invalid(format!("`{line}` where a line holds {}", names.join(", ")))
    }

    fn no_count(&self, name: &str, field: &[u8]) -> Error {
        self.invalid(format!("{name} `{}` is not a whole number", shortened(field)))
    }

    fn invalid(&self, problem: String) -> Error {
        Error::MatrixMarket { path: self.lines.path().into(), line: self.lines.number(), problem }
    }
}

fn integer(field: &[u8]) -> Option<usize> {
    std::str::from_utf8(field).ok()?.parse().ok()
}

/// The n × n matrix whose column j holds the given values from row j + `below` on, mirrored times `factor`.
fn mirrored(lower: &[f64], n: usize, below: usize, factor: f64) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(n, n);
    let places = (0..n).flat_map(|j| (j + below..n).map(move |i| (i, j)));
    for ((i, j), &value) in places.zip(lower) {
        matrix[(j, i)] = factor * value;
        matrix[(i, j)] = value;
    }
    matrix
}

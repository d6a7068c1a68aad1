use nalgebra::DMatrix;

use super::Error;
use super::blocks::RowSource;
use super::lines::Lines;
use super::number::{self, Flaw};
use super::records::Records;

/// The rows of a numeric table in a text file, read in order.
#[derive(Debug)]
pub(super) struct Rows {
    records: Records,
    names: Option<Vec<String>>,
    ncols: usize,
    missing_is_nan: bool,
}

impl Rows {
    /// Reads the header, if there is one, and stops before the first row.
    pub(super) fn new(lines: Lines) -> Result<Self, Error> {
        let mut records = Records::new(lines)?;
        let empty = |records: &Records| Error::Empty { path: records.path().into() };
        if !records.advance()? {
            return Err(empty(&records));
        }
        let ncols = records.len();
        let names = is_header(records.fields())
            .then(|| records.fields().map(|name| String::from_utf8_lossy(name).into_owned()).collect());
        if names.is_some() && !records.advance()? {
            return Err(empty(&records));
        }
        records.hold();
        Ok(Self { records, names, ncols, missing_is_nan: false })
    }

    /// The same rows, NaN for a cell without a value.
    pub(super) fn with_missing_as_nan(self) -> Self {
        Self { missing_is_nan: true, ..self }
    }

    /// The rows that are left, counted without reading their numbers.
    pub(super) fn count(mut self) -> Result<usize, Error> {
        let mut count = 0;
        while self.records.advance()? {
            count += 1;
        }
        Ok(count)
    }

    /// Appends the values of the next row; `false` at the end.
    fn append_row(&mut self, values: &mut Vec<f64>) -> Result<bool, Error> {
        if !self.records.advance()? {
            return Ok(false);
        }
        for (j, field) in self.records.fields().take(self.ncols).enumerate() {
            values.push(match number::parse(field) {
                Err(Flaw::Missing) if self.missing_is_nan => f64::NAN,
                parsed => parsed.map_err(|flaw| flaw.at(self.records.cell(j, self.names()), field))?,
            });
        }
        if self.records.len() == self.ncols { Ok(true) } else { Err(self.ragged()) }
    }

    #[cold]
    fn ragged(&self) -> Error {
        Error::Ragged {
            path: self.records.path().into(),
            line: self.records.line(),
            expected: self.ncols,
            found: self.records.len(),
        }
    }
}

impl RowSource for Rows {
    fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn next_block(&mut self, nrows: usize) -> Result<Option<DMatrix<f64>>, Error> {
        let mut row_major = Vec::new();
        let mut count = 0;
        while count < nrows && self.append_row(&mut row_major)? {
            count += 1;
        }
        Ok((count > 0).then(|| DMatrix::from_row_slice(count, self.ncols, &row_major)))
    }
}

/// Whether the fields of a first row are the names of the columns: one is a word, and none is a number.
pub(super) fn is_header<'a>(fields: impl IntoIterator<Item = &'a [u8]>) -> bool {
    let mut has_word = false;
    for field in fields {
        match number::parse(field) {
            Ok(_) | Err(Flaw::NotFinite) => return false,
            Err(Flaw::NotANumber) => has_word = true,
            Err(Flaw::Missing) => {}
        }
    }
    has_word
}

use std::borrow::Cow;

use nalgebra::DMatrix;

use super::blocks::RowSource;
use super::delimiter::{BrokenQuote, Delimiter};
use super::lines::Lines;
use super::number::{self, Flaw};
use super::{Cell, Error};

/// The rows of a numeric table in a text file, read in order.
#[derive(Debug)]
pub(super) struct Rows {
    lines: Lines,
    delimiter: Delimiter,
    names: Option<Vec<String>>,
    ncols: usize,
}

impl Rows {
    /// Reads the header, if there is one, and stops before the first row.
    pub(super) fn new(mut lines: Lines) -> Result<Self, Error> {
        let empty = |lines: &Lines| Error::Empty { path: lines.path().into() };
        if !lines.advance()? {
            return Err(empty(&lines));
        }
        let delimiter = Delimiter::sniff(lines.line());
        let first: Vec<_> = delimiter
            .fields(lines.line())
            .enumerate()
            .map(|(j, field)| field.map_err(|_| Error::Quote { at: lines.cell(j, None) }))
            .collect::<Result<_, _>>()?;
        let ncols = first.len();
        let names = is_header(first.iter().map(AsRef::as_ref))
            .then(|| first.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect());
        drop(first);
        if names.is_some() && !lines.advance()? {
            return Err(empty(&lines));
        }
        lines.hold();
        Ok(Self { lines, delimiter, names, ncols })
    }

    /// The rows that are left, counted without looking into them.
    pub(super) fn count(mut self) -> Result<usize, Error> {
        let mut count = 0;
        while self.lines.advance()? {
            count += 1;
        }
        Ok(count)
    }

    /// Appends the values of the next row; `false` at the end.
    fn append_row(&mut self, values: &mut Vec<f64>) -> Result<bool, Error> {
        if !self.lines.advance()? {
            return Ok(false);
        }
        let mut fields = self.delimiter.fields(self.lines.line());
        let mut found = 0;
        loop {
            let value = match fields.next_plain_decimal() {
                Some(value) => value,
                None => match fields.next() {
                    Some(field) => self.number(found, field)?,
                    None => break,
                },
            };
            values.push(value);
            found += 1;
        }
        if found == self.ncols { Ok(true) } else { Err(self.ragged(found)) }
    }

    /// The value of field `column`, or 0 beyond the last column.
    fn number(&self, column: usize, field: Result<Cow<'_, [u8]>, BrokenQuote>) -> Result<f64, Error> {
        let field = field.map_err(|BrokenQuote| Error::Quote { at: self.cell(column) })?;
        if column >= self.ncols {
            return Ok(0.0);
        }
        number::parse(&field).map_err(|flaw| flaw.at(self.cell(column), &field))
    }

    #[cold]
    fn cell(&self, column: usize) -> Cell {
        self.lines.cell(column, self.names())
    }

    #[cold]
    fn ragged(&self, found: usize) -> Error {
        Error::Ragged {
            path: self.lines.path().into(),
            line: self.lines.number(),
            expected: self.ncols,
            found,
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

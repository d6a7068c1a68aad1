use std::io::{self, Read};

use csv::{ByteRecord, ErrorKind, ReaderBuilder, Terminator};

use super::delimiter::{Delimiter, squeeze};
use super::lines::Lines;
use super::{Cell, Error};

/// The records of a delimited text, in order, and the lines they start on.
#[derive(Debug)]
pub(super) struct Records {
    reader: csv::Reader<Text>,
    record: ByteRecord,
    is_held: bool,
}

impl Records {
    /// Finds the delimiter by the first line.
    pub(super) fn new(mut lines: Lines) -> Result<Self, Error> {
        let delimiter = if lines.advance()? { Delimiter::sniff(lines.line()) } else { Delimiter::Blanks };
        let handed = lines.line().len();
        lines.hold();
        let text = Text { lines, delimiter, handed, start: None, size: 0, is_over: false };
        let reader = ReaderBuilder::new()
            .delimiter(delimiter.byte())
            .terminator(Terminator::Any(b'\n'))
            .has_headers(false)
            .flexible(true)
            .from_reader(text);
        Ok(Self { reader, record: ByteRecord::new(), is_held: false })
    }

    /// Moves to the next record; `false` at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        if std::mem::take(&mut self.is_held) {
            return Ok(true);
        }
        self.reader.get_mut().begin_record();
        if !self.reader.read_byte_record(&mut self.record).map_err(|error| self.cause(error))? {
            return Ok(false);
        }
        // Every line ends with a newline, which ends its record; only an open quote reaches for more.
        if self.reader.get_ref().is_over {
            return Err(Error::Quote { at: self.cell(self.len().saturating_sub(1), None) });
        }
        Ok(true)
    }

    /// Makes the next [`advance`](Self::advance) stay on the current record.
    pub(super) fn hold(&mut self) {
        self.is_held = true;
    }

    /// The number of fields.
    pub(super) fn len(&self) -> usize {
        self.record.len()
    }

    /// The fields of the current record, without the white space around them.
    pub(super) fn fields(&self) -> impl Iterator<Item = &[u8]> {
        self.record.iter().map(bare)
    }

    /// The line that the current record starts on.
    pub(super) fn line(&self) -> usize {
        let text = self.reader.get_ref();
        text.start.unwrap_or(text.lines.number())
    }

    pub(super) fn path(&self) -> &std::path::Path {
        self.reader.get_ref().lines.path()
    }

    /// Field `column` (from 0) of the current record, for an error.
    pub(super) fn cell(&self, column: usize, names: Option<&[String]>) -> Cell {
        Cell {
            path: self.path().into(),
            line: self.line(),
            column: column + 1,
            name: names.and_then(|names| names.get(column)).cloned(),
        }
    }

    /// The error that the reader wrapped.
    fn cause(&self, error: csv::Error) -> Error {
        let source = match error.into_kind() {
            ErrorKind::Io(source) => source,
            other => io::Error::other(format!("{other:?}")),
        };
        source.downcast().unwrap_or_else(|source| Error::read(self.path(), source))
    }
}

/// A field without the white space around it, nor quotes that stand behind white space.
fn bare(field: &[u8]) -> &[u8] {
    let text = field.trim_ascii();
    let is_indented = field.first().is_some_and(u8::is_ascii_whitespace);
    let unquoted = || text.strip_prefix(b"\"")?.strip_suffix(b"\"");
    if is_indented { unquoted().unwrap_or(text) } else { text }
}

/// The text of a table, handed out one line a read: what has been read is what the current record holds.
#[derive(Debug)]
struct Text {
    lines: Lines,
    delimiter: Delimiter,
    /// Bytes of the current line that have been read.
    handed: usize,
    /// The first line of the current record, and the bytes of its lines.
    start: Option<usize>,
    size: usize,
    is_over: bool,
}

impl Text {
    /// The longest record, in bytes: that of an open quote must not fill the memory.
    const LONGEST: usize = 1 << 26;

    fn begin_record(&mut self) {
        self.start = None;
        self.size = 0;
    }

    /// Moves to the next line; `false` at the end of the file, or if the record is too long.
    fn advance(&mut self) -> Result<bool, Error> {
        self.handed = 0;
        let has_line = match self.start {
            None => self.lines.advance()?,
            Some(_) => self.size <= Self::LONGEST && self.lines.read_line()?,
        };
        if !has_line {
            self.is_over = true;
            self.lines.line_mut().clear();
            return Ok(false);
        }
        let line = self.lines.line_mut();
        if self.delimiter == Delimiter::Blanks {
            squeeze(line);
        } else if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        self.start.get_or_insert(self.lines.number());
        self.size += self.lines.line().len();
        Ok(true)
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.handed == self.lines.line().len() && !self.advance().map_err(io::Error::other)? {
            return Ok(0);
        }
        let count = (&self.lines.line()[self.handed..]).read(buffer)?;
        self.handed += count;
        Ok(count)
    }
}

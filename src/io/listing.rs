use std::borrow::Cow;
use std::path::Path;

use rayon::prelude::*;

use super::gzip::Input;
use super::lines::{LONGEST, Lines};
use super::number::{self, shortened};
use super::rows::is_header;
use super::separator::{Separator, unquoted};
use super::{Cell, Error, NameTable};

/// Bytes of text read at a time, and of the pieces of it that are parsed in parallel.
const BLOCK: usize = 1 << 22;
const PIECE: usize = 1 << 18;
/// The most fields that a line can have.
pub(super) const MOST_FIELDS: usize = 4;

/// A text whose lines have the same few fields each: edges, labels, ratings.
///
/// Lines that start with `#` or `%` are comments. The first other line tells the separator and the number of fields.
#[derive(Debug)]
pub(super) struct Listing {
    lines: Lines,
    form: Form,
}

/// What the lines of a listing must look like.
#[derive(Clone, Copy, Debug)]
struct Form {
    separator: Separator,
    width: usize,
    /// The fewest and the most fields that there may be, and what they are.
    widths: (usize, usize),
    expected: &'static str,
}

/// Some lines of a listing, one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    path: &'a Path,
    text: &'a [u8],
    first_line: usize,
    form: Form,
}

/// The fields of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    path: &'a Path,
    line: usize,
    fields: [&'a [u8]; MOST_FIELDS],
    width: usize,
}

impl Listing {
    /// Opens a file of `what`, whose lines have as many fields as `widths` allows, called `expected`.
    pub(super) fn open(
        path: &Path,
        what: &'static str,
        expected: &'static str,
        widths: (usize, usize),
    ) -> Result<Self, Error> {
        let mut lines = Lines::open(path)?;
        loop {
            if !lines.advance()? {
                return Err(Error::Nothing { path: path.into(), what });
            }
            if lines.line().starts_with(super::matrix_market::BANNER) {
                let what = format!("Matrix Market where {what} are read: lines of `{expected}`");
                return Err(Error::Unsupported { path: path.into(), what });
            }
            if !is_comment(lines.line()) {
                break;
            }
        }
        let separator = Separator::sniff(lines.line());
        let width = separator.split(lines.line(), &mut []);
        let form = Form { separator, width, widths, expected };
        let listing = Self { lines, form };
        if form.accepts(width) { Ok(listing) } else { Err(listing.first_piece().malformed()) }
    }

    /// Fields of every line.
    pub(super) fn width(&self) -> usize {
        self.form.width
    }

    /// The first line.
    pub(super) fn first(&self) -> Result<Entry<'_>, Error> {
        let piece = self.first_piece();
        piece.entry(piece.first_line, piece.text)
    }

    fn first_piece(&self) -> Piece<'_> {
        let lines = &self.lines;
        Piece { path: lines.path(), text: lines.line(), first_line: lines.number(), form: self.form }
    }

    /// Parses every line in parallel, the first one only `with_first`, and merges what came of them in order.
    ///
    /// Blocks of the file are read one after the other, each while the one before is parsed in pieces. What is merged
    /// does not depend on the number of threads, and of several errors the first in the file is returned.
    pub(super) fn parse<T: Send>(
        self,
        with_first: bool,
        parse: impl Fn(Piece<'_>) -> Result<T, Error> + Sync,
        mut merge: impl FnMut(T) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        if with_first {
            merge(parse(self.first_piece())?)?;
        }
        let form = self.form;
        let (mut line, mut input) = (self.lines.number() + 1, self.lines.into_input());
        let path = input.path().to_owned();
        let mut block = next_block(&mut input, line)?;
        while !block.is_empty() {
            let pieces = pieces(&block, Piece { path: &path, text: &block, first_line: line, form });
            line += newlines(&block);
            let (next, merged) = rayon::join(
                || next_block(&mut input, line),
                || {
                    let parsed: Vec<_> = pieces.par_iter().map(|&piece| parse(piece)).collect();
                    parsed.into_iter().try_for_each(|part| merge(part?))
                },
            );
            merged?;
            block = next?;
        }
        Ok(())
    }
}

impl Form {
    fn accepts(&self, width: usize) -> bool {
        (self.widths.0..=self.widths.1).contains(&width)
    }
}

/// The next lines of a file, about [`BLOCK`] bytes, whole but for the last of the file.
fn next_block(input: &mut Input, line: usize) -> Result<Vec<u8>, Error> {
    let mut block = Vec::new();
    input.read_up_to(BLOCK, &mut block)?;
    if block.len() == BLOCK
        && block.last() != Some(&b'\n')
        && input.read_until(b'\n', LONGEST, &mut block)? == LONGEST
    {
        let line = line + newlines(&block);
        return Err(Error::LineTooLong { path: input.path().into(), line, limit: LONGEST });
    }
    Ok(block)
}

/// Cuts a block behind the ends of lines, and numbers the lines.
fn pieces<'a>(block: &'a [u8], whole: Piece<'a>) -> Vec<Piece<'a>> {
    let (mut rest, mut first_line) = (block, whole.first_line);
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let least = PIECE.min(rest.len());
        let end =
            rest[least..].iter().position(|&byte| byte == b'\n').map_or(rest.len(), |at| least + at + 1);
        let (text, after) = rest.split_at(end);
        pieces.push(Piece { text, first_line, ..whole });
        first_line += newlines(text);
        rest = after;
    }
    pieces
}

fn newlines(text: &[u8]) -> usize {
    // Sums of bytes over short runs are vectorized.
    text.chunks(128).map(|run| usize::from(run.iter().map(|&byte| u8::from(byte == b'\n')).sum::<u8>())).sum()
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

pub(super) fn is_comment(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start().first(), Some(b'#' | b'%'))
}

impl<'a> Piece<'a> {
    /// Calls `take` with every line that is neither blank nor a comment.
    #[inline]
    pub(super) fn for_each(self, mut take: impl FnMut(Entry<'a>) -> Result<(), Error>) -> Result<(), Error> {
        let lines = self.text.split_inclusive(|&byte| byte == b'\n');
        for (line, text) in (self.first_line..).zip(lines) {
            if !is_blank(text) && !is_comment(text) {
                take(self.entry(line, text)?)?;
            }
        }
        Ok(())
    }

    #[inline]
    fn entry(self, line: usize, text: &'a [u8]) -> Result<Entry<'a>, Error> {
        let mut fields = [&b""[..]; MOST_FIELDS];
        let width = self.form.separator.split(text, &mut fields);
        if width != self.form.width {
            return Err(self.ragged(line, text, width));
        }
        Ok(Entry { path: self.path, line, fields, width })
    }

    #[cold]
    fn ragged(self, line: usize, text: &[u8], found: usize) -> Error {
        if !self.form.accepts(found) {
            return Piece { text, first_line: line, ..self }.malformed();
        }
        Error::Ragged { path: self.path.into(), line, expected: self.form.width, found }
    }

    fn malformed(self) -> Error {
        let found = shortened(self.text.trim_ascii());
        Error::Malformed {
            path: self.path.into(),
            line: self.first_line,
            found,
            expected: self.form.expected,
        }
    }
}

impl<'a> Entry<'a> {
    /// Whether the line holds a word and no number, as the header of a table does.
    pub(super) fn is_header(&self) -> bool {
        let fields: Vec<_> =
            self.fields[..self.width].iter().map(|field| unquoted(field).unwrap_or_default()).collect();
        is_header(fields.iter().map(AsRef::as_ref))
    }

    /// The name in a field.
    #[inline]
    pub(super) fn name(&self, column: usize) -> Result<Cow<'a, [u8]>, Error> {
        let name = unquoted(self.fields[column]).ok_or_else(|| Error::Quote { at: self.cell(column) })?;
        if name.is_empty() {
            return Err(Error::Missing { at: self.cell(column), found: String::new() });
        }
        Ok(name)
    }

    /// The index of the name in a field, which must be one of the names of a `kind`.
    #[inline]
    pub(super) fn known(&self, column: usize, kind: &'static str, names: &NameTable) -> Result<u32, Error> {
        let name = self.name(column)?;
        names.index_of(&name).ok_or_else(|| Error::UnknownName {
            at: self.cell(column),
            kind,
            name: shortened(&name),
        })
    }

    /// The finite number in a field.
    #[inline]
    pub(super) fn number(&self, column: usize) -> Result<f64, Error> {
        let text = unquoted(self.fields[column]).ok_or_else(|| Error::Quote { at: self.cell(column) })?;
        number::parse(&text).map_err(|flaw| flaw.at(self.cell(column), &text))
    }

    /// The text of a field, shortened.
    pub(super) fn text(&self, column: usize) -> String {
        shortened(self.fields[column])
    }

    /// Field `column` (from 0), for an error.
    #[cold]
    pub(super) fn cell(&self, column: usize) -> Cell {
        Cell { path: self.path.into(), line: self.line, column: column + 1, name: None }
    }

    /// The file.
    pub(super) fn path(&self) -> &'a Path {
        self.path
    }
}

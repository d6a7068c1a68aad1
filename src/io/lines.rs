use std::path::Path;

use super::gzip::Input;
use super::{Cell, Error};

/// The longest line read as one row.
pub(super) const LONGEST: usize = 1 << 26;
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The lines of a text file that are not blank, with their numbers.
#[derive(Debug)]
pub(super) struct Lines {
    input: Input,
    line: Vec<u8>,
    number: usize,
    is_held: bool,
}

impl Lines {
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self::new(Input::open(path)?))
    }

    pub(super) fn new(input: Input) -> Self {
        Self { input, line: Vec::new(), number: 0, is_held: false }
    }

    pub(super) fn path(&self) -> &Path {
        self.input.path()
    }

    /// What comes after the current line.
    pub(super) fn into_input(self) -> Input {
        self.input
    }

    /// The number of the current line, from 1.
    pub(super) fn number(&self) -> usize {
        self.number
    }

    /// The current line, with the newline at its end.
    pub(super) fn line(&self) -> &[u8] {
        &self.line
    }

    /// The current line, to be changed.
    pub(super) fn line_mut(&mut self) -> &mut Vec<u8> {
        &mut self.line
    }

    /// Moves to the next line that is not blank; `false` at the end of the file.
    pub(super) fn advance(&mut self) -> Result<bool, Error> {
        if std::mem::take(&mut self.is_held) {
            return Ok(true);
        }
        while self.read_line()? {
            if !self.line.trim_ascii().is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Moves to the next line, blank or not; `false` at the end of the file.
    pub(super) fn read_line(&mut self) -> Result<bool, Error> {
        self.line.clear();
        let count = self.input.read_until(b'\n', LONGEST, &mut self.line)?;
        if count == 0 {
            return Ok(false);
        }
        self.number += 1;
        if count == LONGEST {
            return Err(Error::LineTooLong { path: self.path().into(), line: self.number, limit: LONGEST });
        }
        if self.number == 1 && self.line.starts_with(BYTE_ORDER_MARK) {
            self.line.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(true)
    }

    /// Makes the next [`advance`](Self::advance) stay on the current line.
    pub(super) fn hold(&mut self) {
        self.is_held = true;
    }

    /// Field `column` (from 0) of the current line, for an error.
    pub(super) fn cell(&self, column: usize, names: Option<&[String]>) -> Cell {
        Cell {
            path: self.path().into(),
            line: self.number,
            column: column + 1,
            name: names.and_then(|names| names.get(column)).cloned(),
        }
    }
}

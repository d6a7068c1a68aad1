use std::borrow::Cow;

use super::number;

/// What stands between the fields of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delimiter {
    /// One byte: two in a row enclose an empty field.
    Byte(u8),
    /// Any run of white space.
    Blanks,
}

/// A quoted field without its closing quote, or with text after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BrokenQuote;

impl Delimiter {
    /// The delimiter of a table, by its first line: the first of tab, semicolon and comma that occurs outside of
    /// quotes, else blanks.
    pub(super) fn sniff(line: &[u8]) -> Self {
        let mut is_quoted = false;
        let mut seen = [false; 3];
        for &byte in line {
            match byte {
                b'"' => is_quoted = !is_quoted,
                b'\t' if !is_quoted => seen[0] = true,
                b';' if !is_quoted => seen[1] = true,
                b',' if !is_quoted => seen[2] = true,
                _ => {}
            }
        }
        match seen {
            [true, ..] => Self::Byte(b'\t'),
            [_, true, _] => Self::Byte(b';'),
            [.., true] => Self::Byte(b','),
            _ => Self::Blanks,
        }
    }

    /// The fields of a line, in order, without the white space around them.
    ///
    /// A field that starts with a double quote ends with one; a doubled quote inside stands for one quote.
    pub(super) fn fields(self, line: &[u8]) -> Fields<'_> {
        let line = strip_line_end(line);
        let rest = if self == Self::Blanks { line.trim_ascii() } else { line };
        Fields { delimiter: self, rest: Some(rest) }
    }

    /// Where the delimiter next stands in `bytes`.
    fn position(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Byte(delimiter) => bytes.iter().position(|&byte| byte == delimiter),
            Self::Blanks => bytes.iter().position(u8::is_ascii_whitespace),
        }
    }
}

/// The fields of a line.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    delimiter: Delimiter,
    rest: Option<&'a [u8]>,
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Cow<'a, [u8]>, BrokenQuote>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        if rest.trim_ascii_start().first() == Some(&b'"') {
            return Some(self.quoted(&rest.trim_ascii_start()[1..]));
        }
        let end = self.delimiter.position(rest).unwrap_or(rest.len());
        self.skip_delimiter(&rest[end..]);
        Some(Ok(Cow::Borrowed(rest[..end].trim_ascii())))
    }
}

impl<'a> Fields<'a> {
    /// The next field, if it is a plain decimal number with nothing around it; else stays where it is.
    #[inline]
    pub(super) fn next_plain_decimal(&mut self) -> Option<f64> {
        let rest = self.rest?;
        let (value, end) = number::plain_decimal(rest)?;
        let is_whole = match (rest.get(end), self.delimiter) {
            (None, _) => true,
            (Some(&byte), Delimiter::Byte(delimiter)) => byte == delimiter,
            (Some(byte), Delimiter::Blanks) => byte.is_ascii_whitespace(),
        };
        is_whole.then(|| {
            self.rest = None;
            self.skip_delimiter(&rest[end..]);
            value
        })
    }

    /// Goes on after the delimiter at the start of `rest`.
    #[inline]
    fn skip_delimiter(&mut self, rest: &'a [u8]) {
        if let Some((_, rest)) = rest.split_first() {
            self.rest =
                Some(if self.delimiter == Delimiter::Blanks { rest.trim_ascii_start() } else { rest });
        }
    }

    /// The field whose opening quote stands just before `rest`.
    fn quoted(&mut self, rest: &'a [u8]) -> Result<Cow<'a, [u8]>, BrokenQuote> {
        let mut text = Vec::new();
        let mut start = 0;
        loop {
            let end = start + rest[start..].iter().position(|&byte| byte == b'"').ok_or(BrokenQuote)?;
            text.extend_from_slice(&rest[start..end]);
            let after = &rest[end + 1..];
            if after.first() == Some(&b'"') {
                text.push(b'"');
                start = end + 2;
                continue;
            }
            let gap = self.delimiter.position(after).unwrap_or(after.len());
            if !after[..gap].trim_ascii().is_empty() {
                return Err(BrokenQuote);
            }
            self.skip_delimiter(&after[gap..]);
            return Ok(Cow::Owned(text));
        }
    }
}

/// The line without the newline at its end, or the carriage return and newline.
fn strip_line_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

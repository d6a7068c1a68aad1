use std::borrow::Cow;

use super::delimiter::Delimiter;
use super::number;

/// What separates the few fields of a line that names something: of an edge, a label, a rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// One byte: two in a row enclose an empty field.
    Byte(u8),
    /// Two colons, as in the ratings of MovieLens.
    Colons,
    /// Any run of white space.
    Blanks,
}

impl Separator {
    /// The separator of a file, by its first line: the first of tab, `::`, semicolon and comma that occurs outside of
    /// quotes, else blanks. Numbers with tabs between some and spaces between others are separated by blanks.
    pub(super) fn sniff(line: &[u8]) -> Self {
        match Delimiter::sniff(line) {
            Delimiter::Byte(b'\t') if is_mixed(line) => Self::Blanks,
            Delimiter::Byte(b'\t') => Self::Byte(b'\t'),
            _ if line.windows(2).any(|pair| pair == b"::") => Self::Colons,
            Delimiter::Byte(byte) => Self::Byte(byte),
            Delimiter::Blanks => Self::Blanks,
        }
    }

    /// Splits a line into fields without the white space around them; the number of all its fields, of which the
    /// first are put into `fields`. A field that starts with a quote ends with one, and may hold the separator.
    #[inline]
    pub(super) fn split<'a>(self, line: &'a [u8], fields: &mut [&'a [u8]]) -> usize {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let mut rest = self.trim_start(line.strip_suffix(b"\r").unwrap_or(line));
        if self == Self::Blanks {
            rest = rest.trim_ascii_end();
        }
        let mut count = 0;
        loop {
            let quoted = quoted_len(rest);
            let (end, next) = match self {
                Self::Byte(separator) => ends(&rest[quoted..], 1, |rest, i| rest[i] == separator),
                Self::Colons => ends(&rest[quoted..], 2, |rest, i| rest[i..].starts_with(b"::")),
                Self::Blanks => ends(&rest[quoted..], 1, |rest, i| rest[i].is_ascii_whitespace()),
            };
            if let Some(field) = fields.get_mut(count) {
                *field = rest[..quoted + end].trim_ascii_end();
            }
            count += 1;
            let Some(next) = next else { return count };
            rest = &rest[quoted + next..];
            if self == Self::Blanks || rest.first().is_some_and(u8::is_ascii_whitespace) {
                rest = self.trim_start(rest);
            }
        }
    }

    /// The rest of a line without leading white space, as far as that does not separate.
    fn trim_start(self, rest: &[u8]) -> &[u8] {
        let is_padding = |byte: &&u8| byte.is_ascii_whitespace() && self != Self::Byte(**byte);
        &rest[rest.iter().take_while(is_padding).count()..]
    }
}

/// Whether spaces as well as tabs separate the numbers of a line, and all of it is numbers.
fn is_mixed(line: &[u8]) -> bool {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    line.trim_ascii().contains(&b' ') && words.all(|word| number::parse(word).is_ok())
}

/// Where a field ends, and where the next one starts after a separator of `width` bytes, if there is one.
#[inline]
fn ends(rest: &[u8], width: usize, separates: impl Fn(&[u8], usize) -> bool) -> (usize, Option<usize>) {
    match (0..rest.len()).find(|&i| separates(rest, i)) {
        Some(end) => (end, Some(end + width)),
        None => (rest.len(), None),
    }
}

/// The length of the quoted text at the start of a line, 0 if there is none; all of the line if the quote stays open.
#[inline]
fn quoted_len(rest: &[u8]) -> usize {
    if rest.first() != Some(&b'"') {
        return 0;
    }
    let mut at = 1;
    while let Some(quote) = rest[at..].iter().position(|&byte| byte == b'"') {
        at += quote + 1;
        if rest.get(at) != Some(&b'"') {
            return at;
        }
        at += 1;
    }
    rest.len()
}

/// A field without its quotes; `None` if the closing one is missing.
#[inline]
pub(super) fn unquoted(field: &[u8]) -> Option<Cow<'_, [u8]>> {
    if field.first() != Some(&b'"') {
        return Some(Cow::Borrowed(field));
    }
    if field.len() < 2 || quoted_len(field) != field.len() || field.last() != Some(&b'"') {
        return None;
    }
    let mut text = Vec::with_capacity(field.len());
    let mut bytes = field[1..field.len() - 1].iter();
    while let Some(&byte) = bytes.next() {
        text.push(byte);
        if byte == b'"' {
            bytes.next();
        }
    }
    Some(Cow::Owned(text))
}

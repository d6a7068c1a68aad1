use super::{Cell, Error};

/// Why the text of a cell is not a finite number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Missing,
    NotFinite,
    NotANumber,
}

const MISSING: [&str; 7] = ["", "na", "n/a", "nan", "null", "none", "?"];

/// The finite decimal number a cell spells, rounded correctly to `f64`.
#[inline]
pub(super) fn parse(cell: &[u8]) -> Result<f64, Flaw> {
    match std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok()) {
        Some(value) if f64::is_finite(value) => Ok(value),
        other => Err(flaw(cell, other)),
    }
}

#[cold]
fn flaw(cell: &[u8], value: Option<f64>) -> Flaw {
    let is_missing = MISSING.iter().any(|word| cell.eq_ignore_ascii_case(word.as_bytes()));
    match value {
        _ if is_missing => Flaw::Missing,
        Some(value) if value.is_nan() => Flaw::Missing,
        Some(_) => Flaw::NotFinite,
        None => Flaw::NotANumber,
    }
}

impl Flaw {
    /// The error for text `found` at a cell.
    #[cold]
    pub(super) fn at(self, at: Cell, found: &[u8]) -> Error {
        let found = shortened(found);
        match self {
            Self::Missing => Error::Missing { at, found },
            Self::NotFinite => Error::NotFinite { at, found },
            Self::NotANumber => Error::NotANumber { at, found },
        }
    }
}

/// Text as it can be shown in one line of a message: at most 40 characters, none of them a control character.
pub(super) fn shortened(text: &[u8]) -> String {
    const LONGEST: usize = 40;
    let head = String::from_utf8_lossy(&text[..text.len().min(4 * LONGEST)]);
    let mut shown: String =
        head.chars().take(LONGEST).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if head.chars().count() > LONGEST || text.len() > 4 * LONGEST {
        shown.push('…');
    }
    shown
}

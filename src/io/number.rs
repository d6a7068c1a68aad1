use super::{Cell, Error};

/// Why the text of a cell is not a finite number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Missing,
    NotFinite,
    NotANumber,
}

/// Digits that every `u64` has room for.
const MOST_DIGITS: usize = 19;

const MISSING: [&str; 7] = ["", "na", "n/a", "nan", "null", "none", "?"];

/// The finite decimal number a cell spells, rounded correctly to `f64`.
#[inline]
pub(super) fn parse(cell: &[u8]) -> Result<f64, Flaw> {
    match std::str::from_utf8(cell).ok().and_then(|text| text.parse().ok()) {
        Some(value) if f64::is_finite(value) => Ok(value),
        other => Err(flaw(cell, other)),
    }
}

/// The number that `text` starts with, if it is spelled as digits with at most a sign and a point, and its length.
///
/// Only numbers ±m/10ᵏ with m < 2⁵³ and k < 20: m and 10ᵏ are floats, so that the quotient is rounded once (Clinger, *How to
/// read floating point numbers accurately*, PLDI 1990). A faster [`parse`] of what most cells hold.
#[inline]
pub(super) fn plain_decimal(text: &[u8]) -> Option<(f64, usize)> {
    let is_negative = text.first() == Some(&b'-');
    let start = usize::from(is_negative);
    let (mut mantissa, mut point, mut end) = (0_u64, None, start);
    for &byte in &text[start..] {
        match byte {
            b'0'..=b'9' => mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(byte - b'0')),
            b'.' if point.is_none() => point = Some(end),
            _ => break,
        }
        end += 1;
    }
    let digits = end - start - usize::from(point.is_some());
    let decimals = point.map_or(0, |point| end - point - 1);
    if !(1..=MOST_DIGITS).contains(&digits) || mantissa >= 1 << f64::MANTISSA_DIGITS {
        return None;
    }
    let size = mantissa as f64 / POWERS_OF_TEN[decimals];
    Some((if is_negative { -size } else { size }, end))
}

/// 10ᵏ; exact up to k = 22.
const POWERS_OF_TEN: [f64; MOST_DIGITS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19,
];

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

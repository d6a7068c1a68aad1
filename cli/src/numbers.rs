//! Numbers of the command line.

use std::num::NonZeroUsize;
use std::str::FromStr;

/// A number that counts, from 0.
pub fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "not a whole number from 0 to 2^64 − 1".to_owned())
}

/// A number that counts, from 1.
pub fn counting(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "not a whole number from 1 to 2^64 − 1".to_owned())
}

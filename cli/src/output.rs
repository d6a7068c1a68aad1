//! Files that answers go to, the time they took, and numbers as people read them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use proofsketch::io::parent_folder;

use crate::failure::Failure;

/// Where the time of a solver went.
#[derive(Debug)]
pub struct Seconds {
    pub read: Duration,
    pub total: Duration,
}

impl Seconds {
    /// Time spent on anything but reading.
    pub fn solve(&self) -> Duration {
        self.total.saturating_sub(self.read)
    }
}

/// Refuses, before any work, a file that could not be written afterwards, or that is the input.
pub fn assert_writable(out: &Path, input: &Path) -> Result<(), Failure> {
    let refused = |why: &str| Err(Failure::input(format!("--out {}: {why}", out.display())));
    let folder = parent_folder(out);
    if out.is_dir() {
        return refused("is a folder");
    }
    if !folder.is_dir() {
        return refused(&format!("there is no folder {}", folder.display()));
    }
    if let (Ok(out), Ok(input)) = (fs::canonicalize(out), fs::canonicalize(input))
        && out == input
    {
        return refused("is the input");
    }
    if out.exists() && !out.is_file() {
        return Ok(()); // a pipe or a terminal: written directly
    }
    match tempfile::tempfile_in(folder) {
        Ok(_) => Ok(()),
        Err(error) => refused(&format!("cannot be written: {error}")),
    }
}

/// The delimiter of a text file by its name; none for `.npy`. A final `.gz` does not count.
pub fn text_extension(path: &Path) -> Option<u8> {
    let name = path.to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    if name.ends_with(".npy") {
        return None;
    }
    Some(if name.ends_with(".tsv") { b'\t' } else { b',' })
}

/// A number to `digits` significant digits, in powers of ten where it is very large or small.
pub fn significant(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let exponent = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok());
    match exponent {
        Some(exponent @ -4..=8) => {
            let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
            format!("{value:.decimals$}")
        }
        _ => scientific,
    }
}

#[cfg(test)]
mod tests {
    use super::significant;

    #[test]
    fn numbers_are_rounded_to_their_digits() {
        let cases = [
            (0.0, 6, "0"),
            (-0.000_123_456_78, 3, "-0.000123"),
            (99.96, 3, "100"),
            (123_456_789.0, 3, "123456789"),
            (1.5e12, 3, "1.50e12"),
            (-3.14159e-7, 2, "-3.1e-7"),
            (9.996, 3, "10.0"),
        ];
        for (value, digits, text) in cases {
            assert_eq!(significant(value, digits), text);
        }
    }
}

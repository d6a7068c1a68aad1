use std::path::Path;

use super::Error;
use super::gzip::Input;
use super::matrix_market::BANNER;
use super::npy::MAGIC;

/// The format of a matrix in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Table,
    Npy,
    MatrixMarket,
}

impl Format {
    /// By the name if it ends in `.npy` or `.mtx`, else by the first bytes.
    pub(super) fn of(path: &Path, input: &mut Input) -> Result<Self, Error> {
        if let Some(format) = Self::named(path) {
            return Ok(format);
        }
        let start = input.peek()?;
        let has_banner = start.get(..BANNER.len()).is_some_and(|start| start.eq_ignore_ascii_case(BANNER));
        Ok(match () {
            () if start.starts_with(MAGIC) => Self::Npy,
            () if has_banner => Self::MatrixMarket,
            () => Self::Table,
        })
    }

    /// By the name alone, whose last `.gz` does not count.
    pub(super) fn named(path: &Path) -> Option<Self> {
        match extension(path).as_str() {
            "npy" => Some(Self::Npy),
            "mtx" => Some(Self::MatrixMarket),
            "csv" | "tsv" => Some(Self::Table),
            _ => None,
        }
    }
}

/// The extension before `.gz`, in lower case.
pub(super) fn extension(path: &Path) -> String {
    let last = |path: &Path| path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
    match last(path).as_str() {
        "gz" => last(Path::new(path.file_stem().unwrap_or_default())),
        plain => plain.to_owned(),
    }
}

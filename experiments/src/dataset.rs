//! Data that figures run on and that is not shipped with this library.

use std::path::{Path, PathBuf};

use crate::Error;

/// The environment variable that names the data folder.
pub const DATA_VARIABLE: &str = "PROOFSKETCH_DATA";

/// Files that a user puts below a data folder: `DIR/<id>/<file>`.
#[derive(Debug, PartialEq, Eq)]
pub struct Dataset {
    /// Name of its folder.
    pub id: &'static str,
    /// Its name and size, in a few words.
    pub title: &'static str,
    /// Its files, each with what it holds.
    pub files: &'static [(&'static str, &'static str)],
    /// Where to get it.
    pub source: &'static str,
}

impl Dataset {
    /// Its folder below `data`.
    ///
    /// # Errors
    /// [`Error::MissingData`] if there is no data folder or a file is not there.
    pub fn folder(&'static self, data: Option<&Path>) -> Result<PathBuf, Error> {
        let missing = |path: Option<PathBuf>| Error::MissingData { dataset: self, path };
        let folder = data.ok_or_else(|| missing(None))?.join(self.id);
        match self.files.iter().map(|(name, _)| folder.join(name)).find(|path| !path.is_file()) {
            Some(path) => Err(missing(Some(path))),
            None => Ok(folder),
        }
    }

    /// What to get and where to put it, in one line.
    #[must_use]
    pub fn instructions(&self) -> String {
        let files = self.files.iter().map(|(name, holds)| format!("DIR/{}/{name} ({holds})", self.id));
        format!(
            "make {} from {}; then pass --data DIR or set {DATA_VARIABLE}=DIR",
            files.collect::<Vec<_>>().join(" and "),
            self.source
        )
    }
}

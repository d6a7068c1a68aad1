//! What a figure is run with.

use std::path::PathBuf;

use proofsketch::random::StreamKey;
use serde::{Deserialize, Serialize};

use crate::{Dataset, Error, Figure, Progress};

/// How much work a figure does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Seconds: shows that everything works; its checks may say less.
    Smoke,
    /// What the reports hold: up to minutes.
    Paper,
}

impl std::fmt::Display for Scale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Smoke => "smoke",
            Self::Paper => "paper",
        })
    }
}

/// What a figure is run with: scale, random key, progress.
#[derive(Debug)]
pub struct Context {
    scale: Scale,
    key: StreamKey,
    progress: Progress,
    data: Option<PathBuf>,
}

impl Context {
    /// The context of `figure`; its key is named by the seed and the figure's id alone.
    #[must_use]
    pub fn new(figure: &Figure, scale: Scale, seed: u64, progress: Progress) -> Self {
        Self { scale, key: StreamKey::from_seed(seed).named(figure.id), progress, data: None }
    }

    /// The same context with a folder of data that is not shipped.
    #[must_use]
    pub fn with_data(self, data: Option<PathBuf>) -> Self {
        Self { data, ..self }
    }

    /// The folder of a data set that is not shipped.
    ///
    /// # Errors
    /// [`Error::MissingData`].
    pub fn dataset(&self, dataset: &'static Dataset) -> Result<PathBuf, Error> {
        dataset.folder(self.data.as_deref())
    }

    /// How much work to do.
    #[must_use]
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// One of two settings, by scale.
    #[must_use]
    pub fn at<T>(&self, smoke: T, paper: T) -> T {
        match self.scale {
            Scale::Smoke => smoke,
            Scale::Paper => paper,
        }
    }

    /// The key that all randomness of the figure is named under.
    #[must_use]
    pub fn key(&self) -> StreamKey {
        self.key
    }

    /// Where work done is told.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }
}

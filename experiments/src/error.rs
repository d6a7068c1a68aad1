//! What can go wrong between a figure's name and its report.

use std::path::PathBuf;

use crate::Dataset;

/// What a figure's own functions fail with: any error of the library.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Why a figure, its data or its report could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No figure has this name.
    #[error("no figure or paper is named `{id}`{}", suggestion(near))]
    UnknownFigure {
        /// The name that was asked for.
        id: String,
        /// Names near to it, nearest first.
        near: Vec<&'static str>,
    },
    /// The data of a figure is not there yet.
    #[error("no data of `{id}` at {}: run `proofsketch reproduce run {id}` first", path.display())]
    NoData {
        /// The figure.
        id: &'static str,
        /// Where its data was looked for.
        path: PathBuf,
    },
    /// Data that a figure runs on and that is not shipped is not there.
    #[error("needs {}, {}: {}", dataset.title, absence(path.as_ref()), dataset.instructions())]
    MissingData {
        /// The data.
        dataset: &'static Dataset,
        /// The file that was looked for; `None` if no data folder was named.
        path: Option<PathBuf>,
    },
    /// A figure's own computation, drawing or check failed.
    #[error("{id}: {stage} failed: {source}")]
    Figure {
        /// The figure.
        id: &'static str,
        /// "run", "plot" or "check".
        stage: &'static str,
        /// What it failed with.
        source: Fault,
    },
    /// A file could not be read, or its folder not be made.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] proofsketch::io::Error),
    /// A data file does not hold a table.
    #[error("{}: {source}", path.display())]
    Data {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<Self>,
    },
    /// A line of a CSV text is not a row of the table.
    #[error("line {line}: {message}")]
    Csv {
        /// 1-based line.
        line: u64,
        /// What is wrong there.
        message: String,
    },
    /// A table has no column of this name and kind.
    #[error("no {kind} column `{name}`; the table has: {}", columns.join(", "))]
    NoColumn {
        /// The column asked for.
        name: String,
        /// "number" or "text".
        kind: &'static str,
        /// The columns that are there.
        columns: Vec<String>,
    },
    /// A table that its CSV file would not give back.
    #[error("not a table that a CSV file gives back: {0}")]
    Table(String),
    /// A chart without a single point that its axes can show.
    #[error("chart `{0}`: no point that its axes can show")]
    EmptyChart(String),
    /// A picture could not be drawn.
    #[error("drawing: {0}")]
    Drawing(#[from] plotters::drawing::DrawingAreaErrorKind<std::io::Error>),
    /// A drawing could not be turned into pixels.
    #[error("rendering: {0}")]
    Rendering(#[from] resvg::usvg::Error),
    /// A picture could not be encoded.
    #[error("PNG: {0}")]
    Png(#[from] png::EncodingError),
}

impl Error {
    /// Whether the request is at fault (a name, a file that does not read or cannot be written), not the computation.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(
            self,
            Self::UnknownFigure { .. }
                | Self::NoData { .. }
                | Self::Data { .. }
                | Self::File { .. }
                | Self::Write(_)
                | Self::MissingData { .. }
        )
    }
}

fn absence(path: Option<&PathBuf>) -> String {
    path.map_or_else(
        || "which is not shipped".to_owned(),
        |path| format!("and there is no file {}", path.display()),
    )
}

fn suggestion(near: &[&str]) -> String {
    if near.is_empty() {
        "; `proofsketch reproduce list` shows them all".to_owned()
    } else {
        format!("; did you mean {}?", near.join(", "))
    }
}

//! A drawing: one chart, or several under one legend.

use super::{Chart, layout, raster, svg};
use crate::Error;

/// One chart, or several side by side under one title and one legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    pub(super) title: String,
    pub(super) panels: Vec<Chart>,
}

impl From<Chart> for Drawing {
    fn from(chart: Chart) -> Self {
        Self { title: chart.title.clone(), panels: vec![chart] }
    }
}

impl Drawing {
    /// Charts side by side, at most three in a row, four in a square. Series with the same label look the same in each.
    #[must_use]
    pub fn panels(title: impl Into<String>, panels: impl IntoIterator<Item = Chart>) -> Self {
        Self { title: title.into(), panels: panels.into_iter().collect() }
    }

    /// The drawing as an SVG document, its texts as text.
    ///
    /// # Errors
    /// [`Error::EmptyChart`] if a chart has no point that its axes can show.
    pub fn to_svg(&self) -> Result<String, Error> {
        Ok(svg::svg(&layout::canvas(self)?, &self.title))
    }

    /// The drawing as a PNG file, 1600 pixels wide.
    ///
    /// # Errors
    /// [`Error::EmptyChart`] if a chart has no point that its axes can show; [`Error::Png`] if it cannot be encoded.
    pub fn to_png(&self) -> Result<Vec<u8>, Error> {
        raster::png(&layout::canvas(self)?, &self.title)
    }
}

//! A drawing: one chart, or several under one legend.

use plotters::coord::Shift;
use plotters::prelude::{DrawingArea, IntoDrawingArea, SVGBackend, WHITE};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg;

use super::legend::Legend;
use super::style::{FONT, fitted, text};
use super::{Chart, panel};
use crate::Error;

/// Units across a drawing; plotters rounds every position to one.
const WIDTH: i32 = 3200;
/// Units a pixel of the PNG file, and of the SVG file at its own size.
const PNG_SCALE: i32 = 2;
const SVG_SCALE: i32 = 3;
const MARGIN: i32 = 56;
const TITLE: f64 = 66.0;
const HEADING: i32 = 126;
/// A legend wider than this goes below the charts.
const WIDEST_BESIDE: i32 = 840;
const LEGEND_GAP: i32 = 40;
const PANEL_GAP: i32 = 36;

/// One chart, or several side by side under one title and one legend.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    title: String,
    panels: Vec<Chart>,
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
    /// [`Error::EmptyChart`] if a chart has no point that its axes can show; [`Error::Drawing`] if plotters fails.
    pub fn to_svg(&self) -> Result<String, Error> {
        let legend = Legend::of(&self.panels);
        let height = self.height(&legend);
        let mut svg = String::new();
        let size = (WIDTH as u32, height as u32);
        self.draw(&SVGBackend::with_string(&mut svg, size).into_drawing_area(), &legend)?;
        let full_size = format!("width=\"{WIDTH}\" height=\"{height}\"");
        let shown = format!("width=\"{}\" height=\"{}\"", WIDTH / SVG_SCALE, height / SVG_SCALE);
        Ok(svg.replacen(&full_size, &shown, 1))
    }

    /// The drawing as a PNG file, 1600 pixels wide.
    ///
    /// # Errors
    /// Those of [`to_svg`](Self::to_svg); [`Error::Rendering`] or [`Error::Png`] if resvg or the encoder fails.
    pub fn to_png(&self) -> Result<Vec<u8>, Error> {
        let mut options = usvg::Options::default();
        options.fontdb_mut().load_font_data(FONT.to_vec());
        let tree = usvg::Tree::from_str(&self.to_svg()?, &options)?;
        let scale = (WIDTH / PNG_SCALE) as f32 / tree.size().width();
        let size = tree.size().to_int_size().scale_by(scale).ok_or(usvg::Error::InvalidSize)?;
        let mut image = Pixmap::new(size.width(), size.height()).ok_or(usvg::Error::InvalidSize)?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut image.as_mut());
        self.encoded(&image)
    }

    /// An opaque image as a PNG file, the title among its metadata. Lines and letters compress best unfiltered.
    fn encoded(&self, image: &Pixmap) -> Result<Vec<u8>, Error> {
        let colours = image.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]);
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, image.width(), image.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.set_filter(png::Filter::NoFilter);
        encoder.add_itxt_chunk("Title".to_owned(), self.title.clone())?;
        encoder.write_header()?.write_image_data(&colours.collect::<Vec<u8>>())?;
        Ok(bytes)
    }

    fn is_beside(&self, legend: &Legend) -> bool {
        self.panels.len() == 1 && legend.width() <= WIDEST_BESIDE
    }

    /// Rows and columns of panels, and the height of one.
    fn grid(&self, legend: &Legend) -> (usize, usize, i32) {
        let (columns, height) = match self.panels.len() {
            0 | 1 => (1, if self.is_beside(legend) { 1800 } else { 1640 }),
            2 | 4 => (2, 1320),
            _ => (3, 1080),
        };
        (self.panels.len().div_ceil(columns), columns, height)
    }

    fn height(&self, legend: &Legend) -> i32 {
        let (rows, _, panel_height) = self.grid(legend);
        let below = if self.is_beside(legend) { 0 } else { legend.height(WIDTH - 2 * MARGIN) + LEGEND_GAP };
        2 * MARGIN + HEADING + panel_height * rows as i32 + below
    }

    fn draw(&self, root: &DrawingArea<SVGBackend<'_>, Shift>, legend: &Legend) -> Result<(), Error> {
        root.fill(&WHITE)?;
        let inner = root.margin(MARGIN, MARGIN, MARGIN, MARGIN);
        inner.titled(&self.title, text(fitted(&self.title, TITLE, f64::from(WIDTH - 2 * MARGIN))))?;
        let body = inner.split_vertically(HEADING).1;
        let (rows, columns, panel_height) = self.grid(legend);
        let (charts, legend_area) = if self.is_beside(legend) {
            let (charts, rest) = body.split_horizontally(WIDTH - 2 * MARGIN - legend.width() - LEGEND_GAP);
            (charts, rest.margin(0, 0, LEGEND_GAP, 0))
        } else {
            let (charts, rest) = body.split_vertically(panel_height * rows as i32);
            (charts, rest.margin(LEGEND_GAP, 0, 0, 0))
        };
        for (chart, cell) in self.panels.iter().zip(charts.split_evenly((rows, columns))) {
            let gap = if columns > 1 { PANEL_GAP } else { 0 };
            panel::draw(chart, &cell.margin(0, gap, 0, gap), legend, self.panels.len() > 1)?;
        }
        legend.draw(&legend_area)?;
        Ok(root.present()?)
    }
}

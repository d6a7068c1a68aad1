//! The legend: one line for each label of a drawing, beside the charts or below them.

use super::canvas::{Anchor, Canvas, Shape, Stroke, Text};
use super::chart::{Chart, Mark};
use super::font;
use super::palette::{Style, reference_style, series_style};

pub(super) const LINE_WIDTH: f64 = 3.6;
pub(super) const REFERENCE_WIDTH: f64 = 2.6;
pub(super) const MARKER: f64 = 7.5;
pub(super) const BAND_OPACITY: f64 = 0.16;
const SIZE: f64 = 25.0;
const LINE_HEIGHT: f64 = 42.0;
const SAMPLE: f64 = 64.0;
const GAP: f64 = 14.0;
const COLUMN_GAP: f64 = 44.0;

/// The labels of a drawing in order of first appearance, and how each looks.
pub(super) struct Legend {
    entries: Vec<Entry>,
}

struct Entry {
    label: String,
    mark: Mark,
    style: Style,
    has_band: bool,
}

impl Legend {
    pub fn of(panels: &[Chart]) -> Self {
        let mut entries: Vec<Entry> = Vec::new();
        let (mut measured, mut references) = (0, 0);
        for series in panels.iter().flat_map(|chart| &chart.series) {
            if entries.iter().any(|entry| entry.label == series.label) {
                continue;
            }
            let style = if matches!(series.mark, Mark::Line | Mark::Scatter) {
                measured += 1;
                series_style(measured - 1)
            } else {
                references += 1;
                reference_style(references - 1)
            };
            let (label, has_band) = (series.label.clone(), !series.band.is_empty());
            entries.push(Entry { label, mark: series.mark, style, has_band });
        }
        Self { entries }
    }

    /// How the series of this label looks.
    pub fn style(&self, label: &str) -> Style {
        self.entries.iter().find(|entry| entry.label == label).map_or(series_style(0), |entry| entry.style)
    }

    /// Width of one column.
    pub fn width(&self) -> f64 {
        let widest = self.entries.iter().map(|entry| font::width(&entry.label, SIZE)).fold(0.0, f64::max);
        SAMPLE + GAP + widest
    }

    /// Height below a drawing of this width.
    pub fn height_below(&self, width: f64) -> f64 {
        LINE_HEIGHT * self.rows(width) as f64
    }

    /// Draws the entries in one column, the first at `top`.
    pub fn draw_beside(&self, canvas: &mut Canvas, (left, top): (f64, f64)) {
        for (i, entry) in self.entries.iter().enumerate() {
            entry.draw(canvas, (left, top + LINE_HEIGHT * (i as f64 + 0.5)));
        }
    }

    /// Draws the entries in as many columns as fit into `width`, centred.
    pub fn draw_below(&self, canvas: &mut Canvas, (left, top): (f64, f64), width: f64) {
        let rows = self.rows(width);
        let columns = self.entries.len().div_ceil(rows);
        let column_width = self.width() + COLUMN_GAP;
        let start = left + (width - (column_width * columns as f64 - COLUMN_GAP)) / 2.0;
        for (i, entry) in self.entries.iter().enumerate() {
            let (row, column) = (i / columns, i % columns);
            entry
                .draw(canvas, (start + column_width * column as f64, top + LINE_HEIGHT * (row as f64 + 0.5)));
        }
    }

    fn rows(&self, width: f64) -> usize {
        let fitting = ((width + COLUMN_GAP) / (self.width() + COLUMN_GAP)).floor().max(1.0) as usize;
        self.entries.len().div_ceil(fitting).max(1)
    }
}

impl Entry {
    fn draw(&self, canvas: &mut Canvas, (x, y): (f64, f64)) {
        let Style { colour, dash, .. } = self.style;
        if self.has_band {
            let points = vec![(x, y - 13.0), (x + SAMPLE, y - 13.0), (x + SAMPLE, y + 13.0), (x, y + 13.0)];
            canvas.shapes.push(Shape::Polygon { points, fill: colour, opacity: BAND_OPACITY });
        }
        let line = vec![(x, y), (x + SAMPLE, y)];
        match self.mark {
            Mark::Line => canvas.path(line, Stroke { colour, width: LINE_WIDTH, dash }),
            Mark::Scatter => (),
            _ => canvas.path(line, Stroke { colour, width: REFERENCE_WIDTH, dash }),
        }
        if matches!(self.mark, Mark::Line | Mark::Scatter) {
            self.style.draw_marker(canvas, (x + SAMPLE / 2.0, y), MARKER, 1.0);
        }
        canvas.text(Text::new(&self.label, (x + SAMPLE + GAP, y), SIZE, Anchor::Start));
    }
}

//! The legend: one line for each label of a drawing, beside the charts or below them.

use plotters::coord::Shift;
use plotters::element::Rectangle;
use plotters::prelude::{Color, DrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::chart::{Chart, Mark};
use super::style::{BAND_OPACITY, LINE_WIDTH, MARKER, REFERENCE_WIDTH, Style, text, width};
use crate::Error;

const SIZE: f64 = 50.0;
const LINE_HEIGHT: i32 = 84;
const SAMPLE: i32 = 128;
const GAP: i32 = 28;
const COLUMN_GAP: i32 = 88;

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
            let style = if series.mark.is_measured() {
                measured += 1;
                Style::measured(measured - 1)
            } else {
                references += 1;
                Style::reference(references - 1)
            };
            let (label, has_band) = (series.label.clone(), !series.band.is_empty());
            entries.push(Entry { label, mark: series.mark, style, has_band });
        }
        Self { entries }
    }

    /// How the series of this label looks.
    pub fn style(&self, label: &str) -> Style {
        self.entries.iter().find(|entry| entry.label == label).map_or(Style::measured(0), |entry| entry.style)
    }

    /// Width of one column.
    pub fn width(&self) -> i32 {
        let widest = self.entries.iter().map(|entry| width(&entry.label, SIZE)).fold(0.0, f64::max);
        SAMPLE + GAP + widest.ceil() as i32
    }

    /// Height in as many columns as fit into `width`.
    pub fn height(&self, width: i32) -> i32 {
        LINE_HEIGHT * self.rows(width) as i32
    }

    /// Draws the entries from the top of `area` in as many columns as fit, centred.
    pub fn draw(&self, area: &DrawingArea<SVGBackend<'_>, Shift>) -> Result<(), Error> {
        let room = area.dim_in_pixel().0 as i32;
        let columns = self.entries.len().div_ceil(self.rows(room));
        let column_width = self.width() + COLUMN_GAP;
        let start = (room - (column_width * columns as i32 - COLUMN_GAP)) / 2;
        for (i, entry) in self.entries.iter().enumerate() {
            let (row, column) = ((i / columns) as i32, (i % columns) as i32);
            entry.draw(area, (start + column_width * column, LINE_HEIGHT * row + LINE_HEIGHT / 2))?;
        }
        Ok(())
    }

    fn rows(&self, width: i32) -> usize {
        let fitting = ((width + COLUMN_GAP) / (self.width() + COLUMN_GAP)).max(1);
        self.entries.len().div_ceil(fitting as usize).max(1)
    }
}

impl Entry {
    fn draw(&self, area: &DrawingArea<SVGBackend<'_>, Shift>, (x, y): (i32, i32)) -> Result<(), Error> {
        if self.has_band {
            let fill = self.style.colour.mix(BAND_OPACITY).filled();
            area.draw(&Rectangle::new([(x, y - 26), (x + SAMPLE, y + 26)], fill))?;
        }
        let line = vec![(x, y), (x + SAMPLE, y)];
        match self.mark {
            Mark::Line => self.style.draw_line(area, line, LINE_WIDTH)?,
            Mark::Scatter => (),
            _ => self.style.draw_line(area, line, REFERENCE_WIDTH)?,
        }
        if self.mark.is_measured() {
            self.style.draw_marker(area, (x + SAMPLE / 2, y), MARKER, 1.0)?;
        }
        let style = text(SIZE).pos(Pos::new(HPos::Left, VPos::Center));
        Ok(area.draw_text(&self.label, &style, (x + SAMPLE + GAP, y))?)
    }
}

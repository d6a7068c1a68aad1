//! From charts to shapes: where the panels and the legend stand.

use super::canvas::{Anchor, Canvas, Text};
use super::frame::Frame;
use super::legend::Legend;
use super::panel::Panel;
use super::{Drawing, font};
use crate::Error;

const WIDTH: f64 = 1600.0;
const MARGIN: f64 = 28.0;
const TITLE: f64 = 33.0;
/// A legend wider than this goes below the charts.
const WIDEST_BESIDE: f64 = 420.0;

/// Draws everything.
pub(super) fn canvas(drawing: &Drawing) -> Result<Canvas, Error> {
    let legend = Legend::of(&drawing.panels);
    let beside = drawing.panels.len() == 1 && legend.width() <= WIDEST_BESIDE;
    let (columns, panel_height) = match drawing.panels.len() {
        0 | 1 => (1, if beside { 900.0 } else { 820.0 }),
        2 | 4 => (2, 660.0),
        _ => (3, 540.0),
    };
    let rows = drawing.panels.len().div_ceil(columns);
    let top = MARGIN + 1.9 * TITLE;
    let legend_top = top + panel_height * rows as f64 + 10.0;
    let below = if beside { 0.0 } else { legend.height_below(WIDTH - 2.0 * MARGIN) + 10.0 };
    let mut canvas =
        Canvas { width: WIDTH, height: (legend_top + below + MARGIN).ceil(), shapes: Vec::new() };
    canvas.text(Text::new(
        &drawing.title,
        (WIDTH / 2.0, MARGIN + 0.5 * TITLE),
        fitted(&drawing.title, TITLE, WIDTH - 2.0 * MARGIN),
        Anchor::Middle,
    ));
    let right = if beside { WIDTH - MARGIN - legend.width() - 26.0 } else { WIDTH - MARGIN };
    let panel_width = (right - MARGIN) / columns as f64;
    for (i, chart) in drawing.panels.iter().enumerate() {
        let (left, top) =
            (MARGIN + panel_width * (i % columns) as f64, top + panel_height * (i / columns) as f64);
        let cell = Frame {
            left,
            top,
            right: left + panel_width - if columns > 1 { 30.0 } else { 14.0 },
            bottom: top + panel_height - 14.0,
        };
        let titled = drawing.panels.len() > 1;
        Panel::new(chart, cell, titled)?.draw(&mut canvas, &legend);
    }
    if beside {
        legend.draw_beside(&mut canvas, (right + 26.0, top));
    } else {
        legend.draw_below(&mut canvas, (MARGIN, legend_top), WIDTH - 2.0 * MARGIN);
    }
    Ok(canvas)
}

/// At most `size`, and so small that `text` fits `width`.
pub(super) fn fitted(text: &str, size: f64, width: f64) -> f64 {
    size * (width / font::width(text, size).max(1.0)).min(1.0)
}

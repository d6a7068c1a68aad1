//! A pair of axes in its place: from values to pixels, ticks and grid.

use super::axis::{Axis, Spacing, Tick};
use super::canvas::{Anchor, Canvas, Stroke, Text};
use super::font;
use super::frame::Frame;
use super::layout::fitted;
use super::palette::{FRAME, GRID, MINOR_GRID};

const TICK: f64 = 24.0;
/// Least space between the labels of two ticks.
const GAP: f64 = 18.0;

/// Two axes around a frame.
pub(super) struct Axes<'c> {
    x: &'c Axis,
    y: &'c Axis,
    pub x_interval: (f64, f64),
    y_interval: (f64, f64),
    /// The box that the axes span, their ticks outside.
    pub frame: Frame,
    y_ticks: Vec<Tick>,
}

impl<'c> Axes<'c> {
    /// The axes showing `intervals` of x and y, with their ticks inside `outer`.
    pub fn new(x: &'c Axis, y: &'c Axis, intervals: ((f64, f64), (f64, f64)), outer: Frame) -> Self {
        let (x_interval, y_interval) = intervals;
        let y_ticks = y.ticks(y_interval, (outer.height() / 95.0).clamp(3.0, 8.0) as usize);
        let widths =
            y_ticks.iter().filter_map(|tick| tick.label.as_ref()).map(|label| font::width(label, TICK));
        let frame = Frame {
            left: (outer.left + widths.fold(0.0, f64::max) + 22.0).round(),
            top: outer.top.round(),
            right: outer.right.round(),
            bottom: (outer.bottom - 1.6 * TICK).round(),
        };
        Self { x, y, x_interval, y_interval, frame, y_ticks }
    }

    /// Where `point` stands, if the axes can show it; it may be outside the frame.
    pub fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        (self.x.shows(x) && self.y.shows(y)).then(|| (self.place_x(x), self.place_y(y)))
    }

    fn place_x(&self, value: f64) -> f64 {
        self.frame.left + self.frame.width() * self.x.fraction(value, self.x_interval)
    }

    fn place_y(&self, value: f64) -> f64 {
        self.frame.bottom - self.frame.height() * self.y.fraction(value, self.y_interval)
    }

    /// Draws grid, frame and ticks.
    pub fn draw(&self, canvas: &mut Canvas) {
        let Frame { left, top, right, bottom } = self.frame;
        let x_ticks = self.x_ticks();
        self.draw_grid(canvas, &x_ticks, false);
        self.draw_grid(canvas, &x_ticks, true);
        let stroke = Stroke::solid(FRAME, 1.6);
        canvas.path(vec![(left, top), (left, bottom), (right, bottom)], stroke);
        let size = self.x_tick_size(&x_ticks);
        for tick in &x_ticks {
            let x = crisp(self.place_x(tick.at));
            canvas.path(vec![(x, bottom), (x, bottom + tick_length(tick))], stroke);
            if let Some(label) = &tick.label {
                canvas.text(Text::new(label, (x, bottom + 1.05 * TICK), size, Anchor::Middle));
            }
        }
        for tick in &self.y_ticks {
            let y = crisp(self.place_y(tick.at));
            canvas.path(vec![(left - tick_length(tick), y), (left, y)], stroke);
            if let Some(label) = &tick.label {
                canvas.text(Text::new(label, (left - 15.0, y), TICK, Anchor::End));
            }
        }
    }

    fn draw_grid(&self, canvas: &mut Canvas, x_ticks: &[Tick], major: bool) {
        let Frame { left, top, right, bottom } = self.frame;
        let stroke = Stroke::solid(if major { GRID } else { MINOR_GRID }, 1.0);
        let of_kind = |tick: &&Tick| tick.label.is_some() == major;
        let verticals = x_ticks.iter().filter(|_| !self.has_categories()).filter(of_kind);
        for x in verticals.map(|tick| crisp(self.place_x(tick.at))) {
            canvas.path(vec![(x, top), (x, bottom)], stroke);
        }
        for y in self.y_ticks.iter().filter(of_kind).map(|tick| crisp(self.place_y(tick.at))) {
            canvas.path(vec![(left, y), (right, y)], stroke);
        }
    }

    /// As many ticks along x as have room for their labels.
    fn x_ticks(&self) -> Vec<Tick> {
        let most = (self.frame.width() / 75.0).clamp(3.0, 11.0) as usize;
        let ticks = |wanted| self.x.ticks(self.x_interval, wanted);
        (1..=most)
            .rev()
            .map(ticks)
            .find(|ticks| self.has_categories() || self.has_room(ticks))
            .unwrap_or_default()
    }

    fn has_room(&self, ticks: &[Tick]) -> bool {
        let span = |tick: &Tick| {
            let half = font::width(tick.label.as_ref()?, TICK) / 2.0;
            Some((self.place_x(tick.at) - half, self.place_x(tick.at) + half))
        };
        let mut spans: Vec<(f64, f64)> = ticks.iter().filter_map(span).collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        spans.windows(2).all(|pair| pair[0].1 + GAP < pair[1].0)
    }

    /// Smaller than usual where the names of categories would touch.
    fn x_tick_size(&self, ticks: &[Tick]) -> f64 {
        if !self.has_categories() {
            return TICK;
        }
        let slot = self.frame.width() / ticks.len().max(1) as f64 - GAP;
        ticks
            .iter()
            .filter_map(|tick| tick.label.as_ref())
            .fold(TICK, |size, label| fitted(label, size, slot))
    }

    fn has_categories(&self) -> bool {
        matches!(self.x.spacing, Spacing::Categories(_))
    }
}

/// The middle of a pixel, where a line one pixel wide is sharp.
fn crisp(position: f64) -> f64 {
    position.floor() + 0.5
}

fn tick_length(tick: &Tick) -> f64 {
    if tick.label.is_some() { 9.0 } else { 5.0 }
}

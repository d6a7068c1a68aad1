//! An axis of given length: what plotters asks of a coordinate.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use super::axis::{Axis, Tick};
use super::style::{fitted, width};

/// Least space between the labels of two ticks.
const GAP: f64 = 36.0;

/// Fractions of an axis, from 0 to 1, with its ticks.
pub(super) struct Scale {
    axis: Axis,
    pub interval: (f64, f64),
    ticks: Vec<Tick>,
}

impl Scale {
    /// About `wanted` ticks.
    pub fn new(axis: &Axis, interval: (f64, f64), wanted: usize) -> Self {
        Self { axis: axis.clone(), interval, ticks: axis.ticks(interval, wanted) }
    }

    /// As many ticks, at most 11, as have room for labels of `size` along a horizontal axis of this `length`.
    pub fn with_room(axis: &Axis, interval: (f64, f64), length: f64, size: f64) -> Self {
        let most = (length / 150.0).clamp(3.0, 11.0) as usize;
        let scales = (1..=most).rev().map(|wanted| Self::new(axis, interval, wanted));
        let one = || Self::new(axis, interval, 1);
        scales.into_iter().find(|scale| scale.has_room(length, size)).unwrap_or_else(one)
    }

    fn has_room(&self, length: f64, size: f64) -> bool {
        let span = |tick: &Tick| {
            let half = width(tick.label.as_ref()?, size) / 2.0;
            let middle = length * self.fraction(tick.at);
            Some((middle - half, middle + half))
        };
        let mut spans: Vec<(f64, f64)> = self.ticks.iter().filter_map(span).collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.axis.has_categories() || spans.windows(2).all(|pair| pair[0].1 + GAP < pair[1].0)
    }

    /// At most `size`, and so small that the names of categories do not touch on an axis of this `length`.
    pub fn label_size(&self, length: f64, size: f64) -> f64 {
        if !self.axis.has_categories() {
            return size;
        }
        let slot = length / self.ticks.len().max(1) as f64 - GAP;
        self.labels().fold(size, |size, label| fitted(label, size, slot))
    }

    pub fn widest_label(&self, size: f64) -> f64 {
        self.labels().map(|label| width(label, size)).fold(0.0, f64::max)
    }

    /// Where `value` stands, if the axis can show it; it may be outside.
    pub fn place(&self, value: f64) -> Option<f64> {
        self.axis.shows(value).then(|| self.fraction(value))
    }

    fn fraction(&self, value: f64) -> f64 {
        self.axis.fraction(value, self.interval)
    }

    fn labels(&self) -> impl Iterator<Item = &String> {
        self.ticks.iter().filter_map(|tick| tick.label.as_ref())
    }
}

impl Ranged for Scale {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, fraction: &f64, (start, end): (i32, i32)) -> i32 {
        start + (fraction * f64::from(end - start)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        let light = hint.weight().allow_light_points();
        let of_weight = self.ticks.iter().filter(|tick| tick.label.is_none() == light);
        of_weight.map(|tick| self.fraction(tick.at)).collect()
    }

    fn range(&self) -> Range<f64> {
        0.0..1.0
    }
}

impl ValueFormatter<f64> for Scale {
    fn format_ext(&self, fraction: &f64) -> String {
        let tick = self.ticks.iter().find(|tick| self.fraction(tick.at) == *fraction);
        tick.and_then(|tick| tick.label.clone()).unwrap_or_default()
    }
}

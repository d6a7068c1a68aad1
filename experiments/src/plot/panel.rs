//! One chart in its place: series between axes.

use super::Chart;
use super::axes::Axes;
use super::axis::Spacing;
use super::canvas::{Anchor, Canvas, Shape, Stroke, Text};
use super::chart::{Mark, Series};
use super::frame::{Frame, clipped};
use super::layout::fitted;
use super::legend::{BAND_OPACITY, LINE_WIDTH, Legend, MARKER, REFERENCE_WIDTH};
use crate::Error;

const LABEL: f64 = 28.0;
/// A scatter of more points is translucent.
const FEW_POINTS: usize = 40;

/// A chart, the cell of the drawing that it fills, and its axes.
pub(super) struct Panel<'c> {
    chart: &'c Chart,
    cell: Frame,
    titled: bool,
    axes: Axes<'c>,
}

impl<'c> Panel<'c> {
    /// Leaves room for the labels of the axes, and for the chart's own title if it is `titled`.
    pub fn new(chart: &'c Chart, cell: Frame, titled: bool) -> Result<Self, Error> {
        let intervals = chart.intervals().ok_or_else(|| Error::EmptyChart(chart.title.clone()))?;
        let outer = Frame {
            left: cell.left + 1.5 * LABEL,
            top: cell.top + if titled { 1.7 * LABEL } else { 0.0 },
            right: cell.right,
            bottom: cell.bottom - 1.5 * LABEL,
        };
        Ok(Self { chart, cell, titled, axes: Axes::new(&chart.x, &chart.y, intervals, outer) })
    }

    pub fn draw(&self, canvas: &mut Canvas, legend: &Legend) {
        self.axes.draw(canvas);
        self.draw_labels(canvas);
        self.draw_bands(canvas, legend);
        self.chart.series.iter().for_each(|series| self.draw_line(canvas, legend, series));
        self.chart.series.iter().for_each(|series| self.draw_markers(canvas, legend, series));
    }

    fn draw_labels(&self, canvas: &mut Canvas) {
        let (Self { chart, cell, .. }, (x, y)) = (self, self.axes.frame.middle());
        if self.titled {
            let size = fitted(&chart.title, LABEL, cell.width() - 30.0);
            let middle = (cell.left + cell.right) / 2.0;
            canvas.text(Text::new(&chart.title, (middle, cell.top + 0.6 * LABEL), size, Anchor::Middle));
        }
        let size = fitted(&chart.x.label, LABEL, cell.width());
        canvas.text(Text::new(&chart.x.label, (x, cell.bottom - 0.6 * LABEL), size, Anchor::Middle));
        let size = fitted(&chart.y.label, LABEL, cell.height());
        let beside = Text::new(&chart.y.label, (cell.left + 0.6 * LABEL, y), size, Anchor::Middle);
        canvas.text(Text { vertical: true, ..beside });
    }

    fn draw_bands(&self, canvas: &mut Canvas, legend: &Legend) {
        let Frame { top, bottom, .. } = self.axes.frame;
        for series in &self.chart.series {
            let low = series.band.iter().filter_map(|&(x, low, _)| self.axes.place((x, low)));
            let high = series.band.iter().rev().filter_map(|&(x, _, high)| self.axes.place((x, high)));
            let points: Vec<(f64, f64)> = low.chain(high).map(|(x, y)| (x, y.clamp(top, bottom))).collect();
            if points.len() > 3 {
                let fill = legend.style(&series.label).colour;
                canvas.shapes.push(Shape::Polygon { points, fill, opacity: BAND_OPACITY });
            }
        }
    }

    fn draw_line(&self, canvas: &mut Canvas, legend: &Legend, series: &Series) {
        let style = legend.style(&series.label);
        let (points, width) = match series.mark {
            Mark::Scatter => return,
            Mark::Line => (series.points.clone(), LINE_WIDTH),
            Mark::Reference => (series.points.clone(), REFERENCE_WIDTH),
            Mark::Slope(exponent) => (self.power_law(series.points[0], exponent), REFERENCE_WIDTH),
            Mark::Target => (self.power_law((1.0, series.points[0].1), 0.0), REFERENCE_WIDTH),
        };
        let placed: Vec<(f64, f64)> = points.into_iter().filter_map(|point| self.axes.place(point)).collect();
        for piece in clipped(&placed, self.axes.frame) {
            canvas.path(piece, Stroke { colour: style.colour, width, dash: style.dash });
        }
    }

    /// Points of y = y₀ (x/x₀)ᵏ over the whole width; two where that is a straight line.
    fn power_law(&self, (x0, y0): (f64, f64), exponent: f64) -> Vec<(f64, f64)> {
        let (low, high) = self.axes.x_interval;
        let is_log = |spacing: &Spacing| matches!(spacing, Spacing::Log(_));
        let straight = exponent == 0.0 || (is_log(&self.chart.x.spacing) && is_log(&self.chart.y.spacing));
        let steps = if straight { 1 } else { 64 };
        (0..=steps)
            .map(|i| f64::from(i) / f64::from(steps))
            .map(|t| {
                if is_log(&self.chart.x.spacing) {
                    low * (high / low).powf(t)
                } else {
                    low + (high - low) * t
                }
            })
            .map(|x| (x, y0 * (x / x0).powf(exponent)))
            .collect()
    }

    fn draw_markers(&self, canvas: &mut Canvas, legend: &Legend, series: &Series) {
        let (radius, opacity) = match series.mark {
            Mark::Line => (MARKER, 1.0),
            Mark::Scatter if series.points.len() <= FEW_POINTS => (MARKER, 1.0),
            Mark::Scatter => (MARKER - 1.5, 0.55),
            _ => return,
        };
        let placed = series.points.iter().filter_map(|&point| self.axes.place(point));
        for at in placed.filter(|&at| self.axes.frame.contains(at)) {
            legend.style(&series.label).draw_marker(canvas, at, radius, opacity);
        }
    }
}

//! One chart in its place: series between axes.

use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::element::Polygon;
use plotters::prelude::{Color, DrawingArea, SVGBackend};

use super::axis::{Axis, Spacing};
use super::chart::{Chart, Mark, Series};
use super::legend::Legend;
use super::scale::Scale;
use super::style::{
    BAND_OPACITY, FRAME, GRID, LINE_WIDTH, MARKER, MINOR_GRID, REFERENCE_WIDTH, fitted, text,
};
use crate::Error;

const LABEL: f64 = 56.0;
const TICK: f64 = 48.0;
const TICK_LENGTH: i32 = 16;
/// Room beside an axis for its ticks and label, the labels of the ticks apart.
const BESIDE_TICKS: f64 = 2.0 * TICK_LENGTH as f64 + 1.6 * LABEL;
/// Above and to the right of the axes.
const MARGIN: i32 = 30;
/// A scatter of more points is translucent.
const FEW_POINTS: usize = 40;

/// A chart and the unit square that its axes span.
struct Panel<'c, 'a> {
    chart: &'c Chart,
    legend: &'c Legend,
    area: &'c DrawingArea<SVGBackend<'a>, Cartesian2d<Scale, Scale>>,
}

/// Draws a chart into `cell`, under its own title if it is `titled`.
pub(super) fn draw(
    chart: &Chart,
    cell: &DrawingArea<SVGBackend<'_>, Shift>,
    legend: &Legend,
    titled: bool,
) -> Result<(), Error> {
    let intervals = chart.intervals().ok_or_else(|| Error::EmptyChart(chart.title.clone()))?;
    let (width, height) = cell.dim_in_pixel();
    let width = f64::from(width as i32 - MARGIN);
    let y = Scale::new(&chart.y, intervals.1, (f64::from(height) / 190.0).clamp(3.0, 8.0) as usize);
    let left = y.widest_label(TICK) + BESIDE_TICKS;
    let x = Scale::with_room(&chart.x, intervals.0, width - left, TICK);
    let cell =
        if titled { &cell.titled(&chart.title, text(fitted(&chart.title, LABEL, width)))? } else { cell };
    let mut context = ChartBuilder::on(cell)
        .margin_top(MARGIN)
        .margin_right(MARGIN)
        .y_label_area_size(left)
        .x_label_area_size(TICK + BESIDE_TICKS)
        .build_cartesian_2d(x, y)?;
    draw_axes(&mut context, chart)?;
    Panel { chart, legend, area: context.plotting_area() }.draw()
}

/// Draws grid, axes, ticks and the labels of the axes.
fn draw_axes(
    context: &mut ChartContext<'_, SVGBackend<'_>, Cartesian2d<Scale, Scale>>,
    chart: &Chart,
) -> Result<(), Error> {
    let (width, height) = context.plotting_area().dim_in_pixel();
    let (width, height) = (f64::from(width), f64::from(height));
    let x_size = context.plotting_area().as_coord_spec().x_spec().label_size(width, TICK);
    let size = fitted(&chart.x.label, LABEL, width).min(fitted(&chart.y.label, LABEL, height));
    let mut mesh = context.configure_mesh();
    if chart.x.has_categories() {
        mesh.disable_x_mesh();
    }
    mesh.bold_line_style(GRID.stroke_width(2))
        .light_line_style(MINOR_GRID.stroke_width(2))
        .axis_style(FRAME.stroke_width(3))
        .set_all_tick_mark_size(TICK_LENGTH)
        .x_label_style(text(x_size))
        .y_label_style(text(TICK))
        .axis_desc_style(text(size))
        .x_desc(&chart.x.label)
        .y_desc(&chart.y.label);
    Ok(mesh.draw()?)
}

impl Panel<'_, '_> {
    fn draw(&self) -> Result<(), Error> {
        let series = &self.chart.series;
        series.iter().try_for_each(|series| self.draw_band(series))?;
        series.iter().try_for_each(|series| self.draw_line(series))?;
        series.iter().try_for_each(|series| self.draw_markers(series))
    }

    /// Where `point` stands in the unit square, if the axes can show it; it may be outside.
    fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        let axes = self.area.as_coord_spec();
        Some((axes.x_spec().place(x)?, axes.y_spec().place(y)?))
    }

    fn draw_band(&self, series: &Series) -> Result<(), Error> {
        let low = series.band.iter().filter_map(|&(x, low, _)| self.place((x, low)));
        let high = series.band.iter().rev().filter_map(|&(x, _, high)| self.place((x, high)));
        let corners: Vec<(f64, f64)> = low.chain(high).map(|(x, y)| (x, y.clamp(0.0, 1.0))).collect();
        if corners.len() > 3 {
            let fill = self.legend.style(&series.label).colour.mix(BAND_OPACITY);
            self.area.draw(&Polygon::new(corners, fill))?;
        }
        Ok(())
    }

    fn draw_line(&self, series: &Series) -> Result<(), Error> {
        let (points, width) = match series.mark {
            Mark::Scatter => return Ok(()),
            Mark::Line => (series.points.clone(), LINE_WIDTH),
            Mark::Reference => (series.points.clone(), REFERENCE_WIDTH),
            Mark::Slope(exponent) => (self.power_law(series.points[0], exponent), REFERENCE_WIDTH),
            Mark::Target => (self.power_law((1.0, series.points[0].1), 0.0), REFERENCE_WIDTH),
        };
        let placed: Vec<(f64, f64)> = points.into_iter().filter_map(|point| self.place(point)).collect();
        let style = self.legend.style(&series.label);
        clipped(&placed).into_iter().try_for_each(|piece| style.draw_line(self.area, piece, width))
    }

    /// Points of y = y₀ (x/x₀)ᵏ over the whole width; two where that is a straight line.
    fn power_law(&self, (x0, y0): (f64, f64), exponent: f64) -> Vec<(f64, f64)> {
        let (low, high) = self.area.as_coord_spec().x_spec().interval;
        let is_log = |axis: &Axis| matches!(axis.spacing, Spacing::Log(_));
        let straight = exponent == 0.0 || (is_log(&self.chart.x) && is_log(&self.chart.y));
        let steps = if straight { 1 } else { 64 };
        (0..=steps)
            .map(|i| f64::from(i) / f64::from(steps))
            .map(|t| if is_log(&self.chart.x) { low * (high / low).powf(t) } else { low + (high - low) * t })
            .map(|x| (x, y0 * (x / x0).powf(exponent)))
            .collect()
    }

    fn draw_markers(&self, series: &Series) -> Result<(), Error> {
        let (radius, opacity) = match series.mark {
            Mark::Line => (MARKER, 1.0),
            Mark::Scatter if series.points.len() <= FEW_POINTS => (MARKER, 1.0),
            Mark::Scatter => (MARKER - 3.0, 0.55),
            _ => return Ok(()),
        };
        let style = self.legend.style(&series.label);
        let inside = |at: &(f64, f64)| [at.0, at.1].iter().all(|t| (-1e-3..=1.001).contains(t));
        let mut placed = series.points.iter().filter_map(|&point| self.place(point)).filter(inside);
        placed.try_for_each(|at| style.draw_marker(self.area, at, radius, opacity))
    }
}

/// The pieces of a polyline inside the unit square.
fn clipped(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut pieces: Vec<Vec<(f64, f64)>> = Vec::new();
    for (p, q) in points.windows(2).filter_map(|pair| clipped_segment(pair[0], pair[1])) {
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&p) => piece.push(q),
            _ => pieces.push(vec![p, q]),
        }
    }
    pieces
}

/// The part of a segment inside the unit square (Liang and Barsky).
fn clipped_segment(p: (f64, f64), q: (f64, f64)) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (q.0 - p.0, q.1 - p.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (speed, distance) in [(-dx, p.0), (dx, 1.0 - p.0), (-dy, p.1), (dy, 1.0 - p.1)] {
        if speed < 0.0 {
            enter = enter.max(distance / speed);
        } else if speed > 0.0 {
            leave = leave.min(distance / speed);
        } else if distance < 0.0 {
            return None;
        }
    }
    let at = |t: f64| if t == 1.0 { q } else { (p.0 + t * dx, p.1 + t * dy) };
    (enter < leave).then(|| (at(enter), at(leave)))
}

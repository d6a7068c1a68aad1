//! Curves of an error against iterations, as tables, charts and numbers.

use crate::error::Fault;
use crate::plot::{Axis, Chart};
use crate::{Summary, Table, quantile};

/// A table of curves in panels.
pub fn table() -> Table {
    Table::new([
        "panel",
        "curve",
        "draws",
        "iteration",
        "error",
        "low",
        "high",
        "rate",
        "end",
        "end_low",
        "end_high",
    ])
}

/// Levels between which a rate is taken.
pub type Window = (f64, f64);

/// Adds the median of `runs`, measured every `every` iterations, with its 10–90 % range, its rate inside `window` and its
/// last value.
pub fn push(
    table: &mut Table,
    (panel, curve): (&str, &str),
    runs: &[Vec<f64>],
    every: usize,
    window: Window,
) {
    let rates: Vec<f64> = runs.iter().map(|errors| rate(errors, every, window)).collect();
    let rates: Vec<f64> = rates.into_iter().filter(|rate| rate.is_finite()).collect();
    let rate = quantile(&rates, 0.5);
    let at = |t: usize| Summary::of(&runs.iter().map(|run| run[t]).collect::<Vec<_>>());
    let length = runs.first().map_or(0, Vec::len);
    for t in 0..length {
        let (here, end) = (at(t), at(length - 1));
        table.push([
            panel.into(),
            curve.into(),
            runs.len().into(),
            (t * every).into(),
            here.median.into(),
            here.p10.into(),
            here.p90.into(),
            rate.into(),
            end.median.into(),
            end.p10.into(),
            end.p90.into(),
        ]);
    }
}

/// Mean factor an iteration from the first error below `high` to the last before one below `low`; NaN where the error does
/// not get from the one to the other.
pub fn rate(errors: &[f64], every: usize, (high, low): Window) -> f64 {
    let first = errors.iter().position(|&error| error <= high);
    let last = errors.iter().position(|&error| error <= low);
    match (first, last) {
        (Some(first), Some(last)) if last > first + 2 => {
            let steps = (last - 1 - first) * every;
            (errors[last - 1] / errors[first]).powf(1.0 / steps as f64)
        }
        _ => f64::NAN,
    }
}

/// The chart of one panel, about `markers` markers a curve.
pub fn chart(table: &Table, panel: &str, title: &str, error: Axis, markers: usize) -> Result<Chart, Fault> {
    let mut chart = Chart::new(title, Axis::linear("iteration t"), error);
    for (curve, of) in table.only("panel", panel)?.groups("curve")? {
        let points = of.points("iteration", "error")?;
        let step = points.len().div_ceil(markers).max(1);
        let (last, count) = (points.last().copied(), points.len());
        let mut kept: Vec<(f64, f64)> = points.into_iter().step_by(step).collect();
        if !(count - 1).is_multiple_of(step) {
            kept.extend(last);
        }
        chart = chart.line_with_band(curve, kept, of.band("iteration", "low", "high")?);
    }
    Ok(chart)
}

/// A number that belongs to a whole curve.
pub fn number(table: &Table, panel: &str, curve: &str, column: &str) -> Result<f64, Fault> {
    let of = table.only("panel", panel)?.only("curve", curve)?;
    Ok(of.numbers(column)?.first().copied().unwrap_or(f64::NAN))
}

/// The median error of a curve at an iteration that was measured.
pub fn error_at(table: &Table, panel: &str, curve: &str, iteration: f64) -> Result<f64, Fault> {
    let of = table.only("panel", panel)?.only("curve", curve)?.at("iteration", iteration)?;
    Ok(of.numbers("error")?.first().copied().unwrap_or(f64::NAN))
}

/// The first measured iteration at which the median error is at most `level`; NaN if there is none.
pub fn iterations_to(table: &Table, panel: &str, curve: &str, level: f64) -> Result<f64, Fault> {
    let points = table.only("panel", panel)?.only("curve", curve)?.points("iteration", "error")?;
    Ok(points.into_iter().find(|point| point.1 <= level).map_or(f64::NAN, |point| point.0))
}

/// Points (t, log₁₀ error) as (t, error).
pub fn read_off(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    points.iter().map(|&(t, decades)| (t, 10.0_f64.powf(decades))).collect()
}

//! Node classification measured over draws of everything random, and the table and chart of a sweep.

use proofsketch::embedding::{Settings, embed};

use crate::error::Fault;
use crate::evaluation::{LogisticSettings, Protocol, node_classification};
use crate::graphs::LabelledGraph;
use crate::plot::{Axis, Chart, Drawing};
use crate::{Context, Summary, Table};

/// C of the notebook published with the authors' code.
pub(super) const NOTEBOOK_C: f64 = 0.1;

/// How a sweep is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setup {
    pub(super) train_fraction: f64,
    pub(super) draws: usize,
}

/// One point of a sweep.
pub(super) struct Point {
    pub(super) series: &'static str,
    pub(super) x: f64,
    pub(super) settings: Settings,
}

/// Micro-F1 and macro-F1 of each point, over draws of the projection and of the split: draw i is the same for all points.
pub(super) fn sweep(
    context: &Context,
    data: &LabelledGraph,
    setup: Setup,
    points: &[Point],
) -> Result<Table, Fault> {
    let mut table = Table::new([
        "series",
        "x",
        "d",
        "N",
        "train_percent",
        "draws",
        "micro",
        "micro_low",
        "micro_high",
        "micro_deviation",
        "macro",
        "macro_low",
        "macro_high",
        "macro_deviation",
    ]);
    context.progress().expect(points.len() * setup.draws);
    for point in points {
        let (micro, macro_) = scores(context, data, setup, &point.settings)?;
        table.push([
            point.series.into(),
            point.x.into(),
            point.settings.dim.into(),
            data.graph.node_count().into(),
            (100.0 * setup.train_fraction).into(),
            setup.draws.into(),
            micro.mean.into(),
            micro.p10.into(),
            micro.p90.into(),
            micro.standard_deviation.into(),
            macro_.mean.into(),
            macro_.p10.into(),
            macro_.p90.into(),
            macro_.standard_deviation.into(),
        ]);
    }
    Ok(table)
}

fn scores(
    context: &Context,
    data: &LabelledGraph,
    setup: Setup,
    settings: &Settings,
) -> Result<(Summary, Summary), Fault> {
    let (mut micro, mut macro_) = (Vec::new(), Vec::new());
    for draw in 0..setup.draws {
        let key = context.key().named("draw").indexed(draw as u64);
        let vectors = embed(&data.graph, settings, key.named("projection"))?.vectors;
        let f1 =
            node_classification(&vectors, &data.labels, &protocol(setup.train_fraction, 1), key)?.shuffles[0];
        micro.push(f1.micro);
        macro_.push(f1.macro_);
        context.progress().tick();
    }
    Ok((Summary::of(&micro), Summary::of(&macro_)))
}

/// The protocol with the C of the notebook.
pub(super) fn protocol(train_fraction: f64, shuffles: usize) -> Protocol {
    let logistic = LogisticSettings { c: NOTEBOOK_C, ..LogisticSettings::default() };
    Protocol { train_fraction, shuffles, logistic }
}

/// Micro-F1 and macro-F1 of a sweep, side by side.
pub(super) fn draw(table: &Table, title: &str, x: impl Fn() -> Axis) -> Result<Drawing, Fault> {
    let percent = table.numbers("train_percent")?[0];
    let panel = |column: &str, name: &str| -> Result<Chart, Fault> {
        let mut chart = Chart::new(format!("{name}, mean and 10–90 % of draws"), x(), Axis::linear(name));
        for (series, of) in table.groups("series")? {
            let (low, high) = (format!("{column}_low"), format!("{column}_high"));
            let points = of.points("x", column)?;
            chart = if points.len() == 1 {
                chart.scatter(series, points)
            } else {
                chart.line_with_band(series, points, of.band("x", &low, &high)?)
            };
        }
        Ok(chart)
    };
    let panels = [panel("micro", "micro-F1")?, panel("macro", "macro-F1")?];
    Ok(Drawing::panels(format!("{title}, {percent} % of nodes labelled"), panels))
}

/// The means of a sweep's series: (x, micro, standard error).
pub(super) fn micro_means(table: &Table, series: &str) -> Result<Vec<(f64, f64, f64)>, Fault> {
    let of = table.only("series", series)?;
    let (draws, deviations) = (of.numbers("draws")?, of.numbers("micro_deviation")?);
    let points = of.points("x", "micro")?.into_iter().enumerate();
    Ok(points.map(|(i, (x, micro))| (x, micro, deviations[i] / draws[i].sqrt())).collect())
}

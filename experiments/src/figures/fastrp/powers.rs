//! F1 against the powers of M that are summed, on the packages of Debian.

use proofsketch::embedding::{Mode, Settings};

use super::PAPER;
use super::measurement::{Point, Setup, draw, micro_means, sweep};
use crate::error::Fault;
use crate::graphs::{DebianLabels, LabelledGraph, debian_packages};
use crate::plot::{Axis, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// Each power alone, all up to it with equal weights, and published weights, on debtags.
pub const FIGURE: Figure = Figure {
    id: "powers",
    paper: &PAPER,
    title: "Packages of Debian: F1 against the powers that are summed",
    claim: "The weights of the powers are parameters to be tuned; those published put nearly all weight on the fourth. High powers \
        carry the signal: M alone describes a node by its neighbours' random rows, M⁴ by all nodes within four steps.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 3.0, paper: 60.0 },
};

const ALONE: &str = "Mᵏ alone";
const UNIFORM: &str = "M to Mᵏ, equal weights";
const PUBLISHED: &str = "0, 0, 1, 6.67 as published";
const GDS: &str = "0, 1, 1, the default of Neo4j GDS";
const OWN: &str = "not in the paper: data of this library";

/// The sweep on one graph, up to M^`greatest`.
pub(super) fn measure(
    context: &Context,
    data: &LabelledGraph,
    setup: Setup,
    (dim, greatest): (usize, usize),
) -> Result<Table, Fault> {
    let point = |series, x: usize, weights| Point {
        series,
        x: x as f64,
        settings: Settings { weights, ..Settings::of(Mode::Official, dim) },
    };
    let alone = |k| (1..=k).map(|power| f64::from(u8::from(power == k))).collect();
    let mut points: Vec<Point> = (1..=greatest).map(|k| point(ALONE, k, alone(k))).collect();
    points.extend((2..=greatest).map(|k| point(UNIFORM, k, vec![1.0; k])));
    points.push(point(PUBLISHED, 4, vec![0.0, 0.0, 1.0, 6.67]));
    points.push(point(GDS, 3, vec![0.0, 1.0, 1.0]));
    sweep(context, data, setup, &points)
}

pub(super) fn axis() -> Axis {
    Axis::linear("k, the highest power")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let data = debian_packages(DebianLabels::Debtags)?;
    let setup = Setup { train_fraction: context.at(0.02, 0.1), draws: context.at(2, 10) };
    measure(context, &data, setup, context.at((16, 4), (128, 6)))
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let dim = table.numbers("d")?[0];
    draw(table, &format!("Debtags of Debian packages, d = {dim}"), axis)
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![
        ordering(table, "Debian packages", OWN)?,
        fourth_alone(table, "Debian packages", OWN)?,
        gds_default(table, "Debian packages", OWN)?,
    ])
}

fn listed(means: &[(f64, f64, f64)]) -> String {
    let seen: Vec<String> =
        means.iter().map(|(k, micro, error)| format!("k = {k}: {micro:.4} ± {error:.4}")).collect();
    seen.join(", ")
}

/// Whether M < M² < M³ < M⁴, each by 0.01.
pub(super) fn ordering(table: &Table, graph: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let means = micro_means(table, ALONE)?;
    let steps: Vec<bool> = means[..4].windows(2).map(|pair| pair[1].1 >= pair[0].1 + 0.01).collect();
    let holding = steps.iter().filter(|&&step| step).count();
    let sentence = format!("{graph}: of single powers M < M² < M³ < M⁴ in micro-F1, each step at least 0.01");
    let claim = ClaimCheck::new(sentence, place, "mean over the draws and its standard error");
    Ok(claim.seen(listed(&means), Verdict::from_cases(holding, steps.len())))
}

/// Whether M⁴ alone has nearly all of what the published weights have.
pub(super) fn fourth_alone(table: &Table, graph: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let alone = micro_means(table, ALONE)?[3].1;
    let published = micro_means(table, PUBLISHED)?[0].1;
    let sentence = format!("{graph}: M⁴ alone has at least 0.95 of the micro-F1 of the published weights");
    let claim = ClaimCheck::new(sentence, place, "ratio of the means");
    let seen = format!("{:.3}: {alone:.4} against {published:.4}", alone / published);
    Ok(claim.seen(seen, Verdict::from_bool(alone >= 0.95 * published)))
}

/// Whether the default weights of Neo4j GDS lose for want of the fourth power.
pub(super) fn gds_default(table: &Table, graph: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let (gds, published) = (micro_means(table, GDS)?[0].1, micro_means(table, PUBLISHED)?[0].1);
    let sentence =
        format!("{graph}: the weights 0, 1, 1 score at least 0.02 of micro-F1 below 0, 0, 1, 6.67");
    let claim = ClaimCheck::new(sentence, place, "difference of the means, all other settings equal");
    let seen = format!("{:.4}: {gds:.4} against {published:.4}", published - gds);
    Ok(claim.seen(seen, Verdict::from_bool(published - gds >= 0.02)))
}

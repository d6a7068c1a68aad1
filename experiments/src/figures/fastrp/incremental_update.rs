//! What a change of edges costs when all powers are kept.

use std::collections::HashSet;

use proofsketch::embedding::{DynamicEmbedding, Graph, Mode, Settings, StochasticBlockModel, embed};
use proofsketch::random::{StreamKey, uniform_below};

use super::PAPER;
use crate::error::Fault;
use crate::graphs::{DebianLabels, debian_packages};
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// Rows of each power that new edges touch, and the error against starting anew.
pub const FIGURE: Figure = Figure {
    id: "incremental_update",
    paper: &PAPER,
    title: "What a change of edges costs",
    claim: "The powers of a changed graph obey U_k + ΔU_k = M′(U_{k−1} + ΔU_{k−1}), exactly: only rows within distance k − 1 of a \
        changed edge change (β = 0). In graphs of small diameter a few edges touch nearly every row of the third power, so \
        that an update pays off for low powers, or where distances are large.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 5.0 },
};

const OWN: &str = "not in the paper: an identity of this library";
const BLOCKS: &str = "block model";
const GRID: &str = "grid";
const POWERS: usize = 4;
/// Vectors compared; the rows touched do not depend on it.
const DIM: usize = 16;

fn run(context: &Context) -> Result<Table, Fault> {
    let (nodes, edges) = context.at((1_000, 10_000), (10_000, 300_000));
    let side = context.at(40, 100);
    let model = StochasticBlockModel { nodes, blocks: 10, edges, within: 0.7, exponent: 2.5 };
    let mut graphs = vec![(BLOCKS, model.sample(context.key().named(BLOCKS))?.graph()?), (GRID, grid(side)?)];
    if let Some(graph) = context.at(None, Some(())).map(|()| debian_packages(DebianLabels::Section)) {
        graphs.push(("Debian packages", graph?.graph));
    }
    let changes: &[usize] = context.at(&[1, 10, 50], &[1, 5, 10, 50, 100, 500]);
    let repeats = context.at(2, 5);
    context.progress().expect(graphs.len() * changes.len() * repeats);
    let mut table =
        Table::new(["graph", "N", "changed", "power", "repeats", "touched", "within_reach", "largest_error"]);
    for (name, graph) in &graphs {
        let key = context.key().named(name);
        let settings = Settings { weights: vec![1.0; POWERS], beta: 0.0, ..Settings::of(Mode::Paper, DIM) };
        let dynamic = DynamicEmbedding::new(graph.clone(), None, settings.clone(), key)?;
        for &changed in changes {
            let mut total = [(0_usize, 0_usize); POWERS + 1];
            let mut error = 0.0_f32;
            for repeat in 0..repeats {
                let edges = new_edges(graph, changed, key.indexed(changed as u64).indexed(repeat as u64));
                let mut updated = dynamic.clone();
                let update = updated.change_edges(&[], &edges)?;
                let anew = embed(updated.graph(), &settings, key)?.vectors;
                error = error.max(anew.zip_map(&updated.embedding().vectors, |a, b| (a - b).abs()).max());
                let reach = within_reach(updated.graph(), &edges);
                for (sums, (&touched, reach)) in total.iter_mut().zip(update.touched.iter().zip(reach)) {
                    sums.0 += touched;
                    sums.1 += reach;
                }
                context.progress().tick();
            }
            let fraction = |count: usize| count as f64 / (repeats * graph.node_count()) as f64;
            for (power, (touched, reach)) in total.into_iter().enumerate().skip(1) {
                table.push([
                    (*name).into(),
                    graph.node_count().into(),
                    changed.into(),
                    power.into(),
                    repeats.into(),
                    fraction(touched).into(),
                    fraction(reach).into(),
                    f64::from(error).into(),
                ]);
            }
        }
    }
    Ok(table)
}

/// A square grid, each node joined to the next to its right and below.
fn grid(side: u32) -> Result<Graph, Fault> {
    let node = |row: u32, column: u32| row * side + column;
    let places = (0..side).flat_map(|row| (0..side).map(move |column| (row, column)));
    let edges: Vec<(u32, u32)> = places
        .flat_map(|(row, column)| {
            let right = (column + 1 < side).then(|| (node(row, column), node(row, column + 1)));
            let below = (row + 1 < side).then(|| (node(row, column), node(row + 1, column)));
            right.into_iter().chain(below)
        })
        .collect();
    Ok(Graph::undirected((0..u64::from(side * side)).collect(), &edges, None)?)
}

/// Edges that the graph does not have, between nodes drawn uniformly.
fn new_edges(graph: &Graph, count: usize, key: StreamKey) -> Vec<(u32, u32, f32)> {
    let mut rng = key.block(0);
    let nodes = graph.node_count() as u32;
    let mut taken = HashSet::new();
    std::iter::repeat_with(|| (uniform_below(&mut rng, nodes), uniform_below(&mut rng, nodes)))
        .map(|(u, v)| (u.min(v), u.max(v)))
        .filter(|&(u, v)| u != v && !graph.neighbours(u as usize).contains(&v) && taken.insert((u, v)))
        .take(count)
        .map(|(u, v)| (u, v, 1.0))
        .collect()
}

/// Nodes within distance k − 1 of an end of these edges, for k = 0, …, 4, by breadth-first search.
fn within_reach(graph: &Graph, edges: &[(u32, u32, f32)]) -> [usize; POWERS + 1] {
    let mut reached = vec![false; graph.node_count()];
    let mut frontier: Vec<u32> = edges.iter().flat_map(|&(u, v, _)| [u, v]).collect();
    let mut counts = [0; POWERS + 1];
    for power in 1..=POWERS {
        frontier.retain(|&node| !std::mem::replace(&mut reached[node as usize], true));
        counts[power] = counts[power - 1] + frontier.len();
        let next = frontier.iter().flat_map(|&node| graph.neighbours(node as usize)).copied();
        frontier = next.collect();
    }
    counts
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut charts = Vec::new();
    for (name, rows) in table.groups("graph")? {
        let mut chart = Chart::new(
            format!("{name}, N = {}", rows.numbers("N")?[0]),
            Axis::log("edges added"),
            Axis::log("fraction of rows touched"),
        );
        for (power, of) in rows.number_groups("power")? {
            chart = chart.line(format!("rows of U of power {power}"), of.points("changed", "touched")?);
        }
        charts.push(chart);
    }
    Ok(Drawing::panels("Rows that change when edges are added", charts))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![exact(table)?, reach(table)?, spread(table)?, local(table)?])
}

fn exact(table: &Table) -> Result<ClaimCheck, Fault> {
    let errors = table.numbers("largest_error")?;
    let holding = errors.iter().filter(|&&error| error == 0.0).count();
    let largest = errors.iter().copied().fold(0.0, f64::max);
    Ok(ClaimCheck::new(
        "An updated embedding differs from that of the changed graph by 0 in every coordinate",
        OWN,
        "largest difference of any coordinate from an embedding computed anew, all changes",
    )
    .seen(format!("at most {largest:e}"), Verdict::from_cases(holding, errors.len())))
}

fn reach(table: &Table) -> Result<ClaimCheck, Fault> {
    let pairs = table.numbers("touched")?.iter().zip(table.numbers("within_reach")?);
    let holding = pairs.filter(|(touched, reach)| touched == reach).count();
    Ok(ClaimCheck::new(
        "The rows of U_k that are computed anew are those within distance k − 1 of a new edge, and no other",
        OWN,
        "counts of the update beside a breadth-first search, β = 0",
    )
    .seen(format!("{holding} of {} counts", table.rows()), Verdict::from_cases(holding, table.rows())))
}

/// Fraction touched of one graph and power, for the change nearest to 50 edges from below.
fn touched(table: &Table, name: &str, power: f64) -> Result<f64, Fault> {
    let rows = table.only("graph", name)?.at("power", power)?;
    let at = rows.points("changed", "touched")?.into_iter().find(|point| point.0 == 50.0);
    Ok(at.ok_or("no change of 50 edges")?.1)
}

fn spread(table: &Table) -> Result<ClaimCheck, Fault> {
    let fractions = (1..=POWERS).map(|power| touched(table, BLOCKS, power as f64));
    let fractions = fractions.collect::<Result<Vec<f64>, Fault>>()?;
    let seen: Vec<String> = fractions.iter().map(|fraction| format!("{:.1} %", 100.0 * fraction)).collect();
    Ok(ClaimCheck::new(
        "In a graph of small diameter 50 edges touch more than nine in ten rows of the third power",
        OWN,
        "stochastic block model with power-law degrees, powers 1 to 4",
    )
    .seen(seen.join(", "), Verdict::from_bool(fractions[2] > 0.9)))
}

fn local(table: &Table) -> Result<ClaimCheck, Fault> {
    let (first, last) = (touched(table, GRID, 1.0)?, touched(table, GRID, POWERS as f64)?);
    Ok(ClaimCheck::new(
        "In a grid they touch at most 25 times the rows of the first power, those within distance 3, at the fourth",
        OWN,
        "1 + 4 + 8 + 12 nodes lie within distance 3 of a node of a grid",
    )
    .seen(
        format!("{:.1} % at the fourth, {:.2} times the first", 100.0 * last, last / first),
        Verdict::from_bool(last / first <= 25.0),
    ))
}

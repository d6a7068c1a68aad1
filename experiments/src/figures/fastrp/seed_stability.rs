//! How much of a node's neighbourhood survives a change of seed.

use proofsketch::embedding::{Graph, Mode, Settings, StochasticBlockModel, embed, neighbour_overlap};
use proofsketch::random::{StreamKey, uniform_below};

use super::PAPER;
use crate::error::Fault;
use crate::graphs::{DebianLabels, debian_packages};
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict};

/// Overlap of the ten nearest neighbours across seeds, over d.
pub const FIGURE: Figure = Figure {
    id: "seed_stability",
    paper: &PAPER,
    title: "How much of a neighbourhood survives a change of seed",
    claim: "An embedding is drawn: two seeds give two sets of nearest neighbours. Their overlap grows with d towards that of \
        the exact similarities, and tells a user whether d is large enough for looking up neighbours. Measured by this \
        library.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 2.0, paper: 52.0 },
};

const OWN: &str = "not in the paper: measured by this library";
/// Neighbours that are compared.
pub(super) const NEIGHBOURS: usize = 10;
const OFFICIAL: &str = "FastRP (weights 0, 0, 1, 6.67)";
const NOISE: &str = "R alone (control)";

fn run(context: &Context) -> Result<Table, Fault> {
    let (nodes, edges) = context.at((500, 5_000), (2_000, 20_000));
    let model = StochasticBlockModel { nodes, blocks: 10, edges, within: 0.7, exponent: 2.5 };
    let blocks = model.sample(context.key().named("blocks"))?.graph()?;
    let dims: &[usize] = context.at(&[32, 64, 128], &[32, 64, 128, 256, 512]);
    let seeds = context.at(4, 8);
    let mut table = table();
    let debian = context.at(None, Some(debian_packages(DebianLabels::Section)?.graph));
    let graphs = std::iter::once(("stochastic block model", &blocks, nodes, seeds))
        .chain(debian.iter().map(|graph| ("Debian packages", graph, 200, 4)));
    for (name, graph, queries, seeds) in graphs {
        let queries = sample(graph, queries, context.key().named(name));
        measure(context, &mut table, (name, graph), dims, (&queries, seeds))?;
    }
    Ok(table)
}

/// Columns of the table of overlaps.
pub(super) fn table() -> Table {
    Table::new(["graph", "vectors", "N", "d", "pairs", "queries", "overlap", "low", "high"])
}

/// Nodes with an edge, each drawn once.
pub(super) fn sample(graph: &Graph, count: usize, key: StreamKey) -> Vec<usize> {
    let mut nodes: Vec<usize> = (0..graph.node_count()).filter(|&node| graph.degree(node) > 0.0).collect();
    let mut rng = key.named("queries").block(0);
    let count = count.min(nodes.len());
    for place in 0..count {
        let other = place + uniform_below(&mut rng, (nodes.len() - place) as u32) as usize;
        nodes.swap(place, other);
    }
    nodes.truncate(count);
    nodes
}

/// The overlaps of one graph, each seed against the next.
pub(super) fn measure(
    context: &Context,
    table: &mut Table,
    (name, graph): (&str, &Graph),
    dims: &[usize],
    (queries, seeds): (&[usize], usize),
) -> Result<(), Fault> {
    context.progress().expect(2 * dims.len() * seeds);
    for vectors in [OFFICIAL, NOISE] {
        for &dim in dims {
            let official = Settings::of(Mode::Official, dim);
            let settings = match vectors {
                OFFICIAL => official,
                _ => Settings { weights: Vec::new(), self_influence: 1.0, ..official },
            };
            let key = context.key().named(name).named(vectors).indexed(dim as u64);
            let embedded = |seed: usize| -> Result<_, Fault> {
                context.progress().tick();
                Ok(embed(graph, &settings, key.indexed(seed as u64))?.vectors)
            };
            let mut overlaps = Vec::new();
            let mut last = embedded(0)?;
            for seed in 1..=seeds {
                let next = embedded(seed)?;
                overlaps.push(neighbour_overlap(&last, &next, NEIGHBOURS, queries));
                last = next;
            }
            let summary = Summary::of(&overlaps);
            table.push([
                name.into(),
                vectors.into(),
                graph.node_count().into(),
                dim.into(),
                seeds.into(),
                queries.len().into(),
                summary.mean.into(),
                summary.min.into(),
                summary.max.into(),
            ]);
        }
    }
    Ok(())
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let charts = table.groups("graph")?.into_iter().map(|(name, rows)| chart(&name, &rows));
    let charts = charts.collect::<Result<Vec<_>, Fault>>()?;
    Ok(Drawing::panels("Overlap of the ten nearest neighbours under two seeds, by cosine", charts))
}

/// One graph's panel.
pub(super) fn chart(name: &str, rows: &Table) -> Result<Chart, Fault> {
    let nodes = rows.numbers("N")?[0];
    let mut chart = Chart::new(
        format!("{name}, N = {nodes}"),
        Axis::log2("d, dimension of the vectors"),
        Axis::linear("fraction of neighbours shared").range(0.0, 1.0),
    );
    for (vectors, of) in rows.groups("vectors")? {
        chart = chart.line_with_band(vectors, of.points("d", "overlap")?, of.band("d", "low", "high")?);
    }
    Ok(chart)
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![growing(table)?, control(table)?])
}

/// Every doubling of d, every graph.
pub(super) fn growing(table: &Table) -> Result<ClaimCheck, Fault> {
    let (mut holding, mut cases, mut seen) = (0, 0, Vec::new());
    for (name, rows) in table.only("vectors", OFFICIAL)?.groups("graph")? {
        let overlaps = rows.numbers("overlap")?;
        holding += overlaps.windows(2).filter(|pair| pair[1] > pair[0]).count();
        cases += overlaps.len() - 1;
        let listed: Vec<String> = rows
            .points("d", "overlap")?
            .into_iter()
            .map(|(d, overlap)| format!("{overlap:.2} at {d}"))
            .collect();
        seen.push(format!("{name}: {}", listed.join(", ")));
    }
    Ok(ClaimCheck::new(
        "The overlap of the 10 nearest neighbours under two seeds grows with every doubling of d",
        OWN,
        "mean over pairs of seeds and over nodes, columns standardised, cosine similarity",
    )
    .seen(seen.join("; "), Verdict::from_cases(holding, cases)))
}

/// Vectors that know nothing of the graph share what chance gives them.
pub(super) fn control(table: &Table) -> Result<ClaimCheck, Fault> {
    let rows = table.only("vectors", NOISE)?;
    let excess = rows
        .numbers("overlap")?
        .iter()
        .zip(rows.numbers("N")?)
        .map(|(overlap, nodes)| (overlap - NEIGHBOURS as f64 / (nodes - 1.0)).abs());
    let excess: Vec<f64> = excess.collect();
    let worst = excess.iter().copied().fold(0.0, f64::max);
    let holding = excess.iter().filter(|&&excess| excess <= 0.02).count();
    Ok(ClaimCheck::new(
        "Negative control: the rows of R alone share no more than chance, 10/(N − 1), to 0.02, whatever d",
        OWN,
        "the same measurement of vectors that know nothing of the graph",
    )
    .seen(format!("off by {worst:.3} at most"), Verdict::from_cases(holding, excess.len())))
}

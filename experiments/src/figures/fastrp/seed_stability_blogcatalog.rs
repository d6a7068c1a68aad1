//! How much of a neighbourhood survives a change of seed, on BlogCatalog.

use super::PAPER;
use super::seed_stability::{chart, control, growing, measure, sample, table};
use crate::error::Fault;
use crate::graphs::{BLOGCATALOG, blogcatalog};
use crate::plot::Drawing;
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// Overlap of the ten nearest neighbours across seeds on the graph of the paper.
pub const FIGURE: Figure = Figure {
    id: "seed_stability_blogcatalog",
    paper: &PAPER,
    title: "How much of a neighbourhood survives a change of seed, on BlogCatalog",
    claim: "At d = 128, the dimension that most methods are compared at, about half of a node's ten nearest neighbours are the \
        work of the seed. Measured by this library.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 4.0, paper: 50.0 },
};

fn run(context: &Context) -> Result<Table, Fault> {
    let graph = blogcatalog(&context.dataset(&BLOGCATALOG)?)?.graph;
    let dims: &[usize] = context.at(&[32, 64], &[32, 64, 128, 256, 512]);
    let (queries, seeds) = context.at((200, 2), (1000, 8));
    let queries = sample(&graph, queries, context.key());
    let mut table = table();
    measure(context, &mut table, ("BlogCatalog", &graph), dims, (&queries, seeds))?;
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    Ok(chart("Overlap of the ten nearest neighbours under two seeds: BlogCatalog", table)?.into())
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let half = table.only("vectors", "FastRP (weights 0, 0, 1, 6.67)")?.points("d", "overlap")?;
    let half = half.into_iter().find(|point| point.0 == 128.0);
    let claim = ClaimCheck::new(
        "At d = 128 the overlap is between 0.4 and 0.6",
        "not in the paper: measured by this library",
        "mean over pairs of seeds and over nodes",
    );
    let half = half
        .map_or(claim.clone().seen("d = 128 was not run", Verdict::NotTestable), |(_, overlap)| {
            claim.seen_within(overlap, 0.4..=0.6)
        });
    Ok(vec![growing(table)?, half, control(table)?])
}

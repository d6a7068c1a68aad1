//! F1 against the powers of M that are summed, on BlogCatalog.

use super::PAPER;
use super::measurement::{Setup, draw};
use super::powers::{axis, fourth_alone, gds_default, measure, ordering};
use crate::error::Fault;
use crate::graphs::{BLOGCATALOG, blogcatalog};
use crate::plot::Drawing;
use crate::{ClaimCheck, Context, Figure, Seconds, Table};

/// Each power alone, all up to it with equal weights, and published weights, with labels of a tenth of the nodes.
pub const FIGURE: Figure = Figure {
    id: "powers_blogcatalog",
    paper: &PAPER,
    title: "BlogCatalog: F1 against the powers that are summed",
    claim: "The weights of the powers are parameters to be tuned; those published, found on this graph, put nearly all weight on the \
        fourth. This figure shows what each power has alone.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 25.0 },
};

const OWN: &str = "not in the paper: measured by this library";

fn run(context: &Context) -> Result<Table, Fault> {
    let data = blogcatalog(&context.dataset(&BLOGCATALOG)?)?;
    let setup = Setup { train_fraction: 0.1, draws: context.at(2, 10) };
    measure(context, &data, setup, context.at((32, 4), (512, 6)))
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    draw(table, &format!("Groups of BlogCatalog, d = {}", table.numbers("d")?[0]), axis)
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![
        ordering(table, "BlogCatalog", OWN)?,
        fourth_alone(table, "BlogCatalog", OWN)?,
        gds_default(table, "BlogCatalog", OWN)?,
    ])
}

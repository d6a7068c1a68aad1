//! F1 against β, the exponent of the degrees in L, on BlogCatalog.

use super::PAPER;
use super::degree_exponent::{axis, measure, published, range};
use super::measurement::{Setup, draw};
use crate::error::Fault;
use crate::graphs::{BLOGCATALOG, blogcatalog};
use crate::plot::Drawing;
use crate::{ClaimCheck, Context, Figure, Seconds, Table};

/// β from −1 to 0, with labels of a tenth of the nodes.
pub const FIGURE: Figure = Figure {
    id: "degree_exponent_blogcatalog",
    paper: &PAPER,
    title: "BlogCatalog: F1 against β",
    claim: "The notebook published with the authors' code found β = −0.64 by a search over [−1, 0] with the weight of the fourth \
        power. This figure shows how much of micro-F1 and macro-F1 depends on it.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 15.0 },
};

const NOTEBOOK: &str = "the search of the notebook published with the authors' code";

fn run(context: &Context) -> Result<Table, Fault> {
    let data = blogcatalog(&context.dataset(&BLOGCATALOG)?)?;
    let setup = Setup { train_fraction: 0.1, draws: context.at(2, 10) };
    measure(context, &data, setup, context.at(32, 512))
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    draw(table, &format!("Groups of BlogCatalog, d = {}", table.numbers("d")?[0]), axis)
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let own = "not in the paper: measured by this library";
    Ok(vec![range(table, "BlogCatalog", own)?, published(table, "BlogCatalog", NOTEBOOK)?])
}

//! Zero rows of a very sparse projection on BlogCatalog.

use super::PAPER;
use super::zero_rows::{binomial, chart, count, degrees, table};
use crate::error::Fault;
use crate::graphs::{BLOGCATALOG, blogcatalog};
use crate::plot::Drawing;
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// The fraction of zero rows of R, M R and M²R over d, on the graph of the paper.
pub const FIGURE: Figure = Figure {
    id: "zero_rows_blogcatalog",
    paper: &PAPER,
    title: "Rows that a very sparse projection leaves empty, on BlogCatalog",
    claim: "On BlogCatalog s = √10312 = 101.5, so that 53 % of the rows of R are zero at d = 64 and 0.6 % at d = 512. The mean \
        degree is 65: few rows of M R are zero, and hardly any of M²R. Exact law of this library.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 2.0, paper: 6.0 },
};

fn run(context: &Context) -> Result<Table, Fault> {
    let graph = blogcatalog(&context.dataset(&BLOGCATALOG)?)?.graph;
    let dims: &[usize] = context.at(&[64, 128], &[32, 64, 128, 256, 512]);
    let draws = context.at(4, 20);
    context.progress().expect(dims.len() * draws);
    let mut table = table();
    count(context, &mut table, ("BlogCatalog", &graph), dims, draws)?;
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    Ok(chart("Zero rows of a very sparse projection: BlogCatalog", table)?.into())
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![binomial(table)?, degrees(table)?, squares(table)?])
}

fn squares(table: &Table) -> Result<ClaimCheck, Fault> {
    let rows = table.only("matrix", "rows of M²R")?;
    let worst = rows.points("d", "fraction")?.into_iter().filter(|point| point.0 >= 64.0);
    let worst = worst.fold(0.0_f64, |worst, point| worst.max(point.1));
    Ok(ClaimCheck::new(
        "From d = 64 on no more than one row of M²R in 1000 is zero",
        "not in the paper: measured by this library",
        "mean fraction over draws, the largest over d",
    )
    .seen(format!("at most {worst:.1e}"), Verdict::from_bool(worst <= 1e-3)))
}

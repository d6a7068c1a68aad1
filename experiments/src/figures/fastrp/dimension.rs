//! F1 against the dimension, on the packages of Debian.

use proofsketch::embedding::{Mode, Projection, Settings};

use super::PAPER;
use super::measurement::{Point, Setup, draw, micro_means, sweep};
use crate::error::Fault;
use crate::graphs::{DebianLabels, LabelledGraph, debian_packages};
use crate::plot::{Axis, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// d from 16 to 256 with a very sparse and with a dense projection, on debtags.
pub const FIGURE: Figure = Figure {
    id: "dimension",
    paper: &PAPER,
    title: "Packages of Debian: F1 against the dimension",
    claim: "A very sparse projection, s = √N, serves as well as a denser one, s = 3: it is applied after powers of M that \
        mix many rows of it. More dimensions mean less noise of the projection and better F1.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 2.0, paper: 40.0 },
};

const VERY_SPARSE: &str = "s = √N";
const SPARSE: &str = "s = 3";
const OWN: &str = "not in the paper: data of this library";

/// The sweep on one graph.
pub(super) fn measure(
    context: &Context,
    data: &LabelledGraph,
    setup: Setup,
    dims: &[usize],
) -> Result<Table, Fault> {
    let mut points = Vec::new();
    for (series, sparsity) in [(VERY_SPARSE, None), (SPARSE, Some(3.0))] {
        for &dim in dims {
            let projection = Projection::VerySparse { sparsity };
            let settings = Settings { projection, ..Settings::of(Mode::Official, dim) };
            points.push(Point { series, x: dim as f64, settings });
        }
    }
    sweep(context, data, setup, &points)
}

pub(super) fn axis() -> Axis {
    Axis::log2("d, dimension of the embedding")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let data = debian_packages(DebianLabels::Debtags)?;
    let setup = Setup { train_fraction: context.at(0.02, 0.1), draws: context.at(2, 10) };
    measure(context, &data, setup, context.at(&[8, 32], &[16, 32, 64, 128, 256]))
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    draw(table, "Debtags of Debian packages", axis)
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![rising(table, "Debian packages", OWN)?, alike(table, "Debian packages", OWN)?])
}

/// Whether each doubling of d gains at least 0.005.
pub(super) fn rising(table: &Table, graph: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let means = micro_means(table, VERY_SPARSE)?;
    let gains: Vec<f64> = means.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    let holding = gains.iter().filter(|&&gain| gain >= 0.005).count();
    let seen: Vec<String> = means.iter().map(|(d, micro, _)| format!("d = {d}: {micro:.4}")).collect();
    let sentence =
        format!("{graph}: every step to a greater dimension gains at least 0.005 of micro-F1, s = √N");
    let claim = ClaimCheck::new(sentence, place, "mean over the draws");
    Ok(claim.seen(seen.join(", "), Verdict::from_cases(holding, gains.len())))
}

/// Whether both densities do alike.
pub(super) fn alike(table: &Table, graph: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let (very_sparse, sparse) = (micro_means(table, VERY_SPARSE)?, micro_means(table, SPARSE)?);
    let (mut seen, mut holding) = (Vec::new(), 0);
    for (very_sparse, sparse) in very_sparse.iter().zip(&sparse) {
        let difference = very_sparse.1 - sparse.1;
        holding += usize::from(difference.abs() <= 0.01);
        seen.push(format!("d = {}: {difference:+.4} ± {:.4}", very_sparse.0, very_sparse.2.hypot(sparse.2)));
    }
    let sentence = format!("{graph}: s = √N and s = 3 differ by at most 0.01 of micro-F1 at every dimension");
    let claim = ClaimCheck::new(sentence, place, "difference of the means, and its standard error");
    Ok(claim.seen(seen.join(", "), Verdict::from_cases(holding, sparse.len())))
}

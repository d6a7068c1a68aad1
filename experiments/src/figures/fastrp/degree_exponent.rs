//! F1 against β, the exponent of the degrees in L, on the packages of Debian.

use proofsketch::embedding::{Mode, Settings};

use super::PAPER;
use super::measurement::{Point, Setup, draw, micro_means, sweep};
use crate::error::Fault;
use crate::graphs::{DebianLabels, LabelledGraph, debian_packages};
use crate::plot::{Axis, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// β from −1 to 0, on debtags.
pub const FIGURE: Figure = Figure {
    id: "degree_exponent",
    paper: &PAPER,
    title: "Packages of Debian: F1 against β",
    claim: "L = diag((dⱼ/2m)^β) lets hubs count less for β < 0; at β = −1 the columns of Mᵏ L tend to a constant as k \
        grows. The weight of hubs is a parameter to be tuned. On BlogCatalog, where the published β = −0.64 was found, it \
        matters little; here it is swept on the packages of Debian.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 35.0 },
};

const OWN: &str = "not in the paper: data of this library";
pub(super) const SERIES: &str = "FastRP";
/// β of the notebook's best settings.
const PUBLISHED: f64 = -0.64;

/// The sweep on one graph.
pub(super) fn measure(
    context: &Context,
    data: &LabelledGraph,
    setup: Setup,
    dim: usize,
) -> Result<Table, Fault> {
    let betas: &[f64] = context.at(&[-1.0, PUBLISHED, 0.0], &[-1.0, -0.8, PUBLISHED, -0.4, -0.2, 0.0, 0.2]);
    let point = |&beta: &f64| Point {
        series: SERIES,
        x: beta,
        settings: Settings { beta, ..Settings::of(Mode::Official, dim) },
    };
    sweep(context, data, setup, &betas.iter().map(point).collect::<Vec<_>>())
}

pub(super) fn axis() -> Axis {
    Axis::linear("β, exponent of the degrees")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let data = debian_packages(DebianLabels::Debtags)?;
    let setup = Setup { train_fraction: context.at(0.02, 0.1), draws: context.at(2, 10) };
    measure(context, &data, setup, context.at(16, 128))
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let dim = table.numbers("d")?[0];
    draw(table, &format!("Debtags of Debian packages, d = {dim}"), axis)
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![range(table, "Debian packages", OWN)?, published(table, "Debian packages", OWN)?])
}

/// Whether β in [−1, 0] hardly matters.
pub(super) fn range(table: &Table, graph: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let mut means = micro_means(table, SERIES)?;
    means.retain(|mean| mean.0 <= 0.0);
    let best = means.iter().map(|mean| mean.1).fold(f64::NEG_INFINITY, f64::max);
    let worst = means.iter().map(|mean| mean.1).fold(f64::INFINITY, f64::min);
    let seen: Vec<String> =
        means.iter().map(|(beta, micro, error)| format!("β = {beta}: {micro:.4} ± {error:.4}")).collect();
    let sentence = format!("{graph}: β between −1 and 0 moves micro-F1 by at most 0.01");
    let claim =
        ClaimCheck::new(sentence, place, "greatest less least mean over the draws; standard errors shown");
    Ok(claim
        .seen(format!("{:.4}: {}", best - worst, seen.join(", ")), Verdict::from_bool(best - worst <= 0.01)))
}

/// Whether the published β is near the best of the sweep.
pub(super) fn published(table: &Table, graph: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let means = micro_means(table, SERIES)?;
    let (best, micro, _) = means.iter().copied().fold((0.0, 0.0, 0.0), |a, b| if b.1 > a.1 { b } else { a });
    let at = means.iter().find(|mean| mean.0 == PUBLISHED).ok_or("the published β is not in the table")?.1;
    let sentence =
        format!("{graph}: the published β = −0.64 is within 0.005 of the best micro-F1 of the sweep");
    let claim = ClaimCheck::new(sentence, place, "mean over the draws");
    let verdict = Verdict::from_bool(micro - at <= 0.005);
    Ok(claim.seen(format!("{at:.4}; the best is {micro:.4} at β = {best}"), verdict))
}

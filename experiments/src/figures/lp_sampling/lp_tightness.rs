//! Gaussian matrices, on which both bounds for p < 2 are of the right order.

use proofsketch::guarantee::fit_exponent;
use proofsketch::sampling::{RowBasis, gaussian_total_sensitivity, instances};
use proofsketch::sketch::RowSampling;

use super::PAPER;
use super::sampling::{QUICK, crossing, lewis, measure};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// How many rows a Gaussian matrix takes.
pub const FIGURE: Figure = Figure {
    id: "lp_tightness",
    paper: &PAPER,
    title: "On a Gaussian matrix about d rows are needed, and that is S^(2/p)",
    claim: "The bound ε⁻²S^(2/p) for 1 ≤ p < 2 is tight: there are matrices that need as many rows. A Gaussian matrix is \
        one: S tends to d^(p/2)/E|g|ᵖ, so that S^(2/p) is a constant times d, and rank alone takes d rows. The bound \
        ε⁻²·S·d^(1−p/2) of Chen and Derezinski is drawn beside it: it is a constant times d as well, and never larger. \
        Rows are sampled by Lewis weights, to which sensitivities are proportional in the limit.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 40.0 },
};

const PLACE: &str = "the lower bound for sensitivity sampling, 1 ≤ p < 2";
const ROWS_PER_COLUMN: usize = 64;
/// The distortion that counts as an embedding.
const EMBEDS: f64 = 0.5;

fn run(context: &Context) -> Result<Table, Fault> {
    let dimensions: Vec<usize> = context.at(vec![4, 8], vec![6, 8, 12, 16, 24, 32, 48]);
    let ratios = context.at(vec![8.0, 16.0, 32.0], vec![4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0]);
    let draws = context.at(4, 20);
    let mut table =
        Table::new(["p", "d", "n", "rows", "rows_over_d", "draws", "embedded", "distortion", "low", "high"]);
    context.progress().expect(2 * dimensions.len() * ratios.len() * draws);
    for p in [1.0, 1.5] {
        for &d in &dimensions {
            let n = ROWS_PER_COLUMN * d;
            let matrix = instances::gaussian(n, d, context.key().named("matrix").indexed(d as u64));
            let basis = RowBasis::new(&matrix)?;
            let scores = lewis(&basis, p)?;
            for &ratio in &ratios {
                let rows = ratio * d as f64;
                let sampling = RowSampling::from_scores(&scores, rows, p)?;
                let key = context.key().indexed(d as u64).indexed(rows as u64);
                let seen = trials(context, key, draws, |key| {
                    Ok(measure(&basis, &sampling, &QUICK, key)?.distortion())
                });
                let seen = seen.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
                let embedded = seen.iter().filter(|distortion| **distortion <= EMBEDS).count();
                let seen = Summary::of(&seen);
                table.push([
                    p.into(),
                    d.into(),
                    n.into(),
                    rows.into(),
                    ratio.into(),
                    draws.into(),
                    (embedded as f64 / draws as f64).into(),
                    seen.median.into(),
                    seen.p10.into(),
                    seen.p90.into(),
                ]);
            }
        }
    }
    Ok(table)
}

/// (d, m at which the median distortion is ½).
fn needed(table: &Table, p: f64) -> Result<Vec<(f64, f64)>, Fault> {
    let mut needed = Vec::new();
    for (d, of) in table.at("p", p)?.number_groups("d")? {
        needed.extend(crossing(&of.points("rows", "distortion")?, EMBEDS).map(|rows| (d, rows)));
    }
    Ok(needed)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    for p in [1.0, 1.5] {
        let of = table.at("p", p)?;
        let mut chart = Chart::new(
            format!("p = {p}"),
            Axis::log("m/d, rows in expectation over columns"),
            Axis::linear("share of draws of distortion ≤ ½").range(-0.04, 1.04),
        );
        for (d, of) in of.number_groups("d")? {
            if [6.0, 8.0, 16.0, 32.0, 48.0, 4.0].contains(&d) {
                chart = chart.line(format!("d = {d}"), of.points("rows_over_d", "embedded")?);
            }
        }
        panels.push(chart);
    }
    for p in [1.0, 1.5] {
        let needed = needed(table, p)?;
        let dimensions: Vec<f64> =
            table.at("p", p)?.number_groups("d")?.into_iter().map(|(d, _)| d).collect();
        let total = |d: f64| gaussian_total_sensitivity(d as usize, p);
        let curve = |f: &dyn Fn(f64) -> f64| dimensions.iter().map(|&d| (d, f(d))).collect::<Vec<_>>();
        panels.push(
            Chart::new(format!("p = {p}"), Axis::log2("d, columns"), Axis::log("rows"))
                .line("m for a median distortion of ½", needed)
                .reference("S^(2/p)", curve(&|d| total(d).powf(2.0 / p)))
                .reference("S·d^(1−p/2)", curve(&|d| total(d) * d.powf(1.0 - p / 2.0)))
                .reference("d^(2/p)", curve(&|d| d.powf(2.0 / p))),
        );
    }
    Ok(Drawing::panels(format!("Gaussian matrices, n = {ROWS_PER_COLUMN}d"), panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let mut slopes = Vec::new();
    for p in [1.0, 1.5] {
        let (d, rows): (Vec<f64>, Vec<f64>) = needed(table, p)?.into_iter().unzip();
        let fit = fit_exponent(&d, &rows, 0.05);
        slopes.push((p, fit.map_or(f64::NAN, |fit| fit.exponent)));
    }
    let near = slopes.iter().filter(|(_, slope)| (slope - 1.0).abs() <= 0.15).count();
    let apart = slopes.iter().filter(|(p, slope)| 2.0 / p - slope >= 0.15).count();
    let seen =
        slopes.iter().map(|(p, slope)| format!("{slope:.3} at p = {p}")).collect::<Vec<_>>().join(", ");
    let mut order = Vec::new();
    for (p, of) in table.number_groups("p")? {
        for (d, _) in of.number_groups("d")? {
            let total = gaussian_total_sensitivity(d as usize, p);
            order.push((total.powf(2.0 / p) / d, total * d.powf(-p / 2.0)));
        }
    }
    let (low, high) =
        order.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), &(a, b)| (l.min(a.min(b)), h.max(a.max(b))));
    let smaller = order.iter().filter(|(first, second)| second <= first).count();
    Ok(vec![
        ClaimCheck::new(
            "The rows needed grow as d¹: log-log slope 1 ± 0.15 at p = 1 and 3/2",
            PLACE,
            "m at which the median distortion is ½, against d",
        )
        .seen(format!("slopes {seen}"), Verdict::from_cases(near, slopes.len())),
        ClaimCheck::new(
            "They do not grow as d^(2/p): the slope is below 2/p by 0.15 or more",
            PLACE,
            "the same slopes, for 2/p = 2 and 4/3",
        )
        .seen(format!("slopes {seen}"), Verdict::from_cases(apart, slopes.len())),
        ClaimCheck::new(
            "S^(2/p) and S·d^(1−p/2) both are d up to a constant between 1 and 2, and the second is never larger: the newer \
                bound is as tight here",
            "the note of the second version that Chen and Derezinski (2021) subsume the bound for p < 2",
            "both over d from the limit of S, all d and p of this figure",
        )
        .seen(
            format!("between {low:.3} and {high:.3}; S·d^(1−p/2) is the smaller at {smaller} of {}", order.len()),
            Verdict::from_bool(low >= 0.95 && high <= 2.0 && smaller == order.len()),
        ),
    ])
}

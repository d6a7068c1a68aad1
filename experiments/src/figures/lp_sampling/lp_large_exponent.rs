//! How many rows of a Gaussian matrix p = 4 takes.

use proofsketch::guarantee::fit_exponent;
use proofsketch::sampling::{RowBasis, instances};
use proofsketch::sketch::RowSampling;

use super::PAPER;
use super::sampling::{QUICK, crossing, measure};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, trials};

/// The largest ratio at p = 4 against m/d².
pub const FIGURE: Figure = Figure {
    id: "lp_large_exponent",
    paper: &PAPER,
    title: "How the rows that a Gaussian matrix takes at p = 4 grow with d",
    claim: "For p > 2 any sampler keeps of the order of d^(p/2) rows of some matrices (Li, Wang and Woodruff). Measured \
        on Gaussian matrices at p = 4, where all scores are nearly equal and rows are sampled uniformly: the largest \
        ratio found, against m/d² and against m/(d ln d), for d up to 32.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.5, paper: 8.0 },
};

const P: f64 = 4.0;
/// The excess of the largest ratio over 1 at which sizes are compared.
const EXCESS: f64 = 1.0;

fn run(context: &Context) -> Result<Table, Fault> {
    let dimensions: Vec<usize> = context.at(vec![6, 8], vec![8, 11, 16, 22, 32]);
    let ratios = context.at(vec![0.5, 2.0], vec![0.5, 0.75, 1.0, 1.5, 2.0, 3.0]);
    let draws = context.at(4, 10);
    let mut table = Table::new([
        "d",
        "n",
        "rows",
        "rows_over_square",
        "rows_over_d_log_d",
        "draws",
        "excess",
        "low",
        "high",
    ]);
    context.progress().expect(dimensions.len() * ratios.len() * draws);
    for &d in &dimensions {
        let columns = d as f64;
        let n = 12 * d * d;
        let matrix = instances::gaussian(n, d, context.key().named("matrix").indexed(d as u64));
        let basis = RowBasis::new(&matrix)?;
        for &ratio in &ratios {
            let rows = ratio * columns * columns;
            let sampling = RowSampling::uniform(n, rows, P)?;
            let key = context.key().indexed(d as u64).indexed(rows as u64);
            let seen = trials(context, key, draws, |key| {
                Ok(measure(&basis, &sampling, &QUICK, key)?.upper.ratio - 1.0)
            });
            let seen = Summary::of(&seen.into_iter().collect::<Result<Vec<f64>, Fault>>()?);
            table.push([
                d.into(),
                n.into(),
                rows.into(),
                ratio.into(),
                (rows / (columns * columns.ln())).into(),
                draws.into(),
                seen.median.into(),
                seen.p10.into(),
                seen.p90.into(),
            ]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut square = Chart::new("over d²", Axis::log("m/d²"), Axis::log("largest ratio found − 1"));
    let mut nearly_linear =
        Chart::new("over d ln d", Axis::log("m/(d ln d)"), Axis::log("largest ratio found − 1"));
    for (d, of) in table.number_groups("d")? {
        let label = format!("d = {d}");
        let points = of.points("rows_over_square", "excess")?;
        square = square.line_with_band(&label, points, of.band("rows_over_square", "low", "high")?);
        let points = of.points("rows_over_d_log_d", "excess")?;
        nearly_linear =
            nearly_linear.line_with_band(&label, points, of.band("rows_over_d_log_d", "low", "high")?);
    }
    Ok(Drawing::panels("Uniform samples of Gaussian matrices at p = 4, n = 12d²", [square, nearly_linear]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let mut needed = Vec::new();
    for (d, of) in table.number_groups("d")? {
        needed.extend(crossing(&of.points("rows", "excess")?, EXCESS).map(|rows| (d, rows)));
    }
    let (d, rows): (Vec<f64>, Vec<f64>) = needed.into_iter().unzip();
    let slope = fit_exponent(&d, &rows, 0.05).map_or(f64::NAN, |fit| fit.exponent);
    Ok(vec![
        ClaimCheck::new(
            "The rows needed grow as d²: log-log slope 2 ± 0.3, where d ln d would give 1.4",
            "the lower bound d^(p/2) for p > 2, as cited there",
            "m at which the median of the largest ratio found is 2, against d",
        )
        .seen_within(slope, 1.7..=2.3),
    ])
}

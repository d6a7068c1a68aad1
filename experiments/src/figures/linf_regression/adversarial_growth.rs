//! The normalised error against d on the instance that is adversarial for sparse sketches.

use proofsketch::guarantee::{ExponentFit, fit_exponent};

use super::PAPER;
use super::families::{DENSE, Family, GAUSSIAN, SPARSE, SPARSE_SIGN_8};
use super::identity_rows::{IdentityRows, doubling_up_to};
use super::normalized_error::{grows_like_logarithms, normal_maximum};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Mean C over d at m = 16 d, for the worst number of residual rows.
pub const FIGURE: Figure = Figure {
    id: "adversarial_growth",
    paper: &PAPER,
    title: "Sparse sketches lose √d where dense ones lose √(ln d)",
    claim: "The ℓ∞ guarantee at m ∼ ε⁻² d says that C = √m ‖x′ − x★‖∞ / (‖r‖₂ ‖A⁺‖₂) stays bounded up to logarithms \
        as d grows. Dense sketches show it on A = [I; 0] with r spread over K rows; sketches with few nonzeros a column \
        do not: for the worst K their C grows like √d. Figure of this library; the instance is its own.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.3, paper: 42.0 },
};

const PLACE: &str = "the dependence of Theorem 1.1 on d, for its dense sketches";
const OWN: &str = "not in the paper: a counterexample of this library";

/// m/d: sparse sketches with at most √16 nonzeros a column meet their worst K within 1..16.
const RATIO: usize = 16;

/// 0.63 ≈ 1 − 1/e: how often some coordinate shares exactly one row of S with the residual.
const SPARSE_FACTOR: f64 = 0.63;

/// The range of C in the drawing: a draw whose error is zero has no place on a logarithmic axis.
const LEAST_SHOWN: f64 = 1.0;
const GREATEST_SHOWN: f64 = 16.0;

fn run(context: &Context) -> Result<Table, Fault> {
    let n = context.at(4096, 65_536);
    let sizes: &[usize] = context.at(&[8, 16, 32, 64], &[8, 16, 32, 64, 128, 256]);
    let residual_rows = doubling_up_to(RATIO);
    let sketches = || DENSE.iter().chain(&SPARSE);
    context.progress().expect(sketches().count() * sizes.iter().map(|&d| draws(context, d)).sum::<usize>());
    let mut table = Table::new(["sketch", "n", "d", "m", "K", "draws", "C", "low", "high"]);
    for sketch in sketches() {
        for &d in sizes {
            let all = draw(context, *sketch, (n, d), (draws(context, d), &residual_rows))?;
            for (i, &k) in residual_rows.iter().enumerate() {
                let c = Summary::of(&all.iter().map(|errors| errors[i]).collect::<Vec<f64>>());
                table.push([
                    sketch.name.into(),
                    n.into(),
                    d.into(),
                    (RATIO * d).into(),
                    k.into(),
                    c.count.into(),
                    c.mean.into(),
                    c.p10.into(),
                    c.p90.into(),
                ]);
            }
        }
    }
    Ok(table)
}

/// The work of a draw grows like d³.
fn draws(context: &Context, d: usize) -> usize {
    let paper = match d {
        ..128 => 400,
        128 => 120,
        _ => 40,
    };
    context.at(40, paper)
}

/// C of every draw, for every K.
fn draw(
    context: &Context,
    sketch: Family,
    (n, d): (usize, usize),
    (draws, residual_rows): (usize, &[usize]),
) -> Result<Vec<Vec<f64>>, Fault> {
    let distribution = sketch.distribution(RATIO * d, n)?;
    let key = context.key().named(sketch.name).indexed(d as u64);
    trials(context, key, draws, |key| {
        Ok(IdentityRows::draw(&distribution.sample(key), d, residual_rows)?.errors)
    })
    .into_iter()
    .collect()
}

/// The mean of C for the K that makes it greatest, with the 10 % and 90 % quantiles at that K.
#[derive(Clone, Copy)]
struct Worst {
    d: f64,
    c: f64,
    low: f64,
    high: f64,
}

fn worst(table: &Table, sketch: &str) -> Result<Vec<Worst>, Fault> {
    let mut list = Vec::new();
    for (d, of) in table.only("sketch", sketch)?.number_groups("d")? {
        let c = of.numbers("C")?;
        let (low, high) = (of.numbers("low")?, of.numbers("high")?);
        let each = (0..of.rows()).map(|i| Worst { d, c: c[i], low: low[i], high: high[i] });
        list.extend(each.max_by(|a, b| a.c.total_cmp(&b.c)));
    }
    Ok(list)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let panel = |title: &str, list: &[Family], shaded: Family| -> Result<Chart, Fault> {
        let y = Axis::log2("C, mean at the worst K").range(LEAST_SHOWN, GREATEST_SHOWN);
        let mut chart = Chart::new(title, Axis::log2("d, columns of A"), y);
        for sketch in list {
            let worst = worst(table, sketch.name)?;
            let points = worst.iter().map(|w| (w.d, w.c)).collect();
            let band = worst.iter().map(|w| (w.d, w.low.max(LEAST_SHOWN), w.high)).collect();
            let band = if sketch.name == shaded.name { band } else { Vec::new() };
            chart = chart.line_with_band(sketch.name, points, band);
        }
        let sizes: Vec<f64> = table.number_groups("d")?.into_iter().map(|(d, _)| d).collect();
        let (first, last) = (sizes[0], sizes[sizes.len() - 1]);
        let grid: Vec<f64> = (0..=60).map(|i| first * (last / first).powf(f64::from(i) / 60.0)).collect();
        Ok(chart
            .reference("√(2 ln 2d)", grid.iter().map(|&d| (d, normal_maximum(d))).collect())
            .reference("0.63 √d", grid.iter().map(|&d| (d, SPARSE_FACTOR * d.sqrt())).collect()))
    };
    Ok(Drawing::panels(
        format!("A = [I; 0], residual on K rows, m = {RATIO} d (shaded: 10–90 % of draws, two sketches)"),
        [
            panel("every entry of S is nonzero", &DENSE, GAUSSIAN)?,
            panel("few nonzeros a column", &SPARSE, SPARSE_SIGN_8)?,
        ],
    ))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![bounded(table)?, flat(table)?, growing(table)?])
}

fn bounded(table: &Table) -> Result<ClaimCheck, Fault> {
    let mut ratios = Vec::new();
    for sketch in DENSE {
        ratios.extend(worst(table, sketch.name)?.iter().map(|w| w.c / normal_maximum(w.d)));
    }
    let holding = ratios.iter().filter(|&&ratio| ratio <= 1.1).count();
    let greatest = ratios.iter().copied().fold(0.0, f64::max);
    Ok(ClaimCheck::new(
        "Dense sketches: mean C ≤ 1.1 √(2 ln 2d) at every d, for the worst K of 1, 2, 4, 8, 16",
        PLACE,
        "A = [I; 0], m = 16 d, each dense sketch at each d",
    )
    .seen(
        format!("{holding} of {} means; the greatest is {greatest:.2} √(2 ln 2d)", ratios.len()),
        Verdict::from_cases(holding, ratios.len()),
    ))
}

fn exponents(table: &Table, sketches: &[Family]) -> Result<(Vec<ExponentFit>, String), Fault> {
    let (mut fits, mut seen) = (Vec::new(), Vec::new());
    for sketch in sketches {
        let worst = worst(table, sketch.name)?;
        let (d, c): (Vec<f64>, Vec<f64>) = worst.iter().map(|w| (w.d, w.c)).unzip();
        let fit = fit_exponent(&d, &c, 0.05)?;
        seen.push(format!("{} {:.2} ± {:.2}", sketch.name, fit.exponent, fit.half_width));
        fits.push(fit);
    }
    Ok((fits, seen.join(", ")))
}

fn flat(table: &Table) -> Result<ClaimCheck, Fault> {
    let (fits, seen) = exponents(table, &DENSE)?;
    Ok(ClaimCheck::new(
        "Dense sketches: C grows no faster than logarithms, its exponent in d below 0.25",
        PLACE,
        "least squares of ln C on ln d; all of the 95 % interval below 0.25, where √(2 ln 2d) has 0.13 and √d 0.5",
    )
    .seen(seen, grows_like_logarithms(&fits)))
}

fn growing(table: &Table) -> Result<ClaimCheck, Fault> {
    let (fits, seen) = exponents(table, &SPARSE)?;
    let holding = fits.iter().filter(|fit| (0.4..=0.6).contains(&fit.exponent)).count();
    Ok(ClaimCheck::new(
        "Sketches with at most 8 nonzeros a column: C grows like √d, exponent 0.50 ± 0.10",
        OWN,
        "least squares of ln C on ln d at the worst K",
    )
    .seen(seen, Verdict::from_cases(holding, fits.len())))
}

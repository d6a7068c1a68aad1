//! The normalised error against d on the instance that is adversarial for sparse sketches.

use proofsketch::guarantee::{ExponentFit, fit_exponent};

use super::PAPER;
use super::families::{DENSE, Family, SPARSE};
use super::normalized_error::{IdentityRows, doubling_up_to, normal_maximum};
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
    seconds: Seconds { smoke: 1.5, paper: 40.0 },
};

const PLACE: &str = "the dependence of Theorem 1.1 on d, for its dense sketches";
const OWN: &str = "not in the paper: a counterexample of this library";

/// m/d: sparse sketches with at most √16 nonzeros a column meet their worst K within 1..16.
const RATIO: usize = 16;

/// 0.63 ≈ 1 − 1/e: how often some coordinate shares exactly one row of S with the residual.
const SPARSE_FACTOR: f64 = 0.63;

fn run(context: &Context) -> Result<Table, Fault> {
    let n = context.at(4096, 65_536);
    let sizes: &[usize] = context.at(&[4, 8, 16, 32], &[8, 16, 32, 64, 128, 256]);
    let most = context.at(40, 60);
    // The work of a draw grows like d³; few draws say as much where C hardly varies.
    let draws = |d: usize| if d > 128 { most / 3 } else { most };
    let residual_rows = doubling_up_to(RATIO);
    let sketches = || DENSE.iter().chain(SPARSE);
    context.progress().expect(sketches().count() * sizes.iter().map(|&d| draws(d)).sum::<usize>());
    let mut table = Table::new(["sketch", "n", "d", "m", "K", "draws", "C", "low", "high"]);
    for sketch in sketches() {
        for &d in sizes {
            let all = draw(context, *sketch, (n, d), (draws(d), &residual_rows))?;
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
    k: f64,
    c: f64,
    low: f64,
    high: f64,
}

fn worst(table: &Table, sketch: &str) -> Result<Vec<Worst>, Fault> {
    let mut list = Vec::new();
    for (d, of) in table.only("sketch", sketch)?.number_groups("d")? {
        let (k, c) = (of.numbers("K")?, of.numbers("C")?);
        let (low, high) = (of.numbers("low")?, of.numbers("high")?);
        let each = (0..of.rows()).map(|i| Worst { d, k: k[i], c: c[i], low: low[i], high: high[i] });
        list.extend(each.max_by(|a, b| a.c.total_cmp(&b.c)));
    }
    Ok(list)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let axes = || {
        let top = table.numbers("high").map_or(1.0, |high| high.iter().copied().fold(1.0, f64::max));
        (Axis::log2("d, columns of A"), Axis::linear("C, mean at the worst K").including(0.0).including(top))
    };
    let panel = |title: &str, list: &[Family]| -> Result<Chart, Fault> {
        let (x, y) = axes();
        let mut chart = Chart::new(title, x, y);
        for sketch in list {
            let worst = worst(table, sketch.name)?;
            let points = worst.iter().map(|w| (w.d, w.c)).collect();
            let band = worst.iter().map(|w| (w.d, w.low, w.high)).collect();
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
        format!("A = [I; 0], residual on K rows, m = {RATIO} d: C over d (10–90 % of draws shaded)"),
        [panel("every entry of S is nonzero", DENSE)?, panel("few nonzeros a column", SPARSE)?],
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

fn exponent(table: &Table, sketch: &Family) -> Result<ExponentFit, Fault> {
    let worst = worst(table, sketch.name)?;
    let (d, c): (Vec<f64>, Vec<f64>) = worst.iter().map(|w| (w.d, w.c)).unzip();
    Ok(fit_exponent(&d, &c, 0.05)?)
}

/// √(2 ln 2d) itself has exponent 0.13 from d = 8 to 256; half of √d's is the border.
fn flat(table: &Table) -> Result<ClaimCheck, Fault> {
    exponents(table, DENSE, |fit| fit.interval().1 < 0.25).map(|(seen, verdict)| {
        ClaimCheck::new(
            "Dense sketches: C grows no faster than logarithms, its exponent in d below 0.25",
            PLACE,
            "least squares of ln C on ln d; all of the 95 % interval below 0.25",
        )
        .seen(seen, verdict)
    })
}

fn growing(table: &Table) -> Result<ClaimCheck, Fault> {
    exponents(table, SPARSE, |fit| (0.4..=0.6).contains(&fit.exponent)).map(|(seen, verdict)| {
        ClaimCheck::new(
            "Sketches with at most 8 nonzeros a column: C grows like √d, exponent 0.50 ± 0.10",
            OWN,
            "least squares of ln C on ln d at the worst K",
        )
        .seen(seen, verdict)
    })
}

fn exponents(
    table: &Table,
    sketches: &[Family],
    holds: impl Fn(&ExponentFit) -> bool,
) -> Result<(String, Verdict), Fault> {
    let (mut seen, mut holding) = (Vec::new(), 0);
    for sketch in sketches {
        let fit = exponent(table, sketch)?;
        holding += usize::from(holds(&fit));
        seen.push(format!("{} {:.2} ± {:.2}", sketch.name, fit.exponent, fit.half_width));
    }
    Ok((seen.join(", "), Verdict::from_cases(holding, sketches.len())))
}

//! How often the ℓ∞ guarantee fails, against the number of rows.

use proofsketch::guarantee::{lower_limit, upper_limit};
use proofsketch::regression::{SketchSize, gaussian_failure_bound};

use super::PAPER;
use super::families::{BGP, Family, GAUSSIAN, SIGN, SRHT_WITH_REPLACEMENT};
use super::identity_rows::solve_identity_rows;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, quantile, trials};

/// Share of draws that miss the target against m/(ε⁻² d), and at the m of the exact rule.
pub const FIGURE: Figure = Figure {
    id: "row_rules",
    paper: &PAPER,
    title: "How many rows the guarantee takes",
    claim: "m ∼ ε⁻² d rows suffice for ‖x′ − x★‖∞ ≤ ε/√d · ‖r‖₂ ‖A⁺‖₂ up to logarithms. For a Gaussian sketch the share \
        of failures lies under an exact bound, and the curves of all d collapse once m is divided by \
        ε⁻² d ln(2d/δ); at the m of that bound the other dense sketches fail as rarely.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 30.0 },
};

const PLACE: &str = "the dependence of Theorem 1.1 on ε and d";
const PLACE_DENSE: &str = "Theorem 1.1, for dense sketches; the m is not the paper's";
const OWN: &str = "not in the paper: the exact law of the Gaussian sketch and a union bound";

const EPSILON: f64 = 1.0;
const DELTA: f64 = 0.1;
const ROWS: usize = 4096;
/// m/(ε⁻² d).
const MULTIPLES: [usize; 11] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14];
/// Held against the bound at the m of the rule; the balanced Gaussian-pooled sketch at the power of two next to it.
const OTHERS: [Family; 2] = [SIGN, SRHT_WITH_REPLACEMENT];
/// Its pooled blocks are slow to draw for more columns.
const POOLED_UP_TO: usize = 64;
/// Level of one limit of the 95 % intervals that are drawn.
const SIDE: f64 = 0.025;

fn run(context: &Context) -> Result<Table, Fault> {
    let sizes: &[usize] = context.at(&[8, 16, 32], &[8, 16, 32, 64, 128]);
    let mut cases: Vec<(&str, Family, usize, usize)> = Vec::new();
    for &d in sizes {
        let exact = SketchSize::GaussianExact { epsilon: EPSILON, delta: DELTA }.rows(ROWS, d)?;
        cases.extend(MULTIPLES.map(|multiple| ("sweep", GAUSSIAN, d, multiple * d)));
        cases.push(("rule", GAUSSIAN, d, exact));
        cases.extend(OTHERS.map(|family| ("rule", family, d, exact)));
        if d <= POOLED_UP_TO {
            cases.push(("rule", BGP, d, 1 << (exact as f64).log2().round() as u32));
        }
    }
    let draws = |d: usize| context.at(100, if d <= 32 { 2000 } else { 2_048_000 / (d * d) });
    context.progress().expect(cases.iter().map(|case| draws(case.2)).sum());
    let names = [
        "part",
        "sketch",
        "d",
        "m",
        "draws",
        "failures",
        "rate",
        "low",
        "high",
        "bound",
        "m_scaled",
        "m_collapsed",
    ];
    let mut table = Table::new(names);
    for (part, family, d, m) in cases {
        let draws = draws(d);
        let failures = failures(context, family, (m, d), draws)?;
        let (k, n) = (failures as u64, draws as u64);
        let scaled = m as f64 * EPSILON.powi(2) / d as f64;
        table.push([
            part.into(),
            family.name.into(),
            d.into(),
            m.into(),
            draws.into(),
            failures.into(),
            (failures as f64 / draws as f64).into(),
            lower_limit(k, n, SIDE).into(),
            upper_limit(k, n, SIDE).into(),
            gaussian_failure_bound(m, d, EPSILON).into(),
            scaled.into(),
            (scaled / (2.0 * d as f64 / DELTA).ln()).into(),
        ]);
    }
    Ok(table)
}

/// How many draws miss (ε/√d)‖r‖‖A⁺‖ on A = [I; 0] with the residual on one row.
fn failures(context: &Context, family: Family, (m, d): (usize, usize), draws: usize) -> Result<usize, Fault> {
    let distribution = family.distribution(m, ROWS)?;
    let key = context.key().named(family.name).indexed(d as u64).indexed(m as u64);
    let allowed = EPSILON / (d as f64).sqrt();
    let missed = trials(context, key, draws, |key| {
        Ok(solve_identity_rows(&distribution.sample(key), d, 1)?.coefficients.amax() > allowed)
    })
    .into_iter()
    .collect::<Result<Vec<bool>, Fault>>()?;
    Ok(missed.into_iter().filter(|&missed| missed).count())
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let sweep = table.only("part", "sweep")?;
    let curves = |title: &str, label: &str, x: &str| -> Result<Chart, Fault> {
        let y = Axis::log("failure rate").range(1e-3, 1.2);
        let mut chart = Chart::new(title, Axis::linear(label), y);
        for (d, rows) in sweep.number_groups("d")? {
            let (points, band) = (rows.points(x, "rate")?, rows.band(x, "low", "high")?);
            chart = chart.line_with_band(format!("Gaussian, d = {d}"), points, band);
        }
        for (_, rows) in sweep.number_groups("d")? {
            chart = chart.reference("exact bound", rows.points(x, "bound")?);
        }
        Ok(chart.target("δ = 0.1", DELTA))
    };
    let drawing = [
        curves("in units of ε⁻² d", "m / (ε⁻² d)", "m_scaled")?,
        curves("in units of ε⁻² d ln(2d/δ)", "m / (ε⁻² d ln(2d/δ))", "m_collapsed")?,
        near_bound(table)?,
        rows_needed(table)?,
    ];
    Ok(Drawing::panels(
        format!("Failures of the ℓ∞ guarantee, ε = {EPSILON} (bands: 95 % Clopper–Pearson)"),
        drawing,
    ))
}

/// The failure rate of each dense sketch in units of the exact bound of the Gaussian one.
fn near_bound(table: &Table) -> Result<Chart, Fault> {
    let y = Axis::linear("failure rate / exact bound").range(0.0, 2.0);
    let mut chart = Chart::new("dense sketches at the m of the exact rule", Axis::log2("d, columns of A"), y);
    for (name, rows) in table.only("part", "rule")?.groups("sketch")? {
        let bounds = rows.numbers("bound")?;
        let points =
            rows.points("d", "rate")?.into_iter().zip(bounds).map(|((d, rate), bound)| (d, rate / bound));
        let band = rows.band("d", "low", "high")?.into_iter().zip(bounds);
        let band = band.map(|((d, low, high), bound)| (d, low / bound, high / bound)).collect();
        chart = chart.line_with_band(name, points.collect(), band);
    }
    Ok(chart.target("exact bound", 1.0))
}

/// The m at which the Gaussian sketch is seen to fail with probability δ, over the rules for it.
fn rows_needed(table: &Table) -> Result<Chart, Fault> {
    let mut seen = Vec::new();
    for (d, rows) in table.only("part", "sweep")?.number_groups("d")? {
        seen.extend(crossing(&rows, "m")?.map(|m| (d, m)));
    }
    let exact = table.only("part", "rule")?.only("sketch", GAUSSIAN.name)?.points("d", "m")?;
    let closed = exact.iter().map(|&(d, _)| (d, d + 2.0 * EPSILON.powi(-2) * d * (2.0 * d / DELTA).ln()));
    let closed = closed.collect();
    Ok(Chart::new(
        "rows that δ = 0.1 takes",
        Axis::log2("d, columns of A"),
        Axis::log("m, rows of the sketch"),
    )
    .scatter(GAUSSIAN.name, seen)
    .reference("exact rule", exact)
    .reference("d + 2 ε⁻² d ln(2d/δ)", closed))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![below_bound(table)?, collapse(table)?, other_dense(table)?])
}

/// Failures, draws and bound of each row.
fn counts(table: &Table) -> Result<Vec<(u64, u64, f64)>, Fault> {
    let (failures, draws) = (table.numbers("failures")?, table.numbers("draws")?);
    let counted = failures.iter().zip(draws).zip(table.numbers("bound")?);
    Ok(counted.map(|((&k, &n), &bound)| (k as u64, n as u64, bound)).collect())
}

fn below_bound(table: &Table) -> Result<ClaimCheck, Fault> {
    let counts = counts(&table.only("sketch", GAUSSIAN.name)?)?;
    let holding = counts.iter().filter(|&&(k, n, bound)| lower_limit(k, n, 1e-6) <= bound).count();
    let telling: Vec<f64> = counts
        .iter()
        .filter(|(_, _, bound)| (0.05..0.5).contains(bound))
        .map(|&(k, n, bound)| k as f64 / n as f64 / bound)
        .collect();
    let typical = quantile(&telling, 0.5);
    Ok(ClaimCheck::new(
        "Gaussian sketch: Pr[failure] ≤ 2d Pr[t₍ₘ₋d₊₁₎ > ε √((m−d+1)/d)] at every d and m",
        OWN,
        "A = [I; 0], residual on one row; refuted if the lower Clopper–Pearson limit at level 10⁻⁶ exceeds the bound",
    )
    .seen(
        format!("{holding} of {} cases; where the bound is 0.05 to 0.5 the rate is {typical:.2} of it in the median", counts.len()),
        Verdict::from_cases(holding, counts.len()),
    ))
}

/// The x at which the rate falls through δ, linear in ln rate between the two rows around it.
fn crossing(table: &Table, x: &str) -> Result<Option<f64>, Fault> {
    let points = table.points(x, "rate")?;
    Ok(points.windows(2).find(|pair| pair[0].1 > DELTA && pair[1].1 <= DELTA).map(|pair| {
        let [(x0, y0), (x1, y1)] = [pair[0], pair[1]];
        x0 + (x1 - x0) * (y0 / DELTA).ln() / (y0 / y1.max(1e-6)).ln()
    }))
}

fn collapse(table: &Table) -> Result<ClaimCheck, Fault> {
    let by_size = table.only("part", "sweep")?.number_groups("d")?;
    let spread = |x: &str| -> Result<(f64, usize), Fault> {
        let crossings: Vec<f64> =
            by_size.iter().filter_map(|(_, rows)| crossing(rows, x).transpose()).collect::<Result<_, _>>()?;
        let least = crossings.iter().copied().fold(f64::INFINITY, f64::min);
        Ok((crossings.iter().copied().fold(0.0, f64::max) / least, crossings.len()))
    };
    let ((before, crossings), (after, _)) = (spread("m_scaled")?, spread("m_collapsed")?);
    let claim = ClaimCheck::new(
        "The m at which a Gaussian sketch fails with probability δ = 0.1 is c ε⁻² d ln(2d/δ): c agrees within a factor 1.2 \
         over all d",
        PLACE,
        "where the measured share of failures falls through δ, greatest over least",
    );
    if crossings < by_size.len() {
        return Ok(
            claim.seen(format!("{crossings} of {} curves cross δ", by_size.len()), Verdict::NotTestable)
        );
    }
    Ok(claim.seen(
        format!("a factor {after:.2}; {before:.2} without the logarithm"),
        Verdict::from_bool(after <= 1.2),
    ))
}

fn other_dense(table: &Table) -> Result<ClaimCheck, Fault> {
    let rule = table.only("part", "rule")?;
    let (mut holding, mut cases, mut seen) = (0, 0, Vec::new());
    for (name, rows) in rule.groups("sketch")?.into_iter().filter(|(name, _)| name != GAUSSIAN.name) {
        let counts = counts(&rows)?;
        holding += counts.iter().filter(|&&(k, n, bound)| lower_limit(k, n, 1e-3) <= bound).count();
        cases += counts.len();
        let rates = counts.iter().map(|&(k, n, bound)| format!("{:.3}/{bound:.3}", k as f64 / n as f64));
        seen.push(format!("{name} {}", rates.collect::<Vec<_>>().join(" ")));
    }
    Ok(ClaimCheck::new(
        "Random signs, SRHT (rows with replacement) and the balanced Gaussian-pooled sketch fail no more often than the \
         exact bound of the Gaussian sketch with as many rows, about δ = 0.1",
        PLACE_DENSE,
        "the same instance, n = 4096, m of the exact rule or the power of two next to it; refuted if the lower \
         Clopper–Pearson limit at level 10⁻³ exceeds the bound",
    )
    .seen(format!("{holding} of {cases} cases; rate/bound: {}", seen.join("; ")), Verdict::from_cases(holding, cases)))
}

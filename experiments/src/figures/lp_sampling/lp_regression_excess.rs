//! How near the regression of a coreset comes to the best.

use proofsketch::guarantee::fit_exponent;
use proofsketch::sampling::instances;

use super::sampled_regression::{
    CAUCHY, LEVERAGE, LEWIS, NORMAL, ROOT, SENSITIVITY, Seen, UNIFORM, noise, regressions,
};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Excess of the residual of a coreset's regression against the number of rows.
pub const FIGURE: Figure = Figure {
    id: "lp_regression_excess",
    paper: &PAPER,
    title: "Regression on a sample of rows",
    claim: "A sample of the rows of [A b] that keeps the ℓp norm of its column space up to 1 ± ε has its regression within \
        1 + O(ε) of the best over all rows. Measured: ‖Ax̂ − b‖ₚ over its minimum, minus 1, for samples by different \
        scores of [A b], where A is Gaussian with log-normal row scales and b is noise, normal or Cauchy; b + Ax has the \
        same scores and residuals for any x. To first order in the noise of the sample the mean excess for p > 1 is \
        tr(H⁻¹V)/(2p‖r‖ₚᵖ), H = p(p − 1)Σ|rᵢ|^(p−2)aᵢaᵢᵀ and V = p²Σ(1/qᵢ − 1)|rᵢ|^(2p−2)aᵢaᵢᵀ at the residual r of the \
        minimiser: of order 1/m, and less where rows come to be kept for certain.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.3, paper: 20.0 },
};

const EXPONENTS: [f64; 3] = [1.0, 1.5, 3.0];
const NOISES: [&str; 2] = [NORMAL, CAUCHY];
fn run(context: &Context) -> Result<Table, Fault> {
    let (n, d) = context.at((1000, 4), (20_000, 10));
    let (matrices, draws) = context.at((2, 2), (20, 4));
    let sizes = context.at(vec![50.0, 100.0, 200.0], vec![100.0, 200.0, 400.0, 800.0, 1600.0]);
    let mut table =
        Table::new(["noise", "p", "scores", "n", "d", "rows", "draws", "excess", "low", "high", "predicted"]);
    context.progress().expect(NOISES.len() * matrices);
    for name in NOISES {
        let all = trials(context, context.key(), matrices, |key| {
            let a = instances::heavy_tails(n, d, 1.0, key.named("matrix"));
            let b = noise(name, n, key.named("noise"));
            regressions((&a, &b), &EXPONENTS, &sizes, draws, key.named(name))
        });
        let all = all.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        for (case, Seen { p, scores, rows, .. }) in all[0].iter().enumerate() {
            let excess: Vec<f64> = all.iter().flat_map(|seen| seen[case].excess.iter().copied()).collect();
            let seen = Summary::of(&excess);
            table.push([
                name.into(),
                (*p).into(),
                (*scores).into(),
                n.into(),
                d.into(),
                (*rows).into(),
                seen.count.into(),
                seen.median.into(),
                seen.p10.into(),
                seen.p90.into(),
                Summary::of(&all.iter().map(|seen| seen[case].predicted).collect::<Vec<_>>()).median.into(),
            ]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    for (noise, of) in table.groups("noise")? {
        for (p, of) in of.number_groups("p")? {
            let mut chart = Chart::new(
                format!("{noise}, p = {p}"),
                Axis::log("m, rows in expectation"),
                Axis::log("relative excess of ‖Ax̂ − b‖ₚ"),
            );
            for (name, of) in of.groups("scores")? {
                let band = match name.as_str() {
                    UNIFORM | LEWIS => of.band("rows", "low", "high")?,
                    _ => Vec::new(),
                };
                chart = chart.line_with_band(&name, of.points("rows", "excess")?, band);
            }
            if p > 1.0 {
                let first = of.only("scores", LEWIS)?.points("rows", "predicted")?;
                chart = chart.reference("Lewis, mean to first order", first);
            }
            let lewis = of.only("scores", LEWIS)?.points("rows", "excess")?;
            panels.push(chart.slope("slope −1", lewis[lewis.len() / 2], -1.0));
        }
    }
    Ok(Drawing::panels(
        "Regression on a sample of rows: medians, and 10–90 % of draws for uniform and Lewis",
        panels,
    ))
}

/// Median excess by a sampler, for the sizes in ascending order.
fn medians(table: &Table, noise: &str, p: f64, scores: &str) -> Result<Vec<f64>, Fault> {
    let of = table.only("noise", noise)?.at("p", p)?.only("scores", scores)?;
    Ok(of.numbers("excess")?.to_vec())
}

/// At how many sizes, over both kinds of noise, the one sampler has less excess than the other, of how many; and the
/// medians of both at the middle size.
fn ahead(table: &Table, p: f64, (one, other): (&str, &str)) -> Result<(usize, usize, String), Fault> {
    let (mut less, mut all, mut listed) = (0, 0, Vec::new());
    for noise in NOISES {
        let (one, other) = (medians(table, noise, p, one)?, medians(table, noise, p, other)?);
        less += one.iter().zip(&other).filter(|(one, other)| one < other).count();
        all += one.len();
        let middle = one.len() / 2;
        listed.push(format!("{:.2e} for {:.2e} with {noise}", one[middle], other[middle]));
    }
    Ok((less, all, format!("p = {p}: less at {less} of {all} sizes, {}", listed.join(", "))))
}

fn against_uniform(table: &Table, scores: &str, exponents: &[f64]) -> Result<(String, Verdict), Fault> {
    let (mut less, mut all, mut seen) = (0, 0, Vec::new());
    for &p in exponents {
        let (of, sizes, listed) = ahead(table, p, (scores, UNIFORM))?;
        less += of;
        all += sizes;
        seen.push(listed);
    }
    Ok((seen.join("; "), Verdict::from_cases(less, all)))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let mut sizes = table.numbers("rows")?.to_vec();
    sizes.sort_unstable_by(f64::total_cmp);
    sizes.dedup();
    let test = format!(
        "median excess at m = {} to {}, both kinds of noise; numbers for m = {}",
        sizes[0],
        sizes[sizes.len() - 1],
        sizes[sizes.len() / 2]
    );
    let mut claims = Vec::new();
    for scores in [LEWIS, ROOT] {
        let (seen, verdict) = against_uniform(table, scores, &[1.0, 1.5])?;
        let sentence = format!(
            "Samples by {scores} scores have less excess than uniform ones of the same size at p = 1 and 3/2"
        );
        claims.push(ClaimCheck::new(sentence, OWN, &test).seen(seen, verdict));
    }
    let mut seen = Vec::new();
    let mut verdicts = (0, 0);
    for scores in [LEVERAGE, ROOT, LEWIS, SENSITIVITY] {
        let (less, all, listed) = ahead(table, 3.0, (scores, UNIFORM))?;
        verdicts = (verdicts.0 + less, verdicts.1 + all);
        seen.push(format!("{scores} {listed}"));
    }
    claims.push(
        ClaimCheck::new(
            "At p = 3 samples by leverage, root leverage, Lewis weights and sensitivities have less excess than uniform ones",
            OWN,
            &test,
        )
        .seen(seen.join("; "), Verdict::from_cases(verdicts.0, verdicts.1)),
    );
    let uniform = medians(table, CAUCHY, 3.0, UNIFORM)?;
    let (first, last) = (uniform[0], uniform[uniform.len() - 1]);
    let lewis = medians(table, CAUCHY, 3.0, LEWIS)?;
    let seen = format!(
        "uniform {first:.2e} to {last:.2e}, Lewis {:.2e} to {:.2e}",
        lewis[0],
        lewis[lewis.len() - 1]
    );
    claims.push(
        ClaimCheck::new(
            "At p = 3 with Cauchy noise, where a few rows make up the norm, a uniform sample gains nothing from more rows: \
                its excess falls by less than a factor 2 from the least to the largest m",
            OWN,
            "median excess of uniform samples at the least and the largest m, beside that of Lewis samples",
        )
        .seen(seen, Verdict::from_bool(last > first / 2.0)),
    );
    let (less, all, seen) = ahead(table, 1.0, (LEWIS, LEVERAGE))?;
    claims.push(
        ClaimCheck::new(
            "At p = 1 leverage scores, which have a theorem at p = 2 only, are behind Lewis weights at all sizes",
            OWN,
            &test,
        )
        .seen(seen, Verdict::from_cases(less, all)),
    );
    claims.push(slopes(table, &sizes)?);
    claims.push(prediction(table, &sizes)?);
    Ok(claims)
}

/// The excess of Lewis samples beside its mean to first order.
fn prediction(table: &Table, sizes: &[f64]) -> Result<ClaimCheck, Fault> {
    let (mut near, mut all, mut seen) = (0, 0, Vec::new());
    let largest = sizes.len() - 1;
    for noise in NOISES {
        for p in [1.5, 3.0] {
            let found = medians(table, noise, p, LEWIS)?;
            let of = table.only("noise", noise)?.at("p", p)?.only("scores", LEWIS)?;
            let predicted = of.numbers("predicted")?;
            let slope = fit_exponent(sizes, predicted, 0.05)?.exponent;
            let ratio = found[largest] / predicted[largest];
            near += usize::from((1.0 / 1.5..=1.5).contains(&ratio));
            all += 1;
            seen.push(format!(
                "{noise}, p = {p}: {:.2} times at m = {}, {ratio:.2} times at m = {}, first-order slope {slope:.3}",
                found[0] / predicted[0],
                sizes[0],
                sizes[largest]
            ));
        }
    }
    Ok(ClaimCheck::new(
        "The excess is what first order says, slopes steeper than −1 included: the median of Lewis samples is within a \
            factor 1.5 of tr(H⁻¹V)/(2p‖r‖ₚᵖ) at the largest m, p = 3/2 and 3",
        OWN,
        "median excess over the median of the first-order mean; its log-log slope over all m",
    )
    .seen(seen.join("; "), Verdict::from_cases(near, all)))
}

/// The slopes of the excess of Lewis samples in m.
fn slopes(table: &Table, sizes: &[f64]) -> Result<ClaimCheck, Fault> {
    let (mut near, mut all, mut seen) = (0, 0, Vec::new());
    for noise in NOISES {
        for p in EXPONENTS {
            let fit = fit_exponent(sizes, &medians(table, noise, p, LEWIS)?, 0.05)?;
            near += usize::from((fit.exponent + 1.0).abs() <= 0.2);
            all += 1;
            seen.push(format!("{noise}, p = {p}: {:.3} ± {:.3}", fit.exponent, fit.half_width));
        }
    }
    Ok(ClaimCheck::new(
        "The excess of Lewis samples falls as 1/m, as the square of a distortion: log-log slope −1 ± 0.2, where 1 + O(ε) \
            promises −1/2",
        OWN,
        "least squares of ln(median excess) on ln m, with its 95 % interval",
    )
    .seen(seen.join(", "), Verdict::from_cases(near, all)))
}

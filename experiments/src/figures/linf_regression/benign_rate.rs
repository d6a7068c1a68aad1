//! Error against rows of the sketch on a benign instance, where all sketches do alike.

use proofsketch::guarantee::fit_exponent;
use proofsketch::regression::{Instance, SolvedInstance};

use super::PAPER;
use super::families::{COUNT_SKETCH, DENSE, Family, GAUSSIAN, SPARSE_SIGN_8, SRHT, SRHT_WITH_REPLACEMENT};
use super::normalized_error::{normal_maximum, normalized_error};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Mean ‖x′ − x★‖∞ over m on a matrix of normal entries.
pub const FIGURE: Figure = Figure {
    id: "benign_rate",
    paper: &PAPER,
    title: "On benign data every sketch errs like m^(−1/2)",
    claim: "The guarantee ‖x′ − x★‖∞ ≤ ε/√d · ‖r‖₂ ‖A⁺‖₂ from m ∼ ε⁻² d rows says that the error falls like m^(−1/2). \
        On a matrix of independent normal entries all sketches show it alike, sparse ones too; rows of the Hadamard \
        transform drawn without replacement do better by √(1 − m/n). Figure of this library.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 46.0 },
};

const PLACE: &str = "the dependence of Theorem 1.1 on ε at fixed d, n, δ";
const OWN: &str = "not in the paper: measured by this library";

fn sketches() -> Vec<Family> {
    DENSE.iter().copied().chain([COUNT_SKETCH, SPARSE_SIGN_8]).collect()
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, d, draws) = context.at((1024, 8, 120), (4096, 32, 400));
    let mut table = Table::new([
        "sketch",
        "n",
        "d",
        "m",
        "draws",
        "error",
        "low",
        "high",
        "C",
        "C_low",
        "C_high",
        "C_deviation",
    ]);
    let solved = SolvedInstance::new(Instance::gaussian(n, d, context.key().named("instance")))?;
    let rows: Vec<usize> = (0..6).map(|octave| (2 * d) << octave).collect();
    context.progress().expect(rows.len() * sketches().len() * draws);
    for sketch in sketches() {
        for &m in &rows {
            let distribution = sketch.distribution(m, n)?;
            let key = context.key().named(sketch.name).indexed(m as u64);
            let errors =
                trials(context, key, draws, |key| normalized_error(&solved, &distribution.sample(key)))
                    .into_iter()
                    .collect::<Result<Vec<f64>, Fault>>()?;
            let c = Summary::of(&errors);
            let root = (m as f64).sqrt();
            table.push([
                sketch.name.into(),
                n.into(),
                d.into(),
                m.into(),
                draws.into(),
                (c.mean / root).into(),
                (c.p10 / root).into(),
                (c.p90 / root).into(),
                c.mean.into(),
                c.p10.into(),
                c.p90.into(),
                c.standard_deviation.into(),
            ]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (n, d) = (table.numbers("n")?[0], table.numbers("d")?[0]);
    let rows = "m, rows of the sketch";
    let mut error = Chart::new(
        "mean error, 10–90 % of draws shaded",
        Axis::log2(rows),
        Axis::log("‖x′ − x★‖∞ / (‖r‖₂ ‖A⁺‖₂)"),
    );
    let mut constant = Chart::new(
        "C: the same times √m",
        Axis::log2(rows),
        Axis::linear("C, normalised error").including(0.0),
    );
    for (sketch, of) in table.groups("sketch")? {
        let band = if sketch == GAUSSIAN.name { of.band("m", "low", "high")? } else { Vec::new() };
        error = error.line_with_band(&sketch, of.points("m", "error")?, band);
        let band = if sketch == GAUSSIAN.name { of.band("m", "C_low", "C_high")? } else { Vec::new() };
        constant = constant.line_with_band(&sketch, of.points("m", "C")?, band);
    }
    let level = normal_maximum(d);
    let ends = [2.0 * d, 64.0 * d];
    let with_replacement = means(table, SRHT_WITH_REPLACEMENT.name)?;
    let reduced = with_replacement.iter().map(|mean| (mean.m, mean.c * (1.0 - mean.m / n).sqrt())).collect();
    let label = "√(2 ln 2d) and √(2 ln 2d / m)";
    error = error.reference(label, ends.map(|m| (m, level / m.sqrt())).to_vec());
    constant = constant
        .reference(label, ends.map(|m| (m, level)).to_vec())
        .reference("√(1 − m/n) of that with replacement", reduced);
    Ok(Drawing::panels(format!("Benign data: A and b normal, n = {n}, d = {d}"), [error, constant]))
}

/// The mean of C at one m.
struct Mean {
    m: f64,
    c: f64,
    standard_error: f64,
}

fn means(table: &Table, sketch: &str) -> Result<Vec<Mean>, Fault> {
    let of = table.only("sketch", sketch)?;
    let (c, deviation, draws) = (of.numbers("C")?, of.numbers("C_deviation")?, of.numbers("draws")?);
    let rows = of.numbers("m")?.iter().enumerate();
    Ok(rows.map(|(i, &m)| Mean { m, c: c[i], standard_error: deviation[i] / draws[i].sqrt() }).collect())
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (n, d) = (table.numbers("n")?[0], table.numbers("d")?[0]);
    let mut proportional = Vec::new();
    for (sketch, _) in table.groups("sketch")?.into_iter().filter(|(sketch, _)| sketch != SRHT.name) {
        let mut means = means(table, &sketch)?;
        means.retain(|mean| mean.m >= 8.0 * d);
        proportional.push((sketch, means));
    }
    Ok(vec![
        slopes(&proportional)?,
        alike(&proportional),
        below_normal_maximum(&proportional, d),
        finite_population(&means(table, SRHT.name)?, &means(table, SRHT_WITH_REPLACEMENT.name)?, n),
    ])
}

fn slopes(sketches: &[(String, Vec<Mean>)]) -> Result<ClaimCheck, Fault> {
    let (mut seen, mut holding) = (Vec::new(), 0);
    for (sketch, means) in sketches {
        let rows: Vec<f64> = means.iter().map(|mean| mean.m).collect();
        let errors: Vec<f64> = means.iter().map(|mean| mean.c / mean.m.sqrt()).collect();
        let slope = fit_exponent(&rows, &errors, 0.05)?.exponent;
        holding += usize::from((-0.55..=-0.45).contains(&slope));
        seen.push(format!("{sketch} {slope:.3}"));
    }
    let claim = ClaimCheck::new(
        "The error falls like m^(−1/2): log-log slope −0.50 ± 0.05 for m ≥ 8d",
        PLACE,
        "least squares of ln(mean error) on ln m, sketches whose rows are independent of each other or drawn with \
        replacement",
    );
    Ok(claim.seen(seen.join(", "), Verdict::from_cases(holding, sketches.len())))
}

fn alike(sketches: &[(String, Vec<Mean>)]) -> ClaimCheck {
    let gaussian = sketches.iter().find(|(sketch, _)| sketch == GAUSSIAN.name);
    let reference: &[Mean] = gaussian.map_or(&[], |(_, means)| means);
    let ratios: Vec<f64> = sketches
        .iter()
        .filter(|(sketch, _)| sketch != GAUSSIAN.name)
        .flat_map(|(_, means)| means.iter().zip(reference).map(|(mean, gaussian)| mean.c / gaussian.c))
        .collect();
    let holding = ratios.iter().filter(|ratio| (0.9..=1.1).contains(*ratio)).count();
    ClaimCheck::new(
        "On benign data the mean error of every sketch is that of the Gaussian sketch to 10 %, for m ≥ 8d",
        OWN,
        "ratio of the means, each sketch at each m; not for rows without replacement",
    )
    .seen(
        format!("{holding} of {} ratios; they run from {}", ratios.len(), span(&ratios)),
        Verdict::from_cases(holding, ratios.len()),
    )
}

fn below_normal_maximum(sketches: &[(String, Vec<Mean>)], d: f64) -> ClaimCheck {
    let level = 1.1 * normal_maximum(d);
    let all: Vec<f64> = sketches.iter().flat_map(|(_, means)| means.iter().map(|mean| mean.c)).collect();
    let holding = all.iter().filter(|&&c| c <= level).count();
    ClaimCheck::new(
        format!("Mean C ≤ 1.1 √(2 ln 2d) = {level:.2} for m ≥ 8d"),
        OWN,
        "C = √m ‖x′ − x★‖∞ / (‖r‖₂ ‖A⁺‖₂), each sketch at each m",
    )
    .seen(
        format!("{holding} of {} means; they run from {}", all.len(), span(&all)),
        Verdict::from_cases(holding, all.len()),
    )
}

/// Held to four standard errors of the ratio at each m.
fn finite_population(without: &[Mean], with: &[Mean], n: f64) -> ClaimCheck {
    let (mut seen, mut holding) = (Vec::new(), 0);
    for (without, with) in without.iter().zip(with) {
        let ratio = without.c / with.c;
        let error = ratio * (without.standard_error / without.c).hypot(with.standard_error / with.c);
        let predicted = (1.0 - without.m / n).sqrt();
        holding += usize::from((ratio - predicted).abs() <= 4.0 * error);
        seen.push(format!("m = {}: {ratio:.3} ± {error:.3} for {predicted:.3}", without.m));
    }
    ClaimCheck::new(
        "Rows of the Hadamard transform without replacement err less by √(1 − m/n), which is 0.707 at m = n/2",
        OWN,
        "mean C without over mean C with replacement, held to 4 standard errors of the ratio at each m",
    )
    .seen(seen.join("; "), Verdict::from_cases(holding, without.len()))
}

/// The least and the greatest value.
fn span(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{low:.2} to {high:.2}")
}

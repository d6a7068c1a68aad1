//! Iterations to an accuracy of the methods for matrix sensing, on the same draws.

use super::contenders::{
    ASYMMETRIC, Course, DAMPED, POLISHED, PRECONDITIONED, REBALANCED, SCALED_DAMPED, SCALED_KNOWN,
    SUBGRADIENT, SYMMETRIC, course,
};
use super::instance::{Instance, Noise, Span};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, quantile, trials};

/// Relative error against iterations of nine methods.
pub const FIGURE: Figure = Figure {
    id: "head_to_head",
    paper: &PAPER,
    title: "Beside other methods, on the same draws",
    claim: "The paper compares guarantees in a table, not runs. Here, with r = 3: absolute loss under outliers ten times the \
        size of X★, and squared loss without noise. Every method runs with the defaults of this library; methods of two factors \
        get as many general Aᵢ, since symmetric ones do not see all of F Gᵀ. None sees X★, p or \
        the least loss; *r known* is told r.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.8, paper: 45.0 },
};

/// Name, eigenvalues, p.
const OUTLIERS: [(&str, [f64; 3], f64); 4] = [
    ("κ = 2, p = 0.1", [2.0, 1.5, 1.0], 0.1),
    ("κ = 2, p = 0.3", [2.0, 1.5, 1.0], 0.3),
    ("κ = 10, p = 0.1", [10.0, 5.5, 1.0], 0.1),
    ("κ = 10, p = 0.3", [10.0, 5.5, 1.0], 0.3),
];
const CLEAN: [(&str, [f64; 3], f64); 2] =
    [("κ = 2, no noise", [2.0, 1.5, 1.0], 0.0), ("κ = 10, no noise", [10.0, 5.5, 1.0], 0.0)];
const ABSOLUTE: [&str; 4] = [SUBGRADIENT, POLISHED, SCALED_KNOWN, SCALED_DAMPED];
const SQUARED: [&str; 5] = [SYMMETRIC, ASYMMETRIC, REBALANCED, PRECONDITIONED, DAMPED];
/// Below these a draw has reached a low and a high accuracy.
const LOW: f64 = 1e-6;
const HIGH: f64 = 1e-10;
const EVERY: usize = 5;

fn run(context: &Context) -> Result<Table, Fault> {
    let (size, draws, limits) = context.at(((26, 500), 1, (2000, 800)), ((30, 700), 10, (6000, 3000)));
    let absolute = OUTLIERS.iter().flat_map(|case| ABSOLUTE.map(|method| (case, method, limits.0)));
    let squared = CLEAN.iter().flat_map(|case| SQUARED.map(|method| (case, method, limits.1)));
    let cases: Vec<_> = absolute.chain(squared).collect();
    context.progress().expect(cases.len() * draws);
    let mut table = Table::new([
        "problem",
        "method",
        "draws",
        "iteration",
        "error",
        "low",
        "high",
        "to_low",
        "to_high",
        "end",
        "worst",
    ]);
    for ((problem, spectrum, fraction), method, iterations) in cases {
        let courses = trials(context, context.key().named(problem), draws, |key| {
            let norm = spectrum.iter().map(|value| value * value).sum::<f64>().sqrt();
            let noise = if *fraction > 0.0 {
                Noise::Outliers { fraction: *fraction, deviation: 10.0 * norm }
            } else {
                Noise::None
            };
            let instance = Instance::of(size, spectrum, noise, key)?;
            course(method, &instance, Span { iterations, every: EVERY }, key.named("start"))
        });
        let courses = courses.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        push(&mut table, (problem, method), &courses);
    }
    Ok(table)
}

/// The course of a method until half of its runs have ended; of a method that is not observed, its end.
fn push(table: &mut Table, (problem, method): (&str, &str), courses: &[Course]) {
    let median = |of: &dyn Fn(&Course) -> f64| quantile(&courses.iter().map(of).collect::<Vec<_>>(), 0.5);
    let end = Summary::of(&courses.iter().map(|course| course.end).collect::<Vec<_>>());
    let to_low = finite(median(&|course| reached(course, LOW)));
    let to_high = finite(median(&|course| reached(course, HIGH)));
    let ended = median(&|course| course.iterations as f64) as usize;
    let last = ended.div_ceil(EVERY).min(courses[0].errors.len() - 1);
    for t in geometric_places(last) {
        let at = Summary::of(&courses.iter().map(|course| course.errors[t]).collect::<Vec<_>>());
        let (at, iteration) = if at.median.is_nan() { (end, ended) } else { (at, t * EVERY) };
        if at.median.is_finite() && (iteration < ended || t == last) {
            table.push([
                problem.into(),
                method.into(),
                courses.len().into(),
                iteration.into(),
                at.median.into(),
                at.p10.into(),
                at.p90.into(),
                to_low.into(),
                to_high.into(),
                end.median.into(),
                end.max.into(),
            ]);
        }
    }
}

/// The first measured iteration with an error of at most `level`; that of the end where only the end is known; else ∞.
fn reached(course: &Course, level: f64) -> f64 {
    let place = course.errors.iter().position(|&error| error <= level);
    let at_end = if course.end <= level { course.iterations as f64 } else { f64::INFINITY };
    place.map_or(at_end, |place| (place * EVERY) as f64)
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

/// 1, 2, … up to `last`, ever farther apart, `last` among them.
fn geometric_places(last: usize) -> Vec<usize> {
    let mut places = vec![1.min(last)];
    while let Some(&place) = places.last().filter(|&&place| place < last) {
        places.push(((place as f64 * 1.15) as usize).max(place + 1).min(last));
    }
    places
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    for problem in [OUTLIERS[0].0, OUTLIERS[3].0, CLEAN[0].0, CLEAN[1].0] {
        let error = Axis::log("relative Frobenius error").range(1e-16, 1e2);
        let mut chart = Chart::new(problem, Axis::log("iteration"), error);
        for (method, of) in table.only("problem", problem)?.groups("method")? {
            let points = of.points("iteration", "error")?;
            chart = chart.line_with_band(method, every_second(points), of.band("iteration", "low", "high")?);
        }
        panels.push(chart);
    }
    Ok(Drawing::panels("Medians and 10–90 % of draws, r = 3", panels))
}

fn every_second(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let last = points.len();
    let kept = points.into_iter().enumerate().filter(|&(i, _)| (last - 1 - i).is_multiple_of(2));
    kept.map(|(_, point)| point).collect()
}

fn number(table: &Table, problem: &str, method: &str, column: &str) -> Result<f64, Fault> {
    let of = table.only("problem", problem)?.only("method", method)?;
    Ok(of.numbers(column)?.first().copied().unwrap_or(f64::NAN))
}

/// One column of a method over problems.
fn column(table: &Table, problems: &[&str], method: &str, column: &str) -> Result<Vec<f64>, Fault> {
    problems.iter().map(|problem| number(table, problem, method, column)).collect()
}

fn listed(values: &[f64]) -> String {
    values.iter().map(|value| format!("{value:.0}")).collect::<Vec<_>>().join(", ")
}

fn small(values: &[f64]) -> String {
    values.iter().map(|value| format!("{value:.0e}")).collect::<Vec<_>>().join(", ")
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let outliers = OUTLIERS.map(|case| case.0);
    let clean = CLEAN.map(|case| case.0);
    Ok(vec![
        unknown_rank(table, &outliers)?,
        polished(table, &outliers)?,
        price(table, &outliers)?,
        damping_stalls(table, &outliers)?,
        squared(table, &clean)?,
        symmetric_stalls(table, &clean)?,
    ])
}

fn unknown_rank(table: &Table, problems: &[&str]) -> Result<ClaimCheck, Fault> {
    let reached = column(table, problems, SUBGRADIENT, "to_low")?;
    let ends = column(table, problems, SUBGRADIENT, "end")?;
    let holding = reached.iter().filter(|value| value.is_finite()).count();
    Ok(ClaimCheck::new(
        "SubGM reaches a relative error of 10⁻⁶ under outliers without knowing r, p or the least loss",
        "Corollary 28",
        "median iterations over draws at (κ, p) = (2, 0.1), (2, 0.3), (10, 0.1), (10, 0.3); – if half of the draws do not",
    )
    .seen(
        format!("{} iterations; ends at {}", listed(&reached), small(&ends)),
        Verdict::from_cases(holding, reached.len()),
    ))
}

fn polished(table: &Table, problems: &[&str]) -> Result<ClaimCheck, Fault> {
    let ends = column(table, problems, POLISHED, "end")?;
    let holding = ends.iter().filter(|end| **end <= 1e-12).count();
    Ok(ClaimCheck::new(
        "Polishing at the rank that it reveals removes the error of the start: the median end is 10⁻¹² or less",
        format!("{OWN}, an extension"),
        "median end over draws, problems in the same order",
    )
    .seen(small(&ends), Verdict::from_cases(holding, ends.len())))
}

fn price(table: &Table, problems: &[&str]) -> Result<ClaimCheck, Fault> {
    let known = column(table, problems, SCALED_KNOWN, "to_low")?;
    let unknown = column(table, problems, SUBGRADIENT, "to_low")?;
    let fewer = known.iter().zip(&unknown).filter(|(known, unknown)| **known < 0.2 * **unknown).count();
    Ok(ClaimCheck::new(
        "Knowing r is worth a factor of 5 or more in iterations to 10⁻⁶: ScaledSM with r = 3 beside SubGM with r′ = 12",
        OWN,
        "median iterations, the same order; – if half of the draws do not get there",
    )
    .seen(
        format!("{} beside {}", listed(&known), listed(&unknown)),
        Verdict::from_cases(fewer, known.len()),
    ))
}

fn damping_stalls(table: &Table, problems: &[&str]) -> Result<ClaimCheck, Fault> {
    let ends = column(table, problems, SCALED_DAMPED, "end")?;
    let ours = column(table, problems, SUBGRADIENT, "end")?;
    let holding = ends.iter().zip(&ours).filter(|(other, ours)| **other > 10.0 * **ours).count();
    Ok(ClaimCheck::new(
        "With r not known, r′ = 6, damped scaled steps end at more than 10 times the error of SubGM",
        format!("{OWN}; geometric steps in place of Polyak's, which need the least loss"),
        "median ends over draws, damped ScaledSM beside SubGM, the same order",
    )
    .seen(format!("{} beside {}", small(&ends), small(&ours)), Verdict::from_cases(holding, ends.len())))
}

fn squared(table: &Table, problems: &[&str]) -> Result<ClaimCheck, Fault> {
    let methods = [PRECONDITIONED, DAMPED, REBALANCED, ASYMMETRIC, SYMMETRIC];
    let (mut seen, mut first) = (Vec::new(), 0);
    for problem in problems {
        let reached = methods.map(|method| number(table, problem, method, "to_high"));
        let reached = reached.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
        let others = reached[1..].iter().copied().filter(|value| value.is_finite());
        first += usize::from(reached[0] <= others.fold(f64::INFINITY, f64::min));
        seen.push(format!("{problem}: {}", listed(&reached)));
    }
    Ok(ClaimCheck::new(
        "Without noise and with k = 6 > r = 3, PrecGD takes the fewest iterations to 10⁻¹⁰",
        OWN,
        "median iterations of PrecGD, ScaledGD(λ), one step, asymmetric GD, GD; – if half of the draws do not get there",
    )
    .seen(seen.join("; "), Verdict::from_cases(first, problems.len())))
}

fn symmetric_stalls(table: &Table, problems: &[&str]) -> Result<ClaimCheck, Fault> {
    let symmetric = column(table, problems, SYMMETRIC, "end")?;
    let one_step = column(table, problems, REBALANCED, "end")?;
    let holding = symmetric
        .iter()
        .zip(&one_step)
        .filter(|(slow, fast)| **slow > 1e-6 && **fast < 1e-3 * **slow)
        .count();
    Ok(ClaimCheck::new(
        "Symmetric gradient descent ends above 10⁻⁶ (its error falls as 1/t), one rebalancing step a thousandth below or less",
        "Xiong, Ding and Du (ICLR 2024), Theorems 3.1 and 5.1",
        "median relative errors at the end",
    )
    .seen(format!("{} beside {}", small(&symmetric), small(&one_step)), Verdict::from_cases(holding, problems.len())))
}

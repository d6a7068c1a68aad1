//! Error against iterations at several ranks, conditions and sample sizes.

use proofsketch::completion::Spectrum;

use super::recovery::{RECOVERED, Run, bands, exact, rate, run as complete, square};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, quantile, trials};

/// Relative Frobenius error of alternating minimization with exact regressions.
pub const FIGURE: Figure = Figure {
    id: "geometric_convergence",
    paper: &PAPER,
    title: "Alternating minimization converges geometrically",
    claim: "T = O(log(‖M‖_F/ε)) iterations reach error ε: the error falls by a constant factor an iteration, down to \
        rounding. Here all observed entries are used in every half-step, in place of fresh ones.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.3, paper: 5.0 },
};

const PLACE: &str = "the number of iterations in the main theorem";
const RATIOS: [f64; 4] = [2.0, 3.0, 4.0, 6.0];

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, ranks, draws, limit) = context.at((150, vec![3], 4, 120), (600, vec![5, 10], 10, 300));
    let mut table = Table::new([
        "n",
        "k",
        "condition",
        "oversampling",
        "draws",
        "recovered",
        "iteration",
        "error",
        "low",
        "high",
        "rate",
        "early_rate",
        "late_rate",
        "final",
    ]);
    context.progress().expect(ranks.len() * 2 * RATIOS.len() * draws);
    for (&k, condition) in ranks.iter().flat_map(|k| [(k, 1.0), (k, 10.0)]) {
        for ratio in RATIOS {
            let key =
                context.key().indexed(k as u64).indexed(condition as u64).indexed((10.0 * ratio) as u64);
            let runs = trials(context, key, draws, |key| {
                let instance = square((n, k), Spectrum::Geometric { condition }, ratio, key)?;
                complete(&instance, &exact(k, limit), key.named("solver"))
            });
            let mut runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
            runs.retain(|run| run.error() <= RECOVERED);
            let median = |high: f64, low: f64| {
                quantile(&runs.iter().map(|run| rate(&run.errors, high, low)).collect::<Vec<_>>(), 0.5)
            };
            let rates = (median(1e-2, 1e-12), median(1e-2, 1e-7), median(1e-7, 1e-12));
            let last = quantile(&runs.iter().map(Run::error).collect::<Vec<_>>(), 0.9);
            let mut curve = bands(&runs);
            if curve.is_empty() {
                curve.push((f64::NAN, f64::NAN, f64::NAN));
            }
            for (t, (low, error, high)) in curve.into_iter().enumerate() {
                table.push([
                    n.into(),
                    k.into(),
                    condition.into(),
                    ratio.into(),
                    draws.into(),
                    runs.len().into(),
                    (t + 1).into(),
                    error.into(),
                    low.into(),
                    high.into(),
                    rates.0.into(),
                    rates.1.into(),
                    rates.2.into(),
                    last.into(),
                ]);
            }
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let n = table.numbers("n")?[0];
    let mut panels = Vec::new();
    for (k, of_rank) in table.number_groups("k")? {
        for (condition, of) in of_rank.number_groups("condition")? {
            let mut chart = Chart::new(
                format!("k = {k}, κ = {condition}"),
                Axis::linear("iteration"),
                Axis::log("relative Frobenius error").range(1e-16, 10.0),
            );
            for (ratio, curve) in of.number_groups("oversampling")? {
                let label = format!("ρ = {ratio}");
                chart = chart.line_with_band(
                    label,
                    shortened(curve.points("iteration", "error")?),
                    curve.band("iteration", "low", "high")?,
                );
            }
            panels.push(chart);
        }
    }
    let title = format!("Median of the recovered draws, n = {n}, ρ times the degrees of freedom observed");
    Ok(Drawing::panels(title, panels))
}

/// Every third or sixth iteration and the last, so that markers stand apart.
fn shortened(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let last = points.len();
    let kept = |t: usize| t.is_multiple_of(if last > 60 { 6 } else { 3 }) || t + 1 == last;
    points.into_iter().enumerate().filter(|&(t, _)| kept(t)).map(|(_, point)| point).collect()
}

/// One setting.
struct Case {
    k: f64,
    condition: f64,
    ratio: f64,
    rates: [f64; 3],
    recovered: f64,
    draws: f64,
    last: f64,
}

fn cases(table: &Table) -> Result<Vec<Case>, Fault> {
    let mut cases = Vec::new();
    for (k, of) in table.number_groups("k")? {
        for (condition, of) in of.number_groups("condition")? {
            for (ratio, of) in of.number_groups("oversampling")? {
                let first = |name: &str| of.numbers(name).map(|column| column[0]);
                let rates = [first("rate")?, first("early_rate")?, first("late_rate")?];
                let (recovered, draws) = (first("recovered")?, first("draws")?);
                let last = first("final")?;
                cases.push(Case { k, condition, ratio, rates, recovered, draws, last });
            }
        }
    }
    Ok(cases)
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let cases = cases(table)?;
    Ok(vec![straight(&cases), no_plateau(&cases), condition_free(&cases), faster_with_samples(&cases)])
}

fn straight(cases: &[Case]) -> ClaimCheck {
    let ratios: Vec<f64> = cases
        .iter()
        .map(|case| case.rates[2].ln() / case.rates[1].ln())
        .filter(|ratio| ratio.is_finite())
        .collect();
    let holding = ratios.iter().filter(|ratio| (0.67..=1.5).contains(*ratio)).count();
    ClaimCheck::new(
        "The error falls along a straight line: ln(rate) from 10⁻⁷ to 10⁻¹² is that from 10⁻² to 10⁻⁷ to within a \
            factor 1.5",
        PLACE,
        "medians over the recovered draws, each k, κ and ρ with a recovered draw",
    )
    .seen(
        format!("{holding} of {} settings; the factors run from {}", ratios.len(), span(&ratios)),
        Verdict::from_cases(holding, ratios.len()),
    )
}

fn no_plateau(cases: &[Case]) -> ClaimCheck {
    let ends: Vec<f64> = cases.iter().filter(|case| case.recovered > 0.0).map(|case| case.last).collect();
    let holding = ends.iter().filter(|end| **end <= 1e-11).count();
    ClaimCheck::new(
        "No plateau: recovered draws end at a relative error of 10⁻¹¹ or less over all entries, seen or not",
        PLACE,
        "90 % quantile of the recovered draws in each setting; the residual on Ω is asked to reach 10⁻¹³",
    )
    .seen(
        format!(
            "{holding} of {} settings; the largest is {:.1e}",
            ends.len(),
            ends.iter().copied().fold(0.0, f64::max)
        ),
        Verdict::from_cases(holding, ends.len()),
    )
}

fn condition_free(cases: &[Case]) -> ClaimCheck {
    let (mut seen, mut holding) = (Vec::new(), 0);
    for case in cases.iter().filter(|case| case.condition == 10.0 && case.ratio >= 4.0) {
        let flat = cases
            .iter()
            .find(|other| (other.k, other.ratio) == (case.k, case.ratio) && other.condition == 1.0);
        let flat = flat.map_or(f64::NAN, |flat| flat.rates[0]);
        holding += usize::from((case.rates[0].ln() / flat.ln() - 1.0).abs() <= 0.15);
        seen.push(format!("k = {}, ρ = {}: {:.3} and {flat:.3}", case.k, case.ratio, case.rates[0]));
    }
    let claim = ClaimCheck::new(
        "Once it converges the rate does not depend on the condition: ln(rate) at κ = 10 and κ = 1 agree to 15 %, ρ \
            ≥ 4",
        OWN,
        "mean factor an iteration from 10⁻² to 10⁻¹², median over recovered draws",
    );
    let verdict = Verdict::from_cases(holding, seen.len());
    claim.seen(seen.join("; "), verdict)
}

fn faster_with_samples(cases: &[Case]) -> ClaimCheck {
    let (mut seen, mut pairs, mut holding) = (Vec::new(), 0, 0);
    for case in cases.iter().filter(|case| case.ratio == RATIOS[0]) {
        let curve: Vec<&Case> =
            cases.iter().filter(|other| (other.k, other.condition) == (case.k, case.condition)).collect();
        let rates: Vec<f64> =
            curve.iter().map(|case| case.rates[0]).filter(|rate| rate.is_finite()).collect();
        pairs += rates.len().saturating_sub(1);
        holding += rates.windows(2).filter(|pair| pair[1] < pair[0]).count();
        let listed: Vec<String> = curve
            .iter()
            .map(|case| format!("{:.3} ({}/{})", case.rates[0], case.recovered, case.draws))
            .collect();
        seen.push(format!("k = {}, κ = {}: {}", case.k, case.condition, listed.join(", ")));
    }
    ClaimCheck::new(
        "More entries make the rate smaller: it falls with ρ = 2, 3, 4, 6 at every k and κ",
        OWN,
        "median rates of the recovered draws, with the number recovered of those drawn",
    )
    .seen(seen.join("; "), Verdict::from_cases(holding, pairs))
}

/// The least and the greatest value.
fn span(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{low:.2} to {high:.2}")
}

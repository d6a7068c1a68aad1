//! Error against iterations at several shares and sizes of outliers.

use super::curves::{chart, number, push, table};
use super::instance::{DIM, Instance, MEASUREMENTS, Noise, Span, errors, geometric, subgradient};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// The subgradient method with p = 0 to 0.6 and with outliers of three sizes.
pub const FIGURE: Figure = Figure {
    id: "corruption",
    paper: &PAPER,
    title: "Outliers: their share matters, their size does not",
    claim: "Outliers of any size are tolerated at shares p up to about a half (Figure 1b): r = 3, r′ = d = 20, m = 500, \
        outliers N(0, 100). ρ = 0.992 is read off; α = 10⁻¹² and η = 0.3 are chosen here. Right: p = 0.2, outliers up to \
        10⁶ times the size of the data.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.2, paper: 22.0 },
};

const PLACE: &str = "Figure 1b";
const DECAY: f64 = 0.992;
/// p, and log₁₀ of the error at which the paper's curve ends.
const FRACTIONS: [(f64, f64); 4] = [(0.0, -11.4), (0.2, -7.9), (0.4, -5.4), (0.6, -0.85)];
const DEVIATIONS: [f64; 3] = [10.0, 1e3, 1e7];
const SHARE: &str = "share";
const SIZE: &str = "size";

fn share(fraction: f64) -> String {
    format!("p = {fraction}")
}

fn size(deviation: f64) -> String {
    format!("deviation {deviation:.0e}")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (draws, iterations) = context.at((2, 2500), (20, 5000));
    let span = Span { iterations, every: 50 };
    context.progress().expect((FRACTIONS.len() + DEVIATIONS.len()) * draws);
    let shares = FRACTIONS.map(|(fraction, _)| (SHARE, share(fraction), fraction, 10.0));
    let sizes = DEVIATIONS.map(|deviation| (SIZE, size(deviation), 0.2, deviation));
    let mut table = table();
    for (panel, curve, fraction, deviation) in shares.into_iter().chain(sizes) {
        // The same truths, maps, supports and signs of outliers in every curve.
        let runs = trials(context, context.key().named("draw"), draws, |key| {
            let instance = Instance::draw(MEASUREMENTS, Noise::Outliers { fraction, deviation }, key)?;
            errors(&instance, &subgradient(DIM, 1e-12, geometric(0.3, DECAY)), span)
        });
        let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        push(&mut table, (panel, &curve), &runs, span.every, (1e-2, 1e-4));
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let error = || Axis::log("‖U Uᵀ − X★‖_F").range(1e-15, 1e2);
    let title = format!("d = r′ = {DIM}, r = 3, m = {MEASUREMENTS}, α = 1e-12, η = 0.3, ρ = {DECAY}");
    let panels = [
        chart(table, SHARE, "a share p of outliers N(0, 100)", error(), 26)?,
        chart(table, SIZE, "p = 0.2, outliers of several sizes", error(), 26)?,
    ];
    Ok(Drawing::panels(title, panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let ends = FRACTIONS.map(|(fraction, _)| number(table, SHARE, &share(fraction), "end"));
    let ends = ends.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
    Ok(vec![ordered(&ends), ends_as_read_off(&ends), rates(table)?, beyond_a_half(&ends), size_blind(table)?])
}

fn ordered(ends: &[f64]) -> ClaimCheck {
    let holding = ends.windows(2).filter(|pair| pair[0] < pair[1]).count();
    ClaimCheck::new(
        "More outliers leave more error: it rises over p = 0, 0.2, 0.4, 0.6",
        PLACE,
        "median error after 5000 iterations, pairs of neighbours",
    )
    .seen(listed(ends), Verdict::from_cases(holding, ends.len() - 1))
}

fn listed(ends: &[f64]) -> String {
    ends.iter().map(|end| format!("10^{:.2}", end.log10())).collect::<Vec<_>>().join(", ")
}

fn ends_as_read_off(ends: &[f64]) -> ClaimCheck {
    let near = |(end, paper): (&f64, &(f64, f64))| (end.log10() - paper.1).abs() <= 1.0;
    let holding = ends.iter().zip(&FRACTIONS).filter(|pair| near(*pair)).count();
    ClaimCheck::new(
        "The errors end at 10^−11.4, 10^−7.9, 10^−5.4 and 10^−0.85 for p = 0, 0.2, 0.4, 0.6, to a factor of 10",
        "read off Figure 1b; α and η are not printed",
        "median error after 5000 iterations",
    )
    .seen(listed(ends), Verdict::from_cases(holding, ends.len()))
}

fn rates(table: &Table) -> Result<ClaimCheck, Fault> {
    let rates = [0.0, 0.2, 0.4].map(|fraction| number(table, SHARE, &share(fraction), "rate"));
    let rates = rates.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
    let holding = rates.iter().filter(|rate| (rate.ln() / DECAY.ln() - 1.0).abs() <= 0.01).count();
    Ok(ClaimCheck::new(
        "The rate is ρ = 0.992 for every p that is recovered: ln(rate) = ln ρ to 1 % at p = 0, 0.2, 0.4",
        "Theorem 27 and Figure 1b",
        "mean factor an iteration from 10⁻² to 10⁻⁴, median over the draws that get there",
    )
    .seen(
        rates.iter().map(|rate| format!("{rate:.5}")).collect::<Vec<_>>().join(", "),
        Verdict::from_cases(holding, rates.len()),
    ))
}

fn beyond_a_half(ends: &[f64]) -> ClaimCheck {
    ClaimCheck::new(
        "At p = 0.6 and m = 500 nothing is recovered: the error stays above 0.1, a hundredth of ‖X★‖_F = 11.2",
        "Figure 1b; Corollary 28 allows any p < 1 for an m that grows as (1 − p)⁻²",
        "median error after 5000 iterations",
    )
    .seen(format!("{:.2}", ends[3]), Verdict::from_bool(ends[3] > 0.1))
}

fn size_blind(table: &Table) -> Result<ClaimCheck, Fault> {
    let ends = DEVIATIONS.map(|deviation| number(table, SIZE, &size(deviation), "end"));
    let ends = ends.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
    let factors: Vec<f64> = ends[1..].iter().map(|end| end / ends[0]).collect();
    let holding = factors.iter().filter(|factor| (0.1..=10.0).contains(*factor)).count();
    Ok(ClaimCheck::new(
        "Outliers 100 and 10⁶ times larger change the final error by a factor of 10 at most",
        "Definition 8 and Corollary 28: the law of the outliers is arbitrary",
        format!("median error at p = 0.2 over that of deviation 10; {OWN}"),
    )
    .seen(format!("{:.2}, {:.2}", factors[0], factors[1]), Verdict::from_cases(holding, factors.len())))
}

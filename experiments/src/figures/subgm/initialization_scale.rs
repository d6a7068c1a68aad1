//! Error against iterations at several scales of the start.

use super::curves::{chart, number, push, table};
use super::instance::{DIM, Instance, MEASUREMENTS, Noise, Span, errors, geometric, subgradient};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// The subgradient method from α = 1 down to 10⁻¹⁵.
pub const FIGURE: Figure = Figure {
    id: "initialization_scale",
    paper: &PAPER,
    title: "The smaller the start, the smaller the error",
    claim: "The final error falls with the scale α of the start, as α^(2 − o(1)) in theory (Figure 1c): r = 3, \
        r′ = d = 20, m = 500. ρ = 0.995 is read off; η = 0.3 and no outliers are chosen here.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.3, paper: 30.0 },
};

const PLACE: &str = "Figure 1c";
const PANEL: &str = "start";
const DECAY: f64 = 0.995;
/// α, and log₁₀ of the error at which the paper's curve ends.
const SCALES: [(f64, f64); 4] = [(1.0, -1.55), (1e-5, -4.2), (1e-10, -8.14), (1e-15, -11.9)];
/// More of them, for the right panel.
const BETWEEN: [f64; 2] = [1e-2, 1e-3];

fn label(alpha: f64) -> String {
    format!("α = {alpha:e}")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (draws, iterations) = context.at((2, 3200), (20, 8000));
    let span = Span { iterations, every: 80 };
    context.progress().expect((SCALES.len() + BETWEEN.len()) * draws);
    let mut table = table();
    for alpha in SCALES.map(|(alpha, _)| alpha).into_iter().chain(BETWEEN) {
        let runs = trials(context, context.key().named("draw"), draws, |key| {
            let instance = Instance::draw(MEASUREMENTS, Noise::None, key)?;
            errors(&instance, &subgradient(DIM, alpha, geometric(0.3, DECAY)), span)
        });
        let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        push(&mut table, (PANEL, &label(alpha)), &runs, span.every, (1e-3, 1e-8));
    }
    Ok(table)
}

fn ends(table: &Table) -> Result<Vec<(f64, f64, f64, f64)>, Fault> {
    let alphas = SCALES.map(|(alpha, _)| alpha).into_iter().chain(BETWEEN);
    let mut ends = alphas
        .map(|alpha| {
            let of = |column| number(table, PANEL, &label(alpha), column);
            Ok((alpha, of("end")?, of("end_low")?, of("end_high")?))
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    ends.sort_by(|one, other| other.0.total_cmp(&one.0));
    Ok(ends)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let error = || Axis::log("‖U Uᵀ − X★‖_F").range(1e-16, 1e2);
    let curves = chart(table, PANEL, "every start on the same draws", error(), 26)?;
    let ends = ends(table)?;
    let scale = Axis::log("α");
    let end = Chart::new("where it ends", scale, error())
        .line_with_band(
            "median and 10–90 %",
            ends.iter().map(|end| (end.0, end.1)).collect(),
            ends.iter().map(|end| (end.0, end.2, end.3)).collect(),
        )
        .scatter(
            "read off the paper's figure",
            SCALES.iter().map(|(alpha, decades)| (*alpha, 10.0_f64.powf(*decades))).collect(),
        )
        .slope("slope 1", (1e-5, 1e-4), 1.0);
    let title = format!("d = r′ = {DIM}, r = 3, m = {MEASUREMENTS}, no outliers, η = 0.3, ρ = {DECAY}");
    Ok(Drawing::panels(title, [curves, end]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let ends = ends(table)?;
    let rates = [1e-10, 1e-15].map(|alpha| number(table, PANEL, &label(alpha), "rate"));
    let rates = rates.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
    let kept = rates.iter().filter(|rate| (rate.ln() / DECAY.ln() - 1.0).abs() <= 0.01).count();
    let falling = ends.windows(2).filter(|pair| pair[1].1 < pair[0].1).count();
    let listed: Vec<String> =
        ends.iter().map(|end| format!("{:e}: 10^{:.2}", end.0, end.1.log10())).collect();
    Ok(vec![
        ClaimCheck::new(
            "The final error falls with α over α = 1, 10⁻², 10⁻³, 10⁻⁵, 10⁻¹⁰, 10⁻¹⁵",
            PLACE,
            "median error after 8000 iterations, pairs of neighbours",
        )
        .seen(listed.join(", "), Verdict::from_cases(falling, ends.len() - 1)),
        exponent(&ends),
        as_read_off(&ends),
        ClaimCheck::new(
            "The rate is ρ = 0.995 from small starts: ln(rate) = ln ρ to 1 % at α = 10⁻¹⁰ and 10⁻¹⁵",
            "Theorem 27 and Figure 1c",
            "mean factor an iteration from 10⁻³ to 10⁻⁸, median over draws",
        )
        .seen(format!("{:.5}, {:.5}", rates[0], rates[1]), Verdict::from_cases(kept, rates.len())),
    ])
}

/// Between α = 10⁻⁵ and 10⁻¹⁰, where neither rounding nor a start that is not small ends the run.
fn exponent(ends: &[(f64, f64, f64, f64)]) -> ClaimCheck {
    let at = |alpha: f64| ends.iter().find(|end| end.0 == alpha).map_or(f64::NAN, |end| end.1.log10());
    ClaimCheck::new(
        "The error falls at least as α and at most as α²: exponent 1 to 2 between α = 10⁻⁵ and 10⁻¹⁰",
        format!(
            "Theorem 22: exponent 2 − O(√r κ² δ), δ not small at m = {MEASUREMENTS}; the lower end is {OWN}"
        ),
        "difference of log₁₀ of the median errors after 8000 iterations over 5",
    )
    .seen_within((at(1e-5) - at(1e-10)) / 5.0, 1.0..=2.0)
}

fn as_read_off(ends: &[(f64, f64, f64, f64)]) -> ClaimCheck {
    let (mut seen, mut holding) = (Vec::new(), 0);
    for (alpha, decades) in SCALES {
        let end = ends.iter().find(|end| end.0 == alpha).map_or(f64::NAN, |end| end.1.log10());
        holding += usize::from((end - decades).abs() <= 1.0);
        seen.push(format!("10^{end:.2} and 10^{decades}"));
    }
    ClaimCheck::new(
        "The errors end at 10^−1.55, 10^−4.2, 10^−8.14 and 10^−11.9 for α = 1, 10⁻⁵, 10⁻¹⁰, 10⁻¹⁵, to a factor of 10",
        "read off Figure 1c; η and p are not printed",
        "median error after 8000 iterations, here and in the paper",
    )
    .seen(seen.join("; "), Verdict::from_cases(holding, SCALES.len()))
}

//! Gaussian noise from several scales of the start.

use super::curves::{chart, number, push, table};
use super::instance::{DIM, Instance, MEASUREMENTS, Noise, Span, geometric, measured, subgradient};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// The subgradient method under Gaussian noise from α = 1 down to 10⁻¹⁵.
pub const FIGURE: Figure = Figure {
    id: "gaussian_noise_initialization",
    paper: &PAPER,
    title: "Under Gaussian noise a start need not be tiny",
    claim: "Under Gaussian noise the error of every small start ends at the level of the noise; that of α = 1 ends above \
        (Figure 3b): r = 3, r′ = d = 20, m = 500. ν = 0.7, η = 0.4 and ρ = 0.992 are chosen here.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.5, paper: 3.0 },
};

const PANEL: &str = "start";
const SPAN: Span = Span { iterations: 1000, every: 10 };
/// α, and log₁₀ of the error at which the paper's curve ends.
const SCALES: [(f64, f64); 4] = [(1.0, -0.64), (1e-5, -0.75), (1e-10, -0.75), (1e-15, -0.75)];

fn label(alpha: f64) -> String {
    format!("α = {alpha:e}")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let draws = context.at(4, 20);
    context.progress().expect(SCALES.len() * draws);
    let mut table = table();
    for (alpha, _) in SCALES {
        let runs = trials(context, context.key().named("draw"), draws, |key| {
            let instance = Instance::draw(MEASUREMENTS, Noise::Gaussian { deviation: 0.7 }, key)?;
            let settings = subgradient(DIM, alpha, geometric(0.4, 0.992));
            let rows = measured(&instance.problem()?, &settings, SPAN, |iterate| {
                Ok([instance.truth.operator_error(iterate.product)?])
            })?;
            Ok(rows.into_iter().map(|[error]| error).collect::<Vec<f64>>())
        });
        let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        push(&mut table, (PANEL, &label(alpha)), &runs, SPAN.every, (0.5, 0.2));
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let title = format!("d = r′ = {DIM}, r = 3, m = {MEASUREMENTS}, ν = 0.7, η = 0.4, ρ = 0.992");
    Ok(Drawing::from(chart(table, PANEL, &title, Axis::log("‖U Uᵀ − X★‖₂").range(0.1, 20.0), 26)?))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let ends = SCALES.map(|(alpha, _)| number(table, PANEL, &label(alpha), "end"));
    let ends = ends.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
    let decades: Vec<String> = ends.iter().map(|end| format!("10^{:.2}", end.log10())).collect();
    let near = ends.iter().zip(SCALES).filter(|(end, (_, paper))| (end.log10() - paper).abs() <= 0.1).count();
    let test = "median operator norm of the error after 1000 iterations, α = 1, 10⁻⁵, 10⁻¹⁰, 10⁻¹⁵";
    Ok(vec![
        ClaimCheck::new(
            "The errors end at 10^−0.64 for α = 1 and 10^−0.75 for α = 10⁻⁵, 10⁻¹⁰, 10⁻¹⁵, to 0.1 decades",
            "read off Figure 3b; ν is not printed",
            test,
        )
        .seen(decades.join(", "), Verdict::from_cases(near, SCALES.len())),
        ClaimCheck::new(
            "Below α = 10⁻⁵ the scale does not matter: the ends of α = 10⁻¹⁰ and 10⁻¹⁵ agree to 5 %",
            "Corollary 29: the bound contains α only under a logarithm",
            test,
        )
        .seen_within(ends[3] / ends[2], 0.95..=1.05),
        ClaimCheck::new(
            "A start of α = 1 costs 10 % of accuracy or more",
            format!("Figure 3b; the number is {OWN}"),
            test,
        )
        .seen(format!("{:.2} times", ends[0] / ends[3]), Verdict::from_bool(ends[0] >= 1.1 * ends[3])),
    ])
}

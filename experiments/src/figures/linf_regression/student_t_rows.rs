//! Rows that a Gaussian sketch needs by its exact law, and by the closed-form estimate.

use proofsketch::regression::SketchSize;

use super::PAPER;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// The rows of [`SketchSize::GaussianExact`] against d + 2 ε⁻² d ln(2d/δ).
pub const FIGURE: Figure = Figure {
    id: "student_t_rows",
    paper: &PAPER,
    title: "Rows that a Gaussian sketch needs",
    claim: "For a Gaussian sketch the coordinates of the error follow a Student t law, so that the least number of \
        rows m with ‖x′ − x★‖∞ ≤ ε/√d · ‖r‖₂ ‖A⁺‖₂ at failure probability δ is known exactly, up to a union bound; it \
        grows like ε⁻² d log(d/δ).",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.1, paper: 0.5 },
};

const DELTA: f64 = 0.1;
const PLACE: &str = "not in the paper: the exact law behind its guarantee for a Gaussian sketch";
const DISTORTIONS: [f64; 3] = [1.0, 0.5, 0.25];

fn run(context: &Context) -> Result<Table, Fault> {
    let mut table = Table::new(["epsilon", "d", "rows", "closed_form"]);
    let largest = context.at(7, 10);
    context.progress().expect(DISTORTIONS.len() * (largest - 2));
    for epsilon in DISTORTIONS {
        for d in (3..=largest).map(|power| 1_usize << power) {
            let rows = SketchSize::GaussianExact { epsilon, delta: DELTA }.rows(usize::MAX, d)?;
            table.push([epsilon.into(), d.into(), rows.into(), closed_form(d as f64, epsilon).into()]);
            context.progress().tick();
        }
    }
    Ok(table)
}

fn closed_form(d: f64, epsilon: f64) -> f64 {
    d + 2.0 * epsilon.powi(-2) * d * (2.0 * d / DELTA).ln()
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let title = format!("Rows that a Gaussian sketch needs, δ = {DELTA}");
    let mut chart = Chart::new(title, Axis::log2("d, columns of A"), Axis::log("m, rows of the sketch"));
    let by_epsilon = table.number_groups("epsilon")?;
    for (epsilon, rows) in &by_epsilon {
        chart = chart.line(format!("exact, ε = {epsilon}"), rows.points("d", "rows")?);
    }
    for (epsilon, rows) in &by_epsilon {
        chart = chart.reference(format!("closed form, ε = {epsilon}"), rows.points("d", "closed_form")?);
    }
    Ok(chart.into())
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (exact, estimate) = (table.numbers("rows")?, table.numbers("closed_form")?);
    let below = exact.iter().zip(estimate).filter(|(exact, estimate)| exact <= estimate).count();
    let ratio = exact.iter().zip(estimate).map(|(exact, estimate)| exact / estimate).fold(1.0, f64::min);
    let bounded = ClaimCheck::new(
        "The least m is at most d + 2 ε⁻² d ln(2d/δ)",
        PLACE,
        "exact tails of the Student t law, union bound over d coordinates",
    )
    .seen(
        format!("{below} of {} cases; the least m is {ratio:.2} of the estimate or more", exact.len()),
        Verdict::from_cases(below, exact.len()),
    );
    let one = table.at("epsilon", 0.5)?.at("d", 32.0)?;
    let growth = ClaimCheck::new("m = 1154 at d = 32, ε = 0.5, δ = 0.1", PLACE, "the same")
        .seen_within(one.numbers("rows")?.first().copied().unwrap_or(f64::NAN), 1154.0..=1154.0);
    Ok(vec![bounded, growth])
}

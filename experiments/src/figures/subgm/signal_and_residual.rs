//! Signal, residual and cross term of a run on measurements without noise.

use proofsketch::sensing::StepSchedule;

use super::curves::{chart, number, push, read_off, table};
use super::decomposition::Decomposition;
use super::instance::{DIM, Instance, MEASUREMENTS, Noise, Span, measured, subgradient};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// The parts of U along a run of the subgradient method, m = 500.
pub const FIGURE: Figure = Figure {
    id: "signal_and_residual",
    paper: &PAPER,
    title: "What the redundant columns do, with 500 measurements",
    claim: "With finitely many measurements the residual E splits into F, in the row space of the signal, which converges to \
        zero, and G, which grows slowly and sets the final error (Figure 7): η_t = (η/2) f(U_t), no noise, r = 3, \
        r′ = d = 20, m = 500. α = 10⁻⁸ and η = 0.06 are recovered from the figure.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.6, paper: 3.0 },
};

const ALPHA: f64 = 1e-8;
const ETA: f64 = 0.06;
const SPAN: Span = Span { iterations: 1500, every: 10 };
const CURVES: [(&str, &str); 6] = [
    ("parts", "error ‖U Uᵀ − X★‖_F"),
    ("parts", "signal ‖Σ − S Sᵀ‖"),
    ("parts", "cross ‖S Eᵀ‖"),
    ("residual", "‖F Fᵀ‖"),
    ("residual", "‖G Gᵀ‖"),
    ("residual", "residual ‖E Eᵀ‖"),
];
const PAPER_POINTS: [(f64, f64); 8] = [
    (60.0, 0.90),
    (80.0, 0.66),
    (100.0, 0.30),
    (150.0, 0.05),
    (420.0, -0.11),
    (500.0, -1.37),
    (700.0, -3.62),
    (900.0, -5.73),
];

fn run(context: &Context) -> Result<Table, Fault> {
    let draws = context.at(4, 20);
    context.progress().expect(draws);
    let runs = trials(context, context.key().named("draw"), draws, |key| {
        let instance = Instance::draw(MEASUREMENTS, Noise::None, key)?;
        let settings = subgradient(DIM, ALPHA, StepSchedule::Loss { eta: ETA });
        measured(&instance.problem()?, &settings, SPAN, |iterate| {
            let parts = Decomposition::of(&instance.truth, iterate.u)?;
            let error = instance.truth.frobenius_error(iterate.product);
            Ok([error, parts.signal, parts.cross, parts.within, parts.outside, parts.residual])
        })
    });
    let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
    let mut table = table();
    for (k, curve) in CURVES.into_iter().enumerate() {
        let column: Vec<Vec<f64>> = runs.iter().map(|run| run.iter().map(|row| row[k]).collect()).collect();
        push(&mut table, curve, &column, SPAN.every, (0.1, 1e-6));
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let parts = chart(table, "parts", "the error and its parts", Axis::log("norm").range(1e-12, 1e2), 40)?;
    let residual =
        chart(table, "residual", "the residual", Axis::log("operator norm").range(1e-21, 1e2), 40)?;
    let title = format!("d = r′ = {DIM}, r = 3, m = {MEASUREMENTS}, no noise, α = 1e-8, η = {ETA}");
    Ok(Drawing::panels(
        title,
        [parts.reference("error, read off the paper's figure", read_off(&PAPER_POINTS)), residual],
    ))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let end = |i: usize| number(table, CURVES[i].0, CURVES[i].1, "end");
    let (error, within, outside, residual) = (end(0)?, end(3)?, end(4)?, end(5)?);
    let start = table.only("panel", "residual")?.only("curve", CURVES[4].1)?.numbers("error")?[0];
    let (mut near, mut seen) = (0, Vec::new());
    for (t, decades) in PAPER_POINTS {
        let here = super::curves::error_at(table, CURVES[0].0, CURVES[0].1, t)?.log10();
        near += usize::from((here - decades).abs() <= 0.5);
        seen.push(format!("{here:.2}"));
    }
    Ok(vec![
        ClaimCheck::new(
            "log₁₀ of the error is 0.90, 0.66, 0.30, 0.05, −0.11, −1.37, −3.62, −5.73 at t = 60, 80, 100, 150, 420, 500, 700, \
                900, to 0.5",
            "read off Figure 7a; α and η are not printed",
            "median over draws",
        )
        .seen(seen.join(", "), Verdict::from_cases(near, PAPER_POINTS.len())),
        ClaimCheck::new(
            "‖G Gᵀ‖ ends at 10^−7.5, to a factor of 10",
            "read off Figure 7b",
            "median over draws at t = 1500",
        )
        .seen(format!("10^{:.2}", outside.log10()), Verdict::from_bool((outside.log10() + 7.52).abs() <= 1.0)),
        ClaimCheck::new(
            "F vanishes and G remains: at the end ‖F Fᵀ‖ ≤ 10⁻⁶ ‖G Gᵀ‖, and ‖G Gᵀ‖ is the residual to 1 %",
            "Figure 7b, the proof of Theorem 22",
            "medians over draws at t = 1500",
        )
        .seen(
            format!("{:.1e} of it, {:.4} of the residual", within / outside, outside / residual),
            Verdict::from_bool(within <= 1e-6 * outside && (outside / residual - 1.0).abs() <= 0.01),
        ),
        ClaimCheck::new(
            "What is left of the error is that residual: the final error is 1 to 5 times ‖G Gᵀ‖",
            format!("Lemma 14; the factor is {OWN}"),
            "medians over draws at t = 1500",
        )
        .seen_within(error / outside, 1.0..=5.0),
        ClaimCheck::new(
            "Unlike on the expected loss G grows, by a factor above 10 over the run",
            format!("Figure 7b; the number is {OWN}"),
            "‖G Gᵀ‖ at t = 1500 over that at t = 0, medians",
        )
        .seen(format!("{:.1e}", outside / start), Verdict::from_bool(outside > 10.0 * start)),
    ])
}

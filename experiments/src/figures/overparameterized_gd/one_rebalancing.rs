//! Gradient descent with one modified step.

use proofsketch::sensing::{AsymmetricSettings, Rebalancing};

use super::trajectory::{SPECTRUM, asymmetric, asymmetric_settings, band, evenly, longest, truth};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// Error against iterations, with and without the step.
pub const FIGURE: Figure = Figure {
    id: "one_rebalancing",
    paper: &PAPER,
    title: "One modified step makes the rate independent of the start",
    claim: "Once near the optimum, F is given equal singular values β with F Gᵀ unchanged. From then on the imbalance \
        is about β² in every redundant direction, and the rate no longer depends on α. k = 5, η = 0.1, β = 0.5.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.6, paper: 6.0 },
};

const PLACE: &str = "Theorem 5.1";
const ETA: f64 = 0.1;
const BETA: f64 = 0.5;
const SCALES: [f64; 3] = [0.001, 0.005, 0.02];
const MODIFIED: &str = "one modified step";
const PLAIN: &str = "plain";
/// Below every α², so that the redundant directions are all that is left of the error.
const TAIL: (f64, f64) = (1e-8, 1e-12);

fn settings(method: &str, alpha: f64, limit: usize) -> AsymmetricSettings {
    let rebalancing =
        (method == MODIFIED).then(|| Rebalancing { beta: Some(BETA), ..Rebalancing::default() });
    AsymmetricSettings { rebalancing, ..asymmetric_settings(5, alpha, limit) }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let draws = context.at(3, 10);
    let mut table = Table::new([
        "method",
        "alpha",
        "draws",
        "t",
        "error",
        "low",
        "high",
        "rate",
        "rate_low",
        "rate_high",
    ]);
    let truth = truth(&SPECTRUM);
    context.progress().expect(2 * SCALES.len() * draws);
    for method in [MODIFIED, PLAIN] {
        for alpha in SCALES {
            let runs = trials(context, context.key().named("draw"), draws, |key| {
                asymmetric(&truth, &settings(method, alpha, 2_000), 1e-13, key)
            });
            let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
            let [rate_low, rate, rate_high] =
                band(
                    &runs,
                    |run| {
                        if method == MODIFIED { run.rate(TAIL.0, TAIL.1) } else { run.late_rate(1e-2) }
                    },
                );
            for t in evenly(longest(&runs) - 1, 40) {
                let [low, error, high] = band(&runs, |run| run.at(t));
                table.push([
                    method.into(),
                    alpha.into(),
                    draws.into(),
                    t.into(),
                    error.into(),
                    low.into(),
                    high.into(),
                    rate.into(),
                    rate_low.into(),
                    rate_high.into(),
                ]);
            }
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    for (method, of) in table.groups("method")? {
        let mut chart = Chart::new(
            method,
            Axis::linear("iteration").including(0.0),
            Axis::log("‖FGᵀ − X★‖_F").range(1e-14, 10.0),
        );
        for (alpha, of) in of.number_groups("alpha")? {
            chart = chart.line_with_band(
                format!("α = {alpha}"),
                of.points("t", "error")?,
                of.band("t", "low", "high")?,
            );
        }
        panels.push(chart);
    }
    Ok(Drawing::panels("Every entry measured, n = 50, r = 3, k = 5, η = 0.1, β = 0.5", panels))
}

fn rates(table: &Table, method: &str) -> Result<Vec<f64>, Fault> {
    let of = table.only("method", method)?;
    SCALES.iter().map(|&alpha| Ok(of.at("alpha", alpha)?.numbers("rate")?[0])).collect()
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (modified, plain) = (rates(table, MODIFIED)?, rates(table, PLAIN)?);
    let spread = |rates: &[f64]| {
        rates.iter().copied().fold(0.0, f64::max) / rates.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let listed = |rates: &[f64]| {
        rates.iter().map(|rate| format!("{rate:.2e}")).collect::<Vec<_>>().join(", ")
            + " at α = 0.001, 0.005, 0.02"
    };
    let near = modified.iter().filter(|&&rate| (0.8..=1.5).contains(&(rate / (ETA * BETA * BETA)))).count();
    Ok(vec![
        ClaimCheck::new(
            "After the step the rate does not depend on α: it varies by less than 20 % from α = 0.001 to 0.02",
            PLACE,
            "median rates over errors from 10⁻⁸ to 10⁻¹², the greatest over the least",
        )
        .seen(format!("{:.3}; {}", spread(&modified), listed(&modified)), Verdict::from_bool(spread(&modified) < 1.2)),
        ClaimCheck::new(
            "The rate is that of the imbalance β²: 0.8 to 1.5 times ηβ²",
            OWN,
            "the same rates over ηβ² = 0.025",
        )
        .seen(
            listed(&modified.iter().map(|rate| rate / (ETA * BETA * BETA)).collect::<Vec<_>>()),
            Verdict::from_cases(near, modified.len()),
        ),
        ClaimCheck::new(
            "Without the step it does: plain gradient descent varies by more than a factor 50",
            PLACE,
            "median rates over the last half of the iterations after an error of 10⁻²",
        )
        .seen(format!("{:.0}; {}", spread(&plain), listed(&plain)), Verdict::from_bool(spread(&plain) > 50.0)),
    ])
}

//! The asymmetric parameterization from starts of several scales.

use proofsketch::guarantee::fit_exponent;

use super::trajectory::{SPECTRUM, asymmetric, asymmetric_settings, band, evenly, longest, truth};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// Error against iterations and the rate against α.
pub const FIGURE: Figure = Figure {
    id: "rate_in_scale",
    paper: &PAPER,
    title: "The rate of asymmetric gradient descent is quadratic in the scale of its start",
    claim: "From F₀ of scale α and G₀ of scale α/3 the error is exp(−Ω(α²t)): linear, at a rate that a small start \
        makes small. The rate is η times the imbalance F₀ᵀF₀ − G₀ᵀG₀, which gradient descent conserves to second \
        order. k = 5, η = 0.1.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.8, paper: 18.0 },
};

const PLACE: &str = "Theorem 1.3 and Section 4";
const ETA: f64 = 0.1;
const SMALL: f64 = 0.05;
const FLOOR: f64 = 1e-8;
/// Iterations that the curves show.
const SHOWN: usize = 2_000;

fn run(context: &Context) -> Result<Table, Fault> {
    let (draws, scales) = context
        .at((2, vec![0.025, 0.035, 0.05, 0.1, 0.2, 0.4]), (10, vec![0.0125, 0.025, 0.05, 0.1, 0.2, 0.4]));
    let mut table = Table::new([
        "alpha",
        "draws",
        "t",
        "error",
        "low",
        "high",
        "rate",
        "rate_low",
        "rate_high",
        "over_bound",
    ]);
    let truth = truth(&SPECTRUM);
    context.progress().expect(scales.len() * draws);
    for alpha in scales {
        let runs = trials(context, context.key().named("draw"), draws, |key| {
            asymmetric(&truth, &asymmetric_settings(5, alpha, 60_000), FLOOR, key)
        });
        let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        let [rate_low, rate, rate_high] = band(&runs, |run| run.rate(1e-4, FLOOR));
        let [_, over_bound, _] = band(&runs, |run| run.rate(1e-4, FLOOR) / (ETA * run.imbalance));
        for t in evenly((longest(&runs) - 1).min(SHOWN), 40) {
            let [low, error, high] = band(&runs, |run| run.at(t));
            table.push([
                alpha.into(),
                draws.into(),
                t.into(),
                error.into(),
                low.into(),
                high.into(),
                rate.into(),
                rate_low.into(),
                rate_high.into(),
                over_bound.into(),
            ]);
        }
    }
    Ok(table)
}

/// α with a column's value, one each.
fn by_scale(table: &Table, name: &str) -> Result<Vec<(f64, f64)>, Fault> {
    table.number_groups("alpha")?.into_iter().map(|(alpha, of)| Ok((alpha, of.numbers(name)?[0]))).collect()
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut curves = Chart::new(
        "median and 10–90 % of the draws",
        Axis::linear("iteration").range(0.0, 2_000.0),
        Axis::log("‖FGᵀ − X★‖_F").range(1e-9, 10.0),
    );
    for (alpha, of) in table.number_groups("alpha")? {
        let (curve, band) = (of.points("t", "error")?, of.band("t", "low", "high")?);
        curves = curves.line_with_band(
            format!("α = {alpha}"),
            curve.into_iter().filter(|point| point.0 <= 2_000.0).collect(),
            band.into_iter().filter(|point| point.0 <= 2_000.0).collect(),
        );
    }
    let rates = by_scale(table, "rate")?;
    let ends = by_scale(table, "rate_low")?.into_iter().zip(by_scale(table, "rate_high")?);
    let band = ends.map(|((alpha, low), (_, high))| (alpha, low, high)).collect();
    let anchor = rates[0];
    let rate =
        Chart::new("rate, from 10⁻⁴ to 10⁻⁸", Axis::log("α"), Axis::log("−ln of the factor an iteration"))
            .line_with_band("rate", rates, band)
            .slope("slope 2", anchor, 2.0);
    Ok(Drawing::panels("Every entry measured, n = 50, r = 3, k = 5, η = 0.1", [curves, rate]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let rates = by_scale(table, "rate")?;
    let (alpha, rate): (Vec<f64>, Vec<f64>) = rates.iter().copied().filter(|point| point.0 <= SMALL).unzip();
    let exponent = fit_exponent(&alpha, &rate, 0.05)?.exponent;
    let bounds: Vec<f64> = by_scale(table, "over_bound")?
        .into_iter()
        .filter(|point| point.0 <= SMALL)
        .map(|point| point.1)
        .collect();
    let holding = bounds.iter().filter(|&&ratio| (0.5..=2.0).contains(&ratio)).count();
    let listed = |values: &mut dyn Iterator<Item = f64>| {
        values.map(|value| format!("{value:.2e}")).collect::<Vec<_>>().join(", ")
    };
    let large: Vec<f64> = rates.iter().filter(|point| point.0 >= 0.1).map(|point| point.1).collect();
    Ok(vec![
        ClaimCheck::new(
            "The rate is quadratic in α: log-log slope 2.0 ± 0.1 for α ≤ 0.05",
            PLACE,
            "least squares of ln(median rate) on ln α; rates over errors from 10⁻⁴ to 10⁻⁸",
        )
        .seen_within(exponent, 1.9..=2.1),
        ClaimCheck::new(
            "The imbalance of the start sets it: the rate is 0.5 to 2 times η λ_min(F₀ᵀF₀ − G₀ᵀG₀), α ≤ 0.05",
            OWN,
            "median over the draws of the ratio, each α",
        )
        .seen(listed(&mut bounds.iter().copied()), Verdict::from_cases(holding, bounds.len())),
        ClaimCheck::new(
            "A larger start is not always faster: the rate falls with α = 0.1, 0.2, 0.4",
            OWN,
            "median rates; √n α is then of the order of √σ₁",
        )
        .seen(
            listed(&mut large.iter().copied()),
            Verdict::from_bool(large.windows(2).all(|pair| pair[1] < pair[0])),
        ),
    ])
}

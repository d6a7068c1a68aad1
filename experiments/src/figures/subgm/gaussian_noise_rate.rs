//! Error under Gaussian noise against its size and the number of measurements.

use proofsketch::guarantee::fit_exponent;

use super::instance::{DIM, Instance, Noise, SPECTRUM, Span, errors, geometric, subgradient};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Final errors of the subgradient method over ν and over m, at two search ranks.
pub const FIGURE: Figure = Figure {
    id: "gaussian_noise_rate",
    paper: &PAPER,
    title: "Under Gaussian noise the error is of the order ν √(dr/m)",
    claim: "Under noise N(0, ν²) the error is O(ν m^−½), times powers of κ, r, d and logarithms, whatever the search rank \
        (Corollary 29). Measured at d = 20 with α = 10⁻¹⁰, η = 0.4, ρ = 0.992.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.8, paper: 16.0 },
};

const PLACE: &str = "Corollary 29";
const RANKS: [usize; 2] = [3, 20];
const SPAN: Span = Span { iterations: 900, every: 900 };
/// ν where m varies, and m where ν varies.
const FIXED: (f64, usize) = (0.7, 1000);

fn label(rank: usize) -> String {
    format!("r′ = {rank}")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (draws, measurements) = context.at((2, vec![500, 700, 1000]), (12, vec![500, 1000, 2000, 4000]));
    let deviations = [0.175, 0.35, 0.7, 1.4];
    let over_m = measurements.iter().map(|&m| ("m", m, FIXED.0));
    let over_noise = deviations.iter().map(|&deviation| ("ν", FIXED.1, deviation));
    let cases: Vec<_> = over_m.chain(over_noise).collect();
    context.progress().expect(RANKS.len() * cases.len() * draws);
    let mut table = Table::new(["over", "curve", "m", "deviation", "draws", "error", "low", "high", "bound"]);
    for rank in RANKS {
        for &(over, m, deviation) in &cases {
            let ends = trials(context, context.key().named("draw").indexed(m as u64), draws, |key| {
                let instance = Instance::draw(m, Noise::Gaussian { deviation }, key)?;
                let settings = subgradient(rank, 1e-10, geometric(0.4, 0.992));
                Ok(errors(&instance, &settings, SPAN)?.last().copied().unwrap_or(f64::NAN))
            });
            let end = Summary::of(&ends.into_iter().collect::<Result<Vec<f64>, Fault>>()?);
            let bound = deviation * ((DIM * SPECTRUM.len()) as f64 / m as f64).sqrt();
            table.push([
                over.into(),
                label(rank).into(),
                m.into(),
                deviation.into(),
                draws.into(),
                end.median.into(),
                end.p10.into(),
                end.p90.into(),
                bound.into(),
            ]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    let axes = [
        ("m", "m", format!("ν = {}", FIXED.0), Axis::log("m, measurements")),
        ("ν", "deviation", format!("m = {}", FIXED.1), Axis::log("ν, deviation of the noise")),
    ];
    for (over, x, title, axis) in axes {
        let of = table.only("over", over)?;
        let mut chart = Chart::new(title, axis, Axis::log("‖U Uᵀ − X★‖_F"));
        for (curve, of) in of.groups("curve")? {
            chart = chart.line_with_band(curve, of.points(x, "error")?, of.band(x, "low", "high")?);
        }
        let bound = of.only("curve", &label(RANKS[0]))?.points(x, "bound")?;
        panels.push(chart.reference("ν √(dr/m)", bound));
    }
    Ok(Drawing::panels(format!("d = {DIM}, r = 3, medians and 10–90 % of draws"), panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let mut slopes = Vec::new();
    for (over, x) in [("ν", "deviation"), ("m", "m")] {
        for rank in RANKS {
            let of = table.only("over", over)?.only("curve", &label(rank))?;
            slopes.push(fit_exponent(of.numbers(x)?, of.numbers("error")?, 0.05)?.exponent);
        }
    }
    let within = |slopes: &[f64], centre: f64| slopes.iter().filter(|s| (**s - centre).abs() <= 0.1).count();
    let [exact, full] = RANKS.map(|rank| table.only("curve", &label(rank)));
    let (exact, full) = (exact?, full?);
    let ratios: Vec<f64> = full
        .numbers("error")?
        .iter()
        .zip(exact.numbers("error")?)
        .map(|(full, exact)| full / exact)
        .collect();
    let over_bound: Vec<f64> = full
        .numbers("error")?
        .iter()
        .zip(full.numbers("bound")?)
        .map(|(error, bound)| error / bound)
        .collect();
    let largest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let test = "least squares of ln(median final error), r′ = 3 and 20";
    Ok(vec![
        ClaimCheck::new(
            "The error is proportional to the noise: log-log slope in ν of 1.0 ± 0.1",
            PLACE,
            test,
        )
        .seen(
            format!("{:.3}, {:.3}", slopes[0], slopes[1]),
            Verdict::from_cases(within(&slopes[..2], 1.0), 2),
        ),
        ClaimCheck::new("It falls as m^−½: log-log slope in m of −0.5 ± 0.1", PLACE, test).seen(
            format!("{:.3}, {:.3}", slopes[2], slopes[3]),
            Verdict::from_cases(within(&slopes[2..], -0.5), 2),
        ),
        ClaimCheck::new(
            "The search rank does not matter: median errors at r′ = 20 and r′ = 3 are within 10 %",
            format!("{PLACE}: the bound does not contain r′"),
            "largest and least ratio over all ν and m, the same draws",
        )
        .seen(
            format!("{:.3} to {:.3}", ratios.iter().copied().fold(f64::INFINITY, f64::min), largest(&ratios)),
            Verdict::from_bool(ratios.iter().all(|ratio| (0.9..=1.1).contains(ratio))),
        ),
        ClaimCheck::new(
            "The error is at most 2 ν √(dr/m), the order that no estimator beats",
            format!("remark after Corollary 29 for the order; the factor is {OWN}"),
            "median errors over ν √(dr/m), r′ = 20, every ν and m",
        )
        .seen(
            format!("at most {:.2}", largest(&over_bound)),
            Verdict::from_bool(largest(&over_bound) <= 2.0),
        ),
    ])
}

//! Both parameterizations, with and without redundant columns.

use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sensing::AsymmetricStart;

use super::trajectory::{
    DIM, SPECTRUM, Trajectory, asymmetric, asymmetric_settings, band, logarithmically, symmetric,
    symmetric_settings, truth,
};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// Error against iterations by parameterization and start.
pub const FIGURE: Figure = Figure {
    id: "imbalanced_start",
    paper: &PAPER,
    title: "An imbalanced start of two factors is linear where one factor is not",
    claim: "One factor with k > r is sublinear; two factors from F₀ of scale α and G₀ of scale α/3 converge linearly. \
        Two factors alone are not enough: from F₀ = G₀ they stay equal. η = 0.1, α = 0.1, k = 5 or k = r = 3.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.5, paper: 4.0 },
};

const PLACE: &str = "Theorems 3.1 and 1.3, and the first figure of the paper";
const ETA: f64 = 0.1;
const ALPHA: f64 = 0.1;
const REDUNDANT: usize = 5;
const EXACT: &str = "UUᵀ, k = 3";
const ONE: &str = "UUᵀ, k = 5";
const EXACT_TWO: &str = "FGᵀ, k = 3, G₀ of scale α/3";
const IMBALANCED: &str = "FGᵀ, k = 5, G₀ of scale α/3";
const EQUAL: &str = "FGᵀ, k = 5, G₀ = F₀";
const NAMES: [&str; 5] = [EXACT, EXACT_TWO, IMBALANCED, ONE, EQUAL];

fn trajectory(name: &str, limit: usize, key: StreamKey) -> Result<Trajectory, Fault> {
    let truth = truth(&SPECTRUM);
    match name {
        EXACT => symmetric(&truth, &symmetric_settings(3, ALPHA, ETA, limit), 0.0, key),
        ONE => symmetric(&truth, &symmetric_settings(REDUNDANT, ALPHA, ETA, limit), 0.0, key),
        EXACT_TWO => asymmetric(&truth, &asymmetric_settings(3, ALPHA, limit), 0.0, key),
        IMBALANCED => asymmetric(&truth, &asymmetric_settings(REDUNDANT, ALPHA, limit), 0.0, key),
        _ => {
            // The U₀ of the symmetric method.
            let f = normal_matrix(DIM, REDUNDANT, key.named("start")) * ALPHA;
            let mut settings = asymmetric_settings(REDUNDANT, ALPHA, limit);
            settings.start = AsymmetricStart::Given { g: f.clone(), f };
            asymmetric(&truth, &settings, 0.0, key)
        }
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (draws, limit) = context.at((2, 2_000), (10, 4_000));
    let mut table = Table::new(["method", "draws", "t", "error", "low", "high"]);
    context.progress().expect(NAMES.len() * draws);
    for name in NAMES {
        let runs = trials(context, context.key().named("draw"), draws, |key| trajectory(name, limit, key));
        let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        for t in logarithmically(limit) {
            let [low, error, high] = band(&runs, |run| run.at(t));
            table.push([name.into(), draws.into(), t.into(), error.into(), low.into(), high.into()]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut chart = Chart::new(
        "median and 10–90 % of the draws",
        Axis::log("iteration"),
        Axis::log("Frobenius error").range(1e-17, 10.0),
    );
    for (name, of) in table.groups("method")? {
        chart = chart.line_with_band(name, of.points("t", "error")?, of.band("t", "low", "high")?);
    }
    Ok(Drawing::panels("Every entry measured, n = 50, r = 3, η = 0.1, α = 0.1", [chart]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let end = |name: &str, column: &str| -> Result<f64, Fault> {
        Ok(table.only("method", name)?.numbers(column)?.last().copied().unwrap_or(f64::NAN))
    };
    let last = end(ONE, "t")?;
    let law = ((REDUNDANT - SPECTRUM.len()) as f64).sqrt() / (2.0 * ETA * last);
    let (one, equal) = (end(ONE, "error")?, end(EQUAL, "error")?);
    let linear = [EXACT, EXACT_TWO, IMBALANCED]
        .into_iter()
        .map(|name| end(name, "high"))
        .collect::<Result<Vec<f64>, Fault>>()?;
    let largest = linear.iter().copied().fold(0.0, f64::max);
    Ok(vec![
        ClaimCheck::new(
            "With the imbalanced start, and with k = r = 3, the error reaches 10⁻¹²",
            PLACE,
            "90 % quantile of the draws at the last iteration, the greatest of three methods",
        )
        .seen(format!("{largest:.1e} after {last} iterations"), Verdict::from_bool(largest <= 1e-12)),
        ClaimCheck::new(
            "One factor with k = 5 is at √(k − r)/(2ηt), to 5 %",
            PLACE,
            "median error at the last iteration over that law",
        )
        .seen_within(one / law, 0.95..=1.05),
        ClaimCheck::new(
            "Two equal factors are that one factor: their median errors agree to 10⁻⁶",
            OWN,
            "relative difference of the medians at the last iteration, U₀ = F₀ = G₀",
        )
        .seen_within((equal / one - 1.0).abs(), 0.0..=1e-6),
    ])
}

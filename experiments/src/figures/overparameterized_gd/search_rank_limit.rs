//! How many columns the imbalanced start bears.

use super::trajectory::{DIM, SPECTRUM, asymmetric, asymmetric_settings, band, truth};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// The rate and the imbalance against k.
pub const FIGURE: Figure = Figure {
    id: "search_rank_limit",
    paper: &PAPER,
    title: "n > 4k is enough for a start of scales α and α/3, and more than it needs",
    claim: "F₀ᵀF₀ − G₀ᵀG₀ is positive definite, n large, if √n − √k > (√n + √k)/3, which is n > 4k. The \
        bound adds the worst cases of two independent matrices; measured, the sign changes near n = 2k, and the rate \
        falls with k throughout. n = 50, α = 0.1, η = 0.1.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.6, paper: 10.0 },
};

const PLACE: &str = "the imbalance of Section 4, with the edges of the spectrum of a Gaussian matrix";
const ALPHA: f64 = 0.1;
const ETA: f64 = 0.1;

fn run(context: &Context) -> Result<Table, Fault> {
    let (draws, ranks, limit) =
        context.at((2, vec![5, 10, 20], 2_500), (10, vec![4, 5, 6, 8, 10, 12, 13, 15, 17, 20, 25], 6_000));
    let mut table = Table::new([
        "k",
        "n_over_k",
        "draws",
        "rate",
        "low",
        "high",
        "imbalance",
        "imbalance_low",
        "imbalance_high",
        "expected_edge",
    ]);
    let truth = truth(&SPECTRUM);
    context.progress().expect(ranks.len() * draws);
    for k in ranks {
        let runs = trials(context, context.key().indexed(k as u64), draws, |key| {
            asymmetric(&truth, &asymmetric_settings(k, ALPHA, limit), 1e-13, key)
        });
        let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        let [low, rate, high] = band(&runs, |run| run.late_rate(0.1));
        let [imbalance_low, imbalance, imbalance_high] = band(&runs, |run| run.imbalance / ALPHA.powi(2));
        let (root_n, root_k) = ((DIM as f64).sqrt(), (k as f64).sqrt());
        table.push([
            k.into(),
            (DIM as f64 / k as f64).into(),
            draws.into(),
            rate.into(),
            low.into(),
            high.into(),
            imbalance.into(),
            imbalance_low.into(),
            imbalance_high.into(),
            ((root_n - root_k).powi(2) - (root_n + root_k).powi(2) / 9.0).into(),
        ]);
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let rate = Chart::new(
        "rate over the last half of a run",
        Axis::linear("n/k"),
        Axis::log("−ln of the factor an iteration"),
    )
    .line_with_band("rate", table.points("n_over_k", "rate")?, table.band("n_over_k", "low", "high")?);
    let imbalance =
        Chart::new("imbalance of the start", Axis::linear("n/k"), Axis::linear("λ_min(F₀ᵀF₀ − G₀ᵀG₀)/α²"))
            .line_with_band(
                "imbalance",
                table.points("n_over_k", "imbalance")?,
                table.band("n_over_k", "imbalance_low", "imbalance_high")?,
            )
            .reference("(√n − √k)² − (√n + √k)²/9", table.points("n_over_k", "expected_edge")?)
            .target("zero", 0.0);
    Ok(Drawing::panels("Every entry measured, n = 50, r = 3, α = 0.1, η = 0.1", [rate, imbalance]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let ranks = table.numbers("k")?;
    let rates = table.numbers("rate")?;
    let at = |k: f64| ranks.iter().position(|&rank| rank == k).map_or(f64::NAN, |i| rates[i]);
    let holding = |column: &str, sign: f64, of: &dyn Fn(f64) -> bool| -> Result<(usize, usize), Fault> {
        let values = table.numbers(column)?;
        let chosen: Vec<f64> =
            ranks.iter().zip(values).filter(|(k, _)| of(**k)).map(|(_, &value)| value).collect();
        Ok((chosen.iter().filter(|&&value| sign * value > 0.0).count(), chosen.len()))
    };
    let positive = holding("imbalance_low", 1.0, &|k| DIM as f64 / k > 4.0)?;
    let edges = table.numbers("imbalance")?.iter().zip(table.numbers("expected_edge")?);
    let above = edges.filter(|(imbalance, edge)| imbalance > edge).count();
    let negative = holding("imbalance_high", -1.0, &|k| DIM as f64 / k <= 2.5)?;
    let loss = at(5.0) / at(20.0);
    let test = "10 % and 90 % quantiles of λ_min over the draws";
    Ok(vec![
        ClaimCheck::new("The imbalance of the start is positive definite at n > 4k", PLACE, test).seen(
            format!("{} of {} values of k", positive.0, positive.1),
            Verdict::from_cases(positive.0, positive.1),
        ),
        ClaimCheck::new(
            "The condition n > 4k is a bound: λ_min exceeds α²((√n − √k)² − (√n + √k)²/9) at every k",
            OWN,
            "median of λ_min over the draws",
        )
        .seen(format!("{above} of {} values of k", ranks.len()), Verdict::from_cases(above, ranks.len())),
        ClaimCheck::new("It is needed: the imbalance is not positive definite at n ≤ 2.5k", OWN, test).seen(
            format!("{} of {} values of k", negative.0, negative.1),
            Verdict::from_cases(negative.0, negative.1),
        ),
        ClaimCheck::new(
            "Past n = 4k the linear rate is lost: at k = 20 it is at most a tenth of that at k = 5",
            OWN,
            format!("median rates over the last half of a run, η = {ETA}"),
        )
        .seen(
            format!("{:.2e} at k = 5 and {:.2e} at k = 20, a factor {loss:.0}", at(5.0), at(20.0)),
            Verdict::from_bool(loss >= 10.0),
        ),
    ])
}

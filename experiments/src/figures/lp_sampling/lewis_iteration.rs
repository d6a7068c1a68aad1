//! How fast Lewis weights are found by steps of different length.

use proofsketch::random::StreamKey;
use proofsketch::sampling::{RowBasis, instances};

use super::lewis_rules::{BALANCED, DEFAULT, LEE, REACHED, RULES, Run, UNDAMPED, bound, step};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// The residual of the Lewis iteration against the iteration.
pub const FIGURE: Figure = Figure {
    id: "lewis_iteration",
    paper: &PAPER,
    title: "Damping makes the Lewis iteration converge at every p, acceleration makes it fast",
    claim: "Lewis weights solve w = f(w); ln w ↦ ln f(w) has eigenvalues −(p/2 − 1)μ with 0 ≤ μ ≤ 1 at the solution, so \
        that w ← w^(1−θ) f(w)^θ contracts by |p/2 − 1| at θ = 1 (Cohen and Peng, p < 4), by 1 − 2/p at θ = 2/p (Lee), by \
        |p − 2|/(p + 2) at θ = 4/(p + 2), or faster where no residual lies along the eigenvectors of μ = 0 and μ = 1. \
        Measured: max |ln(f(w)/w)| from equal weights on Gaussian matrices with log-normal row scales, with the default \
        of this library, θ = 4/(p + 2) and Anderson acceleration, beside them.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.3, paper: 6.0 },
};

const EXPONENTS: [f64; 10] = [0.5, 1.0, 1.5, 3.0, 3.5, 3.9, 4.5, 6.0, 8.0, 10.0];
/// Exponents with a panel of their own.
const SHOWN: [f64; 5] = [0.5, 3.0, 3.9, 6.0, 10.0];
/// Iterations kept in the table, and shown.
const KEPT: usize = 61;
/// Iterations from one marker to the next.
const MARKED: usize = 3;
/// How near a rate counts as equal.
const NEAR: f64 = 0.03;

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, d) = context.at((300, 5), (2000, 20));
    let (matrices, limit) = context.at((4, 700), (20, 1000));
    let cases = EXPONENTS
        .iter()
        .flat_map(|&p| RULES.into_iter().filter_map(move |rule| Some((p, rule, step(rule, p)?))))
        .collect::<Vec<_>>();
    context.progress().expect(matrices);
    let all = trials(context, context.key().named("matrix"), matrices, |key: StreamKey| {
        let basis = RowBasis::new(&instances::heavy_tails(n, d, 1.0, key))?;
        cases.iter().map(|&(p, _, step)| Run::new(&basis, p, step, limit)).collect()
    });
    let all = all.into_iter().collect::<Result<Vec<Vec<Run>>, Fault>>()?;
    let mut table = Table::new([
        "p",
        "rule",
        "iteration",
        "runs",
        "residual",
        "low",
        "high",
        "converged",
        "iterations",
        "bound",
        "rate",
        "least_rate",
        "largest_rate",
    ]);
    for (case, (p, rule, _)) in cases.into_iter().enumerate() {
        let runs: Vec<&Run> = all.iter().map(|runs| &runs[case]).collect();
        let of =
            |value: &dyn Fn(&Run) -> f64| Summary::of(&runs.iter().map(|run| value(run)).collect::<Vec<_>>());
        let (lengths, rates) = (of(&|run| run.residuals.len() as f64), of(&|run| run.rate));
        for iteration in 0..KEPT.min(lengths.max as usize) {
            let seen = of(&|run| run.at(iteration));
            table.push([
                p.into(),
                rule.into(),
                iteration.into(),
                runs.len().into(),
                seen.median.into(),
                seen.p10.into(),
                seen.p90.into(),
                runs.iter().filter(|run| run.converged).count().into(),
                lengths.median.into(),
                bound(rule, p).into(),
                rates.median.into(),
                rates.min.into(),
                rates.max.into(),
            ]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (lowest, highest) = (REACHED / 3.0, 1e4);
    let mut panels = Vec::new();
    for p in SHOWN {
        let mut chart = Chart::new(
            format!("p = {p}"),
            Axis::linear("iteration").range(0.0, (KEPT - 1) as f64),
            Axis::log("max |ln(f(w)/w)|").range(lowest, highest),
        );
        for (rule, of) in table.at("p", p)?.groups("rule")? {
            let inside = |residual: f64| (lowest..=highest).contains(&residual);
            let points = of.points("iteration", "residual")?.into_iter().filter(|at| inside(at.1));
            let points = points.step_by(MARKED).collect();
            let band = of.band("iteration", "low", "high")?;
            let band = band.into_iter().filter(|at| inside(at.1) && inside(at.2)).collect();
            chart = chart.line_with_band(&rule, points, band);
        }
        panels.push(chart);
    }
    let mut rates = Chart::new(
        "rate of the tail",
        Axis::linear("p"),
        Axis::linear("factor an iteration").range(0.0, 1.0),
    );
    for rule in RULES {
        let of = table.only("rule", rule)?.at("iteration", 0.0)?;
        let converged = of.points("p", "rate")?.into_iter().filter(|at| at.1.is_finite()).collect();
        rates = rates.scatter(rule, converged);
    }
    let curve = |rule: &str, from: f64, to: f64| -> Vec<(f64, f64)> {
        (0..=60).map(|i| from + (to - from) * f64::from(i) / 60.0).map(|p| (p, bound(rule, p))).collect()
    };
    let all = "|p/2 − 1|, |1 − 2/p|, |p − 2|/(p + 2)";
    panels.push(
        rates
            .reference(all, curve(UNDAMPED, 0.5, 4.0))
            .reference(all, curve(LEE, 1.1, 10.0))
            .reference(all, curve(BALANCED, 0.5, 10.0)),
    );
    Ok(Drawing::panels("Residual of the Lewis iteration, median and 10–90 % of matrices", panels))
}

/// What a rule did at p: how many runs converged, of how many, after how many iterations, and the rates.
struct Ending {
    p: f64,
    converged: usize,
    runs: usize,
    iterations: f64,
    bound: f64,
    /// Median, least and largest.
    rates: [f64; 3],
}

fn endings(table: &Table, rule: &str) -> Result<Vec<Ending>, Fault> {
    let of = table.only("rule", rule)?.at("iteration", 0.0)?;
    let column = |name: &str| of.numbers(name).map(<[f64]>::to_vec);
    let (p, converged, runs, iterations) =
        (column("p")?, column("converged")?, column("runs")?, column("iterations")?);
    let (bound, rate, least, largest) =
        (column("bound")?, column("rate")?, column("least_rate")?, column("largest_rate")?);
    let ending = |i: usize| Ending {
        p: p[i],
        converged: converged[i] as usize,
        runs: runs[i] as usize,
        iterations: iterations[i],
        bound: bound[i],
        rates: [rate[i], least[i], largest[i]],
    };
    Ok((0..p.len()).map(ending).collect())
}

fn list(endings: &[Ending], one: impl Fn(&Ending) -> String) -> String {
    endings.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let mut claims = Vec::new();
    for (rule, formula, place) in [
        (
            UNDAMPED,
            "|p/2 − 1| for p < 4",
            "Cohen and Peng (2015), the proof that the map contracts for p < 4",
        ),
        (LEE, "|1 − 2/p|", OWN),
        (BALANCED, "|p − 2|/(p + 2)", OWN),
    ] {
        let of: Vec<Ending> =
            endings(table, rule)?.into_iter().filter(|one| rule != UNDAMPED || one.p < 4.0).collect();
        let is_near = |one: &&Ending| one.rates[1..].iter().all(|rate| (rate - one.bound).abs() <= NEAR);
        let near = of.iter().filter(is_near).count();
        let rates = list(&of, |one| {
            let [median, least, largest] = one.rates;
            format!("p = {}: {median:.3} ({least:.3} to {largest:.3}) for {:.3}", one.p, one.bound)
        });
        let smaller = of.iter().filter(|one| one.rates[1] < one.bound - NEAR).count();
        let seen = format!("{rates}; smaller by more than {NEAR} on some matrix at {smaller} exponents");
        claims.push(
            ClaimCheck::new(
                format!("With {rule} an iteration takes the residual by the factor {formula}, within {NEAR} on every matrix"),
                place,
                "mean factor while the residual falls from 10⁻⁴ to 10⁻¹⁰: median, least and largest over matrices",
            )
            .seen(seen, Verdict::from_cases(near, of.len())),
        );
    }
    let undamped: Vec<Ending> = endings(table, UNDAMPED)?.into_iter().filter(|one| one.p >= 4.5).collect();
    let lost = undamped.iter().filter(|one| one.converged == 0).count();
    let default = endings(table, DEFAULT)?;
    let found = default.iter().filter(|one| one.converged == one.runs).count();
    let balanced = endings(table, BALANCED)?;
    let ahead =
        default.iter().zip(&balanced).filter(|(one, other)| one.iterations < other.iterations).count();
    claims.push(
        ClaimCheck::new(
            "Undamped, at p/2 − 1 > 1, it converges on no matrix at p = 4.5, 6, 8 and 10",
            "Cohen and Peng (2015), whose fixed-point iteration is for p < 4",
            "runs that reach 10⁻¹¹, of all; iterations until the residual has grown by 10⁶ (median)",
        )
        .seen(
            list(&undamped, |one| {
                format!("p = {}: {} of {}, given up after {}", one.p, one.converged, one.runs, one.iterations)
            }),
            Verdict::from_cases(lost, undamped.len()),
        ),
    );
    claims.push(
        ClaimCheck::new(
            "The default converges on every matrix at each of 10 exponents from 1/2 to 10",
            OWN,
            "runs that reach 10⁻¹¹, of all; iterations (median)",
        )
        .seen(
            list(&default, |one| {
                format!("p = {}: {} of {} in {}", one.p, one.converged, one.runs, one.iterations)
            }),
            Verdict::from_cases(found, default.len()),
        ),
    );
    claims.push(
        ClaimCheck::new(
            "Acceleration takes fewer iterations than θ = 4/(p + 2) alone to a residual of 10⁻¹¹, at each of 10 exponents",
            OWN,
            "median iterations: default, and with that θ fixed",
        )
        .seen(
            default
                .iter()
                .zip(&balanced)
                .map(|(one, other)| format!("p = {}: {} for {}", one.p, one.iterations, other.iterations))
                .collect::<Vec<_>>()
                .join(", "),
            Verdict::from_cases(ahead, default.len()),
        ),
    );
    Ok(claims)
}

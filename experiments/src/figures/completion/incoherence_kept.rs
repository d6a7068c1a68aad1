//! The largest row of the iterates.

use proofsketch::completion::{
    Instance, LowRankMatrix, ObservationModel, RowSolver, Settings, Spectrum, incoherence, orthonormal_basis,
    solve,
};

use super::recovery::{bands, exact, run_with};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Incoherence of the orthonormalised iterates, for exact and inexact half-steps.
pub const FIGURE: Figure = Figure {
    id: "incoherence_kept",
    paper: &PAPER,
    title: "Iterates stay incoherent, exact or not",
    claim: "The proof carries two things from step to step: the distance to the true column space falls, and the \
        iterate stays incoherent, for exact half-steps and for approximate ones alike.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.2, paper: 2.0 },
};

const PLACE: &str = "the double induction on distance and incoherence";
const LAST: usize = 24;
const EXACT: &str = "exact";
const STEPS: &str = "2 steps of CG";
const NOISY: &str = "Gaussian error of 1 %";

fn settings(name: &str, rank: usize) -> Settings {
    let exact = Settings { tol: 0.0, ..exact(rank, LAST) };
    match name {
        STEPS => Settings { solver: RowSolver::Cg { steps: 2, tol: 1e-15 }, ..exact },
        NOISY => Settings { step_error: 0.01, ..exact },
        _ => exact,
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, k, draws) = context.at((150, 3, 4), (600, 5, 20));
    let mut table = Table::new([
        "half_step",
        "spike",
        "n",
        "k",
        "draws",
        "iteration",
        "relative_incoherence",
        "low",
        "high",
        "truth",
    ]);
    context.progress().expect(2 * 3 * draws);
    for spike in [1.0, 4.0] {
        for name in [EXACT, STEPS, NOISY] {
            let key = context.key().indexed(spike as u64);
            let seen = trials(context, key, draws, |key| {
                let spectrum = Spectrum::Geometric { condition: 2.0 };
                let truth = LowRankMatrix::coherent((n, n), k, spectrum, spike, key.named("truth"))?;
                let mu = incoherence(truth.left_basis());
                let model = ObservationModel::oversampled(4.0, (n, n), k);
                let instance = Instance::draw_determined(truth, model, key.named("entries"))?;
                let key = key.named("solver");
                let start = solve(&instance.problem, &Settings { max_iterations: 0, ..exact(k, 0) }, key)?;
                let of = |u: &nalgebra::DMatrix<f64>| -> Result<f64, Fault> {
                    Ok(incoherence(&orthonormal_basis(u)?) / mu)
                };
                let mut run = run_with(&instance, &settings(name, k), key, |u, _| of(u))?;
                run.errors.insert(0, of(&start.solution.u)?);
                Ok((run, mu))
            });
            let (runs, truths): (Vec<_>, Vec<f64>) =
                seen.into_iter().collect::<Result<Vec<_>, Fault>>()?.into_iter().unzip();
            let truth = Summary::of(&truths).median;
            for (t, (low, median, high)) in bands(&runs).into_iter().enumerate() {
                table.push([
                    name.into(),
                    spike.into(),
                    n.into(),
                    k.into(),
                    draws.into(),
                    t.into(),
                    median.into(),
                    low.into(),
                    high.into(),
                    truth.into(),
                ]);
            }
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (n, k) = (table.numbers("n")?[0], table.numbers("k")?[0]);
    let mut panels = Vec::new();
    for (spike, of_spike) in table.number_groups("spike")? {
        let title = if spike == 1.0 {
            "incoherent truth".to_owned()
        } else {
            format!("spiky truth: {k} rows times {spike}")
        };
        let mut chart =
            Chart::new(title, Axis::linear("iteration"), Axis::linear("μ(U) / μ(U★)").including(0.0));
        for (name, of) in of_spike.groups("half_step")? {
            let points = of.points("iteration", "relative_incoherence")?;
            chart = chart.line_with_band(&name, points, of.band("iteration", "low", "high")?);
        }
        panels.push(chart.target("as incoherent as the truth", 1.0));
    }
    Ok(Drawing::panels(format!("Largest row of U over that of U★: n = {n}, k = {k}, κ = 2, ρ = 4"), panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (mut bounded, mut ends, mut seen) = (0, 0, Vec::new());
    let mut cases = 0;
    for (spike, of) in table.number_groups("spike")? {
        for (name, of) in of.groups("half_step")? {
            let (mu, truth) = (of.numbers("relative_incoherence")?, of.numbers("truth")?[0]);
            let most = of.numbers("high")?[1..].iter().copied().fold(0.0, f64::max);
            let last = mu[mu.len() - 1];
            cases += 1;
            bounded += usize::from(most <= 4.0);
            ends += usize::from((last - 1.0).abs() <= 0.05);
            seen.push(format!(
                "{name}, spike {spike}: {:.2} → {last:.3}, largest {most:.2}, median μ(U★) {truth:.2}",
                mu[0]
            ));
        }
    }
    let seen = seen.join("; ");
    Ok(vec![
        ClaimCheck::new(
            "Iterates stay incoherent: 90 % of draws keep μ(U) ≤ 4 μ(U★) at every iteration",
            PLACE,
            "90 % quantile at each iteration after the initialisation; μ is the largest row norm times √(m/k)",
        )
        .seen(seen.clone(), Verdict::from_cases(bounded, cases)),
        ClaimCheck::new(
            "They end as incoherent as the truth: median μ(U)/μ(U★) within 5 % of 1 after 24 iterations, with \
                half-steps off by 1 % too",
            OWN,
            "medians, each kind of half-step on either kind of matrix",
        )
        .seen(seen, Verdict::from_cases(ends, cases)),
    ])
}

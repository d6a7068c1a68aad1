//! Iterations with regressions solved by a few steps of conjugate gradients.

use proofsketch::completion::{RowSolver, Settings, Spectrum};

use super::recovery::{bands, exact, run as complete, square};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, quantile, trials};

/// Iterations and operations to an error of 10⁻¹⁰ against the steps a regression is given.
pub const FIGURE: Figure = Figure {
    id: "inexact_steps",
    paper: &PAPER,
    title: "Two or three warm steps of conjugate gradients do as well as exact regressions",
    claim: "Approximate regressions suffice for alternating minimization to converge as fast as with exact ones. \
        Here each regression gets a fixed number of steps of conjugate gradients, from the last iterate taken \
        through the QR factorization, and no sketch.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 16.0 },
};

const PLACE: &str = "the main theorem: approximate regressions, the same number of iterations";
const TARGET: f64 = 1e-10;
const STEPS: [usize; 5] = [1, 2, 3, 5, 8];
const EXACT: &str = "exact (Cholesky)";

fn name(steps: usize) -> String {
    format!("CG, {steps} step{}", if steps == 1 { "" } else { "s" })
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, k, draws) = context.at((160, 5, 4), (800, 20, 10));
    let mut table = Table::new([
        "solver",
        "steps",
        "n",
        "k",
        "draws",
        "iteration",
        "error",
        "low",
        "high",
        "iterations",
        "multiply_adds",
    ]);
    let solvers = STEPS.map(|steps| (name(steps), steps as f64, RowSolver::Cg { steps, tol: 1e-15 }));
    let exactly = [(EXACT.to_owned(), f64::NAN, RowSolver::Cholesky)];
    context.progress().expect((1 + STEPS.len()) * draws);
    for (name, steps, solver) in exactly.into_iter().chain(solvers) {
        let settings = Settings { solver, ..exact(k, 120) };
        let runs = trials(context, context.key().named("draw"), draws, |key| {
            let instance = square((n, k), Spectrum::Geometric { condition: 3.0 }, 4.0, key)?;
            complete(&instance, &settings, key.named("solver"))
        });
        let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        let median = |values: Vec<f64>| quantile(&values, 0.5);
        let iterations = median(runs.iter().map(|run| run.iterations_to(TARGET)).collect());
        let multiply_adds = median(runs.iter().map(|run| run.multiply_adds_to(TARGET)).collect());
        for (t, (low, error, high)) in bands(&runs).into_iter().enumerate() {
            table.push([
                name.as_str().into(),
                steps.into(),
                n.into(),
                k.into(),
                draws.into(),
                (t + 1).into(),
                error.into(),
                low.into(),
                high.into(),
                iterations.into(),
                multiply_adds.into(),
            ]);
        }
    }
    Ok(table)
}

/// Name, iterations and multiply-adds to the target of each solver.
fn totals(table: &Table) -> Result<Vec<(String, f64, f64)>, Fault> {
    let mut totals = Vec::new();
    for (solver, of) in table.groups("solver")? {
        totals.push((solver, of.numbers("iterations")?[0], of.numbers("multiply_adds")?[0]));
    }
    Ok(totals)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (n, k) = (table.numbers("n")?[0], table.numbers("k")?[0]);
    let mut errors = Chart::new(
        "median, 10–90 % of draws shaded",
        Axis::linear("iteration").range(0.0, 70.0),
        Axis::log("relative Frobenius error").range(1e-15, 3.0),
    );
    for (solver, of) in table.groups("solver")? {
        errors = errors.line_with_band(
            &solver,
            of.points("iteration", "error")?.into_iter().step_by(3).collect(),
            of.band("iteration", "low", "high")?,
        );
    }
    let names: Vec<&str> = vec!["1", "2", "3", "5", "8", "exact"];
    let totals = totals(table)?;
    let mut cost = Chart::new(
        "to an error of 10⁻¹⁰",
        Axis::categories("steps of conjugate gradients", names),
        Axis::linear("relative to exact regressions").including(0.0),
    );
    let base = &totals[0];
    let order = || (1..totals.len()).chain([0]).enumerate();
    cost = cost
        .line("iterations", order().map(|(x, i)| (x as f64, totals[i].1 / base.1)).collect())
        .line("multiply-adds", order().map(|(x, i)| (x as f64, totals[i].2 / base.2)).collect());
    Ok(Drawing::panels(
        format!("Inexact regressions: n = {n}, k = {k}, κ = 3, 4 times the degrees of freedom observed"),
        [errors, cost],
    ))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let totals = totals(table)?;
    let exact = &totals[0];
    let iterations: Vec<String> = totals.iter().map(|(name, its, _)| format!("{name}: {its}")).collect();
    let within = totals[2..].iter().filter(|total| total.1 <= 1.1 * exact.1 + 1.0).count();
    let operations: Vec<String> =
        totals[1..].iter().map(|total| format!("{}: {:.2}", total.0, total.2 / exact.2)).collect();
    let cheaper = totals[2..4].iter().filter(|total| total.2 < exact.2).count();
    Ok(vec![
        ClaimCheck::new(
            "From 2 steps on, the iterations to 10⁻¹⁰ are those of exact regressions, to 10 % and one more",
            PLACE,
            "median number of iterations to a relative error of 10⁻¹⁰ over all entries; 2, 3, 5 and 8 steps",
        )
        .seen(iterations.join(", "), Verdict::from_cases(within, totals.len() - 2)),
        ClaimCheck::new(
            "One step is not enough to keep pace: it takes at least 1.3 times the iterations",
            OWN,
            "the same numbers",
        )
        .seen(
            format!("{:.2} times", totals[1].1 / exact.1),
            Verdict::from_bool(totals[1].1 >= 1.3 * exact.1),
        ),
        ClaimCheck::new(
            "2 or 3 steps take fewer operations than exact regressions",
            PLACE,
            "median multiply-adds of all regressions up to an error of 10⁻¹⁰, over those of Cholesky",
        )
        .seen(operations.join(", "), Verdict::from_cases(cheaper, 2)),
    ])
}

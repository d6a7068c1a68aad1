//! Operations of one iteration against the rank.

use proofsketch::completion::{RowSolver, Settings, Spectrum, solve};
use proofsketch::guarantee::fit_exponent;
use proofsketch::sketch::SketchFamily;

use super::recovery::{exact, square_at_rate};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// Counted multiply-adds of an iteration over |Ω|, by solver.
pub const FIGURE: Figure = Figure {
    id: "cost_in_rank",
    paper: &PAPER,
    title: "Operations of an iteration grow like k or like k²",
    claim: "Approximate regressions bring the cost from O~(|Ω| k²) to O~(|Ω| k). Counted, not timed: multiplications \
        paired with an addition in one iteration, all rows and columns, on the same |Ω|.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 22.0 },
};

const PLACE: &str = "the running time of the main theorem";
const DIRECT: &str = "Cholesky";
const WARM: &str = "CG, 3 steps";
const ACCURATE: &str = "CG to 10⁻¹⁰";
const SKETCHED: &str = "sketch of 4k rows, then CG";

fn solver(name: &str) -> RowSolver {
    match name {
        WARM => RowSolver::Cg { steps: 3, tol: 1e-15 },
        ACCURATE => RowSolver::Cg { steps: 500, tol: 1e-10 },
        SKETCHED => RowSolver::SketchPcg { c: 4, kind: SketchFamily::SparseSign { nonzeros: 8 } },
        _ => RowSolver::Cholesky,
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, ranks) = context.at((256, vec![8, 11, 16, 23, 32]), (1200, vec![16, 23, 32, 45, 64, 90]));
    let mut table =
        Table::new(["solver", "n", "k", "degree", "observed", "multiply_adds", "each_entry", "steps"]);
    context.progress().expect(4 * ranks.len());
    for k in ranks {
        let instance = square_at_rate((n, k), Spectrum::Flat, 0.8, context.key().indexed(k as u64))?;
        let observed = instance.problem.observed() as f64;
        for name in [DIRECT, WARM, ACCURATE, SKETCHED] {
            let settings = Settings { solver: solver(name), tol: 0.0, ..exact(k, 2) };
            let report = solve(&instance.problem, &settings, context.key().named("solver"))?;
            // The second iteration: the first starts conjugate gradients from zero.
            let record = report.history[1];
            let multiply_adds = record.multiply_adds as f64;
            table.push([
                name.into(),
                n.into(),
                k.into(),
                (observed / n as f64).into(),
                observed.into(),
                multiply_adds.into(),
                (multiply_adds / observed).into(),
                (record.solver_steps as f64 / (2 * n) as f64).into(),
            ]);
            context.progress().tick();
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let n = table.numbers("n")?[0];
    let mut cost = Chart::new(
        "one iteration, V and U",
        Axis::log2("k, rank"),
        Axis::log("multiply-adds for each observed entry"),
    );
    let mut steps = Chart::new(
        "steps of conjugate gradients",
        Axis::log2("k, rank"),
        Axis::linear("mean steps a regression").including(0.0),
    );
    for (name, of) in table.groups("solver")? {
        cost = cost.line(&name, of.points("k", "each_entry")?);
        if name != DIRECT {
            steps = steps.line(&name, of.points("k", "steps")?);
        }
    }
    let at = |name: &str| -> Result<(f64, f64), Fault> {
        Ok(table.only("solver", name)?.points("k", "each_entry")?[0])
    };
    let cost = cost.slope("slope 1", at(WARM)?, 1.0).slope("slope 2", at(DIRECT)?, 2.0);
    Ok(Drawing::panels(format!("Counted operations, n = {n}, 80 % of the entries observed"), [cost, steps]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let slope = |name: &str| -> Result<f64, Fault> {
        let of = table.only("solver", name)?;
        Ok(fit_exponent(of.numbers("k")?, of.numbers("each_entry")?, 0.05)?.exponent)
    };
    let test = "least squares of ln(multiply-adds/|Ω|) on ln k, the second iteration";
    let last = |name: &str| -> Result<f64, Fault> {
        Ok(table.only("solver", name)?.numbers("each_entry")?.last().copied().unwrap_or(f64::NAN))
    };
    let (direct, warm, accurate, sketched) = (last(DIRECT)?, last(WARM)?, last(ACCURATE)?, last(SKETCHED)?);
    let degree_per_rank = {
        let of = table.only("solver", SKETCHED)?;
        of.numbers("degree")?.last().copied().unwrap_or(f64::NAN)
            / of.numbers("k")?.last().copied().unwrap_or(f64::NAN)
    };
    Ok(vec![
        ClaimCheck::new("Exact regressions take |Ω| k² operations: slope 2.0 ± 0.15 in k", PLACE, test)
            .seen_within(slope(DIRECT)?, 1.85..=2.15),
        ClaimCheck::new("Approximate ones take |Ω| k: slope 1.0 ± 0.1 in k, three steps of conjugate gradients", PLACE, test)
            .seen_within(slope(WARM)?, 0.9..=1.1),
        ClaimCheck::new(
            "The sketch-preconditioned solver takes fewer operations than Cholesky, a ratio below 1, at the largest k tried",
            PLACE,
            "multiply-adds for each observed entry there; a sketch of 4k rows, 8 nonzeros a column",
        )
        .seen(
            format!("{sketched:.0} and {direct:.0}, at {degree_per_rank:.1} k entries a row; slope {:.2}", slope(SKETCHED)?),
            Verdict::from_bool(sketched < direct),
        ),
        ClaimCheck::new(
            "A sketch is not needed: conjugate gradients to 10⁻¹⁰ without one take fewer operations than with one, \
                at every k",
            OWN,
            "the same counts; `completion::CgStepBound` proves it under the hypotheses of the theory",
        )
        .seen(
            format!("at the largest k: {accurate:.0} and {sketched:.0}, {warm:.0} with three steps"),
            without_sketch(table)?,
        ),
    ])
}

fn without_sketch(table: &Table) -> Result<Verdict, Fault> {
    let (plain, sketched) = (table.only("solver", ACCURATE)?, table.only("solver", SKETCHED)?);
    let pairs = plain.numbers("each_entry")?.iter().zip(sketched.numbers("each_entry")?);
    let holding = pairs.filter(|(plain, sketched)| plain < sketched).count();
    Ok(Verdict::from_cases(holding, plain.rows()))
}

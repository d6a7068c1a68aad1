//! Where alternating minimization ends when its half-steps are inexact.

use proofsketch::completion::{RowSolver, Settings, Spectrum};
use proofsketch::guarantee::fit_exponent;

use super::recovery::{RECOVERED, exact, run as complete, square};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Final error against the error of a half-step.
pub const FIGURE: Figure = Figure {
    id: "error_floor",
    paper: &PAPER,
    title: "The final error is proportional to the error of a half-step",
    claim: "Alternating minimization is robust: with regressions solved only approximately it still converges. How \
        accurate they must be is hidden in a logarithm. Measured: the error ends at a small multiple of the error of \
        a half-step, over nine decades. Draws that exact half-steps do not recover are left out.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 10.0 },
};

const PLACE: &str = "the robustness of alternating minimization to approximate regressions";
const GAUSSIAN: &str = "Gaussian error of relative size ε";
const STOPPED: &str = "conjugate gradients stopped at ε";
const OBJECTIVE: &str = "control: ε in the squared error";

fn settings(kind: &str, epsilon: f64, rank: usize) -> Settings {
    let exact = Settings { tol: 0.0, ..exact(rank, 100) };
    match kind {
        STOPPED => Settings { solver: RowSolver::Cg { steps: 200, tol: epsilon }, ..exact },
        OBJECTIVE => Settings { step_error: epsilon.sqrt(), ..exact },
        _ => Settings { step_error: epsilon, ..exact },
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, k, draws) = context.at((150, 3, 4), (600, 5, 10));
    let mut table = Table::new(["half_step", "n", "k", "epsilon", "draws", "floor", "low", "high", "ratio"]);
    let digits = 1..=10;
    let kinds = [GAUSSIAN, STOPPED, OBJECTIVE];
    context.progress().expect(kinds.len() * digits.clone().count() * draws);
    for kind in kinds {
        for epsilon in digits.clone().map(|digits| 10.0_f64.powi(-digits)) {
            // The same instances for every ε and every kind of error.
            let floors = trials(context, context.key().named("draw"), draws, |key| {
                let instance = square((n, k), Spectrum::Geometric { condition: 10.0 }, 4.0, key)?;
                let key = key.named("solver");
                let recovers = complete(&instance, &exact(k, 100), key)?.error() <= RECOVERED;
                let floor = complete(&instance, &settings(kind, epsilon, k), key)?.error();
                Ok(if recovers { floor } else { f64::NAN })
            });
            let mut floors = floors.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
            floors.retain(|floor| !floor.is_nan());
            let floor = Summary::of(&floors);
            table.push([
                kind.into(),
                n.into(),
                k.into(),
                epsilon.into(),
                floors.len().into(),
                floor.median.into(),
                floor.p10.into(),
                floor.p90.into(),
                (floor.median / epsilon).into(),
            ]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (n, k) = (table.numbers("n")?[0], table.numbers("k")?[0]);
    let mut floors = Chart::new(
        "where it ends, 10–90 % of draws shaded",
        Axis::log("ε, error of a half-step"),
        Axis::log("final relative Frobenius error"),
    );
    let mut ratios = Chart::new(
        "the same over ε",
        Axis::log("ε, error of a half-step"),
        Axis::log("final error / ε").range(1.0, 20.0),
    );
    for (kind, of) in table.groups("half_step")? {
        floors =
            floors.line_with_band(&kind, of.points("epsilon", "floor")?, of.band("epsilon", "low", "high")?);
        if kind != OBJECTIVE {
            ratios = ratios.line(&kind, of.points("epsilon", "ratio")?);
        }
    }
    let ratios = ratios.target("5ε", 5.0);
    let title =
        format!("Inexact half-steps: n = {n}, k = {k}, κ = 10, 4 times the degrees of freedom observed");
    Ok(Drawing::panels(title, [floors.slope("slope 1", (1e-6, 1e-6), 1.0), ratios]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let slope = |kind: &str| -> Result<f64, Fault> {
        let of = table.only("half_step", kind)?;
        let below: Vec<(f64, f64)> =
            of.points("epsilon", "floor")?.into_iter().filter(|point| point.0 < 0.05).collect();
        let (x, y): (Vec<f64>, Vec<f64>) = below.into_iter().unzip();
        Ok(fit_exponent(&x, &y, 0.05)?.exponent)
    };
    let ratios = table.only("half_step", GAUSSIAN)?;
    let ratios = ratios.numbers("ratio")?;
    let (low, high) =
        ratios.iter().fold((f64::INFINITY, 0.0_f64), |(low, high), &ratio| (low.min(ratio), high.max(ratio)));
    let test = "least squares of ln(median final error) on ln ε, ε from 10⁻¹⁰ to 10⁻²";
    Ok(vec![
        ClaimCheck::new(
            "The final error is proportional to the error of a half-step: log-log slope 1.00 ± 0.05 over eight decades",
            PLACE,
            test,
        )
        .seen_within(slope(GAUSSIAN)?, 0.95..=1.05),
        ClaimCheck::new(
            "The factor is small: the final error is at most 5ε for ε from 10⁻¹⁰ to 0.1",
            OWN,
            "median final error over ε, at each ε",
        )
        .seen(format!("{low:.2} to {high:.2}"), Verdict::from_bool(high <= 5.0)),
        ClaimCheck::new(
            "The same holds for a solver that stops early: slope 1.00 ± 0.1 with conjugate gradients stopped at \
                ‖Aᵀr‖ ≤ ε‖Aᵀb‖",
            OWN,
            test,
        )
        .seen_within(slope(STOPPED)?, 0.9..=1.1),
        ClaimCheck::new(
            "A control that is accurate to ε in the squared error alone has slope 0.5 ± 0.05: forward accuracy takes \
                twice the digits",
            OWN,
            test,
        )
        .seen_within(slope(OBJECTIVE)?, 0.45..=0.55),
    ])
}

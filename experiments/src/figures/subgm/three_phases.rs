//! The phases of a run on the expected loss.

use proofsketch::sensing::SymmetricIterate;

use super::curves::{chart, error_at, number, push, table};
use super::expected_loss::{ETA, expected};
use super::instance::{DIM, Instance, Span};
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// Error on the expected loss, from a tiny start and from a larger one whose tail shows.
pub const FIGURE: Figure = Figure {
    id: "three_phases",
    paper: &PAPER,
    title: "Plateaus, a straight line, and a tail",
    claim: "On the expected loss ‖U Uᵀ − X★‖_F with η_t = (η/2)‖Δ_t‖_F the error passes eigenvalue after eigenvalue, falls \
        by 1 − 2ησᵣ an iteration to the order α², then as 1/t (Theorem 18, Figure 5): r = 3, r′ = d = 20. η = 0.05 and \
        α = 10⁻⁶ are recovered from the figure; right, α = 1 shows the tail that α = 10⁻⁶ puts off beyond t = 10¹³.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.2, paper: 2.0 },
};

const PLACE: &str = "Figure 5";
const TINY: &str = "α = 1e-6";
const LARGER: &str = "α = 1";
const FACTOR: &str = "2ηt‖Δ‖_F/√q";
const SPAN: Span = Span { iterations: 900, every: 10 };

fn error(instance: &Instance, iterate: &SymmetricIterate<'_>) -> f64 {
    instance.truth.frobenius_error(iterate.product)
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (draws, tail) = context.at((4, 6000), (20, 40_000));
    context.progress().expect(2 * draws);
    let mut table = table();
    let runs = trials(context, context.key().named("draw"), draws, |key| {
        let rows = expected(1e-6, SPAN, key, |instance, iterate| Ok([error(instance, iterate)]))?;
        Ok(rows.into_iter().map(|[error]| error).collect())
    });
    let runs = runs.into_iter().collect::<Result<Vec<Vec<f64>>, Fault>>()?;
    push(&mut table, ("tiny", TINY), &runs, SPAN.every, (0.1, 1e-11));
    let span = Span { iterations: tail, every: tail / 200 };
    let runs = trials(context, context.key().named("draw"), draws, |key| {
        expected(1.0, span, key, |instance, iterate| {
            // q columns of U beside the r = 3 that are needed.
            let nonzero = iterate.u.column_iter().filter(|column| column.amax() > 0.0).count();
            let redundant = (nonzero - instance.truth.rank()) as f64;
            let error = error(instance, iterate);
            Ok([error, error * 2.0 * ETA * iterate.iteration as f64 / redundant.sqrt()])
        })
    });
    let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
    for (k, curve) in [LARGER, FACTOR].into_iter().enumerate() {
        let column: Vec<Vec<f64>> = runs.iter().map(|run| run.iter().map(|row| row[k]).collect()).collect();
        push(
            &mut table,
            (if k == 0 { "larger" } else { "factor" }, curve),
            &column,
            span.every,
            (1e-2, 1e-3),
        );
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let axis = Axis::log("‖U Uᵀ − X★‖_F").range(1e-14, 1e2);
    let tiny = chart(table, "tiny", "three phases", axis, 46)?;
    let tail = table.only("panel", "larger")?;
    let points: Vec<(f64, f64)> = tail.points("iteration", "error")?;
    let kept = |i: usize| i < 8 || (i < 40 && i.is_multiple_of(8)) || i.is_multiple_of(40);
    let last = points.last().copied().unwrap_or((1.0, 1.0));
    let shown = points.into_iter().enumerate().filter(|&(i, _)| i > 0 && kept(i)).map(|(_, point)| point);
    let tail = Chart::new("the tail", Axis::log("iteration t"), Axis::log("‖U Uᵀ − X★‖_F"))
        .line_with_band(LARGER, shown.collect(), tail.band("iteration", "low", "high")?)
        .slope("slope −1", last, -1.0);
    Ok(Drawing::panels(format!("Expected loss, d = r′ = {DIM}, r = 3, η = {ETA}"), [tiny, tail]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let rate = number(table, "tiny", TINY, "rate")?;
    let end = number(table, "tiny", TINY, "end")?;
    let plateau = error_at(table, "tiny", TINY, 200.0)?;
    let [slope, factor] = tail_checks(table)?;
    Ok(vec![
        ClaimCheck::new(
            "In the second phase the error falls by 1 − 2ησᵣ = 0.9 an iteration, to 1 % of its logarithm",
            PLACE,
            "mean factor from 0.1 to 10⁻¹¹, median over draws; read off: 0.9000",
        )
        .seen(format!("{rate:.5}"), Verdict::from_bool((rate.ln() / 0.9_f64.ln() - 1.0).abs() <= 0.01)),
        ClaimCheck::new(
            "The last plateau is σ₃ = 1: the error is 1.00 ± 0.02 at t = 200",
            PLACE,
            "median over draws",
        )
        .seen_within(plateau, 0.98..=1.02),
        ClaimCheck::new(
            "It ends at 10^−12.24, of the order α² = 10⁻¹², to a factor of 10",
            "read off Figure 5; Theorem 18",
            "median error at t = 900",
        )
        .seen(format!("10^{:.2}", end.log10()), Verdict::from_bool((end.log10() + 12.24).abs() <= 1.0)),
        slope,
        factor,
    ])
}

fn tail_checks(table: &Table) -> Result<[ClaimCheck; 2], Fault> {
    let tail = table.only("panel", "larger")?.points("iteration", "error")?;
    let later = |share: f64| tail[((tail.len() - 1) as f64 * share) as usize];
    let (half, last) = (later(0.5), later(1.0));
    let slope = (last.1 / half.1).ln() / (last.0 / half.0).ln();
    let factor = number(table, "factor", FACTOR, "end")?;
    Ok([
        ClaimCheck::new(
            "The tail falls as 1/t: log-log slope −1.00 ± 0.05",
            "Theorem 18: α²/(ηα²t + 1)",
            "last half of the run from α = 1, median errors",
        )
        .seen_within(slope, -1.05..=-0.95),
        ClaimCheck::new(
            "Its factor is known: q redundant columns leave √q/(2ηt), to 10 % at the end",
            format!("{OWN}: each redundant direction obeys e ← e(1 − ηe²)"),
            "median over draws of 2ηt‖Δ_t‖_F/√q at the last t",
        )
        .seen_within(factor, 0.9..=1.1),
    ])
}

//! Risk and error from a large and a small start.

use super::curves::{chart, number, push, table};
use super::instance::{DIM, Instance, MEASUREMENTS, Noise, Span, geometric, measured, subgradient};
use super::minimality::dual_certificate;
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// The subgradient method from α = 1 and 10⁻¹⁵, at m = 500 and m = 120.
pub const FIGURE: Figure = Figure {
    id: "spurious_minima",
    paper: &PAPER,
    title: "A large start overfits, if measurements are few",
    claim: "From a large start the risk ends below that of X★ and the error stays large; from a small one X★ is found \
        although it does not minimise the risk (Figure 2). ρ = 0.992 is read off; α = 1 and 10⁻¹⁵, η = 0.4 and the \
        outliers are chosen here. At the stated m = 500 this does not reproduce: 210 unknowns are then determined, and X★ \
        is the minimum. At m = 120 it does.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.2, paper: 28.0 },
};

const PLACE: &str = "Figure 2";
const STARTS: [(&str, f64); 2] = [("α = 1", 1.0), ("α = 1e-15", 1e-15)];
const OVERDETERMINED: &str = "500";
const FEW: &str = "120";
/// Name, m, deviation of the outliers.
const CASES: [(&str, usize, f64); 2] = [(OVERDETERMINED, MEASUREMENTS, 10.0), (FEW, 120, 1.25)];
/// Slower schedules from the large start at m = 500: ρ, iterations.
const SLOWER: [(f64, usize); 3] = [(0.992, 3000), (0.998, 12_000), (0.9995, 48_000)];
const SPAN: Span = Span { iterations: 3000, every: 30 };

fn noise(deviation: f64) -> Noise {
    Noise::Outliers { fraction: 0.1, deviation }
}

/// Names of the panels of one case.
fn risk(case: &str) -> String {
    format!("risk, m = {case}")
}

fn error(case: &str) -> String {
    format!("error, m = {case}")
}

fn run(context: &Context) -> Result<Table, Fault> {
    let draws = context.at(2, 20);
    context.progress().expect(draws * (2 * CASES.len() + SLOWER.len() + 1));
    let mut table = table();
    for (case, m, deviation) in CASES {
        for (curve, alpha) in STARTS {
            let runs = trials(context, context.key().named("draw"), draws, |key| {
                let instance = Instance::draw(m, noise(deviation), key)?;
                risk_and_error(&instance, alpha, 0.992, SPAN)
            });
            let runs = runs.into_iter().collect::<Result<Vec<_>, Fault>>()?;
            let column = |k: usize| runs.iter().map(|run| run.iter().map(|row| row[k]).collect()).collect();
            let (risks, errors): (Vec<Vec<f64>>, Vec<Vec<f64>>) = (column(0), column(1));
            push(&mut table, (&risk(case), curve), &risks, SPAN.every, (1e-2, 1e-4));
            push(&mut table, (&error(case), curve), &errors, SPAN.every, (1e-2, 1e-4));
        }
    }
    slower(context, &mut table, context.at(2, 10))?;
    certificates(context, &mut table, draws)?;
    Ok(table)
}

/// Risk over that of X★, and error, along a run with search rank d.
fn risk_and_error(instance: &Instance, alpha: f64, decay: f64, span: Span) -> Result<Vec<[f64; 2]>, Fault> {
    let noise = &instance.y - instance.truth.measured_by(&instance.map);
    let true_risk = noise.lp_norm(1) / noise.len() as f64;
    let settings = subgradient(DIM, alpha, geometric(0.4, decay));
    measured(&instance.problem()?, &settings, span, |iterate| {
        Ok([iterate.pass.mean_absolute() / true_risk, instance.truth.frobenius_error(iterate.product)])
    })
}

/// The ends of slower schedules: nothing but the last iterate is kept.
fn slower(context: &Context, table: &mut Table, draws: usize) -> Result<(), Fault> {
    for (decay, iterations) in SLOWER {
        let iterations = context.at(iterations.min(3000), iterations);
        let span = Span { iterations, every: iterations };
        let ends = trials(context, context.key().named("draw"), draws, |key| {
            let instance = Instance::draw(MEASUREMENTS, noise(10.0), key)?;
            Ok(vec![risk_and_error(&instance, 1.0, decay, span)?[1][1]])
        });
        let ends = ends.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        push(table, ("slower", &format!("ρ = {decay}")), &ends, 1, (1e-2, 1e-4));
    }
    Ok(())
}

/// The least max |wᵢ| found, a row for each draw.
fn certificates(context: &Context, table: &mut Table, draws: usize) -> Result<(), Fault> {
    let found = trials(context, context.key().named("draw"), draws, |key| {
        dual_certificate(&Instance::draw(MEASUREMENTS, noise(10.0), key)?)
    });
    for (i, largest) in found.into_iter().enumerate() {
        push(table, ("certificate", &format!("draw {i}")), &[vec![largest?]], 1, (1e-2, 1e-4));
    }
    Ok(())
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    for (case, m, deviation) in CASES {
        let title = format!("m = {m}, outliers N(0, {}²)", deviation);
        let axis = Axis::log("risk / risk of X★").range(0.2, 200.0);
        panels.push(chart(table, &risk(case), &title, axis, 26)?.target("risk of X★", 1.0));
        let axis = Axis::log("‖U Uᵀ − X★‖_F").range(1e-12, 1e2);
        panels.push(chart(table, &error(case), &title, axis, 26)?);
    }
    Ok(Drawing::panels(format!("d = r′ = {DIM}, r = 3, p = 0.1, η = 0.4, ρ = 0.992"), panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![
        overfits(table, OVERDETERMINED)?,
        is_minimum(table)?,
        no_trap(table)?,
        overfits(table, FEW)?,
        small(table)?,
    ])
}

fn overfits(table: &Table, case: &str) -> Result<ClaimCheck, Fault> {
    let large = STARTS[0].0;
    let (end, low, high) = (
        number(table, &risk(case), large, "end")?,
        number(table, &risk(case), large, "end_low")?,
        number(table, &risk(case), large, "end_high")?,
    );
    let stays = number(table, &error(case), large, "end")?;
    Ok(ClaimCheck::new(
        format!(
            "At m = {case} the large start ends below the risk of X★ (ratio under 1) with an error above 0.5"
        ),
        if case == FEW { format!("{PLACE} (which states m = 500)") } else { PLACE.to_owned() },
        "medians after 3000 iterations and 10–90 % range; r′ = 20",
    )
    .seen(
        format!("risk ratio {end:.3} ({low:.3} to {high:.3}), error {stays:.3}"),
        Verdict::from_bool(end < 1.0 && stays > 0.5),
    ))
}

fn is_minimum(table: &Table) -> Result<ClaimCheck, Fault> {
    let of = table.only("panel", "certificate")?;
    let found = of.numbers("error")?;
    let proved = found.iter().filter(|largest| **largest < 1.0).count();
    Ok(ClaimCheck::new(
        "At m = 500 no matrix has a smaller risk than X★: a certificate with max |wᵢ| < 1 proves it the only minimum among \
            symmetric matrices",
        OWN,
        "w with wᵢ = sign(sᵢ) at outliers and Σ wᵢ Aᵢ = 0, found by alternating projections; each draw",
    )
    .seen(format!("{proved} of {} draws", found.len()), Verdict::from_cases(proved, found.len())))
}

fn no_trap(table: &Table) -> Result<ClaimCheck, Fault> {
    let ends = SLOWER.map(|(decay, _)| number(table, "slower", &format!("ρ = {decay}"), "end"));
    let ends = ends.into_iter().collect::<Result<Vec<f64>, Fault>>()?;
    let holding = ends.windows(2).filter(|pair| pair[1] < 0.5 * pair[0]).count();
    Ok(ClaimCheck::new(
        "At m = 500 the large start is slow, not trapped: with slower schedules, 1 − ρ = 0.008, 0.002, 0.0005, its error more \
            than halves each time",
        OWN,
        "median error at the end of 3000, 12 000 and 48 000 iterations",
    )
    .seen(format!("{:.4}, {:.4}, {:.4}", ends[0], ends[1], ends[2]), Verdict::from_cases(holding, ends.len() - 1)))
}

fn small(table: &Table) -> Result<ClaimCheck, Fault> {
    let (mut seen, mut holding) = (Vec::new(), 0);
    for (case, ..) in CASES {
        let (end, high) = (
            number(table, &error(case), STARTS[1].0, "end")?,
            number(table, &error(case), STARTS[1].0, "end_high")?,
        );
        holding += usize::from(end <= 1e-2);
        seen.push(format!("m = {case}: {end:.1e} (90 %: {high:.1e})"));
    }
    Ok(ClaimCheck::new(
        "The small start finds X★ at both m: median error 10⁻² or less, a thousandth of ‖X★‖_F = 11.2",
        format!("{PLACE}, where it ends at 1.3·10⁻⁸ (read off)"),
        "median error after 3000 iterations and 90 % quantile; r′ = 20",
    )
    .seen(seen.join("; "), Verdict::from_cases(holding, CASES.len())))
}

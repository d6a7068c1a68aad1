//! The law of one coordinate of the error of a Gaussian sketch.

use proofsketch::guarantee::{KolmogorovSmirnov, kolmogorov_smirnov, student_t_quantile, student_t_tail};
use proofsketch::linalg::Svd;
use proofsketch::regression::{Instance, SolvedInstance, sketch_and_solve, student_statistic};

use super::PAPER;
use super::families::{GAUSSIAN, SPARSE_SIGN_8};
use super::identity_rows::{LEVEL, solve_identity_rows};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, quantile, trials};

/// Draws of one coordinate against Student's t with m − d + 1 degrees of freedom.
pub const FIGURE: Figure = Figure {
    id: "exact_law",
    paper: &PAPER,
    title: "The exact law of a coordinate of the error",
    claim: "For a Gaussian sketch x′ᵢ − x★ᵢ = ‖r‖₂ √(Cᵢᵢ/(m−d+1)) t₍ₘ₋d₊₁₎ in law, with C = (AᵀA)⁻¹, whatever A and b \
        are; and E‖x′ − x★‖² = ‖r‖² tr C/(m−d−1).",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.5, paper: 4.0 },
};

const OWN: &str = "not in the paper: an exact law, with a proof in the library's documentation";
const OWN_CONTROL: &str = "not in the paper: a negative control, which the test must refuse";

const SHAPE: (usize, usize) = (256, 16);
const CONDITION: f64 = 1e3;
const SKETCH_ROWS: [usize; 2] = [48, 128];
/// The coordinate whose law is tested; fixed before any draw.
const COORDINATE: usize = 0;

fn run(context: &Context) -> Result<Table, Fault> {
    let draws = context.at(400, 2000);
    context.progress().expect(draws * (SKETCH_ROWS.len() + 1));
    let mut table = Table::new(["sketch", "m", "statistic", "squared_error"]);
    let instance = Instance::conditioned(SHAPE, CONDITION, 1.0, context.key().named("problem"))?;
    let solved = SolvedInstance::new(instance)?;
    let inverse_gram = inverse_gram_diagonal(&solved)?;
    let (d, residual) = (SHAPE.1, solved.exact.residual_norm);
    for m in SKETCH_ROWS {
        let distribution = GAUSSIAN.distribution(m, SHAPE.0)?;
        let expected = residual.powi(2) * inverse_gram.iter().sum::<f64>() / (m - d - 1) as f64;
        let drawn = trials(context, context.key().named(GAUSSIAN.name).indexed(m as u64), draws, |key| {
            let answer = sketch_and_solve(&solved.instance.problem()?, &distribution.sample(key), LEVEL)?;
            let error = answer.coefficients - &solved.exact.coefficients;
            let statistic = student_statistic(error[COORDINATE], residual, inverse_gram[COORDINATE], m, d);
            Ok((statistic, error.norm_squared() / expected))
        });
        push(&mut table, (GAUSSIAN.name, m), drawn)?;
    }
    let m = SKETCH_ROWS[1];
    let distribution = SPARSE_SIGN_8.distribution(m, SHAPE.0)?;
    let drawn = trials(context, context.key().named(SPARSE_SIGN_8.name), draws, |key| {
        let error = solve_identity_rows(&distribution.sample(key), d, 1)?.coefficients;
        let expected = d as f64 / (m - d - 1) as f64;
        Ok((student_statistic(error[COORDINATE], 1.0, 1.0, m, d), error.norm_squared() / expected))
    });
    push(&mut table, (SPARSE_SIGN_8.name, m), drawn)?;
    Ok(table)
}

fn push(
    table: &mut Table,
    (name, m): (&str, usize),
    drawn: Vec<Result<(f64, f64), Fault>>,
) -> Result<(), Fault> {
    for draw in drawn {
        let (statistic, squared_error) = draw?;
        table.push([name.into(), m.into(), statistic.into(), squared_error.into()]);
    }
    Ok(())
}

/// Cᵢᵢ = Σⱼ (Vᵢⱼ/σⱼ)² with A = U Σ Vᵀ.
fn inverse_gram_diagonal(solved: &SolvedInstance) -> Result<Vec<f64>, Fault> {
    let Svd { singular_values, v, .. } = Svd::new(&solved.instance.a)?;
    Ok(v.row_iter().map(|row| row.iter().zip(&singular_values).map(|(v, s)| (v / s).powi(2)).sum()).collect())
}

/// The draws of one sketch at one m with the degrees of freedom of their law.
struct Draws {
    label: String,
    freedom: f64,
    statistics: Vec<f64>,
    squared_errors: Vec<f64>,
}

impl Draws {
    fn of(table: &Table, sketch: &str, m: usize) -> Result<Self, Fault> {
        let rows = table.only("sketch", sketch)?.at("m", m as f64)?;
        Ok(Self {
            label: format!("{sketch}, m = {m}"),
            freedom: (m - SHAPE.1 + 1) as f64,
            statistics: rows.numbers("statistic")?.to_vec(),
            squared_errors: rows.numbers("squared_error")?.to_vec(),
        })
    }

    fn distribution_function(&self, x: f64) -> f64 {
        let tail = student_t_tail(x.abs(), self.freedom) / 2.0;
        if x > 0.0 { 1.0 - tail } else { tail }
    }

    fn quantile(&self, p: f64) -> f64 {
        let size = student_t_quantile(2.0 * p.min(1.0 - p), self.freedom);
        if p < 0.5 { -size } else { size }
    }

    fn test(&self) -> Result<KolmogorovSmirnov, Fault> {
        Ok(kolmogorov_smirnov(&self.statistics, |x| self.distribution_function(x))?)
    }
}

fn gaussian(table: &Table) -> Result<Vec<Draws>, Fault> {
    SKETCH_ROWS.iter().map(|&m| Draws::of(table, GAUSSIAN.name, m)).collect()
}

fn control(table: &Table) -> Result<Draws, Fault> {
    Draws::of(table, SPARSE_SIGN_8.name, SKETCH_ROWS[1])
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let all: Vec<Draws> = gaussian(table)?.into_iter().chain([control(table)?]).collect();
    let draws = all[0].statistics.len();
    let grid: Vec<f64> = (1..200).map(|i| f64::from(i) / 200.0).collect();
    let mut quantiles =
        Chart::new("quantiles", Axis::linear("Student's t"), Axis::linear("measured").range(-3.0, 3.0));
    let y = Axis::linear("√N (measured − exact)").range(-3.0, 3.0);
    let mut distances = Chart::new("distribution function", Axis::linear("exact distribution function"), y);
    for of in &all {
        let points =
            grid.iter().filter(|&&p| p != 0.5).map(|&p| (of.quantile(p), quantile(&of.statistics, p)));
        quantiles = quantiles.scatter(&of.label, points.collect());
        let mut values: Vec<f64> = of.statistics.iter().map(|&x| of.distribution_function(x)).collect();
        values.sort_unstable_by(f64::total_cmp);
        let distance = |p: f64| {
            let below = values.partition_point(|&value| value <= p) as f64 / draws as f64;
            (p, (draws as f64).sqrt() * (below - p))
        };
        distances = distances.scatter(&of.label, grid.iter().map(|&p| distance(p)).collect());
    }
    // √N D exceeds 1.949 with probability 0.001.
    let distances = distances
        .target("Kolmogorov–Smirnov, p = 0.001", 1.949)
        .target("Kolmogorov–Smirnov, p = 0.001", -1.949);
    let quantiles = quantiles.reference("equal", vec![(-3.0, -3.0), (3.0, 3.0)]);
    Ok(Drawing::panels(
        format!("One coordinate of the error against its exact law, {draws} draws"),
        [quantiles, distances],
    ))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![law(table)?, refused(table)?, mean_square(table)?])
}

/// p > 10⁻³ reproduces the law, p < 10⁻⁶ refutes it, and between the two the data cannot tell.
fn law(table: &Table) -> Result<ClaimCheck, Fault> {
    let (mut least, mut seen) = (1.0_f64, Vec::new());
    for draws in gaussian(table)? {
        let KolmogorovSmirnov { statistic, p_value } = draws.test()?;
        least = least.min(p_value);
        seen.push(format!("{}: p = {p_value:.3}, D = {statistic:.4}", draws.label));
    }
    let verdict = match least {
        p if p > 1e-3 => Verdict::Reproduced,
        p if p < 1e-6 => Verdict::NotReproduced,
        _ => Verdict::NotTestable,
    };
    Ok(ClaimCheck::new(
        "A coordinate of the error of a Gaussian sketch is Student's t with m − d + 1 degrees of freedom, p > 0.001",
        OWN,
        "Kolmogorov–Smirnov on one coordinate, n = 256, d = 16, κ = 10³; p < 10⁻⁶ would refute",
    )
    .seen(seen.join("; "), verdict))
}

fn refused(table: &Table) -> Result<ClaimCheck, Fault> {
    let KolmogorovSmirnov { statistic, p_value } = control(table)?.test()?;
    Ok(ClaimCheck::new(
        "The same test refuses a sketch with 8 nonzeros a column on the adversarial instance, p < 10⁻⁶",
        OWN_CONTROL,
        "A = [I; 0], residual on one row, m = 128",
    )
    .seen(format!("p = {p_value:.1e}, D = {statistic:.3}"), Verdict::from_bool(p_value < 1e-6)))
}

fn mean_square(table: &Table) -> Result<ClaimCheck, Fault> {
    let (mut holding, mut seen) = (0, Vec::new());
    for draws in gaussian(table)? {
        let summary = Summary::of(&draws.squared_errors);
        let error = summary.standard_deviation / (summary.count as f64).sqrt();
        holding += usize::from((summary.mean - 1.0).abs() <= 4.0 * error);
        seen.push(format!("{}: {:.3} ± {error:.3} of it", draws.label, summary.mean));
    }
    Ok(ClaimCheck::new(
        "E‖x′ − x★‖² = ‖r‖² tr C/(m−d−1), within 4 standard errors",
        OWN,
        "mean over the same draws",
    )
    .seen(seen.join("; "), Verdict::from_cases(holding, SKETCH_ROWS.len())))
}

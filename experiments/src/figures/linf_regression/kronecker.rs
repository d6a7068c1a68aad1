//! The normalised error of Kronecker regression, tensor SRHT against Gaussian sketch.

use nalgebra::{DMatrix, DVector};
use proofsketch::guarantee::fit_exponent;
use proofsketch::random::StreamKey;
use proofsketch::regression::{Instance, SolvedInstance, solve_kronecker};

use super::PAPER;
use super::families::GAUSSIAN;
use super::identity_rows::LEVEL;
use super::normalized_error::{grows_like_logarithms, normal_maximum, normalized_error};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Mean C over d = d₁d₂ for three kinds of factors.
pub const FIGURE: Figure = Figure {
    id: "kronecker",
    paper: &PAPER,
    title: "Kronecker regression by the tensor SRHT",
    claim: "The paper extends its bound to dense sketches of tensor products. For A₁ ⊗ A₂ the tensor SRHT, which never \
        forms the product, errs as a Gaussian sketch of the product does: C = √m ‖x′ − x★‖∞ / (‖r‖₂ ‖A⁺‖₂) is the same \
        to 20 % and grows with d = d₁d₂ no faster than logarithms. Figure of this library; the gap in the proof of \
        Theorem 1.1 concerns this extension too.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 13.0 },
};

const PLACE: &str =
    "the extension to dense sketches of tensor products, whose exact statement was not at hand";
const TENSOR: &str = "tensor SRHT";
const RATIO: usize = 16;

/// min ‖(A₁ ⊗ A₂) x − vec(B)‖₂, A₁ and A₂ of one shape.
struct Problem {
    factors: [DMatrix<f64>; 2],
    b: DMatrix<f64>,
}

/// What the factors and the residual are like.
#[derive(Clone, Copy)]
enum Kind {
    Normal,
    /// Aᵢ = [I; 0] and B one entry outside the ranges of both factors.
    OffBoth,
    /// Aᵢ = [I; 0] and B one entry outside the range of A₂ only.
    OffOne,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Normal, Self::OffBoth, Self::OffOne];

    fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal A₁, A₂ and B",
            Self::OffBoth => "Aᵢ = [I; 0], residual off both",
            Self::OffOne => "Aᵢ = [I; 0], residual off A₂",
        }
    }

    fn problem(self, n: usize, d: usize, key: StreamKey) -> Problem {
        let normal = |ncols, name| Instance::gaussian(n, ncols, key.named(name)).a;
        let single = |i, j| DMatrix::from_fn(n, n, |row, column| f64::from((row, column) == (i, j)));
        let identity = || DMatrix::identity(n, d);
        match self {
            Self::Normal => Problem { factors: [normal(d, "A1"), normal(d, "A2")], b: normal(n, "B") },
            Self::OffBoth => Problem { factors: [identity(), identity()], b: single(d, d) },
            Self::OffOne => Problem { factors: [identity(), identity()], b: single(0, d) },
        }
    }
}

impl Problem {
    /// The same problem with the product formed.
    fn formed(&self) -> Result<SolvedInstance, Fault> {
        let [first, second] = &self.factors;
        let b = DVector::from_column_slice(self.b.transpose().as_slice());
        Ok(SolvedInstance::new(Instance { a: first.kronecker(second), b })?)
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let n = context.at(32, 64);
    let sizes: &[usize] = context.at(&[2, 3, 4, 6], &[3, 4, 6, 8, 10]);
    let (tensor_draws, gaussian_draws) = context.at((200, 60), (200, 60));
    context.progress().expect(Kind::ALL.len() * sizes.len() * (tensor_draws + gaussian_draws));
    let mut table = Table::new(["kind", "sketch", "n", "d", "m", "draws", "C", "low", "high", "deviation"]);
    for kind in Kind::ALL {
        for &factor in sizes {
            let (d, key) = (factor * factor, context.key().named(kind.name()).indexed(factor as u64));
            let m = RATIO * d;
            let problem = kind.problem(n, factor, key.named("problem"));
            let formed = problem.formed()?;
            let tensor = trials(context, key.named(TENSOR), tensor_draws, |key| -> Result<f64, Fault> {
                let [first, second] = &problem.factors;
                let answer = solve_kronecker(first, second, &problem.b, m, LEVEL, key)?;
                Ok(formed.exact.normalized_error(&answer.coefficients, m))
            });
            let distribution = GAUSSIAN.distribution(m, n * n)?;
            let gaussian = trials(context, key.named(GAUSSIAN.name), gaussian_draws, |key| {
                normalized_error(&formed, &distribution.sample(key))
            });
            for (sketch, errors) in [(TENSOR, tensor), (GAUSSIAN.name, gaussian)] {
                let c = Summary::of(&errors.into_iter().collect::<Result<Vec<f64>, Fault>>()?);
                table.push([
                    kind.name().into(),
                    sketch.into(),
                    (n * n).into(),
                    d.into(),
                    m.into(),
                    c.count.into(),
                    c.mean.into(),
                    c.p10.into(),
                    c.p90.into(),
                    c.standard_deviation.into(),
                ]);
            }
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (n, greatest) = (table.numbers("n")?[0], table.numbers("high")?.iter().copied().fold(0.0, f64::max));
    let mut panels = Vec::new();
    for (kind, of_kind) in table.groups("kind")? {
        let y = Axis::linear("C, normalised error").including(0.0).including(greatest);
        let mut chart = Chart::new(kind, Axis::log2("d = d₁d₂"), y);
        for (sketch, of) in of_kind.groups("sketch")? {
            chart = chart.line_with_band(sketch, of.points("d", "C")?, of.band("d", "low", "high")?);
        }
        let sizes = of_kind.numbers("d")?;
        let (first, last) = (sizes[0], sizes[sizes.len() - 1]);
        let grid = (0..=60).map(|i| first * (last / first).powf(f64::from(i) / 60.0));
        panels.push(chart.reference("√(2 ln 2d)", grid.map(|d| (d, normal_maximum(d))).collect()));
    }
    let title = format!("Kronecker regression, n₁n₂ = {n}, m = {RATIO} d (10–90 % of draws shaded)");
    Ok(Drawing::panels(title, panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![as_gaussian(table)?, flat(table)?])
}

fn as_gaussian(table: &Table) -> Result<ClaimCheck, Fault> {
    let (tensor, gaussian) = (table.only("sketch", TENSOR)?, table.only("sketch", GAUSSIAN.name)?);
    let pairs = tensor.numbers("C")?.iter().zip(gaussian.numbers("C")?);
    let ratios: Vec<f64> = pairs.map(|(tensor, gaussian)| tensor / gaussian).collect();
    let holding = ratios.iter().filter(|ratio| (0.8..=1.2).contains(*ratio)).count();
    let low = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ratios.iter().copied().fold(0.0, f64::max);
    Ok(ClaimCheck::new(
        "Mean C of the tensor SRHT is that of a Gaussian sketch of the product to 20 %",
        PLACE,
        "m = 16 d; three kinds of factors, each at every d",
    )
    .seen(
        format!("{holding} of {} ratios; they run from {low:.2} to {high:.2}", ratios.len()),
        Verdict::from_cases(holding, ratios.len()),
    ))
}

fn flat(table: &Table) -> Result<ClaimCheck, Fault> {
    let (mut fits, mut seen) = (Vec::new(), Vec::new());
    for (kind, of) in table.only("sketch", TENSOR)?.groups("kind")? {
        let fit = fit_exponent(of.numbers("d")?, of.numbers("C")?, 0.05)?;
        seen.push(format!("{kind}: {:.2} ± {:.2}", fit.exponent, fit.half_width));
        fits.push(fit);
    }
    Ok(ClaimCheck::new(
        "Its C grows no faster than logarithms: exponent in d below 0.25, where √d would have 0.5",
        PLACE,
        "least squares of ln C on ln d; all of the 95 % interval below 0.25",
    )
    .seen(seen.join("; "), grows_like_logarithms(&fits)))
}

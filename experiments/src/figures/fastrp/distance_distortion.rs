//! How far a projection moves the distances between rows of Mᵏ, against the exact variance.

use nalgebra::DMatrix;
use proofsketch::embedding::{
    Graph, Mode, Projection, Settings, SimilarityMatrices, StochasticBlockModel, embed,
};
use proofsketch::guarantee::{mean_test_estimated, norm_square_variance};
use proofsketch::random::{StreamKey, uniform_below};

use super::PAPER;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// Distortion of squared distances over (s, d, k).
pub const FIGURE: Figure = Figure {
    id: "distance_distortion",
    paper: &PAPER,
    title: "How far distances move",
    claim: "A very sparse projection keeps the distances between rows of Mᵏ: ‖Uᵢ − Uⱼ‖² is unbiased, and its relative \
        variance is (2 + (s − 3)‖x‖₄⁴/‖x‖₂⁴)/d with x the difference of the rows. What the sparsity s = √N costs \
        therefore depends on how flat the rows are, and falls from power to power. Exact law of this library.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 12.0 },
};

const OWN: &str = "the variance is derived by this library; the paper argues from Li, Hastie and Church";
/// Level of each test.
const ALPHA: f64 = 1e-6;
/// Width and range of the bars of the histogram.
const WIDTH: f64 = 0.05;
const RANGE: (f64, f64) = (-1.0, 1.5);
const DENSITY: &str = "density";
const DEVIATION: &str = "deviation";

/// d of the histogram and of the powers.
const DIM: usize = 128;
const ACHLIOPTAS: &str = "s = 3";
const LI: &str = "s = √N";
const SPARSER: &str = "s = N/4";
const DAMPED: &str = "s = √N, β = −1";

/// A sparsity and a β by the name they have in the figure.
fn cases(nodes: usize) -> [(&'static str, f64, f64); 4] {
    let n = nodes as f64;
    [(ACHLIOPTAS, 3.0, 0.0), (LI, n.sqrt(), 0.0), (SPARSER, n / 4.0, 0.0), (DAMPED, n.sqrt(), -1.0)]
}

/// Pairs of nodes, and what is known of their rows in Mᵏ L.
struct Pairs {
    pairs: Vec<(usize, usize)>,
    squares: Vec<f64>,
    differences: Vec<Vec<f64>>,
}

impl Pairs {
    fn of(kernel: &DMatrix<f64>, pairs: &[(usize, usize)]) -> Self {
        let differences: Vec<Vec<f64>> =
            pairs.iter().map(|&(i, j)| (kernel.row(i) - kernel.row(j)).iter().copied().collect()).collect();
        let squares: Vec<f64> = differences.iter().map(|x| x.iter().map(|x| x * x).sum()).collect();
        // Twins, whose rows are equal, are at distance zero before and after.
        let apart: Vec<usize> = (0..pairs.len()).filter(|&pair| squares[pair] > 1e-20).collect();
        Self {
            pairs: apart.iter().map(|&pair| pairs[pair]).collect(),
            squares: apart.iter().map(|&pair| squares[pair]).collect(),
            differences: apart.iter().map(|&pair| differences[pair].clone()).collect(),
        }
    }

    /// Mean over the pairs of the relative variance of a squared distance.
    fn variance(&self, sparsity: f64, dim: usize) -> f64 {
        let relative =
            |(x, square): (&Vec<f64>, &f64)| norm_square_variance(x, sparsity, dim) / (square * square);
        self.differences.iter().zip(&self.squares).map(relative).sum::<f64>() / self.pairs.len() as f64
    }

    fn distortions(&self, vectors: &DMatrix<f32>) -> Vec<f64> {
        let distortion = |(&(i, j), square): (&(usize, usize), &f64)| {
            let (a, b) = (vectors.column(i), vectors.column(j));
            let after: f64 = a.iter().zip(&b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum();
            after / square - 1.0
        };
        self.pairs.iter().zip(&self.squares).map(distortion).collect()
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (nodes, edges, draws) = context.at((200, 800, 60), (1000, 4000, 250));
    let dims: &[usize] = context.at(&[32, DIM], &[32, 64, DIM, 256, 512]);
    let model = StochasticBlockModel { nodes, blocks: 5, edges, within: 0.7, exponent: 2.5 };
    let graph = model.sample(context.key().named("graph"))?.graph()?;
    let drawn = node_pairs(&graph, context.at(100, 300), context.key().named("pairs"));
    let powers = 1..=4;
    context.progress().expect((3 * dims.len() + 3 * powers.clone().count() + 1 - 3) * draws);
    let mut table =
        Table::new(["quantity", "case", "s", "beta", "d", "power", "x", "value", "predicted", "p"]);
    for power in powers {
        for (name, sparsity, beta) in cases(nodes) {
            let dims = match (name, power) {
                (DAMPED, _) | (ACHLIOPTAS | LI, 2..) => &[DIM][..],
                (SPARSER, 2..) => continue,
                _ => dims,
            };
            let settings = only(power, sparsity, beta, DIM);
            let kernel = SimilarityMatrices::of(&graph, &settings).linear_kernel(&settings);
            let pairs = Pairs::of(&kernel, &drawn);
            for &dim in dims {
                let settings = only(power, sparsity, beta, dim);
                let key = context.key().named(name).indexed(dim as u64).indexed(power as u64);
                let seen = trials(context, key, draws, |key| -> Result<Vec<f64>, Fault> {
                    Ok(pairs.distortions(&embed(&graph, &settings, key)?.vectors))
                });
                let seen = seen.into_iter().collect::<Result<Vec<_>, Fault>>()?;
                push(&mut table, (name, &settings, power), &seen, pairs.variance(sparsity, dim))?;
            }
        }
    }
    Ok(table)
}

/// Mᵏ L R and nothing else.
fn only(power: usize, sparsity: f64, beta: f64, dim: usize) -> Settings {
    let mut weights = vec![0.0; power];
    weights[power - 1] = 1.0;
    Settings {
        weights,
        beta,
        normalize_powers: false,
        projection: Projection::VerySparse { sparsity: Some(sparsity) },
        ..Settings::of(Mode::Paper, dim)
    }
}

/// Pairs of different nodes with an edge each.
fn node_pairs(graph: &Graph, count: usize, key: StreamKey) -> Vec<(usize, usize)> {
    let mut rng = key.block(0);
    let connected: Vec<usize> = (0..graph.node_count()).filter(|&node| graph.degree(node) > 0.0).collect();
    let mut draw = || connected[uniform_below(&mut rng, connected.len() as u32) as usize];
    std::iter::repeat_with(|| (draw(), draw())).filter(|(i, j)| i != j).take(count).collect()
}

fn push(
    table: &mut Table,
    (name, settings, power): (&str, &Settings, usize),
    seen: &[Vec<f64>],
    variance: f64,
) -> Result<(), Fault> {
    let Projection::VerySparse { sparsity: Some(s) } = settings.projection else {
        return Err("the projection is very sparse".into());
    };
    // Draws are independent, pairs of one draw are not.
    let squares: Vec<f64> =
        seen.iter().map(|draw| draw.iter().map(|x| x * x).sum::<f64>() / draw.len() as f64).collect();
    let test = mean_test_estimated(&squares, variance)?;
    let row = |quantity: &str, x: f64, value: f64, predicted: f64, p: f64| {
        [
            quantity.into(),
            name.into(),
            s.into(),
            settings.beta.into(),
            settings.dim.into(),
            power.into(),
            x.into(),
            value.into(),
            predicted.into(),
            p.into(),
        ]
    };
    table.push(row(DEVIATION, f64::NAN, test.estimate.sqrt(), variance.sqrt(), test.p_value));
    if power == 1 && settings.dim == DIM && name != DAMPED {
        let all: Vec<f64> = seen.iter().flatten().copied().collect();
        let bars = ((RANGE.1 - RANGE.0) / WIDTH).round() as usize;
        let mut counts = vec![0_usize; bars];
        for distortion in &all {
            let bar = ((distortion - RANGE.0) / WIDTH).floor();
            if bar >= 0.0 && (bar as usize) < bars {
                counts[bar as usize] += 1;
            }
        }
        for (bar, count) in counts.into_iter().enumerate() {
            let middle = RANGE.0 + (bar as f64 + 0.5) * WIDTH;
            let density = count as f64 / all.len() as f64 / WIDTH;
            let normal =
                (-0.5 * middle * middle / variance).exp() / (std::f64::consts::TAU * variance).sqrt();
            table.push(row(DENSITY, middle, density, normal, f64::NAN));
        }
    }
    Ok(())
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let density = table.only("quantity", DENSITY)?;
    let deviation = table.only("quantity", DEVIATION)?;
    let mut histogram = Chart::new(
        "k = 1, d = 128, β = 0",
        Axis::linear("‖Uᵢ − Uⱼ‖²/‖xᵢ − xⱼ‖² − 1").range(-1.0, 1.5),
        Axis::linear("density over pairs and draws"),
    );
    let mut by_dim = Chart::new(
        "k = 1, β = 0",
        Axis::log2("d, dimension of the vectors"),
        Axis::log("root mean square distortion"),
    );
    let mut by_power = Chart::new(
        "d = 128",
        Axis::linear("k, power of M").range(0.8, 4.2),
        Axis::linear("root mean square distortion").including(0.0),
    );
    for (name, rows) in density.groups("case")? {
        histogram = histogram.line(name, rows.points("x", "value")?);
    }
    let law = "exact law";
    for (name, rows) in deviation.groups("case")? {
        let first = rows.at("power", 1.0)?;
        if name != DAMPED {
            by_dim = by_dim.scatter(&name, first.points("d", "value")?);
            by_dim = by_dim.reference(law, first.points("d", "predicted")?);
        }
        if name != SPARSER {
            let at = rows.at("d", DIM as f64)?;
            by_power = by_power.scatter(&name, at.points("power", "value")?);
            by_power = by_power.reference(law, at.points("power", "predicted")?);
        }
    }
    Ok(Drawing::panels(
        "Squared distances between rows of MᵏL under a very sparse projection",
        [histogram, by_dim, by_power],
    ))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let deviation = table.only("quantity", DEVIATION)?;
    Ok(vec![law(&deviation)?, root_dim(&deviation)?, falling(&deviation)?, damped(&deviation)?])
}

fn law(deviation: &Table) -> Result<ClaimCheck, Fault> {
    let p = deviation.numbers("p")?;
    let ratios = deviation.numbers("value")?.iter().zip(deviation.numbers("predicted")?);
    let ratios: Vec<f64> = ratios.map(|(seen, predicted)| (seen / predicted).powi(2)).collect();
    let holding = p.iter().filter(|&&p| p > ALPHA).count();
    let (low, high) = ratios.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), &r| (l.min(r), h.max(r)));
    Ok(ClaimCheck::new(
        "The mean square distortion is (2 + (s − 3)‖x‖₄⁴/‖x‖₂⁴)/d, averaged over the pairs",
        OWN,
        format!("Student's test of the draws' means at α = {ALPHA:e}, each s, β, d and power"),
    )
    .seen(
        format!("{holding} of {} cases; seen over predicted from {low:.3} to {high:.3}", p.len()),
        Verdict::from_cases(holding, p.len()),
    ))
}

fn root_dim(deviation: &Table) -> Result<ClaimCheck, Fault> {
    let (mut seen, mut holding) = (Vec::new(), 0);
    for case in [ACHLIOPTAS, LI, SPARSER] {
        let rows = deviation.only("case", case)?.at("power", 1.0)?;
        let (dims, values) = (rows.numbers("d")?, rows.numbers("value")?);
        let last = dims.len() - 1;
        let slope = (values[last] / values[0]).ln() / (dims[last] / dims[0]).ln();
        holding += usize::from((slope + 0.5).abs() <= 0.05);
        seen.push(format!("{case} {slope:.3}"));
    }
    Ok(ClaimCheck::new(
        "The distortion falls like d^(−1/2) for every sparsity: exponent −0.50 ± 0.05",
        OWN,
        "root mean square distortion at power 1, least and largest d",
    )
    .seen(seen.join(", "), Verdict::from_cases(holding, 3)))
}

/// Root mean square distortion at each power, d = 128.
fn by_power(deviation: &Table, case: &str) -> Result<Vec<f64>, Fault> {
    Ok(deviation.only("case", case)?.at("d", DIM as f64)?.numbers("value")?.to_vec())
}

fn falling(deviation: &Table) -> Result<ClaimCheck, Fault> {
    let (tame, sparse) = (by_power(deviation, ACHLIOPTAS)?, by_power(deviation, LI)?);
    let ratios: Vec<f64> = sparse.iter().zip(&tame).map(|(sparse, tame)| sparse / tame).collect();
    let holding = ratios.windows(2).filter(|pair| pair[1] < pair[0]).count();
    let seen: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
    Ok(ClaimCheck::new(
        "What s = √N costs beside s = 3 falls from power to power, as rows of Mᵏ flatten",
        OWN,
        "ratio of the two root mean square distortions for k = 1, 2, 3, 4, β = 0",
    )
    .seen(seen.join(", "), Verdict::from_cases(holding, ratios.len() - 1)))
}

fn damped(deviation: &Table) -> Result<ClaimCheck, Fault> {
    let (plain, damped) = (by_power(deviation, LI)?, by_power(deviation, DAMPED)?);
    let ratios: Vec<f64> = damped.iter().zip(&plain).map(|(damped, plain)| damped / plain).collect();
    let seen: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.2}")).collect();
    let holding = ratios.iter().filter(|&&ratio| ratio > 1.0).count();
    Ok(ClaimCheck::new(
        "β = −1, which scales the columns of nodes of low degree up, makes the distortion larger at every power",
        OWN,
        "ratio of the root mean square distortions with β = −1 and β = 0 for k = 1, 2, 3, 4, s = √N",
    )
    .seen(seen.join(", "), Verdict::from_cases(holding, ratios.len())))
}

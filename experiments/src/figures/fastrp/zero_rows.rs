//! Rows that a very sparse projection leaves empty, on graphs that are shipped or drawn.

use proofsketch::embedding::{Graph, Mode, Projection, Settings, StochasticBlockModel, ZeroRows, embed};
use proofsketch::guarantee::mean_test_estimated;
use proofsketch::random::StreamKey;

use super::PAPER;
use crate::error::Fault;
use crate::graphs::{DebianLabels, debian_packages, karate};
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// The fraction of zero rows of R, M R and M²R over d.
pub const FIGURE: Figure = Figure {
    id: "zero_rows",
    paper: &PAPER,
    title: "Rows that a very sparse projection leaves empty",
    claim: "A row of R with s = √N is zero with probability (1 − 1/s)ᵈ: more than half of them at d = 64 on a graph of 10⁴ \
        nodes, and nodes with one neighbour inherit the row of that neighbour in M R. Averaging over neighbours fills \
        rows (isolated nodes, whose rows stay zero, are not counted), so that d ≥ 5s and powers from 2 on are safe. Exact law of this library.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 2.0, paper: 13.0 },
};

const OWN: &str = "not in the paper: an exact law, derived by this library";
/// Level of each test.
const ALPHA: f64 = 1e-6;
/// Zero rows expected over all draws below which the mean is not tested.
const LEAST_EXPECTED: f64 = 20.0;
/// Names of Mᵏ R.
const POWERS: [&str; 3] = ["rows of R", "rows of M R", "rows of M²R"];
/// Names of what they are held against.
const LAWS: [&str; 2] = ["(1 − 1/s)ᵈ", "exact mean by degrees"];

fn run(context: &Context) -> Result<Table, Fault> {
    let (nodes, edges) = context.at((1_000, 5_000), (10_000, 100_000));
    let model = StochasticBlockModel { nodes, blocks: 10, edges, within: 0.7, exponent: 2.5 };
    let blocks = model.sample(context.key().named("blocks"))?.graph()?;
    let debian = debian_packages(DebianLabels::Section)?.graph;
    let small: &[usize] = &[4, 8, 16, 32, 64];
    let large: &[usize] = context.at(&[64, 128], &[32, 64, 128, 256, 512]);
    let cases = [
        ("karate club", karate()?.graph, small, context.at(100, 2000)),
        ("block model", blocks, large, context.at(10, 20)),
        ("Debian packages", debian, large, context.at(2, 4)),
    ];
    let mut table = table();
    context.progress().expect(cases.iter().map(|(.., dims, draws)| dims.len() * draws).sum());
    for (name, graph, dims, draws) in &cases {
        count(context, &mut table, (name, graph), dims, *draws)?;
    }
    Ok(table)
}

/// Columns of the table of zero rows.
pub(super) fn table() -> Table {
    Table::new(["graph", "matrix", "N", "s", "d", "draws", "fraction", "low", "high", "predicted", "p"])
}

/// The rows of one graph: `draws` draws at each d.
pub(super) fn count(
    context: &Context,
    table: &mut Table,
    (name, graph): (&str, &Graph),
    dims: &[usize],
    draws: usize,
) -> Result<(), Fault> {
    let nodes = graph.node_count();
    let connected = nodes - graph.isolated();
    for &dim in dims {
        let key = context.key().named(name).indexed(dim as u64);
        let counts = trials(context, key, draws, |key| -> Result<[u64; 3], Fault> {
            Ok([zeros(graph, dim, 0, key)?, zeros(graph, dim, 1, key)?, zeros(graph, dim, 2, key)?])
        });
        let counts = counts.into_iter().collect::<Result<Vec<_>, Fault>>()?;
        let law = ZeroRows { sparsity: (nodes as f64).sqrt(), dim };
        for (power, matrix) in POWERS.into_iter().enumerate() {
            let (rows, alone) = if power == 0 { (nodes, 0) } else { (connected, nodes - connected) };
            let zeros: Vec<f64> = counts.iter().map(|count| count[power] as f64 - alone as f64).collect();
            let (predicted, p) = match power {
                0 => {
                    let total = counts.iter().map(|count| count[0]).sum();
                    (law.probability(), law.p_value(total, (draws * nodes) as u64))
                }
                1 => {
                    let predicted = by_degree(&law, graph);
                    let expected = predicted * connected as f64;
                    // A sample of hardly anything but zeros has no estimate of its variance.
                    let testable = expected * draws as f64 >= LEAST_EXPECTED;
                    let p = if testable { mean_test_estimated(&zeros, expected)?.p_value } else { f64::NAN };
                    (predicted, p)
                }
                _ => (f64::NAN, f64::NAN),
            };
            let fractions: Vec<f64> = zeros.iter().map(|zeros| zeros / rows as f64).collect();
            let summary = Summary::of(&fractions);
            table.push([
                name.into(),
                matrix.into(),
                nodes.into(),
                law.sparsity.into(),
                dim.into(),
                draws.into(),
                summary.mean.into(),
                summary.p10.into(),
                summary.p90.into(),
                predicted.into(),
                p.into(),
            ]);
        }
    }
    Ok(())
}

/// Zero rows of Mᵏ R. The entries of row i of M R are whole multiples of √(s/d)/dᵢ, so that one below half of that is zero
/// up to rounding; a zero row of M²R is one whose entries are all exactly zero.
fn zeros(graph: &Graph, dim: usize, power: usize, key: StreamKey) -> Result<u64, Fault> {
    let mut weights = vec![0.0; power];
    if let Some(last) = weights.last_mut() {
        *last = 1.0;
    }
    let settings = Settings {
        weights,
        self_influence: if power == 0 { 1.0 } else { 0.0 },
        beta: 0.0,
        normalize_powers: false,
        projection: Projection::VerySparse { sparsity: None },
        ..Settings::of(Mode::Paper, dim)
    };
    let embedding = embed(graph, &settings, key)?;
    if power != 1 {
        return Ok(embedding.zero_vectors as u64);
    }
    let unit = ((graph.node_count() as f64).sqrt() / dim as f64).sqrt();
    let is_zero = |node: usize| {
        let least = 0.5 * unit / graph.degree(node).max(1.0);
        embedding.vectors.column(node).iter().all(|entry| f64::from(entry.abs()) < least)
    };
    Ok((0..graph.node_count()).filter(|&node| is_zero(node)).count() as u64)
}

/// The expected fraction of zero rows of M R among nodes with neighbours: row i sums dᵢ rows of R.
fn by_degree(law: &ZeroRows, graph: &Graph) -> f64 {
    let all = (0..graph.node_count()).map(|node| graph.neighbours(node).len());
    let mut degrees: Vec<usize> = all.filter(|&degree| degree > 0).collect();
    degrees.sort_unstable();
    let runs = degrees.chunk_by(|a, b| a == b);
    let expected = runs.map(|run| run.len() as f64 * law.combined_probability(&vec![1.0; run[0]]));
    expected.sum::<f64>() / degrees.len() as f64
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let charts = table.groups("graph")?.into_iter().map(|(name, rows)| chart(&name, &rows));
    let charts = charts.collect::<Result<Vec<_>, Fault>>()?;
    Ok(Drawing::panels("Zero rows of a very sparse projection, s = √N, β = 0", charts))
}

/// One graph's panel.
pub(super) fn chart(name: &str, rows: &Table) -> Result<Chart, Fault> {
    let (nodes, s) = (rows.numbers("N")?[0], rows.numbers("s")?[0]);
    let mut chart = Chart::new(
        format!("{name}, N = {nodes}, s = {s:.1}"),
        Axis::log2("d, dimension of the vectors"),
        Axis::log("fraction of rows that are zero"),
    );
    for (power, matrix) in POWERS.into_iter().enumerate() {
        let of = rows.only("matrix", matrix)?;
        if of.numbers("fraction")?.iter().any(|&fraction| fraction > 0.0) {
            chart = chart.scatter(matrix, of.points("d", "fraction")?);
        }
        if let Some(law) = LAWS.get(power) {
            chart =
                chart.reference(*law, visible(of.points("d", "predicted")?, nodes * of.numbers("draws")?[0]));
        }
    }
    Ok(chart)
}

/// Without fractions of which one in all draws is not to be expected.
fn visible(points: Vec<(f64, f64)>, rows: f64) -> Vec<(f64, f64)> {
    points.into_iter().filter(|point| point.1 * rows >= 1.0).collect()
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![binomial(table)?, degrees(table)?, safe(table)?, leaves(table)?])
}

/// The law of R on every graph of a table.
pub(super) fn binomial(table: &Table) -> Result<ClaimCheck, Fault> {
    held(
        table,
        POWERS[0],
        "The zero rows of R are as many as Binomial(N, (1 − 1/s)ᵈ) says",
        "exact binomial test of all draws together",
    )
}

/// The law of M R on every graph of a table.
pub(super) fn degrees(table: &Table) -> Result<ClaimCheck, Fault> {
    held(
        table,
        POWERS[1],
        "The zero rows of M R are as many as the degrees say, cancellations of +1 and −1 included",
        "Student's test of the mean count over draws against Σᵢ Pr[a sum of dᵢ entries vanishes]ᵈ, where 20 or more zero \
        rows are expected",
    )
}

fn held(table: &Table, matrix: &str, sentence: &str, test: &str) -> Result<ClaimCheck, Fault> {
    let rows = table.only("matrix", matrix)?;
    let p: Vec<f64> = rows.numbers("p")?.iter().copied().filter(|p| !p.is_nan()).collect();
    let holding = p.iter().filter(|&&p| p > ALPHA).count();
    let least = p.iter().copied().fold(1.0, f64::min);
    Ok(ClaimCheck::new(sentence, OWN, format!("{test}, at α = {ALPHA:e} each")).seen(
        format!("{holding} of {} cases; least p {least:.2e}", p.len()),
        Verdict::from_cases(holding, p.len()),
    ))
}

fn safe(table: &Table) -> Result<ClaimCheck, Fault> {
    let rows = table.only("matrix", POWERS[2])?;
    let columns = rows.numbers("d")?.iter().zip(rows.numbers("s")?).zip(rows.numbers("fraction")?);
    let cases: Vec<(&String, f64)> = columns
        .zip(rows.text("graph")?)
        .filter(|(((d, s), _), _)| **d >= 5.0 * **s)
        .map(|(((_, _), &fraction), graph)| (graph, fraction))
        .collect();
    let holding = cases.iter().filter(|case| case.1 <= 1e-3).count();
    let worst = cases.iter().fold(0.0_f64, |worst, case| worst.max(case.1));
    Ok(ClaimCheck::new(
        "With d ≥ 5s no more than one row of M²R in 1000 is zero",
        OWN,
        "mean fraction over draws at each such d, all graphs",
    )
    .seen(
        format!("{holding} of {} cases, at most {worst:.1e}", cases.len()),
        Verdict::from_cases(holding, cases.len()),
    ))
}

fn leaves(table: &Table) -> Result<ClaimCheck, Fault> {
    let rows = table.only("graph", "Debian packages")?.only("matrix", POWERS[1])?;
    let last = rows.points("d", "fraction")?.pop().ok_or("no row of Debian packages")?;
    Ok(ClaimCheck::new(
        "Where many nodes have one neighbour (Debian packages, d = 512 ≈ 2s) more than 1 % of the rows of M R are zero: s = √N is \
        not safe there by itself",
        OWN,
        "mean fraction over draws, nodes with a neighbour, at the largest d",
    )
    .seen(format!("{:.1} % at d = {}", 100.0 * last.1, last.0), Verdict::from_bool(last.1 > 0.01)))
}

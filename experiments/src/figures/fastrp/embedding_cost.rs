//! Operations that an embedding takes, counted one by one.

use nalgebra::DMatrix;
use proofsketch::embedding::{Graph, Mode, OperationCount, Settings, StochasticBlockModel, embed};
use proofsketch::embedding::{Projection, RandomProjection};
use proofsketch::guarantee::fit_exponent;
use proofsketch::random::StreamKey;

use super::PAPER;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// Multiply–adds against edges and against d.
pub const FIGURE: Figure = Figure {
    id: "embedding_cost",
    paper: &PAPER,
    title: "What an embedding costs",
    claim: "An embedding takes time O(m d q) for m edges, d dimensions and q powers: linear in each. Counted here are \
        multiply–adds of an iteration that gives the vectors of the library; the first product skips the zeros of R and \
        so costs 1/s of the others. Multiplying out the powers of M first, as the formula reads, does not stay linear.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.5, paper: 9.0 },
};

const PLACE: &str = "the complexity of the algorithm";
const OWN: &str = "not in the paper: counted by this library";

const TOTAL: &str = "FastRP, all operations";
const FIRST: &str = "its first product M·R";
const LATER: &str = "its later products";
const EXPLICIT: &str = "powers of M multiplied out (control)";

/// Nodes of the graph are a tenth of its edges.
const MEAN_DEGREE: usize = 20;
/// The vectors of counted and library iteration differ by less in each coordinate, for rows of norm ∑wₖ = 7.67.
const ROUNDING: f32 = 1e-5;

fn run(context: &Context) -> Result<Table, Fault> {
    let edges: &[usize] = context
        .at(&[1_000, 2_000, 4_000, 8_000], &[10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]);
    let explicit: &[usize] =
        context.at(&[1_000, 2_000, 4_000], &[1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]);
    let dims: &[usize] = context.at(&[16, 32, 64], &[16, 32, 64, 128, 256, 512, 1024]);
    let (dim, size) = context.at((32, 4_000), (128, 100_000));
    context.progress().expect(edges.len() + explicit.len() + dims.len());
    let mut table =
        Table::new(["sweep", "counted", "edges", "d", "operations", "formula", "same_as_library"]);
    for &edges in edges {
        push(&mut table, "edges", &model(context, edges)?, (edges, dim), context.key())?;
        context.progress().tick();
    }
    for &edges in explicit {
        let operations = multiplied_out(&model(context, edges)?, dim);
        let nan = f64::NAN;
        table.push([
            "edges".into(),
            EXPLICIT.into(),
            edges.into(),
            dim.into(),
            operations.into(),
            nan.into(),
            nan.into(),
        ]);
        context.progress().tick();
    }
    let graph = model(context, size)?;
    for &dim in dims {
        push(&mut table, "d", &graph, (size, dim), context.key())?;
        context.progress().tick();
    }
    Ok(table)
}

fn model(context: &Context, edges: usize) -> Result<Graph, Fault> {
    let nodes = 2 * edges / MEAN_DEGREE;
    let model = StochasticBlockModel { nodes, blocks: 10, edges, within: 0.7, exponent: 2.5 };
    Ok(model.sample(context.key().named("graph").indexed(edges as u64))?.graph()?)
}

/// The rows of one graph and one d: each part of the count, measured and by formula.
fn push(
    table: &mut Table,
    sweep: &str,
    graph: &Graph,
    (edges, dim): (usize, usize),
    key: StreamKey,
) -> Result<(), Fault> {
    let settings = Settings::of(Mode::Paper, dim);
    let (count, vectors) = OperationCount::measure(graph, &settings, key)?;
    let formula = OperationCount::of(graph, &settings, &row_nonzeros(graph, &settings, key)?);
    let library = embed(graph, &settings, key)?.vectors;
    let difference = library.zip_map(&vectors, |a, b| (a - b as f32).abs()).max();
    let same = f64::from(u8::from(difference <= ROUNDING));
    for (name, counted, formula) in [
        (TOTAL, count.total(), formula.total()),
        (FIRST, count.first_product, formula.first_product),
        (LATER, count.later_products, formula.later_products),
    ] {
        table.push([
            sweep.into(),
            name.into(),
            edges.into(),
            dim.into(),
            (counted as f64).into(),
            (formula as f64).into(),
            same.into(),
        ]);
    }
    Ok(())
}

fn row_nonzeros(graph: &Graph, settings: &Settings, key: StreamKey) -> Result<Vec<u64>, Fault> {
    let projection = Projection::VerySparse { sparsity: None };
    let rows = RandomProjection::new(projection, graph.node_count(), settings.dim, key)?;
    let matrix: DMatrix<f64> = rows.matrix(graph)?;
    Ok(matrix.column_iter().map(|row| row.iter().filter(|&&entry| entry != 0.0).count() as u64).collect())
}

/// Multiply–adds of M², M³, M⁴ as sparse products and of M⁴·R.
fn multiplied_out(graph: &Graph, dim: usize) -> f64 {
    let nodes = graph.node_count();
    let words = nodes.div_ceil(64);
    let mut reached = vec![vec![0_u64; words]; nodes];
    let mut count = vec![0_u64; nodes];
    for i in 0..nodes {
        graph.neighbours(i).iter().for_each(|&j| reached[i][j as usize / 64] |= 1 << (j % 64));
        count[i] = graph.neighbours(i).len() as u64;
    }
    let mut operations = 0.0;
    for _ in 2..=4 {
        let next: Vec<Vec<u64>> = (0..nodes)
            .map(|i| {
                let mut row = vec![0_u64; words];
                for &j in graph.neighbours(i) {
                    operations += count[j as usize] as f64;
                    row.iter_mut().zip(&reached[j as usize]).for_each(|(word, other)| *word |= other);
                }
                row
            })
            .collect();
        reached = next;
        count = reached.iter().map(|row| row.iter().map(|word| u64::from(word.count_ones())).sum()).collect();
    }
    operations + count.iter().sum::<u64>() as f64 * dim as f64
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let chart = |sweep: &str, title: &str, x: Axis, column: &str| -> Result<Chart, Fault> {
        let mut chart = Chart::new(title, x, Axis::log("multiply–adds"));
        // The later products are all but a few per cent of the total: one line would cover the other.
        for (name, rows) in
            table.only("sweep", sweep)?.groups("counted")?.into_iter().filter(|(n, _)| n != LATER)
        {
            let points = rows.points(column, "operations")?;
            if name == TOTAL {
                chart = chart.slope("slope 1", points[0], 1.0);
            }
            chart = chart.line(name, points);
        }
        Ok(chart)
    };
    let (edges, dims) = (table.only("sweep", "edges")?, table.only("sweep", "d")?);
    let title = format!("d = {}, a tenth as many nodes as edges", edges.numbers("d")?[0]);
    let dimension = format!("m = {} edges", dims.numbers("edges")?[0]);
    Ok(Drawing::panels(
        "Operations of an embedding with powers 1 to 4, counted",
        [
            chart("edges", &title, Axis::log("m, edges"), "edges")?,
            chart("d", &dimension, Axis::log2("d, dimension of the vectors"), "d")?,
        ],
    ))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![
        slope(table, "edges", "edges", "m")?,
        slope(table, "d", "d", "d")?,
        exact(table)?,
        sparse_start(table)?,
        control(table)?,
    ])
}

fn exponent(table: &Table, sweep: &str, column: &str, counted: &str) -> Result<f64, Fault> {
    let rows = table.only("sweep", sweep)?.only("counted", counted)?;
    Ok(fit_exponent(rows.numbers(column)?, rows.numbers("operations")?, 0.05)?.exponent)
}

fn slope(table: &Table, sweep: &str, column: &str, letter: &str) -> Result<ClaimCheck, Fault> {
    Ok(ClaimCheck::new(
        format!("The cost is linear in {letter}: log-log slope 1.0 ± 0.1"),
        PLACE,
        "all multiply–adds counted one by one, stochastic block model; least squares of logarithms",
    )
    .seen_within(exponent(table, sweep, column, TOTAL)?, 0.9..=1.1))
}

fn exact(table: &Table) -> Result<ClaimCheck, Fault> {
    let counted = table.numbers("operations")?.iter().zip(table.numbers("formula")?);
    let cases: Vec<bool> = counted
        .zip(table.numbers("same_as_library")?)
        .filter(|((_, formula), _)| !formula.is_nan())
        .map(|((operations, formula), &same)| operations == formula && same == 1.0)
        .collect();
    let holding = cases.iter().filter(|&&holds| holds).count();
    Ok(ClaimCheck::new(
        "The cost is exactly Σⱼcⱼρⱼ for the first product, 2m d for each later one and 4N d for norms and sums",
        OWN,
        format!(
            "counted by an iteration whose vectors are those of the library to {ROUNDING:e} in each coordinate; cⱼ arcs \
            and ρⱼ nonzeros of R at node j, two powers of weight"
        ),
    )
    .seen(format!("{holding} of {} counts", cases.len()), Verdict::from_cases(holding, cases.len())))
}

fn sparse_start(table: &Table) -> Result<ClaimCheck, Fault> {
    let largest = table.only("sweep", "edges")?.only("counted", FIRST)?;
    let (first, edges) = (largest.numbers("operations")?, largest.numbers("edges")?);
    let (first, edges) = (first[first.len() - 1], edges[edges.len() - 1]);
    let saved = 2.0 * edges * largest.numbers("d")?[0] / first;
    let s = (2.0 * edges / MEAN_DEGREE as f64).sqrt();
    Ok(ClaimCheck::new(
        "The zeros of R make the first product s = √N times cheaper than a dense one, to 10 %",
        OWN,
        "2m d over the count, at the largest m",
    )
    .seen(format!("{saved:.1} times, s = {s:.1}"), Verdict::from_bool((saved / s - 1.0).abs() <= 0.1)))
}

fn control(table: &Table) -> Result<ClaimCheck, Fault> {
    let exponent = exponent(table, "edges", "edges", EXPLICIT)?;
    Ok(ClaimCheck::new(
        "Negative control: with the powers of M multiplied out the slope exceeds 1.3",
        OWN,
        "multiply–adds of M², M³, M⁴ as sparse products and of M⁴R, on smaller graphs",
    )
    .seen(format!("slope {exponent:.2}"), Verdict::from_bool(exponent > 1.3)))
}

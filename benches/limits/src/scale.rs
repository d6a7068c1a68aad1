//! Runs at a scale that no memory holds, or nearly: seconds, peak memory, and how good the answer is.

use std::error::Error;
use std::time::Instant;

use nalgebra::{DMatrix, DVector};
use proofsketch::completion::{self, Instance, LowRankMatrix, ObservationModel, Spectrum};
use proofsketch::embedding::{self, Mode, StochasticBlockModel, embed};
use proofsketch::linalg::{DataMatrix, column_norms, product};
use proofsketch::random::StreamKey;
use proofsketch::regression::solve_from_sketch;
use proofsketch::sampling::{LeverageSketch, RowScores, SamplingPlan, StreamedLeverage};
use proofsketch::sketch::{SketchDistribution, SketchOperator, SparseSign, StreamingSketch};
use proofsketch::solve::{LpRegression, LpRegressionSettings, lp_regression};
use proofsketch_experiments::peak_bytes;
use serde_json::{Value, json};

use crate::rows::Rows;

/// 20.4 GB as a table of doubles.
const TABLE: (usize, usize) = (50_000_000, 50);
const CORESET: f64 = 20_000.0;

/// The run of that name.
pub fn scale(what: &str) -> Result<Value, Box<dyn Error>> {
    let key = StreamKey::from_seed(1);
    let start = Instant::now();
    let mut found = match what {
        "regress" => regress(key)?,
        "sample" => sample(key)?,
        "embed" => embedded(key)?,
        "complete" => complete(key)?,
        _ => return Err(format!("no run is called {what}").into()),
    };
    found["seconds"] = start.elapsed().as_secs_f64().into();
    found["peak_bytes"] = peak_bytes().into();
    Ok(found)
}

fn table(key: StreamKey) -> Rows {
    Rows { nrows: TABLE.0, ncols: TABLE.1, key: key.named("table") }
}

/// S [A b] and the norms of the columns of A, in one pass.
fn sketched(rows: &Rows, sketch: &dyn SketchOperator) -> (DMatrix<f64>, DVector<f64>) {
    let mut stream = StreamingSketch::new(sketch, rows.ncols + 1);
    let mut norms = DVector::zeros(rows.ncols + 1);
    for block in rows.blocks() {
        stream.push(&block.row_block(0..block.nrows()));
        norms.zip_apply(&column_norms(&block), |norm: &mut f64, part: f64| *norm = norm.hypot(part));
    }
    (stream.finish(), norms.rows(0, rows.ncols).into_owned())
}

fn regress(key: StreamKey) -> Result<Value, Box<dyn Error>> {
    let rows = table(key);
    let sketch = SparseSign::new(20_000, rows.nrows, 8)?.sample(key.named("sketch"));
    let (mut sa, norms) = sketched(&rows, &sketch);
    let sb = sa.column(rows.ncols).into_owned();
    sa.resize_horizontally_mut(rows.ncols, 0.0);
    let solution = solve_from_sketch(&sa, &sb, &norms, 0.95)?;
    let error = (solution.coefficients - rows.coefficients()).amax();
    Ok(json!({ "rows": rows.nrows, "columns": rows.ncols, "bytes": rows.bytes(), "passes": 1,
               "sketch_rows": sa.nrows(), "largest_error_of_a_coefficient": error }))
}

/// A coreset by root leverage scores at p = 1, the regression on it, and its objective over the whole.
fn sample(key: StreamKey) -> Result<Value, Box<dyn Error>> {
    let (rows, settings) = (table(key), LeverageSketch::default());
    let sketch_rows = (settings.rows_per_column * (rows.ncols + 1) as f64) as usize;
    let sketch = SparseSign::new(sketch_rows, rows.nrows, settings.nonzeros)?.sample(key.named("sketch"));
    let mut pass = StreamedLeverage::new(&sketched(&rows, &sketch).0)?;
    for block in rows.blocks() {
        pass.push(&block)?;
    }
    let leverage = pass.finish()?;
    let scores = RowScores::root_leverage(&leverage.scores, 1.0)?;
    let coreset = SamplingPlan::budget(&scores, CORESET)?.sample(key.named("coreset"));
    let mut kept = DMatrix::zeros(coreset.len(), rows.ncols + 1);
    let (mut next, mut first) = (0, 0);
    for block in rows.blocks() {
        while next < coreset.len() && coreset.indices()[next] < first + block.nrows() {
            kept.row_mut(next).copy_from(&block.row(coreset.indices()[next] - first));
            next += 1;
        }
        first += block.nrows();
    }
    let (a, b) = (kept.columns(0, rows.ncols).into_owned(), kept.column(rows.ncols).into_owned());
    let problem = LpRegression::new(&a, &b, 1.0)?.weighted(coreset.weights())?;
    let x = lp_regression(&problem, &LpRegressionSettings::default())?.solution.x;
    // Residuals at x and at the truth, whose objective the least is close to.
    let directions = DMatrix::from_columns(&[
        x.clone().insert_row(rows.ncols, -1.0),
        rows.coefficients().insert_row(rows.ncols, -1.0),
    ]);
    let mut objectives = [0.0, 0.0];
    for block in rows.blocks() {
        let residuals = product(&block, &directions);
        (0..2).for_each(|k| objectives[k] += residuals.column(k).lp_norm(1));
    }
    Ok(json!({ "rows": rows.nrows, "columns": rows.ncols, "bytes": rows.bytes(), "passes": 4,
               "rows_kept": coreset.len(), "leverage_factor": leverage.distortion,
               "objective_beside_the_truth": objectives[0] / objectives[1] }))
}

fn embedded(key: StreamKey) -> Result<Value, Box<dyn Error>> {
    let model =
        StochasticBlockModel { nodes: 5_000_000, edges: 50_000_000, ..StochasticBlockModel::default() };
    let graph = model.sample(key)?.graph()?;
    let start = Instant::now();
    let found = embed(&graph, &embedding::Settings::of(Mode::Official, 64), key)?;
    Ok(json!({ "nodes": graph.node_count(), "edges": graph.edge_count(), "d": 64,
               "zero_vectors": found.zero_vectors, "seconds_embedding": start.elapsed().as_secs_f64() }))
}

fn complete(key: StreamKey) -> Result<Value, Box<dyn Error>> {
    let (shape, k) = ((20_000, 20_000), 10);
    let truth = LowRankMatrix::incoherent(shape, k, Spectrum::Geometric { condition: 10.0 }, key)?;
    let instance = Instance::draw(truth, ObservationModel::Bernoulli { probability: 0.05 }, key)?;
    let settings = completion::Settings { tol: 1e-10, ..completion::Settings::of_rank(k) };
    let start = Instant::now();
    let report = completion::solve(&instance.problem, &settings, key)?;
    let seconds = start.elapsed().as_secs_f64();
    let error = instance.truth.relative_error(&report.solution.u, &report.solution.v)?;
    Ok(json!({ "rows": shape.0, "columns": shape.1, "rank": k, "observed": instance.problem.observed(),
               "seconds_completion": seconds, "iterations": report.iterations(), "relative_error": error }))
}

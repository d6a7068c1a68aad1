//! The methods whose cost is measured against a size, with the exponent that their operation counts predict.

use nalgebra::{DMatrix, DVector};
use nalgebra_sparse::CsrMatrix;
use proofsketch::completion::{self, Instance, LowRankMatrix, ObservationModel, Spectrum};
use proofsketch::embedding::{self, Mode, StochasticBlockModel, embed};
use proofsketch::linalg::DataMatrix;
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::regression::{self, LeastSquares, Refinement};
use proofsketch::sampling::{LewisSettings, RowBasis, leverage_scores, lewis_weights};
use proofsketch::sensing::{LowRankTruth, MeasurementMap, PackedGaussian, sign};
use proofsketch::sketch::{SketchDistribution, SketchFamily, SketchOperator};
use proofsketch::solve::{LpRegression, LpRegressionSettings, lp_regression};

use crate::timing::seconds;

/// One method against one size.
pub struct Kernel {
    pub name: &'static str,
    pub size: &'static str,
    pub values: &'static [usize],
    /// Predicted by operations or bytes.
    pub exponent: f64,
    /// Seconds at a value of the size.
    pub run: fn(usize) -> f64,
}

const fn kernel(
    name: &'static str,
    size: &'static str,
    values: &'static [usize],
    exponent: f64,
    run: fn(usize) -> f64,
) -> Kernel {
    Kernel { name, size, values, exponent, run }
}

const ROWS: &[usize] = &[1 << 15, 1 << 16, 1 << 17, 1 << 18, 1 << 19];
const COLUMNS: &[usize] = &[16, 32, 64, 128];
const SKETCH: &[usize] = &[256, 512, 1024, 2048];

/// All of them.
pub const KERNELS: &[Kernel] = &[
    kernel("SRHT", "n", ROWS, 1.0, |n| sketch(SketchFamily::Srht, (512, n, 64))),
    kernel("SRHT", "d", COLUMNS, 1.0, |d| sketch(SketchFamily::Srht, (512, 1 << 17, d))),
    kernel("SRHT", "m", SKETCH, 0.0, |m| sketch(SketchFamily::Srht, (m, 1 << 17, 64))),
    kernel("CountSketch", "n", ROWS, 1.0, |n| sketch(COUNT_SKETCH, (512, n, 64))),
    kernel("CountSketch", "d", COLUMNS, 1.0, |d| sketch(COUNT_SKETCH, (512, 1 << 17, d))),
    kernel("SparseSign(8)", "n", ROWS, 1.0, |n| sketch(SPARSE_SIGN, (512, n, 64))),
    kernel("CountSketch", "nnz", &[1 << 18, 1 << 19, 1 << 20, 1 << 21, 1 << 22], 1.0, sparse_rows),
    kernel("Gaussian", "n", &[1 << 13, 1 << 14, 1 << 15, 1 << 16], 1.0, |n| {
        sketch(SketchFamily::Gaussian, (512, n, 64))
    }),
    kernel("Gaussian", "m", SKETCH, 1.0, |m| sketch(SketchFamily::Gaussian, (m, 1 << 14, 64))),
    kernel("least squares, refined", "n", ROWS, 1.0, |n| least_squares(n, 32)),
    kernel("least squares, refined", "d", COLUMNS, 1.5, |d| least_squares(1 << 17, d)),
    kernel("leverage scores", "n", ROWS, 1.0, |n| leverage(n, 32)),
    kernel("leverage scores", "d", COLUMNS, 2.0, |d| leverage(1 << 17, d)),
    kernel("Lewis weights, p = 1", "n", &[1 << 14, 1 << 15, 1 << 16, 1 << 17], 1.0, |n| lewis(n, 20)),
    kernel("ℓ1 regression", "n", &[1 << 14, 1 << 15, 1 << 16, 1 << 17], 1.0, |n| absolute(n, 10)),
    kernel("ℓ1 regression", "d", &[5, 10, 20, 40], 2.0, |d| absolute(1 << 15, d)),
    kernel("completion", "|Ω|", &[200_000, 400_000, 800_000, 1_600_000], 1.0, |observed| {
        complete((2000, 2000), 10, observed)
    }),
    kernel("completion", "k", &[5, 10, 20, 40], 2.0, |k| complete((2000, 2000), k, 800_000)),
    kernel("FastRP", "edges", &[250_000, 500_000, 1_000_000, 2_000_000], 1.0, |edges| {
        embedded(edges / 20, edges, 128)
    }),
    kernel("FastRP", "d", &[64, 128, 256, 512], 1.0, |dim| embedded(25_000, 500_000, dim)),
    kernel("sensing pass", "m", &[1000, 2000, 4000, 8000], 1.0, |m| sensing(100, m)),
    kernel("sensing pass", "d", &[50, 100, 200], 2.0, |d| sensing(d, 2000)),
];

const COUNT_SKETCH: SketchFamily = SketchFamily::SparseSign { nonzeros: 1 };
const SPARSE_SIGN: SketchFamily = SketchFamily::SparseSign { nonzeros: 8 };
const REPEATS: usize = 3;

fn key() -> StreamKey {
    StreamKey::from_seed(1)
}

/// Drawn and applied.
fn sketch(family: SketchFamily, (m, n, d): (usize, usize, usize)) -> f64 {
    let a = DMatrix::from_fn(n, d, |i, j| ((i * (j + 3)) % 101) as f64 - 50.0);
    sketch_of(family, m, &a)
}

fn sketch_of(family: SketchFamily, m: usize, a: &dyn DataMatrix) -> f64 {
    let distribution = family.distribution(m, a.nrows()).expect("m ≤ n");
    seconds(REPEATS, || distribution.sample(key()).sketch(a)).0
}

/// CountSketch of 2¹⁷ rows of length 256 with as many nonzeros each, at even distances.
fn sparse_rows(nnz: usize) -> f64 {
    let (n, d) = (1 << 17, 256);
    let each = nnz / n;
    let offsets = (0..=n).map(|i| i * each).collect();
    let indices = (0..nnz).map(|k| (k % each) * (d / each) + k / each % (d / each)).collect();
    let values = (0..nnz).map(|k| (k % 101) as f64 - 50.0).collect();
    let a = CsrMatrix::try_from_csr_data(n, d, offsets, indices, values).expect("indices rise");
    sketch_of(COUNT_SKETCH, 512, &a)
}

fn least_squares(n: usize, d: usize) -> f64 {
    let (a, b) = (normal_matrix(n, d, key()), normal_matrix(n, 1, key().named("b")).column(0).into_owned());
    let problem = LeastSquares::new(&a, &b).expect("finite data");
    let settings = regression::Settings { refinement: Some(Refinement::default()), ..Default::default() };
    seconds(REPEATS, || regression::solve(&problem, &settings, key()).expect("full rank")).0
}

fn leverage(n: usize, d: usize) -> f64 {
    let a = normal_matrix(n, d, key());
    seconds(REPEATS, || leverage_scores(&a).expect("full rank")).0
}

fn lewis(n: usize, d: usize) -> f64 {
    let basis = RowBasis::new(&normal_matrix(n, d, key())).expect("finite data");
    seconds(REPEATS, || lewis_weights(&basis, 1.0, &LewisSettings::default()).expect("p > 0")).0
}

fn absolute(n: usize, d: usize) -> f64 {
    let a = normal_matrix(n, d, key());
    let noise = normal_matrix(n, 2, key().named("noise"));
    let b = DVector::from_fn(n, |i, _| a[(i, 0)] + noise[(i, 0)] / noise[(i, 1)]);
    let problem = LpRegression::new(&a, &b, 1.0).expect("finite data");
    let settings = LpRegressionSettings { relative_gap: 1e-8, ..Default::default() };
    seconds(REPEATS, || lp_regression(&problem, &settings).expect("full rank")).0
}

fn complete((nrows, ncols): (usize, usize), k: usize, observed: usize) -> f64 {
    let truth = LowRankMatrix::incoherent((nrows, ncols), k, Spectrum::Geometric { condition: 1.0 }, key());
    let probability = observed as f64 / (nrows * ncols) as f64;
    let model = ObservationModel::Bernoulli { probability };
    let instance = Instance::draw(truth.expect("1 ≤ k ≤ n"), model, key()).expect("0 < p ≤ 1");
    let settings = completion::Settings { tol: 1e-10, ..completion::Settings::of_rank(k) };
    seconds(1, || completion::solve(&instance.problem, &settings, key())).0
}

fn embedded(nodes: usize, edges: usize, dim: usize) -> f64 {
    let model = StochasticBlockModel { nodes, edges, ..StochasticBlockModel::default() };
    let graph = model.sample(key()).expect("a sparse graph").graph().expect("distinct keys");
    let settings = embedding::Settings::of(Mode::Official, dim);
    seconds(REPEATS, || embed(&graph, &settings, key()).expect("a graph")).0
}

fn sensing(d: usize, m: usize) -> f64 {
    let map = PackedGaussian::draw(d, m, key()).expect("it fits into memory");
    let y = LowRankTruth::psd(d, &[10.0, 5.0, 1.0], key()).expect("a spectrum").measured_by(&map);
    let x = normal_matrix(d, d, key());
    seconds(4 * REPEATS, || map.fused(&x, &y, &sign)).0
}

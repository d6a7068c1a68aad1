//! The regressions of a half-step of alternating minimization.

use std::ops::ControlFlow;

use nalgebra::{DMatrix, DVector};

use super::{ALPHA, Kind, Theorem};
use crate::completion::{
    CgStepBound, ForwardError, GramConcentration, IncoherenceKept, LowRankMatrix, ObservationModel,
    RowRegression, Spectrum, orthonormal_basis, sampled_grams,
};
use crate::guarantee::check;
use crate::linalg::{Qr, Svd};
use crate::random::{StreamKey, normal_matrix};
use crate::solve::{CgSettings, preconditioned_cg};
use crate::testing::{block_basis, hadamard_columns};

const SHAPE: (usize, usize) = (512, 10);
const RANK: usize = 2;
const PROBABILITY: f64 = 0.25;
const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![gram_concentration(), cg_step_bound(), incoherence_kept(), forward_error()]
}

fn bernoulli(shape: (usize, usize), probability: f64, key: StreamKey) -> Vec<(u32, u32)> {
    ObservationModel::Bernoulli { probability }.draw(shape, key).expect(SETTINGS)
}

type Grams = fn(&DMatrix<f64>, StreamKey) -> Vec<DMatrix<f64>>;

fn gram_concentration() -> Theorem {
    let of = |grams: Grams| GramConcentration {
        shape: SHAPE,
        rank: RANK,
        probability: PROBABILITY,
        incoherence: 1.0,
        distortion: 0.5,
        grams,
    };
    let ours: Grams =
        |basis, key| sampled_grams(basis, &bernoulli(SHAPE, PROBABILITY, key), SHAPE.1, PROBABILITY);
    let statement =
        "‖(1/p)Σ_{i observed} uᵢuᵢᵀ − I‖ ≤ 1/2 for all columns, but for the matrix Chernoff bound";
    Theorem::new("completion", "GramConcentration", Kind::Explicit, statement)
        .held("basis of blocks, 512 × 10, p = 1/4", 1000, move |trials, key| {
            check(&of(ours), &block_basis(SHAPE.0, RANK), trials, ALPHA, key)
        })
        .held("Hadamard basis, 512 × 10, p = 1/4", 1000, move |trials, key| {
            check(&of(ours), &hadamard_columns(SHAPE.0, 0, RANK), trials, ALPHA, key)
        })
        .mutant("1/p forgotten", 300, move |trials, key| {
            let unscaled: Grams =
                |basis, key| sampled_grams(basis, &bernoulli(SHAPE, PROBABILITY, key), SHAPE.1, 1.0);
            check(&of(unscaled), &block_basis(SHAPE.0, RANK), trials, ALPHA, key)
        })
        .mutant("p/16 observed", 300, move |trials, key| {
            let few: Grams = |basis, key| {
                let probability = PROBABILITY / 16.0;
                sampled_grams(basis, &bernoulli(SHAPE, probability, key), SHAPE.1, probability)
            };
            check(&of(few), &block_basis(SHAPE.0, RANK), trials, ALPHA, key)
        })
        .outside("identity rows, μ = 16 for 1", move |trials, key| {
            check(&of(ours), &DMatrix::identity(SHAPE.0, RANK), trials, ALPHA, key)
        })
}

/// `steps` steps of conjugate gradients on AᵀA x = Aᵀb from 0.
fn conjugate_gradients(a: &DMatrix<f64>, b: &DVector<f64>, steps: usize) -> DVector<f64> {
    let settings = CgSettings { relative_tolerance: 1e-15, max_iterations: steps };
    let start = DVector::zeros(a.ncols());
    let apply = |x: &DVector<f64>| a.tr_mul(&(a * x));
    let go_on = |_: &_| ControlFlow::Continue(());
    let report = preconditioned_cg(apply, DVector::clone, &a.tr_mul(b), start, &settings, go_on);
    report.map_or_else(|_| DVector::zeros(a.ncols()), |report| report.solution)
}

type RegressionSolver = fn(&DMatrix<f64>, &DVector<f64>, usize) -> DVector<f64>;

fn step_bound(
    observed: f64,
    solver: RegressionSolver,
) -> CgStepBound<impl Fn(StreamKey) -> Vec<(u32, u32)> + Sync, RegressionSolver> {
    let shape = (4096, 4);
    let observe = move |key| bernoulli(shape, observed, key);
    CgStepBound { shape, rank: 32, probability: 0.5, incoherence: 1.0, tolerance: 1e-10, observe, solver }
}

fn cg_step_bound() -> Theorem {
    let basis = || hadamard_columns(4096, 0, 32);
    let statement = "19 steps of plain CG reach 10⁻¹⁰ in every row, but for the matrix Chernoff bound";
    Theorem::new("completion", "CgStepBound", Kind::Explicit, statement)
        .held("Hadamard basis, 4096 × 4, k = 32, p = 1/2", 60, move |trials, key| {
            check(&step_bound(0.5, conjugate_gradients), &basis(), trials, ALPHA, key)
        })
        .mutant("a third of the steps", 60, move |trials, key| {
            let third: RegressionSolver = |a, b, steps| conjugate_gradients(a, b, steps / 3);
            check(&step_bound(0.5, third), &basis(), trials, ALPHA, key)
        })
        .mutant("p/32 observed", 60, move |trials, key| {
            check(&step_bound(0.015, conjugate_gradients), &basis(), trials, ALPHA, key)
        })
        .outside("identity rows", |trials, key| {
            check(&step_bound(0.5, conjugate_gradients), &DMatrix::identity(4096, 32), trials, ALPHA, key)
        })
}

fn incoherence_kept() -> Theorem {
    fn orthonormalised(b: &DMatrix<f64>) -> DMatrix<f64> {
        orthonormal_basis(b).unwrap_or_else(|_| DMatrix::from_element(b.nrows(), b.ncols(), f64::NAN))
    }
    type Orthonormalize = fn(&DMatrix<f64>) -> DMatrix<f64>;
    let of = |perturbation, orthonormalize: Orthonormalize| IncoherenceKept { perturbation, orthonormalize };
    let spiked = |key: StreamKey| {
        let spectrum = Spectrum::Geometric { condition: 50.0 };
        let truth =
            LowRankMatrix::coherent((300, 300), 4, spectrum, 20.0, key.named("truth")).expect(SETTINGS);
        truth.left_basis() * DMatrix::from_diagonal(truth.singular_values())
    };
    let statement = "‖qᵢ‖ ≤ (‖aᵢ‖ + ‖aᵢ − bᵢ‖)/(σ_min(A) − η) for B = QR, ‖A − B‖₂ ≤ η ≤ σ_min(A)/2";
    Theorem::new("completion", "IncoherenceKept", Kind::Deterministic, statement)
        .held("spiky rows, κ = 50, η = σ_min/10", 100, move |trials, key| {
            check(&of(0.1, orthonormalised), &spiked(key), trials, ALPHA, key)
        })
        .mutant("columns scaled alike, not made orthogonal", 100, move |trials, key| {
            let scaled: Orthonormalize = |b| b * ((b.ncols() as f64).sqrt() / b.column(b.ncols() - 1).norm());
            check(&of(0.1, scaled), &spiked(key), trials, ALPHA, key)
        })
        .outside("η = 0.9 σ_min", move |trials, key| {
            check(&of(0.9, orthonormalised), &hadamard_columns(256, 0, 4), trials, ALPHA, key)
        })
}

/// Weights between 1 and 100 on the rows, as √w A and √w b.
fn root_weight(i: usize) -> f64 {
    1.0 + 9.0 * (i % 7) as f64 / 6.0
}

fn weighted(key: StreamKey) -> RowRegression {
    let (d, k) = (60, 5);
    let spectrum = Spectrum::Geometric { condition: 30.0 };
    let plain = LowRankMatrix::incoherent((d, k), k, spectrum, key.named("a")).expect(SETTINGS).to_dense();
    let b = normal_matrix(d, 1, key.named("b"));
    let a = DMatrix::from_fn(d, k, |i, j| root_weight(i) * plain[(i, j)]);
    RowRegression::new(a, DVector::from_fn(d, |i, _| root_weight(i) * b[i])).expect("full rank")
}

fn exact(a: &DMatrix<f64>, b: &DVector<f64>) -> DVector<f64> {
    let solved = Qr::new(a).and_then(|qr| qr.solve_least_squares_vector(b));
    solved.unwrap_or_else(|_| DVector::from_element(a.ncols(), f64::NAN))
}

/// x★ moved along the last right singular vector, so that the objective is (1 + ε)·OPT.
fn accurate_to(a: &DMatrix<f64>, b: &DVector<f64>, epsilon: f64) -> DVector<f64> {
    let (Ok(regression), Ok(svd)) = (RowRegression::new(a.clone(), b.clone()), Svd::new(a)) else {
        return DVector::from_element(a.ncols(), f64::NAN);
    };
    let last = a.ncols() - 1;
    let length = (2.0 * epsilon + epsilon * epsilon).sqrt() * regression.optimum;
    &regression.minimizer + svd.v.column(last) * (length / svd.singular_values[last])
}

const ACCURACY: f64 = 1e-6;

fn forward_error() -> Theorem {
    type Solver = fn(&DMatrix<f64>, &DVector<f64>, StreamKey) -> DVector<f64>;
    let of = |solver: Solver| ForwardError { epsilon: ACCURACY, solver };
    let near: Solver = |a, b, _| accurate_to(a, b, 0.999 * ACCURACY);
    let statement = "‖x − x★‖ ≤ √(2ε + ε²)·OPT/σ_min(A) for an objective of (1 + ε)·OPT";
    Theorem::new("completion", "ForwardError", Kind::Deterministic, statement)
        .held(
            "x★ moved to (1 + ε)·OPT along the last singular vector, weights 1 to 100",
            20,
            move |trials, key| check(&of(near), &weighted(key), trials, ALPHA, key),
        )
        .mutant("ε in x, taken for ε in the objective", 20, move |trials, key| {
            let half: Solver = |a, b, _| accurate_to(a, b, 1.998 * ACCURACY.sqrt());
            check(&of(half), &weighted(key), trials, ALPHA, key)
        })
        .mutant("the right-hand side not weighted", 20, move |trials, key| {
            let unweighted: Solver =
                |a, b, _| exact(a, &DVector::from_fn(b.len(), |i, _| b[i] / root_weight(i)));
            check(&of(unweighted), &weighted(key), trials, ALPHA, key)
        })
        .mutant("rows of the neighbour", 20, move |trials, key| {
            let neighbours: Solver = |a, b, _| {
                exact(&DMatrix::from_fn(a.nrows(), a.ncols(), |i, j| a[((i + 1) % a.nrows(), j)]), b)
            };
            check(&of(neighbours), &weighted(key), trials, ALPHA, key)
        })
        .outside("OPT = 0", move |trials, key| {
            let a = weighted(key).a;
            let b = &a * DVector::from_element(5, 1.0);
            let consistent = RowRegression::new(a, b).expect("full rank");
            check(&of(near), &consistent, trials, ALPHA, key)
        })
}

//! Distances under projections.

use nalgebra::DMatrix;

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::{
    DistanceEmbedding, Distances, SparseDistanceEmbedding, check, distance_embedding_dim, sparse_norm_tail,
};
use crate::random::StreamKey;
use crate::sketch::{DynDistribution, SketchDistribution, SketchOperator, VerySparse};

const N: usize = 60;
const POINTS: usize = 12;
const PAIRS: usize = POINTS * (POINTS - 1) / 2;
const EPSILON: f64 = 0.6;
const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![tame(), sparse()]
}

/// Corners of the simplex: the hardest points for sparse entries.
fn corners() -> Distances {
    Distances::between(DMatrix::identity(N, POINTS))
}

/// Points on a line, whose differences are parallel.
fn line() -> Distances {
    Distances::between(DMatrix::from_fn(N, POINTS, |i, j| j as f64 / (1.0 + i as f64)))
}

fn dim() -> usize {
    distance_embedding_dim(PAIRS, EPSILON, 0.02)
}

type Images = Box<dyn Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync>;

fn images(distribution: Box<DynDistribution>, scale: f64) -> Images {
    Box::new(move |points, key| distribution.sample(key).sketch(points) * scale)
}

fn very_sparse(dim: usize, sparsity: f64) -> Box<DynDistribution> {
    VerySparse::new(dim, N, sparsity).expect(SETTINGS).boxed()
}

fn tame() -> Theorem {
    let theorem =
        |sparsity, images| DistanceEmbedding { dim: dim(), sparsity, epsilon: EPSILON, pairs: PAIRS, images };
    let statement =
        "(1 − ε)‖u − v‖² ≤ ‖f(u) − f(v)‖² ≤ (1 + ε)‖u − v‖² for P pairs, but for 2P exp(−(d/2)(ε²/2 − ε³/3))";
    Theorem::new("guarantee", "DistanceEmbedding", Kind::Explicit, statement)
        .held("entries of density 1/3, 12 corners of a simplex, ε = 0.6", 400, move |trials, key| {
            check(&theorem(3.0, images(very_sparse(dim(), 3.0), 1.0)), &corners(), trials, ALPHA, key)
        })
        .held("signs, 12 points on a line, ε = 0.6", 400, move |trials, key| {
            check(&theorem(1.0, images(very_sparse(dim(), 1.0), 1.0)), &line(), trials, ALPHA, key)
        })
        .mutant("an eighth of the dimension", 400, move |trials, key| {
            check(&theorem(3.0, images(very_sparse(dim() / 8, 3.0), 1.0)), &corners(), trials, ALPHA, key)
        })
        .mutant("entries of density 1/60", 400, move |trials, key| {
            check(&theorem(3.0, images(very_sparse(dim(), N as f64), 1.0)), &corners(), trials, ALPHA, key)
        })
        .mutant("a scale of 1.2", 400, move |trials, key| {
            check(&theorem(3.0, images(very_sparse(dim(), 3.0), 1.2)), &corners(), trials, ALPHA, key)
        })
        .outside("s = √n, of kurtosis above 3", move |trials, key| {
            let s = (N as f64).sqrt();
            check(&theorem(s, images(very_sparse(dim(), s), 1.0)), &corners(), trials, ALPHA, key)
        })
}

const TAIL_EPSILON: f64 = 0.7;

/// Σ over pairs of the tails of their differences.
fn tails(distances: &Distances, sparsity: f64, dim: usize) -> f64 {
    distances.differences().map(|z| sparse_norm_tail(z.as_slice(), sparsity, dim, TAIL_EPSILON)).sum()
}

/// The theorem at the first d of a geometric sequence whose tails sum to 6 % or less; δ is `share` of what they allow.
fn by_tails(distances: &Distances, scale: f64, share: f64) -> SparseDistanceEmbedding<Images> {
    let sparsity = (N as f64).sqrt();
    let sizes = (0..).map(|i| (80.0 * 1.2_f64.powi(i)) as usize);
    let dim =
        sizes.take(60).find(|&d| tails(distances, sparsity, d) <= 0.06).expect("tails that fall with d");
    let delta = 1.001 * share * tails(distances, sparsity, dim);
    let images = images(very_sparse(dim, sparsity), scale);
    SparseDistanceEmbedding { dim, sparsity, epsilon: TAIL_EPSILON, delta, images }
}

fn sparse() -> Theorem {
    let statement =
        "distances within 1 ± ε for any density 1/s, but for the sum of the Chernoff tails of ‖Sz‖²";
    Theorem::new("guarantee", "SparseDistanceEmbedding", Kind::Explicit, statement)
        .held("entries of density 1/√n, 12 corners of a simplex, ε = 0.7", 1500, |trials, key| {
            check(&by_tails(&corners(), 1.0, 1.0), &corners(), trials, ALPHA, key)
        })
        .mutant("a scale of 1.4", 400, |trials, key| {
            check(&by_tails(&corners(), 1.4, 1.0), &corners(), trials, ALPHA, key)
        })
        .outside("half the δ that the tails allow", |trials, key| {
            check(&by_tails(&corners(), 1.0, 0.5), &corners(), trials, ALPHA, key)
        })
}

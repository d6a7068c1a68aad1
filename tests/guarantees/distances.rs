//! Distances under projections: Achlioptas' theorem where entries are tame, tails of our own where they are not.

use nalgebra::DMatrix;
use proofsketch::guarantee::{
    DistanceEmbedding, Distances, SparseDistanceEmbedding, Verdict, check, distance_embedding_dim,
    lower_limit, sparse_norm_tail,
};
use proofsketch::random::StreamKey;
use proofsketch::sketch::{
    DynDistribution, Gaussian, Rademacher, SketchDistribution, SketchOperator, VerySparse,
};
use rayon::prelude::*;

use crate::common::seed;

const ALPHA: f64 = 1e-6;
const N: usize = 60;
const POINTS: usize = 12;

/// Corners of the simplex; flat differences; points on a line, whose differences are parallel.
fn instances() -> Vec<(&'static str, Distances)> {
    let sign = |i: usize, j: usize| if (i * (2 * j + 3) / 7).is_multiple_of(2) { 1.0 } else { -1.0 };
    let line = DMatrix::from_fn(N, POINTS, |i, j| j as f64 / (1.0 + i as f64));
    vec![
        ("corners", Distances::between(DMatrix::identity(N, POINTS))),
        ("flat", Distances::between(DMatrix::from_fn(N, POINTS, sign))),
        ("line", Distances::between(line)),
    ]
}

fn images(distribution: &DynDistribution) -> impl Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync + '_ {
    |points, key| distribution.sample(key).sketch(points)
}

#[test]
fn tame_entries_keep_distances() {
    let (epsilon, pairs) = (0.6, POINTS * (POINTS - 1) / 2);
    let d = distance_embedding_dim(pairs, epsilon, 0.02);
    for (family, s, distribution) in [
        ("sign", 1.0, Rademacher::new(d, N).unwrap().boxed()),
        ("achlioptas", 3.0, VerySparse::achlioptas(d, N).unwrap().boxed()),
        ("gaussian", 3.0, Gaussian::new(d, N).unwrap().boxed()),
    ] {
        for (name, distances) in instances() {
            let theorem =
                DistanceEmbedding { dim: d, sparsity: s, epsilon, pairs, images: images(&*distribution) };
            let evidence = check(&theorem, &distances, 400, ALPHA, seed().named("distances").named(family));
            println!("{family}, {name}: {evidence}");
            assert_eq!(evidence.verdict, Verdict::Supported, "{family}, {name}: {evidence}");
        }
    }
}

/// A very sparse projection passed off as Achlioptas', half the dimension, a scale 25 % off.
#[test]
fn mutants_are_refuted() {
    let (epsilon, pairs) = (0.6, POINTS * (POINTS - 1) / 2);
    let d = distance_embedding_dim(pairs, epsilon, 0.02);
    let corners = &instances()[0].1;
    let verdict = |name: &str, images: &(dyn Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync)| {
        let theorem = DistanceEmbedding { dim: d, sparsity: 3.0, epsilon, pairs, images };
        let evidence = check(&theorem, corners, 400, ALPHA, seed().named(name));
        println!("{name}: {evidence}");
        evidence.verdict
    };
    let sparse = VerySparse::new(d, N, N as f64).unwrap().boxed();
    assert_eq!(verdict("s = N", &images(&*sparse)), Verdict::Refuted);
    let short = VerySparse::achlioptas(d / 8, N).unwrap().boxed();
    assert_eq!(verdict("d/8", &images(&*short)), Verdict::Refuted);
    let right = VerySparse::achlioptas(d, N).unwrap();
    let scaled = |points: &DMatrix<f64>, key| 1.2 * right.sample(key).sketch(points);
    assert_eq!(verdict("scale", &scaled), Verdict::Refuted);
}

#[test]
fn very_sparse_entries_are_outside_achlioptas_theorem() {
    let (epsilon, pairs) = (0.6, POINTS * (POINTS - 1) / 2);
    let d = distance_embedding_dim(pairs, epsilon, 0.02);
    let sparse = VerySparse::li(d, N).unwrap().boxed();
    let theorem =
        |sparsity, pairs| DistanceEmbedding { dim: d, sparsity, epsilon, pairs, images: images(&*sparse) };
    let corners = &instances()[0].1;
    for (sparsity, pairs) in [((N as f64).sqrt(), pairs), (3.0, pairs - 1)] {
        let evidence = check(&theorem(sparsity, pairs), corners, 10, ALPHA, seed());
        assert_eq!(evidence.verdict, Verdict::NotApplicable, "{evidence}");
    }
    let one = Distances::between(DMatrix::repeat(N, 3, 1.0));
    assert_eq!(check(&theorem(3.0, pairs), &one, 10, ALPHA, seed()).verdict, Verdict::NotApplicable);
}

/// At the first d of a geometric sequence whose tails sum to 6 % or less.
#[test]
fn very_sparse_entries_keep_distances_by_their_own_tails() {
    let epsilon = 0.7;
    for s in [3.0, (N as f64).sqrt(), 20.0] {
        for (name, distances) in instances() {
            let tails = |d: &usize| -> f64 {
                distances.differences().map(|z| sparse_norm_tail(z.as_slice(), s, *d, epsilon)).sum()
            };
            let d = (0..).map(|i| (80.0 * 1.2_f64.powi(i)) as usize).find(|d| tails(d) <= 0.06).unwrap();
            let delta = 1.001 * tails(&d);
            let distribution = VerySparse::new(d, N, s).unwrap().boxed();
            let key = seed().named("tails").named(name);
            let theorem = SparseDistanceEmbedding {
                dim: d,
                sparsity: s,
                epsilon,
                delta,
                images: images(&*distribution),
            };
            let evidence = check(&theorem, &distances, 1500, ALPHA, key);
            println!("s = {s:.2}, d = {d}, {name}: {evidence}");
            assert_eq!(evidence.verdict, Verdict::Supported, "s = {s}, {name}: {evidence}");
            let mutant = |points: &DMatrix<f64>, key| 1.4 * distribution.sample(key).sketch(points);
            let mutant = SparseDistanceEmbedding { dim: d, sparsity: s, epsilon, delta, images: mutant };
            let evidence = check(&mutant, &distances, 400, ALPHA, key);
            assert_eq!(evidence.verdict, Verdict::Refuted, "a scale of 1.4, {name}: {evidence}");
            let asked_too_much = SparseDistanceEmbedding { delta: 0.5 * delta, ..mutant };
            let evidence = check(&asked_too_much, &distances, 10, ALPHA, key);
            assert_eq!(evidence.verdict, Verdict::NotApplicable, "{evidence}");
        }
    }
}

/// No draw may exceed the tail more often than it allows, for spiked vectors too.
#[test]
fn tails_bound_what_is_seen() {
    let (n, d, draws) = (100, 64, 5_000_u64);
    for (kind, z) in [
        ("one entry", DMatrix::from_fn(n, 1, |i, _| f64::from(u8::from(i == 3)))),
        ("flat", DMatrix::repeat(n, 1, 0.1)),
        ("spiked", DMatrix::from_fn(n, 1, |i, _| if i < 2 { 2.0 } else { 0.1 })),
    ] {
        for s in [1.0, 3.0, 10.0] {
            let distribution = VerySparse::new(d, n, s).unwrap();
            let key = seed().named("tail").named(kind).indexed(s as u64);
            let norm = z.norm_squared();
            let distortions: Vec<f64> = (0..draws)
                .into_par_iter()
                .map(|i| (distribution.sample(key.indexed(i)).sketch(&z).norm_squared() / norm - 1.0).abs())
                .collect();
            for epsilon in [0.2, 0.4, 0.8] {
                let bound = sparse_norm_tail(z.as_slice(), s, d, epsilon);
                let seen = distortions.iter().filter(|&&distortion| distortion > epsilon).count() as u64;
                println!("{kind}, s = {s}, ε = {epsilon}: {:.5} for {bound:.5}", seen as f64 / draws as f64);
                assert!(lower_limit(seen, draws, ALPHA) <= bound, "{kind}, s = {s}, ε = {epsilon}: {seen}");
            }
        }
    }
}

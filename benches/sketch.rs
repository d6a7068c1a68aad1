//! S A for A of 100,000 × 200 (m = 2000) and 2²⁰ × 64 (m = 2000), against one read and one copy of A; the randomized SVD
//! of a square matrix, against one of its products.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main, measurement::WallTime};
use nalgebra::DMatrix;
use proofsketch::linalg::{Qr, product};
use proofsketch::random::StreamKey;
use proofsketch::sketch::{RandomizedSvd, SketchDistribution, SketchFamily, SketchOperator, randomized_svd};
use rand_chacha::rand_core::Rng;
use rayon::prelude::*;

const ROWS: usize = 2000;

fn data(nrows: usize, ncols: usize) -> DMatrix<f64> {
    let mut a = DMatrix::zeros(nrows, ncols);
    a.as_mut_slice().par_chunks_mut(nrows).enumerate().for_each(|(j, column)| {
        let mut rng = StreamKey::from_seed(1).block(j as u64);
        column.fill_with(|| (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0);
    });
    a
}

/// Every entry looked at once, on all threads.
fn one_read(a: &DMatrix<f64>) -> u64 {
    let lanes = a.as_slice().par_chunks(1 << 16).map(|chunk| {
        let mut lanes = [0_u64; 32];
        for part in chunk.as_chunks::<32>().0 {
            lanes.iter_mut().zip(part).for_each(|(lane, value)| *lane ^= value.to_bits());
        }
        lanes.iter().fold(0, |all, lane| all ^ lane)
    });
    lanes.reduce(|| 0, |x, y| x ^ y)
}

fn families(group: &mut BenchmarkGroup<'_, WallTime>, a: &DMatrix<f64>, names: &[&str]) {
    for name in names {
        let family: SketchFamily = name.parse().expect("the name of a family");
        let distribution = family.distribution(ROWS, a.nrows()).expect("a shape that fits");
        group.bench_function(*name, |bench| {
            bench.iter(|| distribution.sample(StreamKey::from_seed(1)).sketch(black_box(a)));
        });
    }
}

fn tall(criterion: &mut Criterion) {
    let a = data(100_000, 200);
    let mut group = criterion.benchmark_group("sketch_100000x200");
    group.sample_size(10);
    group.bench_function("one_read", |bench| bench.iter(|| one_read(black_box(&a))));
    families(
        &mut group,
        &a,
        &["countsketch", "sparse-sign:8", "very-sparse:100", "srht", "sign", "gaussian"],
    );
    let s = data(ROWS, a.nrows());
    group.bench_function("product_alone", |bench| bench.iter(|| product(black_box(&s), black_box(&a))));
}

fn taller(criterion: &mut Criterion) {
    let a = data(1 << 20, 64);
    let mut copy = a.clone();
    let mut group = criterion.benchmark_group("sketch_1048576x64");
    group.sample_size(10);
    group.bench_function("copy", |bench| {
        bench.iter(|| {
            let chunks = copy.as_mut_slice().par_chunks_mut(1 << 16);
            chunks
                .zip(black_box(&a).as_slice().par_chunks(1 << 16))
                .for_each(|(to, from)| to.copy_from_slice(from));
        });
    });
    families(&mut group, &a, &["srht", "countsketch"]);
}

/// 50 singular triplets of a 5000 × 5000 matrix, σⱼ = exp(−j/10), as many flops as six products with 60 vectors.
fn square(criterion: &mut Criterion) {
    let basis = || Qr::new(&data(5000, 300)).expect("finite data").q();
    let mut scaled = basis();
    for (j, mut column) in scaled.column_iter_mut().enumerate() {
        column *= (-(j as f64) / 10.0).exp();
    }
    let a = product(&scaled, &basis().transpose());
    let mut group = criterion.benchmark_group("square_5000");
    group.sample_size(10);
    group.bench_function("randomized_svd", |bench| {
        let settings = RandomizedSvd::of_rank(50);
        bench.iter(|| randomized_svd(black_box(&a), &settings, StreamKey::from_seed(1)));
    });
    let omega = data(5000, 60);
    group.bench_function("product_alone", |bench| bench.iter(|| product(black_box(&a), black_box(&omega))));
}

criterion_group!(benches, tall, taller, square);
criterion_main!(benches);

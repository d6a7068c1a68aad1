//! One pass over the measurements against a read of the same memory, and against two products in double precision.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::{DMatrix, DVector};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sensing::{LowRankTruth, MeasurementMap, PackedGaussian, sign};
use rayon::prelude::*;

/// d and m: storages of 101 and 322 MB.
const LARGE: [(usize, usize); 2] = [(100, 5000), (200, 4000)];
/// Maps that stay in cache.
const SMALL: [(usize, usize); 3] = [(20, 500), (50, 1500), (40, 960)];
/// Words that one task of a read adds up.
const WORDS: usize = 1 << 17;

/// All of `memory` read once.
fn read(memory: &[u64]) -> u64 {
    let sum = |words: &[u64]| words.iter().fold(0_u64, |sum, &word| sum.wrapping_add(word));
    memory.par_chunks(WORDS).map(sum).reduce(|| 0, u64::wrapping_add)
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
    pool.install(work)
}

fn large(c: &mut Criterion) {
    let key = StreamKey::from_seed(1);
    for (dim, measurements) in LARGE {
        let mut group = c.benchmark_group(format!("d = {dim}, m = {measurements}"));
        group.sample_size(15).measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
        let bytes = 4 * measurements * dim * (dim + 1) / 2;
        group.throughput(Throughput::Bytes(bytes as u64));
        let map = PackedGaussian::draw(dim, measurements, key).expect("it fits into memory");
        let memory = vec![1_u64; bytes / 8];
        let truth = LowRankTruth::psd(dim, &[10.0, 5.0, 1.0], key).expect("a spectrum");
        let (x, y) = (normal_matrix(dim, dim, key), truth.measured_by(&map));
        for threads in [1, 2] {
            group.bench_function(BenchmarkId::new("read of the same memory", threads), |bencher| {
                on_threads(threads, || bencher.iter(|| read(black_box(&memory))));
            });
            group.bench_function(BenchmarkId::new("fused pass", threads), |bencher| {
                on_threads(threads, || bencher.iter(|| map.fused(black_box(&x), &y, &sign)));
            });
            group.bench_function(BenchmarkId::new("apply, then adjoint", threads), |bencher| {
                on_threads(threads, || {
                    bencher.iter(|| map.adjoint(&(map.apply(black_box(&x)) - &y).map(sign)));
                });
            });
        }
        drop((map, memory));
        // One column a measurement, so that both products run along contiguous memory.
        let dense = normal_matrix(dim * dim, measurements, key);
        let vector = DVector::from_column_slice(x.as_slice());
        group.bench_function("two dense products in f64, sequential", |bencher| {
            bencher.iter(|| {
                let residual = dense.tr_mul(black_box(&vector)) - &y;
                &dense * residual.map(sign)
            });
        });
        group.finish();
    }
}

fn small(c: &mut Criterion) {
    let key = StreamKey::from_seed(1);
    let mut group = c.benchmark_group("in cache");
    group.sample_size(20).measurement_time(Duration::from_secs(1)).warm_up_time(Duration::from_millis(300));
    for (dim, measurements) in SMALL {
        let map = PackedGaussian::draw(dim, measurements, key).expect("it fits into memory");
        let x = DMatrix::identity(dim, dim);
        let y = map.apply(&x);
        group.throughput(Throughput::Bytes((2 * measurements * dim * (dim + 1)) as u64));
        group.bench_function(format!("fused pass, d = {dim}, m = {measurements}"), |bencher| {
            on_threads(1, || bencher.iter(|| map.fused(black_box(&x), &y, &sign)));
        });
    }
    group.finish();
}

criterion_group!(benches, large, small);
criterion_main!(benches);

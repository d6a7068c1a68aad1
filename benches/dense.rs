//! Dense work at n = 500,000, d = 100 (400 MB): fused products against one read of A, QR against faer's own.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{
    Qr, adjoint_multiply, column_norms, gram, gram_multiply, multiply, residual_and_gradient,
};
use proofsketch::random::StreamKey;
use rand_chacha::rand_core::Rng;
use rayon::prelude::*;

const N: usize = 500_000;
const D: usize = 100;

fn data() -> DMatrix<f64> {
    let mut a = DMatrix::zeros(N, D);
    a.as_mut_slice().par_chunks_mut(N).enumerate().for_each(|(j, column)| {
        let mut rng = StreamKey::from_seed(1).block(j as u64);
        column.fill_with(|| (rng.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0);
    });
    a
}

fn one_read(a: &DMatrix<f64>) -> f64 {
    let sums = a.as_slice().par_chunks(1 << 16).map(|chunk| {
        let mut lanes = [0_u64; 32];
        for part in chunk.as_chunks::<32>().0 {
            lanes.iter_mut().zip(part).for_each(|(lane, value)| *lane ^= value.to_bits());
        }
        lanes.iter().fold(0, |all, lane| all ^ lane)
    });
    f64::from_bits(sums.reduce(|| 0, |x, y| x ^ y))
}

fn products(criterion: &mut Criterion) {
    let a = data();
    let (x, b) = (DVector::from_element(D, 0.5), DVector::from_element(N, 1.0));
    let mut group = criterion.benchmark_group("products_500000x100");
    group.sample_size(20);
    group.bench_function("one_read", |bench| bench.iter(|| one_read(black_box(&a))));
    group.bench_function("multiply", |bench| bench.iter(|| multiply(black_box(&a), &x)));
    group.bench_function("adjoint_multiply", |bench| bench.iter(|| adjoint_multiply(black_box(&a), &b)));
    group.bench_function("gram_multiply", |bench| bench.iter(|| gram_multiply(black_box(&a), &x)));
    group.bench_function("residual_and_gradient", |bench| {
        bench.iter(|| residual_and_gradient(black_box(&a), &x, &b));
    });
    group.bench_function("column_norms", |bench| bench.iter(|| column_norms(black_box(&a))));
    group.finish();
}

fn factorizations(criterion: &mut Criterion) {
    let a = data();
    let b = DVector::from_element(N, 1.0);
    let mut group = criterion.benchmark_group("factorizations_500000x100");
    group.sample_size(10);
    group.bench_function("gram", |bench| bench.iter(|| gram(black_box(&a))));
    group.bench_function("qr_solve", |bench| {
        bench.iter(|| Qr::new(black_box(&a)).and_then(|qr| qr.solve_least_squares_vector(&b)));
    });
    for (name, par) in [("faer_qr_1_thread", faer::Par::Seq), ("faer_qr_all_threads", faer::Par::rayon(0))] {
        faer::set_global_parallelism(par);
        let view = faer::MatRef::from_column_major_slice(a.as_slice(), N, D);
        group.bench_function(name, |bench| bench.iter(|| black_box(view).qr()));
    }
    group.finish();
}

criterion_group!(benches, products, factorizations);
criterion_main!(benches);

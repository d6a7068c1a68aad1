//! The fast Walsh–Hadamard transform against a copy of the same memory.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nalgebra::DMatrix;
use proofsketch::linalg::{fast_walsh_hadamard, fast_walsh_hadamard_columns, walsh_hadamard_reference};
use rayon::prelude::*;

const ROWS: usize = 1 << 20;
const COLUMNS: usize = 64;

/// 512 MiB: the transform should take at most twice the time of the copy.
fn matrix(c: &mut Criterion) {
    let mut group = c.benchmark_group("matrix of 2^20 x 64");
    group.sample_size(20).measurement_time(Duration::from_secs(4));
    group.throughput(Throughput::Bytes((ROWS * COLUMNS * size_of::<f64>()) as u64));
    let mut a = DMatrix::from_element(ROWS, COLUMNS, 1e-3);
    let mut copy = DMatrix::from_element(ROWS, COLUMNS, 1.0);
    group.bench_function("copy", |bencher| {
        bencher.iter(|| {
            let columns = copy.as_mut_slice().par_chunks_mut(ROWS);
            columns.zip(a.as_slice().par_chunks(ROWS)).for_each(|(to, from)| to.copy_from_slice(from));
            black_box(&mut copy);
        });
    });
    // Repeated transforms grow a zero matrix not at all, and arithmetic on zeros costs what it costs elsewhere.
    a.fill(0.0);
    group.bench_function("transform", |bencher| {
        bencher.iter(|| fast_walsh_hadamard_columns(black_box(&mut a)));
    });
    group.finish();
}

fn column(c: &mut Criterion) {
    let mut group = c.benchmark_group("one column");
    group.measurement_time(Duration::from_secs(1)).warm_up_time(Duration::from_millis(300));
    for log_n in 10..=17 {
        let mut x = vec![0.0; 1 << log_n];
        group.throughput(Throughput::Elements(1 << log_n));
        group.bench_function(format!("2^{log_n}"), |bencher| {
            bencher.iter(|| fast_walsh_hadamard(black_box(&mut x)));
        });
    }
    let mut x = vec![0.0; 1 << 17];
    group.bench_function("2^17, reference", |bencher| {
        bencher.iter(|| walsh_hadamard_reference(black_box(&mut x)));
    });
    group.finish();
}

criterion_group!(benches, matrix, column);
criterion_main!(benches);

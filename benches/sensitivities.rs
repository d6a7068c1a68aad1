//! ℓp sensitivities of 1000 × 10 to a relative gap of 10⁻⁶, and of 100 000 × 20 to a factor 2.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    RowBasis, SensitivitySettings, instances, sensitivities, sensitivities_to_factor,
};

fn basis(nrows: usize, ncols: usize) -> RowBasis {
    let a = instances::heavy_tails(nrows, ncols, 1.0, StreamKey::from_seed(1));
    RowBasis::new(&a).expect("Gaussian data have a basis")
}

fn close(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sensitivities_1000x10_to_1e-6");
    group.sample_size(10);
    let basis = basis(1000, 10);
    for p in [1.0, 1.5, 3.0, 8.0] {
        group.bench_function(BenchmarkId::from_parameter(p), |bench| {
            bench.iter(|| sensitivities(black_box(&basis), p, &SensitivitySettings::default()));
        });
    }
}

fn to_factor(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sensitivities_100000x20_to_factor_2");
    group.sample_size(10);
    let basis = basis(100_000, 20);
    group.bench_function(BenchmarkId::from_parameter(3.0), |bench| {
        bench.iter(|| sensitivities_to_factor(black_box(&basis), 3.0, 2.0, &SensitivitySettings::default()));
    });
}

criterion_group!(benches, close, to_factor);
criterion_main!(benches);

//! Leverage scores of 500 000 × 100, exact and approximate, and Lewis weights of 100 000 × 20.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    LeverageSketch, LewisSettings, RowBasis, approximate_leverage_scores, instances, leverage_scores,
    lewis_weights, online_leverage_scores,
};

fn leverage(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("leverage_500000x100");
    group.sample_size(10);
    let mut a = instances::gaussian(500_000, 100, StreamKey::from_seed(1));
    for (name, mixing) in [("condition 1", 1.0), ("condition 1e5", 1e-4)] {
        if mixing < 1.0 {
            // Columns that nearly agree: no scaling helps.
            for j in 1..100 {
                let mixed = a.column(0) + a.column(j) * mixing;
                a.set_column(j, &mixed);
            }
        }
        group.bench_function(BenchmarkId::new("exact", name), |bench| {
            bench.iter(|| leverage_scores(black_box(&a)));
        });
        group.bench_function(BenchmarkId::new("approximate", name), |bench| {
            let settings = LeverageSketch::default();
            bench.iter(|| approximate_leverage_scores(black_box(&a), &settings, StreamKey::from_seed(2)));
        });
    }
}

fn scores(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scores_100000x20");
    group.sample_size(10);
    let a = instances::heavy_tails(100_000, 20, 1.0, StreamKey::from_seed(1));
    let basis = RowBasis::new(&a).expect("Gaussian data have a basis");
    group.bench_function("basis", |bench| bench.iter(|| RowBasis::new(black_box(&a))));
    group.bench_function("leverage", |bench| bench.iter(|| leverage_scores(black_box(&a))));
    group.bench_function("online leverage", |bench| bench.iter(|| online_leverage_scores(black_box(&a))));
    for p in [0.5, 1.0, 1.5, 3.0, 4.0, 8.0] {
        group.bench_function(BenchmarkId::new("Lewis weights", p), |bench| {
            bench.iter(|| lewis_weights(black_box(&basis), p, &LewisSettings::default()));
        });
    }
}

criterion_group!(benches, leverage, scores);
criterion_main!(benches);

//! ℓ₁ regression of 200,000 × 20 with Cauchy noise: all rows to a gap of 10⁻⁸, and a coreset to 1 % of the optimum.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use nalgebra::{DMatrix, DVector};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sampling::{LeverageSketch, RowScores, SamplingPlan, approximate_leverage_scores};
use proofsketch::solve::{LpRegression, LpRegressionSettings, Status, lp_regression};

const SHAPE: (usize, usize) = (200_000, 20);
/// Rows of the coreset.
const CORESET: f64 = 3000.0;

fn instance(key: StreamKey) -> (DMatrix<f64>, DVector<f64>) {
    let a = normal_matrix(SHAPE.0, SHAPE.1, key.named("design"));
    let noise = normal_matrix(SHAPE.0, 2, key.named("noise"));
    let b = &a * DVector::from_fn(SHAPE.1, |j, _| 1.0 + j as f64)
        + DVector::from_fn(SHAPE.0, |i, _| noise[(i, 0)] / noise[(i, 1)]);
    (a, b)
}

/// x from the rows of a draw by approximate root leverage scores of A, the scores included.
fn through_coreset(a: &DMatrix<f64>, b: &DVector<f64>, key: StreamKey) -> DVector<f64> {
    let settings = LeverageSketch { rows_per_column: 8.0, nonzeros: 2 };
    let scores = approximate_leverage_scores(a, &settings, key).expect("full rank").scores;
    let scores = RowScores::root_leverage(&scores, 1.0).expect("scores are finite");
    let coreset = SamplingPlan::budget(&scores, CORESET).expect("enough rows").sample(key);
    let (rows, entries) = (coreset.rows(a), coreset.entries(b));
    let problem = LpRegression::new(&rows, &entries, 1.0).expect("finite data");
    let problem = problem.weighted(coreset.weights()).expect("positive weights");
    let settings = LpRegressionSettings { relative_gap: 1e-3, ..LpRegressionSettings::default() };
    lp_regression(&problem, &settings).expect("full rank").solution.x
}

fn least_absolute_deviations(criterion: &mut Criterion) {
    let key = StreamKey::from_seed(1);
    let (a, b) = instance(key);
    let problem = LpRegression::new(&a, &b, 1.0).expect("finite data");
    let settings = LpRegressionSettings { relative_gap: 1e-8, ..LpRegressionSettings::default() };
    let solve = || lp_regression(black_box(&problem), &settings).expect("full rank");
    let report = solve();
    assert_eq!(report.status, Status::Converged);
    let ratio =
        |seed| problem.objective(&through_coreset(&a, &b, key.indexed(seed))) / report.solution.objective;
    let worst = (0..10).map(ratio).fold(1.0, f64::max);
    println!("gap {:.1e}; coreset {worst:.5} of the optimum, worst of ten", report.solution.relative_gap());
    let mut group = criterion.benchmark_group("least_absolute_deviations_200000x20");
    group.sample_size(10);
    group.bench_function("all_rows", |bench| bench.iter(solve));
    group
        .bench_function("coreset", |bench| bench.iter(|| through_coreset(black_box(&a), &b, key.indexed(0))));
    group.finish();
}

criterion_group!(benches, least_absolute_deviations);
criterion_main!(benches);

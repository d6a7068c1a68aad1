//! Completion of 2000 × 2000 of rank 10 to 10⁻¹¹ on Ω, and one half-step by each row solver at several ranks.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use proofsketch::completion::{
    Instance, LowRankMatrix, ObservationModel, RowSolver, Settings, Side, Spectrum,
    multiple_response_regression, solve,
};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::sketch::SketchFamily;

fn instance(shape: (usize, usize), rank: usize, condition: f64, probability: f64) -> Instance {
    let key = StreamKey::from_seed(1);
    let truth =
        LowRankMatrix::incoherent(shape, rank, Spectrum::Geometric { condition }, key).expect("1 ≤ k ≤ n");
    Instance::draw(truth, ObservationModel::Bernoulli { probability }, key).expect("0 < p ≤ 1")
}

fn completion(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("complete_2000x2000_rank_10");
    group.sample_size(10);
    for condition in [1.0, 100.0] {
        for percent in [5, 10, 20] {
            let instance = instance((2000, 2000), 10, condition, f64::from(percent) / 100.0);
            let settings = Settings { tol: 3e-11, ..Settings::of_rank(10) };
            let name = BenchmarkId::new(format!("condition {condition}"), format!("{percent} %"));
            group.bench_function(name, |bench| {
                bench.iter(|| solve(black_box(&instance.problem), &settings, StreamKey::from_seed(1)));
            });
        }
    }
}

/// Lines of d = 16k entries, one half-step of 64 of them: accurate solvers from zero, three steps of warm conjugate
/// gradients.
fn half_step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("half_step_64_lines_of_16k_entries");
    group.sample_size(10);
    let key = StreamKey::from_seed(1);
    for k in [5, 10, 20, 40, 80, 160, 320] {
        let ncols = 32 * k;
        let instance = instance((64, ncols), k.min(64), 1.0, 0.5);
        let basis = normal_matrix(ncols, k, key.named("basis")) / (ncols as f64).sqrt();
        for (name, solver) in [
            ("cholesky", RowSolver::Cholesky),
            ("cg, 3 steps", RowSolver::Cg { steps: 3, tol: 0.0 }),
            ("cg, 1e-10", RowSolver::Cg { steps: 200, tol: 1e-10 }),
            ("sketch, c = 4", RowSolver::SketchPcg { c: 4, kind: SketchFamily::SparseSign { nonzeros: 2 } }),
        ] {
            group.bench_function(BenchmarkId::new(name, k), |bench| {
                let problem = black_box(&instance.problem);
                bench.iter(|| {
                    multiple_response_regression(problem, Side::Rows, &basis, &solver, 0.0, None, key)
                });
            });
        }
    }
}

criterion_group!(benches, completion, half_step);
criterion_main!(benches);

//! Least squares to the accuracy of a QR factorization, against that factorization: 500,000 × 100, condition 10⁴.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use faer::linalg::solvers::SolveLstsqCore;
use proofsketch::linalg::Qr;
use proofsketch::random::StreamKey;
use proofsketch::regression::{Instance, Refinement, Settings, solve};

fn refinement(criterion: &mut Criterion) {
    let key = StreamKey::from_seed(1);
    let instance = Instance::conditioned((500_000, 100), 1e4, 1e-2, key).expect("n ≥ d");
    let problem = instance.problem().expect("finite data");
    let settings = Settings { refinement: Some(Refinement::default()), ..Settings::default() };
    let by_qr = || {
        let qr = Qr::new(black_box(&instance.a)).expect("finite data");
        qr.solve_least_squares_vector(&instance.b).expect("full rank")
    };
    let refined = || solve(black_box(&problem), &settings, key).expect("full rank").solution.coefficients;
    let (x, y) = (refined(), by_qr());
    println!("refined and QR differ by {:.1e} relative", (&x - &y).norm() / y.norm());
    let mut group = criterion.benchmark_group("least_squares_500000x100");
    group.sample_size(10);
    group.bench_function("refined", |bench| bench.iter(refined));
    group.bench_function("qr", |bench| bench.iter(by_qr));
    group.bench_function("qr_of_faer", |bench| {
        let a = faer::MatRef::from_column_major_slice(instance.a.as_slice(), 500_000, 100);
        bench.iter(|| {
            let mut x = faer::Mat::from_fn(500_000, 1, |i, _| instance.b[i]);
            a.qr().solve_lstsq_in_place_with_conj(faer::Conj::No, x.as_mut());
            x
        });
    });
}

criterion_group!(benches, refinement);
criterion_main!(benches);

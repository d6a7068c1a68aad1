//! What the test suites share.
#![allow(dead_code)]

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;

/// The root key of this run: fixed, or named by the environment variable `PROOFSKETCH_SEED`.
pub fn seed() -> StreamKey {
    let seed = std::env::var("PROOFSKETCH_SEED").ok().map_or(20_230_202, |text| {
        text.parse().unwrap_or_else(|_| panic!("PROOFSKETCH_SEED is no integer: {text:?}"))
    });
    StreamKey::from_seed(seed)
}

/// Runs `work` in pools of 1, 2, 3 and 8 threads and gives the four answers.
pub fn with_thread_counts<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    [1, 2, 3, 8]
        .iter()
        .map(|&threads| {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
            pool.install(&work)
        })
        .collect()
}

/// Fixed tall n × d matrices of full column rank, each hard for some sketch, by name. d is a power of two, d ≤ n.
pub fn hard_instances(n: usize, d: usize) -> Vec<(&'static str, DMatrix<f64>)> {
    let power = |base: f64, j: usize| base.powi(j as i32);
    let hadamard = |i: usize, j: usize| if (i & j).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
    // Columns that are sums of cosines: dense, of moderate condition, unequal leverage.
    let smooth =
        |i: usize, j: usize| (j as f64 * i as f64 / n as f64).cos() + 0.3 * ((i * (j + 2)) as f64).sin();
    vec![
        ("identity rows", DMatrix::from_fn(n, d, |i, j| f64::from(u8::from(i == j)))),
        ("one heavy row", DMatrix::from_fn(n, d, |i, j| smooth(i, j) * if i == n / 3 { 1e6 } else { 1.0 })),
        ("repeated rows", DMatrix::from_fn(n, d, |i, j| power(1.0 + (i % d) as f64 / d as f64, j))),
        ("condition 1e8", {
            let scales = |j: usize| 10.0_f64.powf(-8.0 * j as f64 / (d - 1) as f64);
            let left = DMatrix::from_fn(n, d, |i, j| smooth(i, j) * scales(j));
            left * DMatrix::from_fn(d, d, |i, j| hadamard(i, j) / (d as f64).sqrt())
        }),
        ("equal leverage", DMatrix::from_fn(n, d, hadamard)),
    ]
}

/// A tall matrix whose last column is the sum of the others.
pub fn rank_deficient(n: usize, d: usize) -> DMatrix<f64> {
    let mut a = DMatrix::from_fn(n, d, |i, j| ((i * (2 * j + 1)) as f64).sin());
    let sum = a.columns(0, d - 1).column_sum();
    a.set_column(d - 1, &sum);
    a
}

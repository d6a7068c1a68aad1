//! What the test suites share.
#![allow(dead_code)]

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

//! Seconds of a piece of work.

use std::hint::black_box;
use std::time::Instant;

/// The least and the median seconds of `repeats` runs after one that is not counted.
pub fn seconds<T>(repeats: usize, mut work: impl FnMut() -> T) -> (f64, f64) {
    black_box(work());
    let mut times: Vec<f64> = (0..repeats)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[0], times[times.len() / 2])
}

/// `work` on a pool of its own.
pub fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
    pool.install(work)
}

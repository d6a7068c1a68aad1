//! The rates that bound every method: reading and copying memory, and multiplying dense matrices.

use nalgebra::DMatrix;
use proofsketch::linalg::product;
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::timing::{on_threads, seconds};

/// Numbers of an array that no cache holds: 512 MiB.
const LONG: usize = 1 << 26;
/// Numbers that one task reads or copies.
const TASK: usize = 1 << 18;
/// Shapes of a product: (800 × 20,000)·(20,000 × 200).
const SHAPES: (usize, usize, usize) = (800, 20_000, 200);
const REPEATS: usize = 5;

/// GB/s of a read and of a copy (read and written bytes), Gflop/s of a product in f64, on one and on two threads.
pub fn probe() -> Value {
    let threads = [1, 2];
    json!({
        "threads": threads,
        "read_gb_per_s": threads.map(|count| on_threads(count, read)),
        "copy_gb_per_s": threads.map(|count| on_threads(count, copy)),
        "product_gflop_per_s": threads.map(|count| on_threads(count, multiply)),
    })
}

fn read() -> f64 {
    let memory = vec![1_u64; LONG];
    let sum = |words: &[u64]| words.iter().fold(0_u64, |sum, &word| sum.wrapping_add(word));
    let (least, _) = seconds(REPEATS, || memory.par_chunks(TASK).map(sum).reduce(|| 0, u64::wrapping_add));
    8.0 * LONG as f64 / least / 1e9
}

fn copy() -> f64 {
    let from = vec![1.0_f64; LONG];
    let mut to = vec![0.0_f64; LONG];
    let (least, _) = seconds(REPEATS, || {
        to.par_chunks_mut(TASK).zip(from.par_chunks(TASK)).for_each(|(to, from)| to.copy_from_slice(from));
    });
    16.0 * LONG as f64 / least / 1e9
}

fn multiply() -> f64 {
    let (m, n, d) = SHAPES;
    let entry = |i: usize, j: usize| ((i * 7 + j * 13) % 11) as f64 - 5.0;
    let (a, b) = (DMatrix::from_fn(m, n, entry), DMatrix::from_fn(n, d, entry));
    let (least, _) = seconds(REPEATS, || product(&a, &b));
    2.0 * (m * n * d) as f64 / least / 1e9
}

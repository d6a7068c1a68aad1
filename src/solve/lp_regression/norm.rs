use rayon::prelude::*;

/// Entries whose terms one task adds up.
const CHUNK: usize = 8192;

/// ‖x‖ₚ = (Σ|xᵢ|ᵖ)^(1/p) for 1 ≤ p ≤ ∞, safe where the powers would overflow or vanish.
pub(super) fn lp_norm(x: &[f64], p: f64) -> f64 {
    let largest = largest_magnitude(x);
    if p == f64::INFINITY || largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    largest * sum(x.len(), |i| power(x[i].abs() / largest, p)).powf(1.0 / p)
}

/// max |xᵢ|.
pub(super) fn largest_magnitude(x: &[f64]) -> f64 {
    let in_chunk = |chunk: &[f64]| chunk.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    x.par_chunks(CHUNK).map(in_chunk).reduce(|| 0.0, f64::max)
}

/// The median of |xᵢ|, the upper of two.
pub(super) fn median_magnitude(x: &[f64]) -> f64 {
    magnitudes_and_median(x).1
}

/// The median, the upper of two, and the mean of |xᵢ|.
pub(super) fn median_and_mean_magnitude(x: &[f64]) -> (f64, f64) {
    let (magnitudes, median) = magnitudes_and_median(x);
    (median, magnitudes.iter().sum::<f64>() / magnitudes.len() as f64)
}

/// |xᵢ| as selection leaves them, and their median.
fn magnitudes_and_median(x: &[f64]) -> (Vec<f64>, f64) {
    let mut magnitudes: Vec<f64> = x.iter().map(|value| value.abs()).collect();
    let middle = magnitudes.len() / 2;
    let median = *magnitudes.select_nth_unstable_by(middle, f64::total_cmp).1;
    (magnitudes, median)
}

/// Σᵢ₌₀ⁿ⁻¹ term(i), over fixed chunks in order.
pub(super) fn sum(n: usize, term: impl Fn(usize) -> f64 + Sync) -> f64 {
    let chunk = |start: usize| (start..n.min(start + CHUNK)).map(&term).sum::<f64>();
    let partial: Vec<f64> = (0..n.div_ceil(CHUNK)).into_par_iter().map(|i| chunk(i * CHUNK)).collect();
    partial.iter().sum()
}

/// out[i] ← value(i), in parallel.
pub(super) fn fill(out: &mut [f64], value: impl Fn(usize) -> f64 + Sync) {
    out.par_chunks_mut(CHUNK).enumerate().for_each(|(i, chunk)| {
        for (offset, out) in chunk.iter_mut().enumerate() {
            *out = value(i * CHUNK + offset);
        }
    });
}

/// xᵉ for x ≥ 0, without a logarithm where e is a small integer or half of one.
#[inline]
pub(super) fn power(x: f64, exponent: f64) -> f64 {
    match exponent {
        0.0 => 1.0,
        0.5 => x.sqrt(),
        1.0 => x,
        1.5 => x * x.sqrt(),
        2.0 => x * x,
        3.0 => x * x * x,
        4.0 => (x * x) * (x * x),
        _ => x.powf(exponent),
    }
}

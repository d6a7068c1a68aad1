//! Sums of powers of the inner products of many vectors with all of a matrix's columns.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, Par};
use nalgebra::DMatrix;
use rayon::prelude::*;

use super::faer_view::view;
use super::powers::power;
use super::vector_kernels::dispatch;

/// Vectors of one task.
const TASK: usize = 32;
/// Columns met at once: a block of products stays in the second-level cache.
const PANEL: usize = 1024;
const LANES: usize = 16;

/// Sums over the columns zⱼ of Z, j ≠ i, for one column zᵢ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PairSums {
    /// zᵢᵀzᵢ.
    pub(crate) square: f64,
    /// Σ_{j ≠ i} |zᵢᵀzⱼ|ᵃ.
    pub(crate) first: f64,
    /// Σ_{j ≠ i} vⱼ |zᵢᵀzⱼ|ᵇ.
    pub(crate) second: f64,
}

/// The sums of columns `chosen` of Z ∈ ℝʳˣⁿ, with exponents (a, b) and weights v. Cost 2rn flops and 2n powers a column;
/// powers of half-integers up to 8 are products and square roots.
pub(crate) fn pair_sums(
    z: &DMatrix<f64>,
    chosen: &[usize],
    (a, b): (f64, f64),
    weights: &[f64],
) -> Vec<PairSums> {
    let task = |chosen: &[usize]| {
        let vectors = z.select_columns(chosen);
        let mut products = vec![0.0; PANEL * chosen.len()];
        let mut sums = vec![PairSums::default(); chosen.len()];
        for start in (0..z.ncols()).step_by(PANEL) {
            let columns = start..z.ncols().min(start + PANEL);
            let height = columns.len();
            let products = &mut products[..height * chosen.len()];
            let out = MatMut::from_column_major_slice_mut(products, height, chosen.len());
            let panel = view(z).subcols(start, height).transpose();
            matmul(out, Accum::Replace, panel, view(&vectors), 1.0, Par::Seq);
            for ((products, sums), &i) in products.chunks_exact_mut(height).zip(&mut sums).zip(chosen) {
                add_panel(products, &weights[columns.clone()], &columns, i, (a, b), sums);
            }
        }
        sums
    };
    chosen.par_chunks(TASK).flat_map_iter(task).collect()
}

fn add_panel(
    products: &mut [f64],
    weights: &[f64],
    columns: &Range<usize>,
    i: usize,
    (a, b): (f64, f64),
    sums: &mut PairSums,
) {
    if columns.contains(&i) {
        sums.square = std::mem::take(&mut products[i - columns.start]);
    }
    sums.first += weighted_powers(products, None, a);
    sums.second += weighted_powers(products, Some(weights), b);
}

/// Σ vⱼ|xⱼ|ᵃ, v = 1 where there is none.
#[expect(clippy::redundant_closure, reason = "a function item is not inlined into the vectorised loop")]
fn weighted_powers(x: &[f64], weights: Option<&[f64]>, a: f64) -> f64 {
    let twice = 2.0 * a;
    let halves = (twice.fract() == 0.0 && (2.0..=16.0).contains(&twice)).then_some(twice as u32);
    match halves {
        Some(2) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<2>(x),
        ),
        Some(3) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<3>(x),
        ),
        Some(4) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<4>(x),
        ),
        Some(5) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<5>(x),
        ),
        Some(6) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<6>(x),
        ),
        Some(8) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<8>(x),
        ),
        Some(10) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<10>(x),
        ),
        Some(12) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<12>(x),
        ),
        Some(16) => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| half_power::<16>(x),
        ),
        _ => weighted_sum(
            x,
            weights,
            #[inline(always)]
            |x| power(x, a),
        ),
    }
}

/// Σ vⱼ f(xⱼ).
fn weighted_sum(x: &[f64], weights: Option<&[f64]>, f: impl Fn(f64) -> f64) -> f64 {
    dispatch(
        #[inline(always)]
        || match weights {
            None => lane_sum(
                x,
                x,
                #[inline(always)]
                |x, _| f(x),
            ),
            Some(weights) => lane_sum(
                x,
                weights,
                #[inline(always)]
                |x, v| v * f(x),
            ),
        },
    )
}

/// |x|^(K/2).
#[inline(always)]
fn half_power<const K: u32>(x: f64) -> f64 {
    let x = x.abs();
    let mut value = if K % 2 == 1 { x.sqrt() } else { 1.0 };
    for _ in 0..K / 2 {
        value *= x;
    }
    value
}

#[inline(always)]
fn lane_sum(x: &[f64], y: &[f64], f: impl Fn(f64, f64) -> f64) -> f64 {
    let (x, x_rest) = x.as_chunks::<LANES>();
    let (y, y_rest) = y.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (x, y) in x.iter().zip(y) {
        for lane in 0..LANES {
            sums[lane] += f(x[lane], y[lane]);
        }
    }
    sums.iter().sum::<f64>() + x_rest.iter().zip(y_rest).map(|(&x, &y)| f(x, y)).sum::<f64>()
}

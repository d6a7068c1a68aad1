//! Stages of the transform in vector registers. A stage of distance h replaces the entries u, v at distance h by
//! u + v, u − v; stages are taken in the order h = 1, 2, 4, …, several of them between one load and one store.
//!
//! The instruction set reaches only what is inlined into `with_simd`: hence `inline(always)` and loops, not closures.

use std::array;

use pulp::{Simd, WithSimd};

use super::walsh_hadamard_reference;
use crate::registers::lanes;

/// Three stages between a load and a store. Sixteen rows would halve the passes again, but rows a power of two apart
/// share one set of the cache, which holds 8 to 12 of them.
pub(super) const MAX_RADIX: usize = 8;

/// All stages of a block that fits in the first-level cache.
pub(super) struct Block<'a>(pub &'a mut [f64]);

/// The stages of distance `distance`, 2 `distance`, …, at most [`MAX_RADIX`] / 2 · `distance`.
pub(super) struct Stages<'a> {
    pub x: &'a mut [f64],
    pub distance: usize,
}

impl WithSimd for Block<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let x = self.0;
        let mut distance = match x.len() / S::F64_LANES {
            0 => return walsh_hadamard_reference(x),
            1 => first_stages::<S, 1>(simd, x),
            2 => first_stages::<S, 2>(simd, x),
            4 => first_stages::<S, 4>(simd, x),
            _ => first_stages::<S, MAX_RADIX>(simd, x),
        };
        while distance < x.len() {
            distance = next_stages(simd, x, distance);
        }
    }
}

impl WithSimd for Stages<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        next_stages(simd, self.x, self.distance);
    }
}

/// The stages inside R consecutive registers. Returns the distance of the stage that comes next.
#[inline(always)]
fn first_stages<S: Simd, const R: usize>(simd: S, x: &mut [f64]) -> usize {
    let (registers, _) = S::as_mut_simd_f64s(x);
    let (tiles, _) = registers.as_chunks_mut::<R>();
    for tile in tiles {
        for register in tile.iter_mut() {
            *register = lane_butterflies(simd, *register);
        }
        *tile = butterflies(simd, *tile);
    }
    R * S::F64_LANES
}

/// As many stages, from `distance` on, as one pass takes. Returns the distance of the stage that comes next.
#[inline(always)]
fn next_stages<S: Simd>(simd: S, x: &mut [f64], distance: usize) -> usize {
    match x.len() / distance {
        2 => pass::<S, 2>(simd, x, distance),
        4 => pass::<S, 4>(simd, x, distance),
        _ => pass::<S, MAX_RADIX>(simd, x, distance),
    }
}

/// log₂ R stages on R rows at a time, `distance` entries apart.
#[inline(always)]
fn pass<S: Simd, const R: usize>(simd: S, x: &mut [f64], distance: usize) -> usize {
    let (registers, _) = S::as_mut_simd_f64s(x);
    let width = distance / S::F64_LANES;
    for group in registers.chunks_exact_mut(R * width) {
        let mut rest = group;
        let mut rows: [&mut [S::f64s]; R] =
            array::from_fn(|_| rest.split_off_mut(..width).expect("a group is R rows of this width"));
        for j in 0..width {
            let mut column = [rows[0][j]; R];
            for (x, row) in column.iter_mut().zip(&rows) {
                *x = row[j];
            }
            column = butterflies(simd, column);
            for (x, row) in column.into_iter().zip(&mut rows) {
                row[j] = x;
            }
        }
    }
    R * distance
}

/// H_R across R registers.
#[inline(always)]
fn butterflies<S: Simd, const R: usize>(simd: S, mut x: [S::f64s; R]) -> [S::f64s; R] {
    let mut distance = 1;
    while distance < R {
        for pair in x.chunks_exact_mut(2 * distance) {
            let (upper, lower) = pair.split_at_mut(distance);
            for (u, v) in upper.iter_mut().zip(lower) {
                (*u, *v) = (simd.add_f64s(*u, *v), simd.sub_f64s(*u, *v));
            }
        }
        distance *= 2;
    }
    x
}

/// H_L on the L lanes of one register: each lane becomes its partner plus or minus itself.
///
/// The fused multiply-add is exact in its product by ±1, so it rounds as an addition does.
#[inline(always)]
fn lane_butterflies<S: Simd>(simd: S, mut x: S::f64s) -> S::f64s {
    let mut distance = 1;
    while distance < S::F64_LANES {
        let (mut partner, mut signs) = (x, simd.splat_f64s(1.0));
        for pair in lanes::<f64>(&mut partner).chunks_exact_mut(2 * distance) {
            let (upper, lower) = pair.split_at_mut(distance);
            upper.swap_with_slice(lower);
        }
        for pair in lanes::<f64>(&mut signs).chunks_exact_mut(2 * distance) {
            pair[distance..].fill(-1.0);
        }
        x = simd.mul_add_f64s(x, signs, partner);
        distance *= 2;
    }
    x
}

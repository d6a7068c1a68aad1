//! Inner loops on contiguous columns, compiled for the vector instructions found at run time.
//!
//! Every sum has one order, whatever the instruction set: 16 running sums over the entries of equal index modulo 16,
//! added pairwise at the end. Products are rounded before they are added. So the bits do not depend on the machine.
//! The loops must be inlined into the closure that [`dispatch`] compiles, and so must that closure: it is marked
//! `#[inline(always)]` wherever it stands. Called otherwise they are correct but slow.

use std::sync::LazyLock;

use pulp::{Arch, NullaryFnOnce, WithSimd};

/// Running sums of an inner product.
const LANES: usize = 16;

static ARCH: LazyLock<Arch> = LazyLock::new(Arch::new);

/// Runs `kernel` compiled for the widest vector instructions of this machine.
#[inline]
pub(crate) fn dispatch<K: NullaryFnOnce>(kernel: K) -> K::Output {
    ARCH.dispatch(kernel)
}

/// Runs a kernel written in vector registers with those of this machine.
#[inline]
pub(crate) fn dispatch_simd<K: WithSimd>(kernel: K) -> K::Output {
    ARCH.dispatch(kernel)
}

/// xᵀy for slices of one length.
#[inline(always)]
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let (x, x_rest) = x.as_chunks::<LANES>();
    let (y, y_rest) = y.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for (x, y) in x.iter().zip(y) {
        for lane in 0..LANES {
            sums[lane] += x[lane] * y[lane];
        }
    }
    for (lane, (x, y)) in x_rest.iter().zip(y_rest).enumerate() {
        sums[lane] += x * y;
    }
    pairwise(sums)
}

/// xⱼᵀy for four columns xⱼ at once: the bits of four calls of [`dot`], with y read once.
#[inline(always)]
pub(crate) fn dot4(columns: [&[f64]; 4], y: &[f64]) -> [f64; 4] {
    let (y, y_rest) = y.as_chunks::<LANES>();
    let split = columns.map(|x| x.as_chunks::<LANES>());
    let [(x0, r0), (x1, r1), (x2, r2), (x3, r3)] = split;
    let mut sums = [[0.0; LANES]; 4];
    for ((((y, x0), x1), x2), x3) in y.iter().zip(x0).zip(x1).zip(x2).zip(x3) {
        for lane in 0..LANES {
            sums[0][lane] += x0[lane] * y[lane];
            sums[1][lane] += x1[lane] * y[lane];
            sums[2][lane] += x2[lane] * y[lane];
            sums[3][lane] += x3[lane] * y[lane];
        }
    }
    for (sums, rest) in sums.iter_mut().zip([r0, r1, r2, r3]) {
        for (lane, (x, y)) in rest.iter().zip(y_rest).enumerate() {
            sums[lane] += x * y;
        }
    }
    sums.map(pairwise)
}

/// y += αx.
#[inline(always)]
pub(crate) fn axpy(alpha: f64, x: &[f64], y: &mut [f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += alpha * x;
    }
}

/// y += Σⱼ αⱼxⱼ over four columns: the bits of four calls of [`axpy`], with y read and written once.
#[inline(always)]
pub(crate) fn axpy4(alpha: [f64; 4], columns: [&[f64]; 4], y: &mut [f64]) {
    let [x0, x1, x2, x3] = columns;
    for ((((y, x0), x1), x2), x3) in y.iter_mut().zip(x0).zip(x1).zip(x2).zip(x3) {
        *y = (((*y + alpha[0] * x0) + alpha[1] * x1) + alpha[2] * x2) + alpha[3] * x3;
    }
}

/// ‖x‖₂, safe where the squares of the entries would overflow or vanish; NaN if one of them is.
#[inline(always)]
pub(crate) fn norm(x: &[f64]) -> f64 {
    let squares = dot(x, x);
    if (1e-280..=1e300).contains(&squares) {
        return squares.sqrt();
    }
    if squares.is_nan() {
        return squares;
    }
    let largest = x.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    // Powers of two scale exactly; two of them, for one alone could overflow.
    let exponent = -exponent_of(largest);
    let (half, rest) = (power_of_two(exponent / 2), power_of_two(exponent - exponent / 2));
    let squares: f64 = x.iter().map(|value| (value * half * rest).powi(2)).sum();
    squares.sqrt() / half / rest
}

/// The exponent e of 2ᵉ ≤ |x| < 2ᵉ⁺¹, −1074 ≤ e ≤ 1023, for finite x ≠ 0.
#[inline(always)]
pub(crate) fn exponent_of(x: f64) -> i32 {
    let biased = |x: f64| ((x.to_bits() >> 52) & 0x7ff) as i32;
    if biased(x) == 0 { biased(x * power_of_two(60)) - 1083 } else { biased(x) - 1023 }
}

/// 2ᵉ for −1022 ≤ e ≤ 1023.
#[inline(always)]
pub(crate) fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// The sum of a power of two of lanes, halves added to halves.
#[inline(always)]
pub(super) fn pairwise<const N: usize>(mut sums: [f64; N]) -> f64 {
    let mut width = N / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
        width /= 2;
    }
    sums[0]
}

//! |x|ᵃ of many numbers, compiled for the vector instructions found at run time.
//!
//! log₂ and 2ᵗ are polynomials, evaluated in one order whatever the instruction set, so that the bits do not depend on
//! the machine. The relative error is below 4·10⁻¹⁶ (1 + |log₂ |x|ᵃ|).

use std::f64::consts::{LN_2, LOG2_E};

use super::vector_kernels::dispatch;

/// Running sums of a sum of powers.
const LANES: usize = 16;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;
const ONE: u64 = 0x3ff0_0000_0000_0000;
const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
/// 2⁵² as bits: an integer below 2⁵² put into its mantissa reads as 2⁵² plus that integer.
const INTEGER: u64 = 0x4330_0000_0000_0000;
const TWO_52: f64 = 4_503_599_627_370_496.0;
/// Added and taken away again, it rounds to an integer.
const ROUND: f64 = 1.5 * TWO_52;

/// 1/(2k + 1), k = 10, …, 0: atanh(s)/s in powers of s².
const ATANH: [f64; 11] = [
    1.0 / 21.0,
    1.0 / 19.0,
    1.0 / 17.0,
    1.0 / 15.0,
    1.0 / 13.0,
    1.0 / 11.0,
    1.0 / 9.0,
    1.0 / 7.0,
    1.0 / 5.0,
    1.0 / 3.0,
    1.0,
];

/// 1/k!, k = 13, …, 0.
const EXP: [f64; 14] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    0.5,
    1.0,
    1.0,
];

#[inline(always)]
fn polynomial<const N: usize>(coefficients: [f64; N], x: f64) -> f64 {
    let mut sum = coefficients[0];
    for &coefficient in &coefficients[1..] {
        sum = sum * x + coefficient;
    }
    sum
}

/// log₂ x for normal x > 0: x = 2ᵉ m with m ∈ [√½, √2), ln m = 2 atanh((m − 1)/(m + 1)).
#[inline(always)]
fn log2(x: f64) -> f64 {
    let shifted = x.to_bits().wrapping_add(ONE - SQRT_HALF);
    let exponent = f64::from_bits((shifted >> 52) | INTEGER) - (TWO_52 + 1023.0);
    let m = f64::from_bits((shifted & MANTISSA) + SQRT_HALF);
    let s = (m - 1.0) / (m + 1.0);
    exponent + (2.0 * LOG2_E) * (s * polynomial(ATANH, s * s))
}

/// 2ᵗ, with t held within [−1022, 1023].
#[inline(always)]
fn exp2(t: f64) -> f64 {
    let t = t.clamp(-1022.0, 1023.0);
    let rounded = t + ROUND;
    let fraction = t - (rounded - ROUND);
    let scale = f64::from_bits(rounded.to_bits().wrapping_add(1023) << 52);
    polynomial(EXP, fraction * LN_2) * scale
}

/// |x|ᵃ for finite x; |x| below 2⁻¹⁰²² counts as zero, whose power is 0, for negative a too.
#[inline(always)]
pub(crate) fn power(x: f64, a: f64) -> f64 {
    let x = x.abs();
    let value = exp2(a * log2(x));
    if x < f64::MIN_POSITIVE { 0.0 } else { value }
}

/// out ← |x|ᵃ.
pub(crate) fn powers(x: &[f64], a: f64, out: &mut [f64]) {
    dispatch(
        #[inline(always)]
        || out.iter_mut().zip(x).for_each(|(out, &x)| *out = power(x, a)),
    );
}

/// Σ |xⱼ|ᵃ.
pub(crate) fn sum_of_powers(x: &[f64], a: f64) -> f64 {
    dispatch(
        #[inline(always)]
        || {
            let (chunks, rest) = x.as_chunks::<LANES>();
            let mut sums = [0.0; LANES];
            for chunk in chunks {
                for lane in 0..LANES {
                    sums[lane] += power(chunk[lane], a);
                }
            }
            sums.iter().sum::<f64>() + rest.iter().map(|&x| power(x, a)).sum::<f64>()
        },
    )
}

/// Σ |xⱼ + t yⱼ|ᵃ.
pub(crate) fn sum_of_powers_along(x: &[f64], t: f64, y: &[f64], a: f64) -> f64 {
    dispatch(
        #[inline(always)]
        || {
            let (x, x_rest) = x.as_chunks::<LANES>();
            let (y, y_rest) = y.as_chunks::<LANES>();
            let mut sums = [0.0; LANES];
            for (x, y) in x.iter().zip(y) {
                for lane in 0..LANES {
                    sums[lane] += power(x[lane] + t * y[lane], a);
                }
            }
            let rest = x_rest.iter().zip(y_rest).map(|(x, y)| power(x + t * y, a));
            sums.iter().sum::<f64>() + rest.sum::<f64>()
        },
    )
}

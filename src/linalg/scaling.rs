use super::vector_kernels::{exponent_of, power_of_two};

/// A scale factor 2ᵉ, which multiplies without rounding. Kept in two factors: 2ᵉ itself may overflow.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PowerOfTwo {
    exponent: i32,
}

impl PowerOfTwo {
    /// The scale that brings the largest |value| into [1, 2); `None` where there is no value but zero.
    pub(crate) fn normalising(values: &[f64]) -> Option<Self> {
        let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        (largest > 0.0).then(|| Self { exponent: -exponent_of(largest) })
    }

    /// This scale over another one, as far as it changes a number that is neither huge nor tiny.
    pub(crate) fn over(self, other: Self) -> Self {
        Self { exponent: (self.exponent - other.exponent).clamp(-2044, 2046) }
    }

    /// values ← 2ᵉ values.
    pub(crate) fn multiply(self, values: &mut [f64]) {
        scale(values, self.exponent);
    }

    /// values ← 2⁻ᵉ values.
    pub(crate) fn divide(self, values: &mut [f64]) {
        scale(values, -self.exponent);
    }
}

fn scale(values: &mut [f64], exponent: i32) {
    let (half, rest) = (power_of_two(exponent / 2), power_of_two(exponent - exponent / 2));
    values.iter_mut().for_each(|value| *value = *value * half * rest);
}

/// values ← 2ᵉ values with the e that brings the largest |value| into [1, 2); zeros stay.
pub(crate) fn normalise_largest(values: &mut [f64]) {
    if let Some(scale) = PowerOfTwo::normalising(values) {
        scale.multiply(values);
    }
}

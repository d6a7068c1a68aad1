//! Eight columns held row by row, and back, through squares transposed in vector registers.

use pulp::{Simd, WithSimd};

use super::padded_rows::{LANES, Line};
use super::vector_kernels::dispatch_simd;
use crate::registers::transpose;

/// Sets line i to (c₀\[i\], …, c₇\[i\]) α.
///
/// # Panics
/// If a column is shorter than there are lines.
pub(crate) fn interleave_columns(alpha: f64, columns: [&[f64]; LANES], lines: &mut [Line]) {
    dispatch_simd(Interleave { alpha, columns, lines });
}

/// Sets entry i of each of at most eight columns to its entry in line i.
///
/// # Panics
/// If a column is longer than there are lines.
pub(crate) fn deinterleave_columns<'a>(lines: &[Line], columns: impl Iterator<Item = &'a mut [f64]>) {
    for (c, column) in columns.enumerate() {
        let lines = &lines[..column.len()];
        column.iter_mut().zip(lines).for_each(|(entry, line)| *entry = line.0[c]);
    }
}

struct Interleave<'a> {
    alpha: f64,
    columns: [&'a [f64]; LANES],
    lines: &'a mut [Line],
}

impl WithSimd for Interleave<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        interleave(simd, self.alpha, &self.columns, self.lines);
    }
}

/// [`interleave_columns`] for kernels that have their registers already.
#[inline(always)]
pub(crate) fn interleave<S: Simd>(simd: S, alpha: f64, columns: &[&[f64]; LANES], lines: &mut [Line]) {
    match S::F64_LANES {
        8 => by_squares::<S, 8>(simd, alpha, columns, lines),
        4 => by_squares::<S, 4>(simd, alpha, columns, lines),
        2 => by_squares::<S, 2>(simd, alpha, columns, lines),
        _ => by_squares::<S, 1>(simd, alpha, columns, lines),
    }
}

/// L lines at a time, L the lanes of a register; what is left entry by entry.
#[inline(always)]
fn by_squares<S: Simd, const L: usize>(simd: S, alpha: f64, columns: &[&[f64]; LANES], lines: &mut [Line]) {
    let (factor, height) = (simd.splat_f64s(alpha), lines.len());
    let mut registers = [[].as_slice(); LANES];
    for (registers, column) in registers.iter_mut().zip(columns) {
        *registers = &S::as_simd_f64s(&column[..height]).0[..height / L];
    }
    let (groups, rest) = lines.as_chunks_mut::<L>();
    for (i, group) in groups.iter_mut().enumerate() {
        for part in 0..LANES / L {
            let mut square = [factor; L];
            for (c, register) in square.iter_mut().enumerate() {
                *register = simd.mul_f64s(factor, registers[part * L + c][i]);
            }
            transpose::<f64, _, L>(&mut square);
            for (line, register) in group.iter_mut().zip(square) {
                S::as_mut_simd_f64s(&mut line.0).0[part] = register;
            }
        }
    }
    let done = height / L * L;
    for (i, line) in rest.iter_mut().enumerate() {
        for (entry, column) in line.0.iter_mut().zip(columns) {
            *entry = alpha * column[done + i];
        }
    }
}

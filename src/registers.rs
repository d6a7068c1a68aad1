//! What kernels written in vector registers share, whatever their lanes hold.

use std::array;

use pulp::bytemuck::{self, Pod};

/// The lanes of one register.
#[inline(always)]
pub(crate) fn lanes<T: Pod>(register: &mut impl Pod) -> &mut [T] {
    bytemuck::cast_slice_mut(array::from_mut(register))
}

/// Transposes an L × L square of lanes T, L the lanes T of a register, in log₂ L rounds of exchanges.
///
/// Loops, not closures: those are compiled apart, for the least of machines.
#[inline(always)]
pub(crate) fn transpose<T: Pod, V: Pod, const L: usize>(square: &mut [V; L]) {
    let mut distance = 1;
    while distance < L {
        for pair in square.chunks_exact_mut(2 * distance) {
            let (upper, lower) = pair.split_at_mut(distance);
            for (u, v) in upper.iter_mut().zip(lower) {
                exchange::<T>(lanes(u), lanes(v), distance);
            }
        }
        distance *= 2;
    }
}

/// Swaps the second lanes of `u` with the first lanes of `v`, in groups of `distance`.
#[inline(always)]
fn exchange<T>(u: &mut [T], v: &mut [T], distance: usize) {
    for (u, v) in u.chunks_exact_mut(2 * distance).zip(v.chunks_exact_mut(2 * distance)) {
        u[distance..].swap_with_slice(&mut v[..distance]);
    }
}

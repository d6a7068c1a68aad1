//! The fast Walsh–Hadamard transform in Sylvester order.

mod butterflies;

use nalgebra::DMatrix;
use pulp::Arch;
use rayon::prelude::*;

use butterflies::{Block, MAX_RADIX, Stages};

/// Entries of a block that is transformed in the first-level cache: 2¹² `f64` are 32 KiB.
const CACHE_BLOCK: usize = 1 << 12;

/// Entry (i, j) of the Sylvester–Hadamard matrix of any order 2^q > i, j: (−1)^⟨i, j⟩, where ⟨i, j⟩ counts the binary
/// digits that i and j have in common.
///
/// ```
/// use proofsketch::linalg::hadamard_entry;
///
/// assert_eq!(hadamard_entry(0b101, 0b001), -1.0);
/// assert_eq!(hadamard_entry(0b101, 0b111), 1.0);
/// ```
#[must_use]
pub fn hadamard_entry(i: usize, j: usize) -> f64 {
    if (i & j).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 }
}

/// x ← H x in place, for the unnormalised Hadamard matrix H_{ij} = (−1)^⟨i, j⟩ of order n = 2^q.
///
/// H_1 = \[1\] and H_{2n} = H_2 ⊗ H_n; H is symmetric and H H = n I, so applying the transform twice multiplies by n.
///
/// The n log₂ n additions are those of [`walsh_hadamard_reference`], in its order: the results agree to the bit, on
/// every machine. The work is ordered so that a vector of 2²⁰ entries passes through memory twice: blocks are
/// transformed while they are in cache, and the stages that combine blocks are taken three at a time in registers.
///
/// ```
/// use proofsketch::linalg::fast_walsh_hadamard;
///
/// let mut x = [1.0, 2.0, 3.0, 5.0];
/// fast_walsh_hadamard(&mut x);
/// assert_eq!(x, [11.0, -3.0, -5.0, 1.0]);
/// fast_walsh_hadamard(&mut x);
/// assert_eq!(x, [4.0, 8.0, 12.0, 20.0]);
/// ```
///
/// # Panics
/// If the length is not a power of two.
pub fn fast_walsh_hadamard(x: &mut [f64]) {
    assert_power_of_two(x.len());
    transform(Arch::new(), x);
}

/// A ← H A: [`fast_walsh_hadamard`] of each column, columns in parallel.
///
/// ```
/// use nalgebra::{DMatrix, dmatrix};
/// use proofsketch::linalg::{fast_walsh_hadamard_columns, hadamard_entry};
///
/// let mut a = dmatrix![1.0, 4.0; 2.0, 3.0; 3.0, 2.0; 4.0, 1.0];
/// let product = DMatrix::from_fn(4, 4, hadamard_entry) * &a;
/// fast_walsh_hadamard_columns(&mut a);
/// assert_eq!(a, product);
/// ```
///
/// # Panics
/// If the number of rows is not a power of two.
pub fn fast_walsh_hadamard_columns(a: &mut DMatrix<f64>) {
    let n = a.nrows();
    assert_power_of_two(n);
    let arch = Arch::new();
    a.as_mut_slice().par_chunks_exact_mut(n).for_each(|column| transform(arch, column));
}

/// x ← H x by the textbook loop: log₂ n passes, each a sweep of two-point butterflies (u, v) ← (u + v, u − v), over
/// distances 1, 2, 4, …, n/2.
///
/// The definition that [`fast_walsh_hadamard`] is held against.
///
/// # Panics
/// If the length is not a power of two.
pub fn walsh_hadamard_reference(x: &mut [f64]) {
    assert_power_of_two(x.len());
    let mut distance = 1;
    while distance < x.len() {
        for group in x.chunks_exact_mut(2 * distance) {
            let (upper, lower) = group.split_at_mut(distance);
            for (u, v) in upper.iter_mut().zip(lower) {
                (*u, *v) = (*u + *v, *u - *v);
            }
        }
        distance *= 2;
    }
}

/// Transforms the sub-blocks one after the other, then combines them; the recursion makes each level of cache a block
/// of its own.
fn transform(arch: Arch, x: &mut [f64]) {
    if x.len() <= CACHE_BLOCK {
        return arch.dispatch(Block(x));
    }
    let distance = x.len() / (x.len() / CACHE_BLOCK).min(MAX_RADIX);
    for block in x.chunks_exact_mut(distance) {
        transform(arch, block);
    }
    arch.dispatch(Stages { x, distance });
}

fn assert_power_of_two(n: usize) {
    assert!(n.is_power_of_two(), "a Walsh–Hadamard transform needs a length that is a power of two, not {n}");
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The instruction sets that this machine can run, narrowest first.
    fn instruction_sets() -> Vec<Arch> {
        #[cfg(target_arch = "x86_64")]
        let narrower = pulp::x86::V3::try_new().map(Arch::V3);
        #[cfg(not(target_arch = "x86_64"))]
        let narrower = None;
        [Some(Arch::Scalar), narrower, Some(Arch::new())].into_iter().flatten().collect()
    }

    #[test]
    fn every_instruction_set_gives_the_bits_of_the_reference() {
        for log_n in 0..=16 {
            let x: Vec<f64> = (0..1u32 << log_n).map(|i| (f64::from(i) + 0.5).sin().exp()).collect();
            let mut expected = x.clone();
            walsh_hadamard_reference(&mut expected);
            for arch in instruction_sets() {
                let mut y = x.clone();
                transform(arch, &mut y);
                assert!(y == expected, "{arch:?}, length 2^{log_n}");
            }
        }
    }
}

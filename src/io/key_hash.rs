use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// Simple tabulation hashing of 64-bit keys: h(x) = T₀\[x₀\] ⊕ … ⊕ T₇\[x₇\] over the eight bytes of x, the tables random.
///
/// Whatever the keys are, a linear-probing table at most half full answers in expected constant time, because they are
/// chosen before the tables: those are drawn anew by every process. Where a key lies in a table depends on them, nothing
/// else does.
///
/// Source: Pǎtraşcu and Thorup, The Power of Simple Tabulation Hashing, Journal of the ACM 59 (2012), Theorem 1.3 and
/// Section 3.
pub(super) fn key_hash(key: u64) -> u64 {
    let tables: &[[u64; 256]; 8] = &TABLES;
    key.to_le_bytes().iter().zip(tables).fold(0, |hash, (&byte, table)| hash ^ table[usize::from(byte)])
}

static TABLES: LazyLock<[[u64; 256]; 8]> = LazyLock::new(|| {
    let random = RandomState::new();
    std::array::from_fn(|byte| std::array::from_fn(|value| random.hash_one((byte, value))))
});

/// The least key of a text; those of integers are below.
pub(super) const TEXT: u64 = 1 << 63;

/// The key of a name: see [`NameTable`](super::NameTable). The integer it spells, else a hash with the top bit set.
pub(super) fn key_of(name: &[u8]) -> u64 {
    integer(name).unwrap_or_else(|| fnv1a(name) | TEXT)
}

/// The integer in 0..2⁶³ that a name spells the usual way.
#[inline]
fn integer(name: &[u8]) -> Option<u64> {
    const DIGITS: usize = 19; // of 2⁶³ − 1; ten to this power is below 2⁶⁴
    if name.is_empty() || name.len() > DIGITS || (name[0] == b'0' && name.len() > 1) {
        return None;
    }
    let mut value = 0;
    for byte in name {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = 10 * value + u64::from(digit);
    }
    (value < TEXT).then_some(value)
}

/// FNV-1a of 64 bits (Fowler, Noll, Vo).
fn fnv1a(bytes: &[u8]) -> u64 {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

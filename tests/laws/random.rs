//! Random numbers drawn many at a time are those drawn one by one.

use proofsketch::random::{StreamKey, fill_standard_normal, uniform_below};
use proofsketch::sketch::{SignedEntries, SparseColumns, SparseSign};
use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Positions in 32-bit words: anywhere early, around the carry into the upper half of the block counter, before the end
/// of the stream.
fn positions() -> impl Strategy<Value = u128> {
    let blocks = |blocks: u128| 16 * blocks;
    prop_oneof![
        0..600_u128,
        (0..600_u128).prop_map(move |word| blocks(1 << 32) - 300 + word),
        (0..600_u128).prop_map(move |word| blocks(1 << 64) - 600 + word),
    ]
}

/// One generator twice.
fn generators() -> impl Strategy<Value = (ChaCha8Rng, ChaCha8Rng)> {
    (any::<u64>(), any::<u64>(), positions()).prop_map(|(seed, stream, position)| {
        let mut rng = StreamKey::from_seed(seed).named("law").block(stream);
        rng.set_word_pos(position);
        (rng.clone(), rng)
    })
}

/// Both give the same from here on. A stream is a cycle of 2⁶⁸ words.
fn goes_on_alike(mut one: ChaCha8Rng, mut other: ChaCha8Rng) -> bool {
    one.get_word_pos() % (1 << 68) == other.get_word_pos() % (1 << 68)
        && (0..100).all(|_| one.next_u32() == other.next_u32())
}

/// Floyd's algorithm as it is written down.
fn column(rng: &mut ChaCha8Rng, nrows: u32, nonzeros: u32) -> Vec<u32> {
    let mut rows = Vec::new();
    let mut codes = Vec::new();
    for last in nrows - nonzeros..nrows {
        let code = uniform_below(rng, 2 * (last + 1));
        let row = if rows.contains(&(code / 2)) { last } else { code / 2 };
        rows.push(row);
        codes.push(2 * row + code % 2);
    }
    codes
}

proptest! {
    #[test]
    fn normal_numbers_are_those_drawn_one_by_one((mut one, mut other) in generators(), count in 0_usize..900) {
        let mut filled = vec![0.0; count];
        fill_standard_normal(&mut one, &mut filled);
        for (k, &entry) in filled.iter().enumerate() {
            let normal: f64 = StandardNormal.sample(&mut other);
            prop_assert_eq!(entry.to_bits(), normal.to_bits(), "number {} of {}", k, count);
        }
        prop_assert!(goes_on_alike(one, other));
    }

    #[test]
    fn signed_rows_are_those_of_floyd_s_algorithm(
        (mut one, mut other) in generators(),
        (nrows, nonzeros) in (1_usize..40).prop_flat_map(|nrows| (Just(nrows), 1..=nrows)),
        count in 0_usize..100,
    ) {
        let mut entries = SignedEntries::new();
        SparseSign::new(nrows, 100, nonzeros).unwrap().draw(&mut one, count, &mut entries);
        for j in 0..count {
            prop_assert_eq!(entries.column(j), column(&mut other, nrows as u32, nonzeros as u32));
        }
        prop_assert!(goes_on_alike(one, other));
    }
}

#[test]
fn a_thousand_normal_numbers_take_every_branch_of_the_ziggurat() {
    // A word more than numbers wherever a number is not taken at once: 1.2 % of them.
    let mut rng = StreamKey::from_seed(5).block(0);
    let mut numbers = vec![0.0; 100_000];
    fill_standard_normal(&mut rng, &mut numbers);
    let words = rng.get_word_pos() / 2;
    assert!((101_000..103_500).contains(&words), "{words} words for 100000 numbers");
    assert!(numbers.iter().any(|number| number.abs() > 3.7), "none from the tail, which starts at 3.654");
}

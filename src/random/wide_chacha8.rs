//! The stream of a ChaCha8 generator, computed on as many blocks at a time as a vector register has lanes.

use std::array;
use std::convert::Infallible;

use pulp::{Arch, Simd, WithSimd};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::TryRng;

use crate::registers::{lanes, transpose};

/// "expand 32-byte k", the first words of every block.
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
/// Two rounds, over columns and over diagonals, make one.
const DOUBLE_ROUNDS: usize = 4;
/// Words of a block.
const BLOCK_WORDS: usize = 16;
/// Words computed at a time: sixteen blocks, one for each lane of the widest register.
const WORDS: usize = 16 * BLOCK_WORDS;

/// Calls `draw` with a generator that goes on where `rng` stands, and leaves `rng` where that one ended.
///
/// The words are those of `rng`, in less than half the time; opening costs about a hundred of them.
pub(crate) fn at_full_width<T>(rng: &mut ChaCha8Rng, draw: impl FnOnce(&mut WideChaCha8) -> T) -> T {
    let mut wide = WideChaCha8::from_position_of(rng);
    let drawn = draw(&mut wide);
    rng.set_word_pos(wide.word_pos());
    drawn
}

/// ChaCha with eight rounds, a 64-bit block counter and a 64-bit stream: the words of [`ChaCha8Rng`].
pub(crate) struct WideChaCha8 {
    /// The input of block 0.
    input: [u32; BLOCK_WORDS],
    /// The block that `words` starts with.
    first: u64,
    words: [u32; WORDS],
    next: usize,
}

impl WideChaCha8 {
    fn from_position_of(rng: &ChaCha8Rng) -> Self {
        let mut input = [0; BLOCK_WORDS];
        input[..4].copy_from_slice(&CONSTANTS);
        for (word, bytes) in input[4..12].iter_mut().zip(rng.get_seed().as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        (input[14], input[15]) = halves(rng.get_stream());
        let position = rng.get_word_pos();
        let first = (position / BLOCK_WORDS as u128) as u64;
        let mut wide =
            Self { input, first, words: [0; WORDS], next: (position % BLOCK_WORDS as u128) as usize };
        wide.compute();
        wide
    }

    /// 32-bit words from the start of the stream.
    fn word_pos(&self) -> u128 {
        u128::from(self.first) * BLOCK_WORDS as u128 + self.next as u128
    }

    fn compute(&mut self) {
        Arch::new().dispatch(Blocks { input: &self.input, first: self.first, words: &mut self.words });
    }

    #[cold]
    fn advance(&mut self) {
        self.first = self.first.wrapping_add((WORDS / BLOCK_WORDS) as u64);
        self.next = 0;
        self.compute();
    }

    #[inline(always)]
    fn next_word(&mut self) -> u32 {
        if self.next == WORDS {
            self.advance();
        }
        let word = self.words[self.next];
        self.next += 1;
        word
    }
}

impl TryRng for WideChaCha8 {
    type Error = Infallible;

    #[inline(always)]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.next_word())
    }

    /// The lower half first.
    #[inline(always)]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let (lower, upper) = match self.words[self.next..] {
            [lower, upper, ..] => {
                self.next += 2;
                (lower, upper)
            }
            _ => (self.next_word(), self.next_word()),
        };
        Ok(u64::from(lower) | u64::from(upper) << 32)
    }

    /// Whole words; what is left of the last is dropped.
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for part in bytes.chunks_mut(4) {
            part.copy_from_slice(&self.next_word().to_le_bytes()[..part.len()]);
        }
        Ok(())
    }
}

/// Blocks `first`, `first` + 1, … of a stream.
struct Blocks<'a> {
    input: &'a [u32; BLOCK_WORDS],
    first: u64,
    words: &'a mut [u32; WORDS],
}

impl WithSimd for Blocks<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        match S::U32_LANES {
            16 => self.by_lanes::<S, 16, 8>(simd),
            8 => self.by_lanes::<S, 8, 4>(simd),
            4 => self.by_lanes::<S, 4, 2>(simd),
            _ => self.by_lanes::<S, 1, 0>(simd),
        }
    }
}

impl Blocks<'_> {
    /// L = 2 H blocks at a time, one in each lane.
    #[inline(always)]
    fn by_lanes<S: Simd, const L: usize, const H: usize>(self, simd: S) {
        for (group, words) in self.words.chunks_exact_mut(L * BLOCK_WORDS).enumerate() {
            let mut input: [S::u32s; BLOCK_WORDS] = array::from_fn(|k| simd.splat_u32s(self.input[k]));
            for lane in 0..L {
                let counter = halves(self.first.wrapping_add((group * L + lane) as u64));
                (lanes(&mut input[12])[lane], lanes(&mut input[13])[lane]) = counter;
            }
            let mut state = input;
            for _ in 0..DOUBLE_ROUNDS {
                double_round(simd, &mut state);
            }
            for (word, input) in state.iter_mut().zip(input) {
                *word = simd.add_u32s(*word, input);
            }
            store::<S, L, H>(&state, words);
        }
    }
}

/// The blocks one after another, from one word of all of them after another; L = 2 H.
///
/// Words are paired first, then the pairs transposed as 64-bit lanes of the even and of the odd blocks: one square of
/// all 32-bit lanes is too large for the compiler to keep in registers, and took twice as long as the rounds.
#[inline(always)]
fn store<S: Simd, const L: usize, const H: usize>(state: &[S::u32s; BLOCK_WORDS], words: &mut [u32]) {
    if L == 1 {
        words.iter_mut().zip(*state).for_each(|(word, mut register)| *word = lanes(&mut register)[0]);
        return;
    }
    for (part, state) in state.chunks_exact(L).enumerate() {
        let (mut even, mut odd) = ([state[0]; H], [state[0]; H]);
        for (pair, (e, o)) in state.chunks_exact(2).zip(even.iter_mut().zip(&mut odd)) {
            (*e, *o) = (pair[0], pair[1]);
            pair_words(lanes(e), lanes(o));
        }
        transpose::<u64, _, H>(&mut even);
        transpose::<u64, _, H>(&mut odd);
        let blocks = words.chunks_exact_mut(2 * BLOCK_WORDS);
        for (blocks, (mut e, mut o)) in blocks.zip(even.into_iter().zip(odd)) {
            blocks[part * L..][..L].copy_from_slice(lanes(&mut e));
            blocks[BLOCK_WORDS + part * L..][..L].copy_from_slice(lanes(&mut o));
        }
    }
}

/// The lower halves of (e, o) in e, the upper ones in o.
#[inline(always)]
fn pair_words(even: &mut [u64], odd: &mut [u64]) {
    const LOWER: u64 = u32::MAX as u64;
    for (e, o) in even.iter_mut().zip(odd) {
        (*e, *o) = (*e & LOWER | *o << 32, *e >> 32 | *o & !LOWER);
    }
}

/// Written out, as is the quarter: loops over indices leave the state in memory and take twice as long.
#[inline(always)]
fn double_round<S: Simd>(simd: S, state: &mut [S::u32s; BLOCK_WORDS]) {
    quarter_round(simd, state, 0, 4, 8, 12);
    quarter_round(simd, state, 1, 5, 9, 13);
    quarter_round(simd, state, 2, 6, 10, 14);
    quarter_round(simd, state, 3, 7, 11, 15);
    quarter_round(simd, state, 0, 5, 10, 15);
    quarter_round(simd, state, 1, 6, 11, 12);
    quarter_round(simd, state, 2, 7, 8, 13);
    quarter_round(simd, state, 3, 4, 9, 14);
}

#[inline(always)]
fn quarter_round<S: Simd>(
    simd: S,
    state: &mut [S::u32s; BLOCK_WORDS],
    a: usize,
    b: usize,
    c: usize,
    d: usize,
) {
    state[a] = simd.add_u32s(state[a], state[b]);
    state[d] = rotated::<S>(simd.xor_u32s(state[d], state[a]), 16);
    state[c] = simd.add_u32s(state[c], state[d]);
    state[b] = rotated::<S>(simd.xor_u32s(state[b], state[c]), 12);
    state[a] = simd.add_u32s(state[a], state[b]);
    state[d] = rotated::<S>(simd.xor_u32s(state[d], state[a]), 8);
    state[c] = simd.add_u32s(state[c], state[d]);
    state[b] = rotated::<S>(simd.xor_u32s(state[b], state[c]), 7);
}

#[inline(always)]
fn rotated<S: Simd>(mut register: S::u32s, bits: u32) -> S::u32s {
    lanes::<u32>(&mut register).iter_mut().for_each(|word| *word = word.rotate_left(bits));
    register
}

/// The lower and the upper half.
#[inline(always)]
fn halves(number: u64) -> (u32, u32) {
    (number as u32, (number >> 32) as u32)
}

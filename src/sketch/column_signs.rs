use std::ops::Range;

use rand_chacha::rand_core::Rng;
use rayon::prelude::*;

use crate::random::{BLOCK, StreamKey};

/// Bits of one word.
const WORD: usize = u64::BITS as usize;

/// Independent random signs, one a column of S, drawn in blocks; a set bit is a minus.
#[derive(Clone, Debug)]
pub(super) struct ColumnSigns {
    /// The first column that has its bit here, a multiple of [`BLOCK`].
    first: usize,
    words: Vec<u64>,
}

impl ColumnSigns {
    /// The signs of the columns in `columns`.
    pub(super) fn new(key: StreamKey, columns: &Range<usize>) -> Self {
        let blocks = columns.start / BLOCK..columns.end.div_ceil(BLOCK);
        let mut words = vec![0; blocks.len() * (BLOCK / WORD)];
        words.par_chunks_mut(BLOCK / WORD).enumerate().for_each(|(offset, words)| {
            let mut rng = key.block((blocks.start + offset) as u64);
            words.iter_mut().for_each(|word| *word = rng.next_u64());
        });
        Self { first: blocks.start * BLOCK, words }
    }

    /// The sign of one column, ±1.
    pub(super) fn sign(&self, column: usize) -> f64 {
        let bit = column - self.first;
        if self.words[bit / WORD] >> (bit % WORD) & 1 == 0 { 1.0 } else { -1.0 }
    }

    /// The signs of the columns from `start` on, as ±1.
    pub(super) fn fill(&self, start: usize, signs: &mut [f64]) {
        let mut column = start - self.first;
        let mut rest = signs;
        while !rest.is_empty() {
            let (word, bit) = (self.words[column / WORD], column % WORD);
            let (head, tail) = rest.split_at_mut((WORD - bit).min(rest.len()));
            for (offset, sign) in head.iter_mut().enumerate() {
                *sign = f64::from_bits(1.0_f64.to_bits() | (word >> (bit + offset)) << 63);
            }
            column += head.len();
            rest = tail;
        }
    }
}

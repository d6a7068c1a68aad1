//! Entries held out of the regressions.

use rand_chacha::ChaCha8Rng;

use super::MatrixCompletion;
use super::compressed::Compressed;
use crate::random::{StreamKey, uniform_unit};

/// A subset of Ω as one bit an entry, in both orientations.
#[derive(Clone, Debug)]
pub(crate) struct HeldOut {
    by_rows: Vec<u64>,
    by_columns: Vec<u64>,
    /// Number of entries held out.
    pub(crate) count: usize,
}

impl HeldOut {
    /// Draws each entry with probability `share`, from the key, but leaves every row and column `spare` entries.
    ///
    /// None where nothing could be held out.
    pub(crate) fn draw(problem: &MatrixCompletion, share: f64, spare: usize, key: StreamKey) -> Option<Self> {
        if share == 0.0 {
            return None;
        }
        let rows = &problem.by_rows;
        let words = problem.observed().div_ceil(64);
        let mut held_out = Self { by_rows: vec![0; words], by_columns: vec![0; words], count: 0 };
        let mut left: Vec<usize> = (0..problem.ncols()).map(|j| problem.column_degree(j)).collect();
        let mut next = problem.by_columns.offsets.clone();
        for i in 0..rows.len() {
            let mut rng: ChaCha8Rng = key.block(i as u64);
            let mut left_in_row = rows.degree(i);
            for place in rows.range(i) {
                let j = rows.indices[place] as usize;
                // Entries of a column are met in the order in which it stores them.
                let in_column = next[j];
                next[j] += 1;
                if uniform_unit(&mut rng) < share && left_in_row > spare && left[j] > spare {
                    (left_in_row, left[j]) = (left_in_row - 1, left[j] - 1);
                    held_out.by_rows[place / 64] |= 1 << (place % 64);
                    held_out.by_columns[in_column / 64] |= 1 << (in_column % 64);
                    held_out.count += 1;
                }
            }
        }
        (held_out.count > 0).then_some(held_out)
    }
}

/// The regressions of one half-step: lines, some of whose entries are held out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observations<'a> {
    pub(crate) lines: &'a Compressed,
    held_out: Option<&'a [u64]>,
    /// What values are multiplied by, so that their mean square is 1.
    pub(crate) scale: f64,
}

impl<'a> Observations<'a> {
    pub(crate) fn of_rows(problem: &'a MatrixCompletion, held_out: Option<&'a HeldOut>, scale: f64) -> Self {
        Self { lines: &problem.by_rows, held_out: held_out.map(|set| set.by_rows.as_slice()), scale }
    }

    pub(crate) fn of_columns(
        problem: &'a MatrixCompletion,
        held_out: Option<&'a HeldOut>,
        scale: f64,
    ) -> Self {
        Self { lines: &problem.by_columns, held_out: held_out.map(|set| set.by_columns.as_slice()), scale }
    }

    /// All entries of `lines`, as they are.
    pub(crate) fn of_lines(lines: &'a Compressed) -> Self {
        Self { lines, held_out: None, scale: 1.0 }
    }

    /// Copies the entries of line `i` that take part, values scaled.
    pub(crate) fn gather(&self, i: usize, kept: &mut Kept) {
        let range = self.lines.range(i);
        let line = self.lines.line(i);
        kept.is_weighted = self.lines.weights.is_some();
        kept.resize(range.len());
        let mut count = 0;
        for (t, (&index, &value)) in line.indices.iter().zip(line.values).enumerate() {
            // Written over by the next one where it is held out.
            (kept.indices[count], kept.values[count]) = (index, value * self.scale);
            if let Some(weights) = &self.lines.weights {
                kept.weights[count] = weights[range.start + t];
            }
            count += usize::from(self.is_kept(range.start + t));
        }
        kept.resize(count);
    }

    /// Σ r² over the entries of line `i` that are held out, which are set to zero in `r`.
    pub(crate) fn take_held_out(&self, i: usize, r: &mut [f64]) -> f64 {
        let Some(bits) = self.held_out else { return 0.0 };
        let range = self.lines.range(i);
        let mut sum = 0.0;
        let words = range.start / 64..range.end.div_ceil(64);
        for (word, &bits) in words.clone().zip(&bits[words]) {
            let mut rest = bits;
            while rest != 0 {
                let place = word * 64 + rest.trailing_zeros() as usize;
                rest &= rest - 1;
                if range.contains(&place) {
                    sum += std::mem::take(&mut r[place - range.start]).powi(2);
                }
            }
        }
        sum
    }

    /// Whether the entry at `place` takes part in the regressions.
    #[inline(always)]
    pub(crate) fn is_kept(&self, place: usize) -> bool {
        self.held_out.is_none_or(|bits| bits[place / 64] >> (place % 64) & 1 == 0)
    }
}

/// The entries of one line that take part in its regression.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    pub(crate) indices: Vec<u32>,
    pub(crate) values: Vec<f64>,
    weights: Vec<f64>,
    is_weighted: bool,
}

impl Kept {
    /// d.
    pub(crate) fn len(&self) -> usize {
        self.indices.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// Their weights, unless all are 1.
    pub(crate) fn weights(&self) -> Option<&[f64]> {
        self.is_weighted.then_some(self.weights.as_slice())
    }

    /// Multiplies the values by their weights.
    pub(crate) fn weigh_values(&mut self) {
        if self.is_weighted {
            self.values.iter_mut().zip(&self.weights).for_each(|(value, weight)| *value *= weight);
        }
    }

    /// Drops the entries of crossing lines that `is_dropped` names.
    pub(crate) fn drop_crossing(&mut self, is_dropped: impl Fn(usize) -> bool) {
        let mut count = 0;
        for t in 0..self.len() {
            (self.indices[count], self.values[count]) = (self.indices[t], self.values[t]);
            if self.is_weighted {
                self.weights[count] = self.weights[t];
            }
            count += usize::from(!is_dropped(self.indices[t] as usize));
        }
        self.resize(count);
    }

    fn resize(&mut self, count: usize) {
        self.indices.resize(count, 0);
        self.values.resize(count, 0.0);
        self.weights.resize(if self.is_weighted { count } else { 0 }, 0.0);
    }
}

//! Observed entries grouped by row, or by column: compressed sparse storage with 32-bit indices.

use std::ops::Range;

/// One orientation of P_Ω(M): for each line (a row of M, or a column) the crossing lines it is observed in, ascending,
/// with the values. 12 bytes an entry, 8 more with weights.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Compressed {
    pub(crate) offsets: Vec<usize>,
    pub(crate) indices: Vec<u32>,
    pub(crate) values: Vec<f64>,
    pub(crate) weights: Option<Vec<f64>>,
}

/// The observed entries of one line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    pub(crate) indices: &'a [u32],
    pub(crate) values: &'a [f64],
}

impl Compressed {
    /// Number of lines.
    pub(crate) fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Places of the entries of line `i`.
    pub(crate) fn range(&self, i: usize) -> Range<usize> {
        self.offsets[i]..self.offsets[i + 1]
    }

    /// Observed entries of line `i`.
    pub(crate) fn degree(&self, i: usize) -> usize {
        self.range(i).len()
    }

    /// Line `i`.
    pub(crate) fn line(&self, i: usize) -> Line<'_> {
        let range = self.range(i);
        Line { indices: &self.indices[range.clone()], values: &self.values[range] }
    }

    /// The same entries grouped the other way, for `lines` crossing lines. Entries of a crossing line come in the order
    /// of this orientation's lines.
    pub(crate) fn transposed(&self, lines: usize) -> Self {
        let mut offsets = vec![0; lines + 1];
        self.indices.iter().for_each(|&j| offsets[j as usize + 1] += 1);
        for j in 0..lines {
            offsets[j + 1] += offsets[j];
        }
        let mut next = offsets.clone();
        let entries = self.indices.len();
        let (mut indices, mut values) = (vec![0; entries], vec![0.0; entries]);
        let mut weights = self.weights.as_ref().map(|_| vec![0.0; entries]);
        for i in 0..self.len() {
            for place in self.range(i) {
                let target = &mut next[self.indices[place] as usize];
                indices[*target] = i as u32;
                values[*target] = self.values[place];
                if let (Some(to), Some(from)) = (&mut weights, &self.weights) {
                    to[*target] = from[place];
                }
                *target += 1;
            }
        }
        Self { offsets, indices, values, weights }
    }
}

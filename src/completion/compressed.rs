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

    /// The observations of positive weight by line, in a line as they came; `triplet` gives (line, crossing line, value).
    pub(crate) fn grouped(
        lines: usize,
        count: usize,
        triplet: &impl Fn(usize) -> (u32, u32, f64),
        weight: Option<&dyn Fn(usize) -> f64>,
    ) -> Self {
        let counted = |index: &usize| weight.is_none_or(|weight| weight(*index) > 0.0);
        let mut offsets = vec![0; lines + 1];
        (0..count).filter(counted).for_each(|index| offsets[triplet(index).0 as usize + 1] += 1);
        for i in 0..lines {
            offsets[i + 1] += offsets[i];
        }
        let mut next = offsets.clone();
        let entries = offsets[lines];
        let (mut indices, mut values) = (vec![0; entries], vec![0.0; entries]);
        let mut weights = weight.map(|_| vec![0.0; entries]);
        for index in (0..count).filter(counted) {
            let (line, crossing, value) = triplet(index);
            let place = &mut next[line as usize];
            (indices[*place], values[*place]) = (crossing, value);
            if let (Some(weights), Some(weight)) = (&mut weights, weight) {
                weights[*place] = weight(index);
            }
            *place += 1;
        }
        Self { offsets, indices, values, weights }
    }

    /// Sorts each line by index, equal ones in their order.
    pub(crate) fn sort_lines(&mut self) {
        let mut entries: Vec<(u32, f64, f64)> = Vec::new();
        for i in 0..self.len() {
            let range = self.range(i);
            if self.indices[range.clone()].is_sorted() {
                continue;
            }
            let weight = |place: usize| self.weights.as_ref().map_or(1.0, |weights| weights[place]);
            entries.clear();
            entries
                .extend(range.clone().map(|place| (self.indices[place], self.values[place], weight(place))));
            entries.sort_by_key(|entry| entry.0);
            for (place, &(index, value, weight)) in range.zip(&entries) {
                (self.indices[place], self.values[place]) = (index, value);
                if let Some(weights) = &mut self.weights {
                    weights[place] = weight;
                }
            }
        }
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

    /// Averages entries that come twice in a line, which are neighbours; the first such entry.
    pub(crate) fn merge_repeated(&mut self) -> Option<(u32, u32)> {
        let mut first_repeated = None;
        let mut kept = 0;
        for i in 0..self.len() {
            let range = self.range(i);
            self.offsets[i] = kept;
            let mut place = range.start;
            while place < range.end {
                let index = self.indices[place];
                let end = (place..range.end).find(|&next| self.indices[next] != index).unwrap_or(range.end);
                let weight = |place: usize| self.weights.as_ref().map_or(1.0, |weights| weights[place]);
                let total: f64 = (place..end).map(weight).sum();
                // Shares of the total, so that no sum overflows; a single value is kept to the bit.
                let mean = match end - place {
                    1 => self.values[place],
                    _ => (place..end).map(|next| self.values[next] * (weight(next) / total)).sum(),
                };
                if end - place > 1 && first_repeated.is_none() {
                    first_repeated = Some((i as u32, index));
                }
                (self.indices[kept], self.values[kept]) = (index, mean);
                if let Some(weights) = &mut self.weights {
                    weights[kept] = total;
                }
                kept += 1;
                place = end;
            }
        }
        let count = self.len();
        self.offsets[count] = kept;
        self.indices.truncate(kept);
        self.values.truncate(kept);
        if let Some(weights) = &mut self.weights {
            weights.truncate(kept);
        }
        first_repeated
    }
}

use super::SignedEntries;

/// The nonzeros of consecutive columns of S, as they are added to S A.
pub(super) enum Updates {
    /// Column by column, where most rows have one nonzero at most.
    AsDrawn {
        entries: SignedEntries,
        /// The column of `entries` that comes first.
        first: usize,
    },
    /// The same where every column has one nonzero, as those of CountSketch: its code.
    OneEach(Vec<u32>),
    /// Row by row.
    ByRow(Runs),
}

/// Nonzeros row by row, rows with as many of them one after another: a run of known length is summed in registers, with
/// one load and one store of its row. The terms of a row keep the order of the columns, and with it the sum its bits.
pub(super) struct Runs {
    /// How many rows have k nonzeros, for k = 1, 2, …; these come first in what follows.
    pub counts: Vec<usize>,
    /// The row of S A that each run adds to.
    pub rows: Vec<u32>,
    /// The terms, one run after another: twice the column's place, plus one for a minus.
    pub terms: Vec<u32>,
}

impl Updates {
    /// Those of `count` columns from `first` on; `m` is the number of rows of S.
    pub(super) fn new(entries: SignedEntries, first: usize, count: usize, m: usize) -> Self {
        let codes = entries.codes(first..first + count);
        let mut columns = (first..first + count).map(|j| entries.column(j));
        if codes.len() >= m {
            return Self::ByRow(Runs::sorted(columns, m));
        }
        if columns.all(|column| column.len() == 1) {
            return Self::OneEach(codes.to_vec());
        }
        Self::AsDrawn { entries, first }
    }
}

impl Runs {
    /// Sorts the codes of columns by counting.
    fn sorted<'a>(columns: impl Iterator<Item = &'a [u32]> + Clone, m: usize) -> Self {
        let mut lengths = vec![0; m];
        columns.clone().flatten().for_each(|&code| lengths[(code >> 1) as usize] += 1);
        let longest = lengths.iter().copied().max().unwrap_or(0);
        let mut counts = vec![0; longest + 1];
        lengths.iter().for_each(|&length| counts[length] += 1);
        counts.remove(0);
        let (rows, mut places) = Self::places(&lengths, &counts);
        let mut terms = vec![0; counts.iter().zip(1..).map(|(count, length)| count * length).sum()];
        for (column, codes) in columns.enumerate() {
            for &code in codes {
                let place = &mut places[(code >> 1) as usize];
                terms[*place] = 2 * column as u32 + (code & 1);
                *place += 1;
            }
        }
        Self { counts, rows, terms }
    }

    /// The rows that are met, shorter runs first, and where the run of each starts.
    fn places(lengths: &[usize], counts: &[usize]) -> (Vec<u32>, Vec<usize>) {
        let (mut runs, mut terms) = (0, 0);
        let mut next = Vec::with_capacity(counts.len());
        for (count, length) in counts.iter().zip(1..) {
            next.push((runs, terms));
            runs += count;
            terms += count * length;
        }
        let (mut rows, mut places) = (vec![0; runs], vec![0; lengths.len()]);
        for (row, (&length, place)) in lengths.iter().zip(&mut places).enumerate() {
            if length > 0 {
                let (run, term) = &mut next[length - 1];
                rows[*run] = row as u32;
                *place = *term;
                *run += 1;
                *term += length;
            }
        }
        (rows, places)
    }
}

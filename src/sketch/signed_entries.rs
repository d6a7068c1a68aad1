use std::ops::Range;

/// Signed row indices of consecutive columns: where the nonzeros of a block of S are, and which are negative.
#[derive(Clone, Debug)]
pub struct SignedEntries {
    offsets: Vec<u32>,
    codes: Vec<u32>,
}

impl SignedEntries {
    /// No columns yet.
    #[must_use]
    pub fn new() -> Self {
        Self { offsets: vec![0], codes: Vec::new() }
    }

    /// Adds a nonzero to the column being built: twice the row index, plus one if it is negative.
    pub fn push(&mut self, code: u32) {
        self.codes.push(code);
    }

    /// Ends the column being built.
    pub fn end_column(&mut self) {
        self.offsets.push(self.codes.len() as u32);
    }

    /// Codes of column `j`, in the order they were added.
    ///
    /// # Panics
    /// If fewer columns were ended.
    #[must_use]
    pub fn column(&self, j: usize) -> &[u32] {
        self.codes(j..j + 1)
    }

    /// Codes of columns, one after another.
    pub(super) fn codes(&self, columns: Range<usize>) -> &[u32] {
        &self.codes[self.offsets[columns.start] as usize..self.offsets[columns.end] as usize]
    }
}

impl Default for SignedEntries {
    fn default() -> Self {
        Self::new()
    }
}

/// Row and sign of a code.
#[inline(always)]
pub(super) fn decode(code: u32) -> (usize, f64) {
    ((code >> 1) as usize, 1.0 - 2.0 * f64::from(code & 1))
}

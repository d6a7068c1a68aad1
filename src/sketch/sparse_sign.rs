use rand_chacha::ChaCha8Rng;

use super::error::check_shape;
use super::{Error, SignedEntries, SketchDistribution, SparseColumns, SparseSketch};
use crate::random::{StreamKey, at_full_width, uniform_below};

/// Sparse sign embedding: every column of S ∈ ℝᵐˣⁿ has exactly s nonzeros ±1/√s, in distinct rows chosen uniformly,
/// with independent signs.
///
/// s = 1 is CountSketch. ‖S e_j‖ = 1 exactly, and E SᵀS = I. Cost of S A: s·nnz(A).
///
/// Source: Nelson and Nguyễn, OSNAP, FOCS 2013 (s > 1); Charikar, Chen and Farach-Colton, ICALP 2002, and Clarkson and
/// Woodruff, STOC 2013 (s = 1).
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{SketchDistribution, SketchOperator, SparseSign};
///
/// let s = SparseSign::new(64, 1000, 4)?.sample(StreamKey::from_seed(3));
/// let column = s.columns(500..501);
/// assert_eq!(column.iter().filter(|value| value.abs() == 0.5).count(), 4);
/// assert_eq!(column.norm_squared(), 1.0);
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SparseSign {
    nrows: usize,
    ncols: usize,
    nonzeros: usize,
}

/// One draw of [`SparseSign`].
pub type SparseSignSketch = SparseSketch<SparseSign>;

impl SparseSign {
    /// The m × n sparse sign embeddings with `nonzeros` = s nonzeros a column.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0, [`Error::Nonzeros`] unless 1 ≤ s ≤ m.
    pub fn new(nrows: usize, ncols: usize, nonzeros: usize) -> Result<Self, Error> {
        check_shape(nrows, ncols)?;
        if !(1..=nrows).contains(&nonzeros) {
            return Err(Error::Nonzeros { nonzeros, nrows });
        }
        Ok(Self { nrows, ncols, nonzeros })
    }

    /// CountSketch: one nonzero ±1 a column.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0.
    pub fn count_sketch(nrows: usize, ncols: usize) -> Result<Self, Error> {
        Self::new(nrows, ncols, 1)
    }

    /// s, the nonzeros a column.
    #[must_use]
    pub fn nonzeros(&self) -> usize {
        self.nonzeros
    }
}

impl SparseColumns for SparseSign {
    fn nrows(&self) -> usize {
        self.nrows
    }

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn magnitude(&self) -> f64 {
        1.0 / (self.nonzeros as f64).sqrt()
    }

    /// Floyd's algorithm: the t-th of s draws takes a row of 0..=m−s+t, or the last of these if the row is taken.
    fn draw(&self, rng: &mut ChaCha8Rng, count: usize, entries: &mut SignedEntries) {
        let first = (self.nrows - self.nonzeros) as u32;
        let mut taken = TakenRows::new(self.nrows, self.nonzeros);
        at_full_width(rng, |rng| {
            for _ in 0..count {
                for last in first..self.nrows as u32 {
                    let code = uniform_below(rng, 2 * (last + 1));
                    let row = if taken.insert(code >> 1) { code >> 1 } else { last };
                    if row == last {
                        taken.insert(last);
                    }
                    entries.push(2 * row + (code & 1));
                }
                taken.clear();
                entries.end_column();
            }
        });
    }
}

/// The rows that the column being drawn has a nonzero in.
struct TakenRows {
    /// For each row, the last column that took it; empty where a column has one nonzero and nothing can clash.
    taken_by: Vec<u32>,
    column: u32,
}

impl TakenRows {
    fn new(nrows: usize, nonzeros: usize) -> Self {
        Self { taken_by: if nonzeros == 1 { Vec::new() } else { vec![0; nrows] }, column: 1 }
    }

    /// Takes a row; false if the column has it already.
    fn insert(&mut self, row: u32) -> bool {
        match self.taken_by.get_mut(row as usize) {
            Some(taken_by) => std::mem::replace(taken_by, self.column) != self.column,
            None => true,
        }
    }

    /// Starts the next column.
    fn clear(&mut self) {
        self.column += 1;
    }
}

impl SketchDistribution for SparseSign {
    type Operator = SparseSignSketch;

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn sample(&self, key: StreamKey) -> SparseSignSketch {
        SparseSketch::new(self.clone(), key)
    }
}

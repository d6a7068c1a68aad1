use rand_chacha::ChaCha8Rng;

use super::error::check_shape;
use super::{Error, SignedEntries, SketchDistribution, SparseColumns, SparseSketch};
use crate::random::{StreamKey, uniform_below, uniform_unit};

/// Very sparse random projection: the entries of S ∈ ℝᵐˣⁿ are independent, ±√(s/m) with probability 1/(2s) each and
/// 0 with probability 1 − 1/s.
///
/// E S_ij² = 1/m, so E SᵀS = I; the kurtosis of an entry is s, so Var‖Sx‖² = (2‖x‖₂⁴ + (s − 3)‖x‖₄⁴)/m.
/// Cost of S A: (m/s)·nnz(A) in expectation. s = 1 is the dense sign matrix.
///
/// Source: Achlioptas, JCSS 66 (2003) (s = 3); Li, Hastie and Church, KDD 2006 (s = √n).
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{SketchDistribution, SketchOperator, VerySparse};
///
/// let s = VerySparse::achlioptas(300, 512)?.sample(StreamKey::from_seed(5)).columns(0..512);
/// let magnitude = (3.0_f64 / 300.0).sqrt();
/// assert!(s.iter().all(|&value| value == 0.0 || value.abs() == magnitude));
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct VerySparse {
    nrows: usize,
    ncols: usize,
    sparsity: f64,
}

/// One draw of [`VerySparse`].
pub type VerySparseSketch = SparseSketch<VerySparse>;

impl VerySparse {
    /// The m × n very sparse projections with sparsity s: one entry in s is nonzero.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0, [`Error::Sparsity`] unless s is finite and at least 1.
    pub fn new(nrows: usize, ncols: usize, sparsity: f64) -> Result<Self, Error> {
        check_shape(nrows, ncols)?;
        if !(sparsity.is_finite() && sparsity >= 1.0) {
            return Err(Error::Sparsity(sparsity));
        }
        Ok(Self { nrows, ncols, sparsity })
    }

    /// s = 3 (Achlioptas 2003).
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0.
    pub fn achlioptas(nrows: usize, ncols: usize) -> Result<Self, Error> {
        Self::new(nrows, ncols, 3.0)
    }

    /// s = √n (Li, Hastie and Church 2006).
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0.
    pub fn li(nrows: usize, ncols: usize) -> Result<Self, Error> {
        Self::new(nrows, ncols, (ncols as f64).sqrt())
    }

    /// s, the inverse density.
    #[must_use]
    pub fn sparsity(&self) -> f64 {
        self.sparsity
    }
}

impl SparseColumns for VerySparse {
    fn nrows(&self) -> usize {
        self.nrows
    }

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn magnitude(&self) -> f64 {
        (self.sparsity / self.nrows as f64).sqrt()
    }

    /// Runs of zeros are geometric: each is skipped by one draw, ⌊ln U / ln(1 − 1/s)⌋ with U uniform on (0, 1].
    fn draw(&self, rng: &mut ChaCha8Rng, count: usize, entries: &mut SignedEntries) {
        let log_zero = (-1.0 / self.sparsity).ln_1p();
        for _ in 0..count {
            let mut row = 0.0;
            loop {
                if self.sparsity > 1.0 {
                    row += ((1.0 - uniform_unit(rng)).ln() / log_zero).floor();
                }
                if row >= self.nrows as f64 {
                    break;
                }
                entries.push(2 * row as u32 + uniform_below(rng, 2));
                row += 1.0;
            }
            entries.end_column();
        }
    }
}

impl SketchDistribution for VerySparse {
    type Operator = VerySparseSketch;

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn sample(&self, key: StreamKey) -> VerySparseSketch {
        SparseSketch::new(self.clone(), key)
    }
}

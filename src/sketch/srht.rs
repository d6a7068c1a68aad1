use std::collections::HashSet;

use super::error::check_shape;
use super::{Error, SketchDistribution, SrhtSketch};
use crate::random::{StreamKey, uniform_below};

/// Shortest block of rows that is transformed at a time, where n allows: it fits the first-level cache.
const SHORTEST_BLOCK: usize = 1 << 12;

/// How the rows of a subsampled transform are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Replacement {
    /// m distinct rows: S Sᵀ = (N/m)·I, and sampling all N rows is an isometry. The error of sketched regression has
    /// 1 − m/N times the variance of sampling with replacement.
    #[default]
    Without,
    /// m independent rows, as theory has it.
    With,
}

/// Subsampled randomized Hadamard transform: S = (1/√m) P H D.
///
/// n is padded with zeros to N = 2^q; D holds independent random signs, H the Sylvester–Hadamard entries ±1, and P picks
/// m rows. |S_ij| = 1/√m exactly, and E SᵀS = I. Cost of S A for dense A: about nd log₂ min(n, 4m) + (n/4m)·md additions,
/// with A read once and nothing of size n written; for sparse A: m·nnz(A).
///
/// Source: Ailon and Chazelle, STOC 2006; Tropp, Adv. Adapt. Data Anal. 3 (2011), for the transform as defined here.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::linalg::LinearOperator;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{SketchDistribution, SketchOperator, Srht};
///
/// let s = Srht::new(16, 100)?.sample(StreamKey::from_seed(3)); // N = 128
/// assert!(s.columns(0..100).iter().all(|entry| entry.abs() == 0.25));
/// let all = Srht::new(128, 128)?.sample(StreamKey::from_seed(3)).to_dense();
/// assert!((all.tr_mul(&all) - DMatrix::identity(128, 128)).amax() < 1e-14); // all rows: an isometry
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Srht {
    nrows: usize,
    ncols: usize,
    replacement: Replacement,
}

impl Srht {
    /// The m × n SRHTs, their rows sampled without replacement.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0, [`Error::TooManyRows`] for m > N, [`Error::TooLarge`] for n > 2³¹.
    pub fn new(nrows: usize, ncols: usize) -> Result<Self, Error> {
        Self::with_replacement(nrows, ncols, Replacement::Without)
    }

    /// The m × n SRHTs, their rows sampled as said.
    ///
    /// # Errors
    /// As [`new`](Self::new); m > N is allowed with replacement.
    pub fn with_replacement(nrows: usize, ncols: usize, replacement: Replacement) -> Result<Self, Error> {
        check_shape(nrows, ncols)?;
        let limit = 1 << 31;
        if ncols > limit {
            return Err(Error::TooLarge { what: "n", value: ncols, limit });
        }
        let padded = ncols.next_power_of_two();
        if replacement == Replacement::Without && nrows > padded {
            return Err(Error::TooManyRows { nrows, padded });
        }
        Ok(Self { nrows, ncols, replacement })
    }

    /// N, n padded to a power of two.
    #[must_use]
    pub fn padded(&self) -> usize {
        self.ncols.next_power_of_two()
    }

    /// The rows that P picks, ascending; without replacement by Floyd's algorithm.
    fn sample_rows(&self, key: StreamKey) -> Vec<usize> {
        let mut rng = key.block(0);
        let padded = self.padded() as u32;
        let mut rows: Vec<usize> = match self.replacement {
            Replacement::With => (0..self.nrows).map(|_| uniform_below(&mut rng, padded) as usize).collect(),
            Replacement::Without => {
                let mut taken = HashSet::with_capacity(self.nrows);
                for last in padded - self.nrows as u32..padded {
                    let row = uniform_below(&mut rng, last + 1);
                    if !taken.insert(row) {
                        taken.insert(last);
                    }
                }
                taken.into_iter().map(|row| row as usize).collect()
            }
        };
        rows.sort_unstable();
        rows
    }
}

impl SketchDistribution for Srht {
    type Operator = SrhtSketch;

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn sample(&self, key: StreamKey) -> SrhtSketch {
        let block = (4 * self.nrows).next_power_of_two().max(SHORTEST_BLOCK).min(self.padded());
        SrhtSketch {
            ncols: self.ncols,
            rows: self.sample_rows(key.named("rows")),
            signs: key.named("signs"),
            scale: 1.0 / (self.nrows as f64).sqrt(),
            variance_factor: match self.replacement {
                Replacement::With => 1.0,
                Replacement::Without => 1.0 - self.nrows as f64 / self.padded() as f64,
            },
            block,
        }
    }
}

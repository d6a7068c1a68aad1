use std::collections::HashSet;

use super::propensities::Propensities;
use crate::random::{StreamKey, uniform_below, uniform_unit};

/// How the observed entries Ω ⊂ \[m\]×\[n\] are drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ObservationModel {
    /// Each entry independently with probability p: the model of the theorems.
    Bernoulli {
        /// 0 < p ≤ 1.
        probability: f64,
    },
    /// |Ω| entries, every set of that size equally likely.
    Uniform {
        /// |Ω| ≤ mn.
        count: usize,
    },
    /// Each entry independently with probability min(1, s·rᵢ·cⱼ), where rᵢ = ρ(i)^(−a) and cⱼ = γ(j)^(−a) for random
    /// rankings ρ of the rows and γ of the columns, and s makes the mean probability p: popular users and items.
    PowerLaw {
        /// 0 < p ≤ 1, the mean probability.
        probability: f64,
        /// a ≥ 0; Bernoulli for a = 0.
        exponent: f64,
    },
}

/// Why a set of observed entries could not be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ObservationError {
    /// A probability outside (0, 1].
    #[error("entries cannot be observed with probability {0}: it must lie in (0, 1]")]
    Probability(f64),
    /// An exponent that is negative or not finite.
    #[error("propensities cannot fall with exponent {0}: it must be a finite number ≥ 0")]
    Exponent(f64),
    /// More entries than there are.
    #[error("{count} entries cannot be observed of {nrows}×{ncols}")]
    Count {
        /// |Ω|.
        count: usize,
        /// m.
        nrows: usize,
        /// n.
        ncols: usize,
    },
    /// No draw had enough entries in every row and column.
    #[error("none of {attempts} draws has {wanted} entries in every row and column; the best has {reached}")]
    MinimumDegree {
        /// Draws made.
        attempts: u64,
        /// The least number of entries wanted in a row or column.
        wanted: usize,
        /// The largest such number in any draw.
        reached: usize,
    },
}

impl ObservationModel {
    /// |Ω| = ⌈ρ·k(m + n − k)⌉ entries: ρ times the degrees of freedom of a rank-k matrix.
    ///
    /// ```
    /// use proofsketch::completion::ObservationModel;
    ///
    /// assert_eq!(ObservationModel::oversampled(2.0, (40, 30), 3), ObservationModel::Uniform { count: 402 });
    /// ```
    #[must_use]
    pub fn oversampled(ratio: f64, (nrows, ncols): (usize, usize), rank: usize) -> Self {
        Self::Uniform { count: (ratio * (rank * (nrows + ncols - rank)) as f64).ceil() as usize }
    }

    /// Ω for an m×n matrix, sorted by row, then column.
    ///
    /// ```
    /// use proofsketch::completion::ObservationModel;
    /// use proofsketch::random::StreamKey;
    ///
    /// let entries = ObservationModel::Bernoulli { probability: 0.25 }.draw((100, 80), StreamKey::from_seed(1))?;
    /// assert!((1800..2200).contains(&entries.len()));
    /// # Ok::<(), proofsketch::completion::ObservationError>(())
    /// ```
    ///
    /// # Errors
    /// [`ObservationError`] for parameters out of range.
    pub fn draw(
        &self,
        (nrows, ncols): (usize, usize),
        key: StreamKey,
    ) -> Result<Vec<(u32, u32)>, ObservationError> {
        if nrows == 0 || ncols == 0 {
            return Ok(Vec::new());
        }
        match *self {
            Self::Bernoulli { probability } => {
                check_probability(probability)?;
                Ok(rowwise((nrows, ncols), key, |_| probability, |_, _| 1.0))
            }
            Self::Uniform { count } => {
                if count > nrows * ncols {
                    return Err(ObservationError::Count { count, nrows, ncols });
                }
                Ok(uniform_subset((nrows, ncols), count, key))
            }
            Self::PowerLaw { probability, exponent } => {
                check_probability(probability)?;
                if !(exponent >= 0.0 && exponent.is_finite()) {
                    return Err(ObservationError::Exponent(exponent));
                }
                let propensities = Propensities::power_law((nrows, ncols), probability, exponent, key);
                let most = |i| propensities.largest_in_row(i);
                Ok(rowwise((nrows, ncols), key, most, |i, j| propensities.probability(i, j) / most(i)))
            }
        }
    }

    /// The first of the draws named `key.indexed(0)`, `key.indexed(1)`, … with at least `degree` entries in every row and
    /// column, out of at most `attempts`.
    ///
    /// A rank-k matrix is not determined by fewer than k entries in some row or column. Conditioning on enough of them
    /// is what generators of published comparisons do (Zilber and Nadler's, for one).
    ///
    /// # Errors
    /// [`ObservationError::MinimumDegree`] if no draw has them; others as [`draw`](Self::draw).
    pub fn draw_with_degree(
        &self,
        shape: (usize, usize),
        degree: usize,
        attempts: u64,
        key: StreamKey,
    ) -> Result<Vec<(u32, u32)>, ObservationError> {
        let mut reached = 0;
        for attempt in 0..attempts {
            let entries = self.draw(shape, key.indexed(attempt))?;
            let least = minimum_degree(shape, &entries);
            if least >= degree {
                return Ok(entries);
            }
            reached = reached.max(least);
        }
        Err(ObservationError::MinimumDegree { attempts, wanted: degree, reached })
    }
}

/// The least number of entries in a row or column; 0 for an empty shape.
#[must_use]
pub fn minimum_degree((nrows, ncols): (usize, usize), entries: &[(u32, u32)]) -> usize {
    let (mut rows, mut columns) = (vec![0_usize; nrows], vec![0_usize; ncols]);
    for &(i, j) in entries {
        rows[i as usize] += 1;
        columns[j as usize] += 1;
    }
    rows.into_iter().chain(columns).min().unwrap_or(0)
}

fn check_probability(probability: f64) -> Result<(), ObservationError> {
    let inside = probability > 0.0 && probability <= 1.0;
    if inside { Ok(()) } else { Err(ObservationError::Probability(probability)) }
}

/// Independent entries: those of row i with probability `most(i)`, of which (i, j) is kept with probability
/// `kept(i, j)`. Row i is drawn from block i, by geometric gaps.
fn rowwise(
    (nrows, ncols): (usize, usize),
    key: StreamKey,
    most: impl Fn(usize) -> f64,
    kept: impl Fn(usize, usize) -> f64,
) -> Vec<(u32, u32)> {
    let mut entries = Vec::new();
    for i in 0..nrows {
        let mut rng = key.block(i as u64);
        let log_missed = (-most(i)).ln_1p();
        let mut j = 0;
        loop {
            let gap = (1.0 - uniform_unit(&mut rng)).ln() / log_missed;
            if gap >= (ncols - j) as f64 {
                break;
            }
            j += gap as usize;
            if uniform_unit(&mut rng) < kept(i, j) {
                entries.push((i as u32, j as u32));
            }
            j += 1;
        }
    }
    entries
}

/// A subset of `count` entries, uniform among all of that size: by rejection of repeated ones, or those left out
/// where most are in.
fn uniform_subset((nrows, ncols): (usize, usize), count: usize, key: StreamKey) -> Vec<(u32, u32)> {
    let all = nrows * ncols;
    let mut rng = key.block(0);
    let mut drawn = HashSet::with_capacity(count.min(all - count));
    while drawn.len() < count.min(all - count) {
        drawn.insert((uniform_below(&mut rng, nrows as u32), uniform_below(&mut rng, ncols as u32)));
    }
    if count <= all - count {
        let mut entries: Vec<_> = drawn.into_iter().collect();
        entries.sort_unstable();
        return entries;
    }
    let every = (0..nrows as u32).flat_map(|i| (0..ncols as u32).map(move |j| (i, j)));
    every.filter(|entry| !drawn.contains(entry)).collect()
}

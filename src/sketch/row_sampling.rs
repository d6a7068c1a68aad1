use std::ops::Range;

use nalgebra::DMatrix;

use super::operator::{assert_accumulates, assert_columns};
use super::{Error, SketchDistribution, SketchOperator};
use crate::linalg::{LinearOperator, PowerOfTwo, RowBlock, assert_fits};
use crate::random::{BLOCK, StreamKey, uniform_unit};

/// ℓp row sampling: row i is kept with probability qᵢ, independently, and then weighs qᵢ^(−1/p).
///
/// E‖Sx‖ₚᵖ = ‖x‖ₚᵖ for every x. The number of rows m of a draw is random, with mean Σqᵢ. Whether row i is kept
/// depends on the key, i and qᵢ alone.
///
/// Source: the ℓp sampling matrix of Woodruff and Yasuda, ICML 2023; p = 2 is classical row sampling.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{RowSampling, SketchDistribution, SketchOperator};
///
/// let scores = [4.0, 1.0, 1.0, 0.0, 2.0];
/// let sampling = RowSampling::from_scores(&scores, 2.0, 2.0)?; // keep two rows in expectation, p = 2
/// assert_eq!(sampling.probabilities(), [1.0, 0.25, 0.25, 0.0, 0.5]);
/// let s = sampling.sample(StreamKey::from_seed(1));
/// assert_eq!(s.kept()[0], 0);
/// assert_eq!(s.weights()[0], 1.0);
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RowSampling {
    probabilities: Vec<f64>,
    norm_exponent: f64,
}

impl RowSampling {
    /// Sampling with the given probabilities qᵢ ∈ [0, 1] and the weights of the ℓp norm, p = `norm_exponent`.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for no rows, [`Error::Weight`] with the first qᵢ outside [0, 1],
    /// [`Error::NormExponent`] unless p is finite and positive.
    pub fn new(probabilities: Vec<f64>, norm_exponent: f64) -> Result<Self, Error> {
        if probabilities.is_empty() {
            return Err(Error::EmptyShape { nrows: 0, ncols: 0 });
        }
        if !(norm_exponent.is_finite() && norm_exponent > 0.0) {
            return Err(Error::NormExponent(norm_exponent));
        }
        match probabilities.iter().position(|q| !(0.0..=1.0).contains(q)) {
            Some(index) => Err(Error::Weight { what: "probability", index, value: probabilities[index] }),
            None => Ok(Self { probabilities, norm_exponent }),
        }
    }

    /// Every one of n rows with probability `expected_rows`/n.
    ///
    /// # Errors
    /// [`Error::ExpectedRows`] unless 0 < `expected_rows` ≤ n; otherwise as [`new`](Self::new).
    pub fn uniform(ncols: usize, expected_rows: f64, norm_exponent: f64) -> Result<Self, Error> {
        if !(expected_rows > 0.0 && expected_rows <= ncols as f64) {
            return Err(Error::ExpectedRows { wanted: expected_rows, available: ncols });
        }
        Self::new(vec![expected_rows / ncols as f64; ncols], norm_exponent)
    }

    /// qᵢ = min(1, c·scoreᵢ) with the c for which Σqᵢ = `expected_rows`.
    ///
    /// # Errors
    /// [`Error::Weight`] with the first score that is negative or not finite, [`Error::ExpectedRows`] unless
    /// 0 < `expected_rows` ≤ the number of positive scores; otherwise as [`new`](Self::new).
    pub fn from_scores(scores: &[f64], expected_rows: f64, norm_exponent: f64) -> Result<Self, Error> {
        if let Some(index) = scores.iter().position(|score| !(score.is_finite() && *score >= 0.0)) {
            return Err(Error::Weight { what: "score", index, value: scores[index] });
        }
        let mut positive: Vec<f64> = scores.iter().copied().filter(|&score| score > 0.0).collect();
        if !(expected_rows > 0.0 && expected_rows <= positive.len() as f64) {
            return Err(Error::ExpectedRows { wanted: expected_rows, available: positive.len() });
        }
        positive.sort_by(f64::total_cmp);
        let open = unsaturated(&positive, expected_rows);
        let wanted = expected_rows - (positive.len() - open) as f64;
        // In units of the largest score that is not saturated. A sum from the smallest up loses no digit of a small one.
        let mut scaled = scores.to_vec();
        if let Some(unit) = PowerOfTwo::normalising(&positive[open - 1..open]) {
            unit.multiply(&mut positive[..open]);
            unit.multiply(&mut scaled);
        }
        let level = wanted / positive[..open].iter().sum::<f64>();
        Self::new(scaled.iter().map(|score| (level * score).min(1.0)).collect(), norm_exponent)
    }

    /// qᵢ.
    #[must_use]
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// p.
    #[must_use]
    pub fn norm_exponent(&self) -> f64 {
        self.norm_exponent
    }

    /// Σqᵢ, the expected number of rows of a draw.
    #[must_use]
    pub fn expected_rows(&self) -> f64 {
        self.probabilities.iter().sum()
    }
}

/// How many of the ascending positive scores, the smallest ones, have c·score ≤ 1 for the c with
/// Σ min(1, c·scoreᵢ) = `expected`; at least one.
///
/// The largest are saturated one after another. What decides of the others is their sum over the largest of them: between
/// 1 and their number, it neither overflows nor vanishes.
fn unsaturated(positive: &[f64], expected: f64) -> usize {
    let (mut open, mut smaller, mut sum) = (1, positive[0], 0.0);
    for (i, &score) in positive.iter().enumerate() {
        sum = 1.0 + sum * (smaller / score);
        smaller = score;
        let saturated = (positive.len() - 1 - i) as f64;
        if expected - saturated <= sum {
            open = i + 1;
        }
    }
    open
}

/// One draw of [`RowSampling`]: the kept rows and their weights.
#[derive(Clone, Debug, PartialEq)]
pub struct RowSamplingSketch {
    ncols: usize,
    kept: Vec<usize>,
    weights: Vec<f64>,
}

impl RowSamplingSketch {
    /// Indices of the kept rows, ascending.
    #[must_use]
    pub fn kept(&self) -> &[usize] {
        &self.kept
    }

    /// Weight qᵢ^(−1/p) of each kept row.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Rows of the sketch whose kept index lies in `columns`.
    fn within(&self, columns: &Range<usize>) -> Range<usize> {
        let below = |bound| self.kept.partition_point(|&index| index < bound);
        below(columns.start)..below(columns.end)
    }
}

impl SketchDistribution for RowSampling {
    type Operator = RowSamplingSketch;

    fn ncols(&self) -> usize {
        self.probabilities.len()
    }

    fn sample(&self, key: StreamKey) -> RowSamplingSketch {
        let mut kept = Vec::new();
        for (block, probabilities) in self.probabilities.chunks(BLOCK).enumerate() {
            let mut rng = key.block(block as u64);
            for (offset, &probability) in probabilities.iter().enumerate() {
                if uniform_unit(&mut rng) < probability {
                    kept.push(block * BLOCK + offset);
                }
            }
        }
        let weights = kept.iter().map(|&i| self.probabilities[i].powf(-1.0 / self.norm_exponent)).collect();
        RowSamplingSketch { ncols: self.probabilities.len(), kept, weights }
    }
}

impl LinearOperator for RowSamplingSketch {
    fn nrows(&self) -> usize {
        self.kept.len()
    }

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("S X", (self.kept.len(), self.ncols), x.shape());
        self.sketch(x)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Sᵀ Y", (self.ncols, self.kept.len()), y.shape());
        let mut out = DMatrix::zeros(self.ncols, y.ncols());
        for (row, (&index, &weight)) in self.kept.iter().zip(&self.weights).enumerate() {
            (0..y.ncols()).for_each(|k| out[(index, k)] = weight * y[(row, k)]);
        }
        out
    }
}

impl SketchOperator for RowSamplingSketch {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert_columns((self.kept.len(), self.ncols), &columns);
        let mut dense = DMatrix::zeros(self.kept.len(), columns.len());
        for row in self.within(&columns) {
            dense[(row, self.kept[row] - columns.start)] = self.weights[row];
        }
        dense
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        assert_accumulates((self.kept.len(), self.ncols), &columns, block, out);
        for row in self.within(&columns) {
            let (weight, source) = (self.weights[row], self.kept[row] - columns.start);
            match block {
                RowBlock::Dense(a) => (0..a.ncols()).for_each(|j| out[(row, j)] += weight * a[(source, j)]),
                RowBlock::Csr(a) => {
                    let (indices, values) = a.row(source);
                    indices.iter().zip(values).for_each(|(&j, &value)| out[(row, j)] += weight * value);
                }
            }
        }
    }
}

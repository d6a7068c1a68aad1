use nalgebra::DMatrix;
use rand_chacha::rand_core::Rng;
use rayon::prelude::*;

use super::error::in_range;
use super::{Coreset, Error, RowBasis, RowScores, leverage_scores};
use crate::random::StreamKey;

/// Most copies of all rows together: integers up to here are exact.
const MOST_COPIES: f64 = (1_u64 << 53) as f64;

/// Rows split so that no score is large: row i stands for kᵢ = max(1, ⌈sᵢn/(C·Σs)⌉) copies aᵢ/kᵢ^(1/p).
///
/// The copies have ‖A′x‖ₚᵖ = ‖Ax‖ₚᵖ for every x. With sensitivities for scores, each copy of row i has sensitivity σᵢ/kᵢ,
/// so that the total S = Σσᵢ stays as it is and every sensitivity is at most C·S/n, while Σkᵢ ≤ (1 + 1/C)n: a row with more
/// than one copy has kᵢ ≤ 1 + sᵢn/(C·Σs). Copies are counted, not made, but for [`rows`](Self::rows). Cost n.
///
/// Source: T. Yasuda, PhD thesis, CMU-CS-24-110, 2024, 7.3.3; there for sensitivities.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::{Flattening, RowScores};
///
/// // Column (4, 1, 1, 1, 1): at p = 2 the heavy row has sensitivity 16/20.
/// let a = dmatrix![4.0; 1.0; 1.0; 1.0; 1.0];
/// let scores = RowScores::sensitivity(&[0.8, 0.05, 0.05, 0.05, 0.05], 2.0)?;
/// let flat = Flattening::new(&scores, 1.0)?;
/// assert_eq!(flat.copies(), [4, 1, 1, 1, 1]); // σ ≤ 1/5, from 5 rows to 8
/// assert!(flat.nrows() <= 10 && flat.score_bound() == 0.2);
/// assert_eq!(flat.rows(&a), dmatrix![2.0; 2.0; 2.0; 2.0; 1.0; 1.0; 1.0; 1.0]);
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Flattening {
    norm_exponent: f64,
    score_bound: f64,
    copies: Vec<usize>,
}

impl Flattening {
    /// The copies of each row that bring its score down to C·Σs/n, C = `constant`.
    ///
    /// # Errors
    /// [`Error::Setting`] unless C is finite and positive and (1 + 2/C)n ≤ 2⁵³.
    pub fn new(scores: &RowScores, constant: f64) -> Result<Self, Error> {
        let n = check_constant(constant, scores.values().len())?;
        // Beside the largest score, so that no sum overflows.
        let largest = scores.values().iter().copied().fold(0.0, f64::max);
        let total: f64 = scores.values().iter().map(|score| score / largest).sum();
        let copies =
            scores.values().iter().map(|&score| split(score / largest / total * n / constant)).collect();
        let score_bound = if largest > 0.0 { constant * (total / n) * largest } else { 0.0 };
        Ok(Self { norm_exponent: scores.norm_exponent(), score_bound, copies })
    }

    /// Rows split by sensitivities and then by leverage, p ≥ 2: lᵢ = max(1, ⌈τ′ᵢn/(C·r)⌉) copies of each copy, τ′ᵢ its
    /// leverage score among the copies and r = rank A.
    ///
    /// At most (1 + 2/C)n rows. Sensitivities are at most C·S/n, and leverage scores at most C·r^(2/p)S^(1−2/p)/n: in ℓ₂ the
    /// second split adds to ‖A′x‖₂, so that a copy has leverage at most l^(−2/p)τ′ ≤ (C·r/n)^(2/p)τ′^(1−2/p), and
    /// τ′ ≤ C·S/n because the largest sensitivity grows with the exponent. Cost one more pass, 2nr² flops.
    ///
    /// Source: this library's construction. `scores` are sensitivities of the rows of the basis, or upper bounds on them.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::Length`] unless there is a score for each row; [`Error::Exponent`] for p < 2.
    pub fn by_sensitivity_and_leverage(
        basis: &RowBasis,
        scores: &RowScores,
        constant: f64,
    ) -> Result<Self, Error> {
        let (p, given) = (scores.norm_exponent(), scores.values().len());
        super::error::check_exponent(p, |p| p >= 2.0, "2 ≤ p < ∞")?;
        if given != basis.nrows() {
            return Err(Error::Length { what: "scores", found: given, nrows: basis.nrows() });
        }
        let first = Self::new(scores, constant)?;
        let (n, rank) = (given as f64, basis.rank() as f64);
        let leverage = first.leverage_of_copies(basis)?;
        let share = |(&k, tau): (&usize, &f64)| k.saturating_mul(split(tau / rank * n / constant));
        let copies = first.copies.iter().zip(&leverage).map(share).collect();
        Ok(Self { copies, ..first })
    }

    /// The leverage score of each copy: row i of the matrix of copies has k of them, together k^(1−2/p)aᵢaᵢᵀ in ℓ₂.
    fn leverage_of_copies(&self, basis: &RowBasis) -> Result<Vec<f64>, Error> {
        let power = 0.5 - 1.0 / self.norm_exponent;
        let mut rows = basis.q().clone();
        for mut column in rows.column_iter_mut() {
            column.iter_mut().zip(&self.copies).for_each(|(entry, &k)| *entry *= (k as f64).powf(power));
        }
        let together = leverage_scores(&rows)?;
        Ok(together.iter().zip(&self.copies).map(|(tau, &k)| tau / k as f64).collect())
    }

    /// kᵢ ≥ 1.
    #[must_use]
    pub fn copies(&self) -> &[usize] {
        &self.copies
    }

    /// Σkᵢ, the rows of the flattened matrix.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.copies.iter().sum()
    }

    /// C·Σs/n, which sᵢ/kᵢ does not exceed.
    #[must_use]
    pub fn score_bound(&self) -> f64 {
        self.score_bound
    }

    /// p.
    #[must_use]
    pub fn norm_exponent(&self) -> f64 {
        self.norm_exponent
    }

    /// The flattened matrix A′, Σkᵢ × d: the copies of each row one after another.
    ///
    /// # Panics
    /// If A has other than n rows.
    #[must_use]
    pub fn rows(&self, a: &DMatrix<f64>) -> DMatrix<f64> {
        let (n, found) = (self.copies.len(), a.nrows());
        assert!(
            n == found,
            "shape mismatch: a flattening of {n} rows cannot be read in a matrix of {found} rows"
        );
        let source = self.copies.iter().enumerate().flat_map(|(i, &k)| std::iter::repeat_n(i, k));
        let mut rows = a.select_rows(&source.collect::<Vec<_>>());
        let inverse = 1.0 / self.norm_exponent;
        let scales: Vec<f64> =
            self.copies.iter().flat_map(|&k| std::iter::repeat_n((k as f64).powf(inverse), k)).collect();
        for mut column in rows.column_iter_mut() {
            column.iter_mut().zip(&scales).for_each(|(entry, scale)| *entry /= scale);
        }
        rows
    }

    /// Every copy kept with probability ½ and weight 2: row i weighs 2·Bᵢ/kᵢ, Bᵢ ~ Bin(kᵢ, ½), and is dropped where Bᵢ = 0.
    ///
    /// E Wᵢ = 1. Bᵢ depends on the key, i and kᵢ alone. Cost Σ⌈kᵢ/64⌉ words of randomness, a stream for each row.
    ///
    /// ```
    /// use proofsketch::random::StreamKey;
    /// use proofsketch::sampling::{Flattening, RowScores};
    ///
    /// let scores = RowScores::sensitivity(&[0.8, 0.05, 0.05, 0.05, 0.05], 2.0)?;
    /// let half = Flattening::new(&scores, 1.0)?.half_sample(StreamKey::from_seed(1));
    /// // Multiples of ½ for the row of four copies, 2 for each of the others that is kept.
    /// assert!(half.indices().iter().zip(half.weights()).all(|(&i, &w)| if i == 0 { (2.0 * w).fract() == 0.0 } else { w == 2.0 }));
    /// # Ok::<(), proofsketch::sampling::Error>(())
    /// ```
    #[must_use]
    pub fn half_sample(&self, key: StreamKey) -> Coreset {
        self.half_sample_as(key, |i| i)
    }

    /// [`half_sample`](Self::half_sample) with the stream `name(i)` for row i.
    pub(super) fn half_sample_as(&self, key: StreamKey, name: impl Fn(usize) -> usize + Sync) -> Coreset {
        let heads = |(i, &k): (usize, &usize)| heads(k, &mut key.block(name(i) as u64));
        let kept: Vec<usize> = self.copies.par_iter().enumerate().map(heads).collect();
        let kept = kept.into_iter().enumerate().filter(|&(_, heads)| heads > 0);
        let weight = |(i, heads)| (i, 2.0 * heads as f64 / self.copies[i] as f64);
        let (rows, weights) = kept.map(weight).unzip();
        Coreset::of_rows(self.copies.len(), self.norm_exponent, rows, weights)
    }
}

/// max(1, ⌈x⌉), 1 where there is no x.
fn split(x: f64) -> usize {
    x.ceil().max(1.0) as usize
}

/// Heads of k fair coins.
fn heads(k: usize, rng: &mut impl Rng) -> usize {
    let whole: u32 = (0..k / 64).map(|_| rng.next_u64().count_ones()).sum();
    let rest = (k % 64) as u32;
    let last = if rest > 0 { (rng.next_u64() >> (64 - rest)).count_ones() } else { 0 };
    (whole + last) as usize
}

/// n, or the refusal of a constant that would split without bounds.
fn check_constant(constant: f64, nrows: usize) -> Result<f64, Error> {
    let n = nrows as f64;
    let holds = constant.is_finite() && constant > 0.0 && (1.0 + 2.0 / constant) * n <= MOST_COPIES;
    in_range("constant", constant, holds, "C > 0 finite, with (1 + 2/C)n ≤ 2⁵³ rows")?;
    Ok(n)
}

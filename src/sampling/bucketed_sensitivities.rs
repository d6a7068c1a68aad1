use nalgebra::DMatrix;
use rayon::prelude::*;

use super::error::in_range;
use super::sensitivities::{VectorSensitivity, check};
use super::{Error, RowBasis, SensitivitySettings};
use crate::random::{StreamKey, uniform_below};

/// Settings of [`bucketed_sensitivities`].
#[derive(Clone, Debug, PartialEq)]
pub struct BucketSettings {
    /// α, rows of a bucket, at least 1.
    pub size: usize,
    /// δ, the probability that some row is underestimated, at most.
    pub failure: f64,
    /// How closely the sensitivities of combinations are to be known.
    pub sensitivity: SensitivitySettings,
}

impl Default for BucketSettings {
    /// Buckets of 64 rows, δ = 0.01, sensitivities to a relative gap of 10⁻².
    fn default() -> Self {
        let sensitivity = SensitivitySettings { relative_gap: 1e-2, ..SensitivitySettings::default() };
        Self { size: 64, failure: 0.01, sensitivity }
    }
}

/// Overestimates of all sensitivities.
#[derive(Clone, Debug, PartialEq)]
pub struct BucketedSensitivities {
    /// σ̃ᵢ: all rows of a bucket have the same; zero for rows of zeros.
    pub scores: Vec<f64>,
    /// k, combinations of each bucket.
    pub combinations: usize,
    /// Sensitivities computed: k a bucket.
    pub solved: usize,
}

impl BucketedSensitivities {
    /// Σσ̃ᵢ.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.scores.iter().sum()
    }
}

/// Overestimates σ̃ᵢ ≥ σᵢ of all ℓp sensitivities, 1 ≤ p < ∞, from k⌈n/α⌉ convex programs, k = ⌈log₂(n/δ)⌉.
///
/// The rows that are not zero fall into random buckets B of α rows. For k vectors s of independent random signs the
/// combination c = Σ_{j∈B} sⱼqⱼ has σ(c) = max |cᵀx|ᵖ/‖Qx‖ₚᵖ, and σ̃ᵢ is the largest over the k of them (upper end, cut at 1):
///
/// * with probability 1 − δ, σ̃ᵢ ≥ σᵢ for all i at once. At the x that attains σᵢ the sign of sᵢqᵢᵀx agrees with that of the
///   rest of the sum with probability at least 1/2, and then |cᵀx| ≥ |qᵢᵀx|; all k draws fail with probability 2⁻ᵏ ≤ δ/n;
/// * always, σ̃ᵢ ≤ (1 + gap)|B|^(p−1) Σ_{j∈B} σⱼ by Hölder's inequality, so that Σσ̃ᵢ ≤ (1 + gap)αᵖ Σσᵢ.
///
/// That is fewer programs than rows for α > k alone; with α = 1 they are the sensitivities, k times over.
///
/// # Errors
/// [`Error::Exponent`] unless 1 ≤ p < ∞; [`Error::Setting`] unless α ≥ 1 and 0 < δ < 1, or for settings of the sensitivities.
///
/// Source: Algorithm 1 of S. Padmanabhan, D. Woodruff and R. Zhang, "Computing Approximate ℓp Sensitivities", NeurIPS 2023, with
/// all rows in the denominator; both guarantees in the form proved above.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{BucketSettings, RowBasis, bucketed_sensitivities, instances};
///
/// let basis = RowBasis::new(&instances::complete_graph(6))?;
/// let settings = BucketSettings { size: 3, ..BucketSettings::default() };
/// let estimates = bucketed_sensitivities(&basis, 3.0, &settings, StreamKey::from_seed(1))?;
/// // Every sensitivity is 1/(1 + 4·2⁻²) = 1/2. log₂(15/0.01) = 10.6, and there are five buckets.
/// assert!(estimates.scores.iter().all(|&score| score >= 0.5));
/// assert_eq!((estimates.combinations, estimates.solved), (11, 55));
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn bucketed_sensitivities(
    basis: &RowBasis,
    p: f64,
    settings: &BucketSettings,
    key: StreamKey,
) -> Result<BucketedSensitivities, Error> {
    check(p, &settings.sensitivity)?;
    in_range("size", settings.size as f64, settings.size >= 1, "size ≥ 1")?;
    let failure = settings.failure;
    in_range("failure", failure, failure > 0.0 && failure < 1.0, "0 < failure < 1")?;
    let rows = shuffled_rows(basis, key.named("buckets"));
    let combinations = ((rows.len() as f64 / failure).log2().ceil() as usize).max(1);
    let solver = VectorSensitivity::new(basis, p);
    let buckets: Vec<&[usize]> = rows.chunks(settings.size).collect();
    let signs = key.named("signs");
    let estimates: Vec<f64> = (0..buckets.len() * combinations)
        .into_par_iter()
        .map(|program| {
            let c = signed_sum(basis.q(), buckets[program / combinations], signs.indexed(program as u64));
            solver.solve(&c, &settings.sensitivity).upper.min(1.0)
        })
        .collect();
    let mut scores = vec![0.0; basis.nrows()];
    for (bucket, estimates) in buckets.iter().zip(estimates.chunks_exact(combinations)) {
        let largest = estimates.iter().copied().fold(0.0, f64::max);
        bucket.iter().for_each(|&row| scores[row] = largest);
    }
    Ok(BucketedSensitivities { scores, combinations, solved: estimates.len() })
}

/// The rows that are not zero, in random order (Fisher and Yates).
fn shuffled_rows(basis: &RowBasis, key: StreamKey) -> Vec<usize> {
    let zero = basis.zero_rows();
    let mut rows: Vec<usize> = (0..basis.nrows()).filter(|row| zero.binary_search(row).is_err()).collect();
    let mut rng = key.block(0);
    for last in (1..rows.len()).rev() {
        rows.swap(last, uniform_below(&mut rng, last as u32 + 1) as usize);
    }
    rows
}

/// Σ sⱼqⱼ over the bucket.
fn signed_sum(q: &DMatrix<f64>, bucket: &[usize], key: StreamKey) -> Vec<f64> {
    let mut rng = key.block(0);
    let mut sum = vec![0.0; q.ncols()];
    for &row in bucket {
        let sign = if uniform_below(&mut rng, 2) == 0 { 1.0 } else { -1.0 };
        sum.iter_mut().zip(q.row(row).iter()).for_each(|(sum, entry)| *sum += sign * entry);
    }
    sum
}

use rayon::prelude::*;

use super::error::in_range;
use super::{Error, Interval, LewisSettings, RowBasis, SensitivitySettings, lewis_weights, sensitivity};
use crate::random::{StreamKey, uniform_unit};

/// Settings of [`total_sensitivity`].
#[derive(Clone, Debug, PartialEq)]
pub struct TotalSensitivitySettings {
    /// m, rows drawn with replacement, at least 2.
    pub draws: usize,
    /// How closely the sensitivities of drawn rows are to be known.
    pub sensitivity: SensitivitySettings,
}

impl Default for TotalSensitivitySettings {
    /// 100 draws, sensitivities to a relative gap of 10⁻³.
    fn default() -> Self {
        let sensitivity = SensitivitySettings { relative_gap: 1e-3, ..SensitivitySettings::default() };
        Self { draws: 100, sensitivity }
    }
}

/// An estimate of Σσᵢ.
#[derive(Clone, Debug, PartialEq)]
pub struct TotalSensitivity {
    /// The estimate with the lower and with the upper ends of the sensitivities drawn: the estimate with the sensitivities
    /// themselves lies between. This is not a confidence interval.
    pub estimate: Interval,
    /// The standard deviation of the drawn σᵢ/vᵢ (upper ends), over √m.
    pub standard_error: f64,
    /// Sensitivities computed: the different rows among those drawn.
    pub solved: usize,
}

/// An unbiased estimate of the total ℓp sensitivity Σσᵢ, 1 ≤ p < ∞, from the sensitivities of m rows drawn by Lewis weights.
///
/// Row i is drawn with probability vᵢ = wᵢ/Σw; the mean of σᵢ/vᵢ over m draws has mean Σσᵢ whatever the weights. At the Lewis
/// weights r^(p/2−1)wᵢ ≤ σᵢ ≤ wᵢ for p ≤ 2 and wᵢ ≤ σᵢ ≤ r^(p/2−1)wᵢ for p ≥ 2, so that σᵢ/vᵢ differ by a factor of at most
/// r^|p/2−1| and the relative variance of a draw is at most r^|p/2−1|: m = 100 r^|p/2−1|/γ² draws are within a factor
/// 1 ± γ with probability 0.99, by Chebyshev's inequality. Cost: the Lewis weights and at most m sensitivities, where the
/// sum itself takes n.
///
/// # Errors
/// [`Error::Exponent`] unless 1 ≤ p < ∞; [`Error::Setting`] for fewer than 2 draws or settings of the sensitivities.
///
/// Source: estimation of the total from few sensitivities is due to S. Padmanabhan, D. Woodruff and R. Zhang, "Computing
/// Approximate ℓp Sensitivities", NeurIPS 2023; the estimator and its variance are as derived above.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{RowBasis, TotalSensitivitySettings, instances, total_sensitivity};
///
/// // On a complete graph all rows are alike: every draw has the same quotient, and the estimate no error.
/// let basis = RowBasis::new(&instances::complete_graph(6))?;
/// let total = total_sensitivity(&basis, 3.0, &TotalSensitivitySettings::default(), StreamKey::from_seed(1))?;
/// let exact = 15.0 / (1.0 + 4.0 / 4.0);
/// assert!((total.estimate.upper / exact - 1.0).abs() < 2e-3 && total.standard_error < 1e-2);
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
pub fn total_sensitivity(
    basis: &RowBasis,
    p: f64,
    settings: &TotalSensitivitySettings,
    key: StreamKey,
) -> Result<TotalSensitivity, Error> {
    let draws = settings.draws;
    super::sensitivities::check(p, &settings.sensitivity)?;
    in_range("draws", draws as f64, draws >= 2, "draws ≥ 2")?;
    let weights = lewis_weights(basis, p, &LewisSettings::default())?.solution.weights;
    let sums = running_sums(&weights);
    let total = sums[sums.len() - 1];
    let rows = drawn_rows(&sums, draws, key);
    let solved = rows.chunk_by(|a, b| a == b).map(|same| (same[0], same.len())).collect::<Vec<_>>();
    let quotients = solved.par_iter().map(|&(row, count)| {
        let Interval { lower, upper } = sensitivity(basis, row, p, &settings.sensitivity)?.solution;
        let v = weights[row] / total;
        Ok((count as f64, lower / v, upper / v))
    });
    let quotients = quotients.collect::<Result<Vec<_>, Error>>()?;
    let m = draws as f64;
    let lower = quotients.iter().map(|(count, lower, _)| count * lower).sum::<f64>() / m;
    let upper = quotients.iter().map(|(count, _, upper)| count * upper).sum::<f64>() / m;
    let squares: f64 = quotients.iter().map(|(count, _, value)| count * (value - upper).powi(2)).sum();
    Ok(TotalSensitivity {
        estimate: Interval { lower, upper },
        standard_error: (squares / (m - 1.0) / m).sqrt(),
        solved: solved.len(),
    })
}

fn running_sums(weights: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let add = |weight: &f64| {
        sum += weight;
        sum
    };
    weights.iter().map(add).collect()
}

/// Rows drawn with probabilities proportional to the steps of `sums`, ascending. A row without weight has no step.
fn drawn_rows(sums: &[f64], draws: usize, key: StreamKey) -> Vec<usize> {
    let mut rng = key.block(0);
    let total = sums[sums.len() - 1];
    let last = sums.partition_point(|&sum| sum < total);
    let draw = |_| {
        let level = uniform_unit(&mut rng) * total;
        sums.partition_point(|&sum| sum <= level).min(last)
    };
    let mut rows: Vec<usize> = (0..draws).map(draw).collect();
    rows.sort_unstable();
    rows
}

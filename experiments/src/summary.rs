//! A few numbers for many.

/// Location and spread of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of values.
    pub count: usize,
    /// Arithmetic mean, summed in the order given.
    pub mean: f64,
    /// Standard deviation with divisor n − 1; NaN for fewer than two values.
    pub standard_deviation: f64,
    /// Least value.
    pub min: f64,
    /// 10 % quantile.
    pub p10: f64,
    /// Median.
    pub median: f64,
    /// 90 % quantile.
    pub p90: f64,
    /// Greatest value.
    pub max: f64,
}

impl Summary {
    /// The summary of `values`; every number is NaN for an empty sample.
    ///
    /// ```
    /// use proofsketch_experiments::Summary;
    ///
    /// let summary = Summary::of(&[4.0, 1.0, 3.0, 2.0]);
    /// assert_eq!((summary.median, summary.mean), (2.5, 2.5));
    /// ```
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let count = values.len();
        let mean = values.iter().sum::<f64>() / count as f64;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let standard_deviation = if count < 2 { f64::NAN } else { (squares / (count - 1) as f64).sqrt() };
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |p| sorted_quantile(&sorted, p);
        let (min, p10, median, p90, max) = (at(0.0), at(0.1), at(0.5), at(0.9), at(1.0));
        Self { count, mean, standard_deviation, min, p10, median, p90, max }
    }
}

/// The `p`-quantile of `values` for 0 ≤ p ≤ 1, linear between the order statistics x₍₁₊₍ₙ₋₁₎ₚ₎; NaN for an empty sample.
#[must_use]
pub fn quantile(values: &[f64], p: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted_quantile(&sorted, p)
}

fn sorted_quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let position = p.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    if low == high { low } else { low + (position - below as f64) * (high - low) }
}

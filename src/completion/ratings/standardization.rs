use super::super::MatrixCompletion;

/// M_ij = μ + σ z_ij: the observed values with mean 0 and mean square 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Standardization {
    /// μ, 0 without biases.
    pub(super) mean: f64,
    /// σ, the root of the mean square of M_ij − μ, weighted; 0 for values that are all alike.
    pub(super) sigma: f64,
    /// Least and greatest value.
    pub(super) range: (f64, f64),
}

impl Standardization {
    pub(super) fn new(problem: &MatrixCompletion, has_mean: bool) -> Self {
        let values = &problem.by_rows.values;
        let weight = |place: usize| problem.weights().map_or(1.0, |weights| weights[place]);
        let total: f64 = (0..values.len()).map(weight).sum();
        let range = values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), &value| {
            (f64::min(least, value), f64::max(most, value))
        });
        let sum: f64 = (0..values.len()).map(|place| values[place] * weight(place)).sum();
        // By shares of the total where the sum overflows.
        let mean = match sum / total {
            _ if !has_mean => 0.0,
            mean if mean.is_finite() => mean.clamp(range.0, range.1),
            _ => (0..values.len()).map(|place| values[place] * (weight(place) / total)).sum(),
        };
        let largest = (range.1 / 2.0 - mean / 2.0).max(mean / 2.0 - range.0 / 2.0) * 2.0;
        if largest == 0.0 || !largest.is_finite() {
            return Self { mean, sigma: largest, range };
        }
        let share = |place: usize| ((values[place] - mean) / largest).powi(2) * (weight(place) / total);
        let sigma = largest * (0..values.len()).map(share).sum::<f64>().sqrt();
        Self { mean, sigma, range }
    }

    /// z for a value.
    pub(super) fn standardize(&self, value: f64) -> f64 {
        if self.sigma > 0.0 { (value - self.mean) / self.sigma } else { 0.0 }
    }
}

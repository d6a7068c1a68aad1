use nalgebra::{DMatrix, DVector};

/// The model M_ij ≈ μ + bᵢ + cⱼ + uᵢᵀvⱼ of Koren, Bell and Volinsky (2009), in the units of M.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::completion::ratings::BiasedFactorization;
///
/// let model = BiasedFactorization {
///     mean: 3.0,
///     row_biases: dvector![0.5, -1.0],
///     column_biases: dvector![1.0],
///     u: dmatrix![1.0; 0.0],
///     v: dmatrix![2.0],
///     range: Some((1.0, 5.0)),
/// };
/// assert_eq!(model.predict(0, 0), 5.0); // 6.5, clipped
/// assert_eq!(model.predict(1, 0), 3.0);
/// assert_eq!(model.predict(1, 7), 2.0); // a column that was not there: what is known of the row
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BiasedFactorization {
    /// μ, the mean of the observed values; 0 in a model without biases.
    pub mean: f64,
    /// b ∈ ℝᵐ.
    pub row_biases: DVector<f64>,
    /// c ∈ ℝⁿ.
    pub column_biases: DVector<f64>,
    /// U ∈ ℝᵐˣᵏ.
    pub u: DMatrix<f64>,
    /// V ∈ ℝⁿˣᵏ.
    pub v: DMatrix<f64>,
    /// What predictions are clipped to, if they are: the range of the observed values.
    pub range: Option<(f64, f64)>,
}

impl BiasedFactorization {
    /// Whether every number of the model is finite.
    pub(super) fn is_finite(&self) -> bool {
        let biases = self.row_biases.iter().chain(&self.column_biases);
        self.u.iter().chain(&self.v).chain(biases).chain([&self.mean]).all(|number| number.is_finite())
    }

    /// k.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.u.ncols()
    }

    /// The model's value for row i and column j, clipped where the model says so.
    ///
    /// A row or column beyond those of the model has bias and factor zero, as one without observed entries has: it is
    /// predicted by the bias of the other, or by μ.
    #[must_use]
    pub fn predict(&self, i: usize, j: usize) -> f64 {
        let bias = |biases: &DVector<f64>, index: usize| biases.get(index).copied().unwrap_or(0.0);
        let is_known = i < self.u.nrows() && j < self.v.nrows();
        let product =
            if is_known { (0..self.rank()).map(|l| self.u[(i, l)] * self.v[(j, l)]).sum() } else { 0.0 };
        let value = self.mean + bias(&self.row_biases, i) + bias(&self.column_biases, j) + product;
        self.range.map_or(value, |(least, most)| value.clamp(least, most))
    }

    /// Root of the mean squared error of the predictions of (row, column, value); NaN for none.
    #[must_use]
    pub fn rmse(&self, entries: impl IntoIterator<Item = (u32, u32, f64)>) -> f64 {
        let (mut count, mut sum) = (0_u64, 0.0);
        for (i, j, value) in entries {
            sum += (self.predict(i as usize, j as usize) - value).powi(2);
            count += 1;
        }
        (sum / count as f64).sqrt()
    }
}

use std::borrow::Cow;

use nalgebra::{DMatrix, DVector};

use super::LpRegressionError as Error;
use crate::linalg::first_non_finite;

/// The problem min (Σᵢ wᵢ|aᵢᵀx − bᵢ|ᵖ)^(1/p) over x ∈ ℝᵈ, for A ∈ ℝⁿˣᵈ and 1 ≤ p < ∞, all finite; wᵢ = 1 unless
/// [`weighted`](Self::weighted).
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::solve::{LpRegression, LpRegressionError};
///
/// let (a, b) = (dmatrix![1.0; 1.0], dvector![0.0, f64::NAN]);
/// let refused = LpRegression::new(&a, &b, 1.0).unwrap_err();
/// assert!(matches!(refused, LpRegressionError::TargetNotFinite { index: 1, .. }));
/// ```
#[derive(Clone, Debug)]
pub struct LpRegression<'a> {
    a: &'a DMatrix<f64>,
    b: &'a DVector<f64>,
    weights: Option<&'a [f64]>,
    norm_exponent: f64,
}

impl<'a> LpRegression<'a> {
    /// The problem of A and b with p = `norm_exponent`.
    ///
    /// # Errors
    /// [`Empty`](Error::Empty) for no rows or columns, [`Shape`](Error::Shape) unless b has n entries,
    /// [`NotFinite`](Error::NotFinite) and [`TargetNotFinite`](Error::TargetNotFinite) with the first NaN or infinity,
    /// [`Setting`](Error::Setting) unless 1 ≤ p < ∞.
    pub fn new(a: &'a DMatrix<f64>, b: &'a DVector<f64>, norm_exponent: f64) -> Result<Self, Error> {
        let (nrows, ncols) = a.shape();
        if nrows == 0 || ncols == 0 {
            return Err(Error::Empty { nrows, ncols });
        }
        check_length("b", nrows, b.len())?;
        if !(norm_exponent.is_finite() && norm_exponent >= 1.0) {
            return Err(Error::Setting { name: "p", value: norm_exponent, range: "1 ≤ p < ∞" });
        }
        if let Some((row, column, value)) = first_non_finite(a) {
            return Err(Error::NotFinite { row, column, value });
        }
        if let Some((index, _, value)) = first_non_finite(b) {
            return Err(Error::TargetNotFinite { index, value });
        }
        Ok(Self { a, b, weights: None, norm_exponent })
    }

    /// The same problem with weights wᵢ ≥ 0.
    ///
    /// # Errors
    /// [`Shape`](Error::Shape) unless there are n, [`Weight`](Error::Weight) with the first that is negative or not finite.
    pub fn weighted(self, weights: &'a [f64]) -> Result<Self, Error> {
        check_length("the list of weights", self.nrows(), weights.len())?;
        match weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
            Some(index) => Err(Error::Weight { index, value: weights[index] }),
            None => Ok(Self { weights: Some(weights), ..self }),
        }
    }

    /// A.
    #[must_use]
    pub fn a(&self) -> &'a DMatrix<f64> {
        self.a
    }

    /// b.
    #[must_use]
    pub fn b(&self) -> &'a DVector<f64> {
        self.b
    }

    /// w, if there are weights.
    #[must_use]
    pub fn weights(&self) -> Option<&'a [f64]> {
        self.weights
    }

    /// n, the rows of A.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.a.nrows()
    }

    /// d, the columns of A.
    #[must_use]
    pub fn ncols(&self) -> usize {
        self.a.ncols()
    }

    /// p.
    #[must_use]
    pub fn norm_exponent(&self) -> f64 {
        self.norm_exponent
    }

    /// (Σ wᵢ|aᵢᵀx − bᵢ|ᵖ)^(1/p).
    ///
    /// # Panics
    /// If x has other than d entries.
    #[must_use]
    pub fn objective(&self, x: &DVector<f64>) -> f64 {
        let mut residual = self.b - crate::linalg::multiply(self.a, x);
        if let Some(scales) = self.scales() {
            residual.component_mul_assign(&scales);
        }
        super::norm::lp_norm(residual.as_slice(), self.norm_exponent)
    }

    /// wᵢ^(1/p), if there are weights.
    pub(super) fn scales(&self) -> Option<DVector<f64>> {
        let root = 1.0 / self.norm_exponent;
        let scale = |weight: &f64| weight.powf(root);
        self.weights.map(|weights| DVector::from_iterator(weights.len(), weights.iter().map(scale)))
    }

    /// (W^(1/p) A, W^(1/p) b), without a copy where there are no weights.
    pub(super) fn unweighted(&self) -> (Cow<'a, DMatrix<f64>>, Cow<'a, DVector<f64>>) {
        let Some(scales) = self.scales() else {
            return (Cow::Borrowed(self.a), Cow::Borrowed(self.b));
        };
        let mut a = self.a.clone();
        a.column_iter_mut().for_each(|mut column| column.component_mul_assign(&scales));
        (Cow::Owned(a), Cow::Owned(self.b.component_mul(&scales)))
    }
}

fn check_length(what: &'static str, nrows: usize, entries: usize) -> Result<(), Error> {
    if entries == nrows { Ok(()) } else { Err(Error::Shape { what, nrows, entries }) }
}

use nalgebra::DVector;

use super::Error;
use crate::linalg::{DataMatrix, first_non_finite};

/// The least-squares problem min ‖A x − b‖₂ over x ∈ ℝᵈ, for A ∈ ℝⁿˣᵈ with n ≥ d ≥ 1 and b ∈ ℝⁿ, all finite.
///
/// Letters: x★ the minimiser (the shortest, if there are several), r = b − A x★.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::regression::{Error, LeastSquares};
///
/// let a = dmatrix![1.0, 0.0; 1.0, f64::NAN; 1.0, 2.0];
/// let refused = LeastSquares::new(&a, &dvector![1.0, 2.0, 3.0]).unwrap_err();
/// assert!(matches!(refused, Error::NotFinite { row: 1, column: 1, .. }));
/// ```
#[derive(Clone, Copy)]
pub struct LeastSquares<'a> {
    a: &'a dyn DataMatrix,
    b: &'a DVector<f64>,
}

impl<'a> LeastSquares<'a> {
    /// The problem of A and b.
    ///
    /// # Errors
    /// [`Error::Empty`] for no rows or columns, [`Error::Shape`] unless b has n entries, [`Error::TooFewRows`] for
    /// n < d, [`Error::NotFinite`] and [`Error::TargetNotFinite`] with the first NaN or infinity.
    pub fn new(a: &'a dyn DataMatrix, b: &'a DVector<f64>) -> Result<Self, Error> {
        let (nrows, ncols) = (a.nrows(), a.ncols());
        if nrows == 0 || ncols == 0 {
            return Err(Error::Empty { nrows, ncols });
        }
        if b.len() != nrows {
            return Err(Error::Shape { nrows, entries: b.len() });
        }
        if nrows < ncols {
            return Err(Error::TooFewRows { nrows, ncols });
        }
        if let Some((row, column, value)) = first_non_finite(a) {
            return Err(Error::NotFinite { row, column, value });
        }
        if let Some(index) = b.iter().position(|entry| !entry.is_finite()) {
            return Err(Error::TargetNotFinite { index, value: b[index] });
        }
        Ok(Self { a, b })
    }

    /// A.
    #[must_use]
    pub fn a(&self) -> &'a dyn DataMatrix {
        self.a
    }

    /// b.
    #[must_use]
    pub fn b(&self) -> &'a DVector<f64> {
        self.b
    }

    /// n, the number of rows.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.a.nrows()
    }

    /// d, the number of columns.
    #[must_use]
    pub fn ncols(&self) -> usize {
        self.a.ncols()
    }
}

impl std::fmt::Debug for LeastSquares<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LeastSquares({}×{})", self.nrows(), self.ncols())
    }
}

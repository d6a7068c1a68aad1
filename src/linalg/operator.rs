use nalgebra::{DMatrix, DVector};
use nalgebra_sparse::CsrMatrix;

use super::{adjoint_product, product};

/// A linear map L: ℝⁿ → ℝᵐ known by its products.
///
/// Both products take a block of vectors, one a column.
///
/// ```
/// use nalgebra::{dmatrix, DMatrix};
/// use proofsketch::linalg::LinearOperator;
///
/// let l = dmatrix![1.0, 2.0; 3.0, 4.0; 5.0, 6.0];
/// let y = l.apply(&dmatrix![1.0; -1.0]);
/// assert_eq!(y, dmatrix![-1.0; -1.0; -1.0]);
/// assert_eq!(l.adjoint_apply(&y), dmatrix![-9.0; -12.0]);
/// assert_eq!(LinearOperator::to_dense(&l), l);
/// ```
pub trait LinearOperator: Sync {
    /// m, the dimension of the range.
    fn nrows(&self) -> usize;

    /// n, the dimension of the domain.
    fn ncols(&self) -> usize;

    /// L X for X ∈ ℝⁿˣᵏ.
    ///
    /// # Panics
    /// If X has other than n rows.
    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64>;

    /// Lᵀ Y for Y ∈ ℝᵐˣᵏ.
    ///
    /// # Panics
    /// If Y has other than m rows.
    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64>;

    /// The m × n matrix itself, L I. Costs n products: for tests and small maps.
    fn to_dense(&self) -> DMatrix<f64> {
        self.apply(&DMatrix::identity(self.ncols(), self.ncols()))
    }

    /// L x for one vector.
    ///
    /// # Panics
    /// If x has other than n entries.
    fn apply_vector(&self, x: &DVector<f64>) -> DVector<f64> {
        let column = DMatrix::from_column_slice(x.len(), 1, x.as_slice());
        self.apply(&column).column(0).into_owned()
    }

    /// Lᵀ y for one vector.
    ///
    /// # Panics
    /// If y has other than m entries.
    fn adjoint_apply_vector(&self, y: &DVector<f64>) -> DVector<f64> {
        let column = DMatrix::from_column_slice(y.len(), 1, y.as_slice());
        self.adjoint_apply(&column).column(0).into_owned()
    }
}

/// Panics with both shapes where a product does not fit.
pub(crate) fn assert_fits(product: &str, left: (usize, usize), right: (usize, usize)) {
    assert!(
        left.1 == right.0,
        "shape mismatch in {product}: a {}×{} map cannot act on a {}×{} matrix",
        left.0,
        left.1,
        right.0,
        right.1
    );
}

impl LinearOperator for DMatrix<f64> {
    fn nrows(&self) -> usize {
        self.shape().0
    }

    fn ncols(&self) -> usize {
        self.shape().1
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("L X", self.shape(), x.shape());
        product(self, x)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Lᵀ Y", (self.shape().1, self.shape().0), y.shape());
        adjoint_product(self, y)
    }

    fn to_dense(&self) -> DMatrix<f64> {
        self.clone()
    }
}

impl LinearOperator for CsrMatrix<f64> {
    fn nrows(&self) -> usize {
        CsrMatrix::nrows(self)
    }

    fn ncols(&self) -> usize {
        CsrMatrix::ncols(self)
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("L X", (CsrMatrix::nrows(self), CsrMatrix::ncols(self)), x.shape());
        self * x
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Lᵀ Y", (CsrMatrix::ncols(self), CsrMatrix::nrows(self)), y.shape());
        let mut out = DMatrix::zeros(CsrMatrix::ncols(self), y.ncols());
        for (i, j, value) in self.triplet_iter() {
            for k in 0..y.ncols() {
                out[(j, k)] += value * y[(i, k)];
            }
        }
        out
    }
}

use faer::Par;
use faer::dyn_stack::MemStack;
use faer::linalg::cholesky::llt::factor as faer_llt;
use nalgebra::{DMatrix, DVector};

use super::faer_view::{scratch, view_mut};
use super::finite::check_finite;
use super::{Error, solve_upper_triangular, solve_upper_triangular_transpose};

/// The Cholesky factorization A = L Lᵀ of a symmetric positive definite A ∈ ℝᵈˣᵈ, L lower triangular.
///
/// Only the lower triangle of A is read. Cost d³/3 flops.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::linalg::{Cholesky, Error};
///
/// let cholesky = Cholesky::new(&dmatrix![4.0, 2.0; 2.0, 10.0])?;
/// assert_eq!(cholesky.l(), dmatrix![2.0, 0.0; 1.0, 3.0]);
/// assert_eq!(cholesky.solve_vector(&dvector![6.0, 12.0]), dvector![1.0, 1.0]);
///
/// let indefinite = Cholesky::new(&dmatrix![1.0, 2.0; 2.0, 1.0]);
/// assert_eq!(indefinite.unwrap_err(), Error::NotPositiveDefinite { pivot: 1, order: 2 });
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cholesky {
    /// R = Lᵀ.
    r: DMatrix<f64>,
}

impl Cholesky {
    /// Factors A.
    ///
    /// # Errors
    /// [`Error::NotPositiveDefinite`] with the index of the pivot that is not positive; [`Error::NotSquare`];
    /// [`Error::NotFinite`].
    pub fn new(a: &DMatrix<f64>) -> Result<Self, Error> {
        let (nrows, ncols) = a.shape();
        if nrows != ncols {
            return Err(Error::NotSquare { nrows, ncols });
        }
        check_finite(a)?;
        let mut l = a.clone();
        let settings = Default::default();
        let mut memory = scratch(faer_llt::cholesky_in_place_scratch::<f64>(nrows, Par::Seq, settings));
        let outcome = faer_llt::cholesky_in_place(
            view_mut(&mut l),
            Default::default(),
            Par::Seq,
            MemStack::new(&mut memory),
            settings,
        );
        match outcome {
            Ok(_) => Ok(Self { r: l.lower_triangle().transpose() }),
            Err(faer_llt::LltError::NonPositivePivot { index: pivot }) => {
                Err(Error::NotPositiveDefinite { pivot, order: nrows })
            }
        }
    }

    /// L, lower triangular with a positive diagonal.
    #[must_use]
    pub fn l(&self) -> DMatrix<f64> {
        self.r.transpose()
    }

    /// R = Lᵀ, upper triangular, RᵀR = A.
    #[must_use]
    pub fn r(&self) -> &DMatrix<f64> {
        &self.r
    }

    /// A⁻¹ B.
    ///
    /// # Panics
    /// If B has other than d rows.
    #[must_use]
    pub fn solve(&self, b: &DMatrix<f64>) -> DMatrix<f64> {
        solve_upper_triangular_transpose(&self.r, b)
            .and_then(|y| solve_upper_triangular(&self.r, &y))
            .expect("the pivots of a Cholesky factor are positive")
    }

    /// A⁻¹ b for one right-hand side.
    ///
    /// # Panics
    /// If b has other than d entries.
    #[must_use]
    pub fn solve_vector(&self, b: &DVector<f64>) -> DVector<f64> {
        let column = DMatrix::from_column_slice(b.len(), 1, b.as_slice());
        self.solve(&column).column(0).into_owned()
    }
}

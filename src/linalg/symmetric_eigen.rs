use faer::Par;
use faer::diag::DiagMut;
use faer::dyn_stack::MemStack;
use faer::linalg::evd as faer_evd;
use nalgebra::{DMatrix, DVector};

use super::Error;
use super::faer_view::{scratch, view, view_mut};
use super::finite::check_finite;
use super::scaling::PowerOfTwo;

/// The eigendecomposition A = V Λ Vᵀ of a symmetric A ∈ ℝᵈˣᵈ.
///
/// Only the lower triangle of A is read.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::linalg::SymmetricEigen;
///
/// let eigen = SymmetricEigen::new(&dmatrix![2.0, 1.0; 1.0, 2.0])?;
/// assert!((&eigen.eigenvalues - dvector![1.0, 3.0]).norm() < 1e-15);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SymmetricEigen {
    /// The eigenvalues, in ascending order.
    pub eigenvalues: DVector<f64>,
    /// V, the orthonormal eigenvectors, one a column.
    pub eigenvectors: DMatrix<f64>,
}

impl SymmetricEigen {
    /// Decomposes A.
    ///
    /// # Errors
    /// [`Error::NotSquare`]; [`Error::NotFinite`]; [`Error::NoConvergence`].
    pub fn new(a: &DMatrix<f64>) -> Result<Self, Error> {
        let (nrows, ncols) = a.shape();
        if nrows != ncols {
            return Err(Error::NotSquare { nrows, ncols });
        }
        check_finite(a)?;
        let mut eigenvalues = DVector::zeros(nrows);
        let mut eigenvectors = DMatrix::identity(nrows, nrows);
        let mut lower = a.lower_triangle();
        let Some(scale) = PowerOfTwo::normalising(lower.as_slice()) else {
            return Ok(Self { eigenvalues, eigenvectors });
        };
        scale.multiply(lower.as_mut_slice());
        let settings = Default::default();
        let vectors = faer_evd::ComputeEigenvectors::Yes;
        let request = faer_evd::self_adjoint_evd_scratch::<f64>(nrows, vectors, Par::Seq, settings);
        faer_evd::self_adjoint_evd(
            view(&lower),
            DiagMut::from_slice_mut(eigenvalues.as_mut_slice()),
            Some(view_mut(&mut eigenvectors)),
            Par::Seq,
            MemStack::new(&mut scratch(request)),
            settings,
        )
        .map_err(|_| Error::NoConvergence { what: "eigenvalues", nrows, ncols })?;
        scale.divide(eigenvalues.as_mut_slice());
        Ok(Self { eigenvalues, eigenvectors })
    }
}

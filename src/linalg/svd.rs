use faer::Par;
use faer::diag::DiagMut;
use faer::dyn_stack::MemStack;
use faer::linalg::svd as faer_svd;
use nalgebra::{DMatrix, DVector};

use super::faer_view::{scratch, view, view_mut};
use super::finite::check_finite;
use super::scaling::PowerOfTwo;
use super::{Error, Qr};

/// The thin singular value decomposition A = U Σ Vᵀ of A ∈ ℝⁿˣᵈ, k = min(n, d).
///
/// U ∈ ℝⁿˣᵏ and V ∈ ℝᵈˣᵏ have orthonormal columns and σ₁ ≥ ⋯ ≥ σ_k ≥ 0. A tall or wide matrix is reduced to its
/// triangular factor first ([`Qr`]).
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::Svd;
///
/// let svd = Svd::new(&dmatrix![0.0, 2.0; 1.0, 0.0; 0.0, 0.0])?;
/// assert!((svd.singular_values[0] - 2.0).abs() < 1e-15 && (svd.singular_values[1] - 1.0).abs() < 1e-15);
/// assert!((svd.reconstruct() - dmatrix![0.0, 2.0; 1.0, 0.0; 0.0, 0.0]).norm() < 1e-15);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Svd {
    /// U, the left singular vectors, one a column.
    pub u: DMatrix<f64>,
    /// The singular values, in descending order.
    pub singular_values: DVector<f64>,
    /// V (not transposed), the right singular vectors, one a column.
    pub v: DMatrix<f64>,
}

impl Svd {
    /// Decomposes A.
    ///
    /// # Errors
    /// [`Error::NotFinite`]; [`Error::NoConvergence`].
    pub fn new(a: &DMatrix<f64>) -> Result<Self, Error> {
        check_finite(a)?;
        let (nrows, ncols) = a.shape();
        if nrows < ncols {
            let Self { u, singular_values, v } = Self::of_tall(&a.transpose())?;
            return Ok(Self { u: v, singular_values, v: u });
        }
        Self::of_tall(a)
    }

    /// U Σ Vᵀ.
    #[must_use]
    pub fn reconstruct(&self) -> DMatrix<f64> {
        let mut scaled = self.u.clone();
        for (mut column, &value) in scaled.column_iter_mut().zip(&self.singular_values) {
            column *= value;
        }
        scaled * self.v.transpose()
    }

    fn of_tall(a: &DMatrix<f64>) -> Result<Self, Error> {
        if a.is_square() {
            return Self::of_square(a.clone());
        }
        let qr = Qr::of_finite(a);
        let inner = Self::of_square(qr.r())?;
        Ok(Self { u: qr.apply_q(&inner.u), ..inner })
    }

    fn of_square(mut a: DMatrix<f64>) -> Result<Self, Error> {
        let order = a.nrows();
        let (mut u, mut v) = (DMatrix::identity(order, order), DMatrix::identity(order, order));
        let mut singular_values = DVector::zeros(order);
        let Some(scale) = PowerOfTwo::normalising(a.as_slice()) else {
            return Ok(Self { u, singular_values, v });
        };
        scale.multiply(a.as_mut_slice());
        let vectors = faer_svd::ComputeSvdVectors::Thin;
        let settings = Default::default();
        let request = faer_svd::svd_scratch::<f64>(order, order, vectors, vectors, Par::Seq, settings);
        faer_svd::svd(
            view(&a),
            DiagMut::from_slice_mut(singular_values.as_mut_slice()),
            Some(view_mut(&mut u)),
            Some(view_mut(&mut v)),
            Par::Seq,
            MemStack::new(&mut scratch(request)),
            settings,
        )
        .map_err(|_| Error::NoConvergence { what: "singular values", nrows: order, ncols: order })?;
        scale.divide(singular_values.as_mut_slice());
        Ok(Self { u, singular_values, v })
    }
}

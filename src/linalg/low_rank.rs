use nalgebra::DMatrix;

use super::operator::assert_fits;
use super::{Error, LinearOperator, Svd, product};

/// The singular value decomposition of Q Qᵀ A, cut to its `rank` largest singular values.
///
/// Q ∈ ℝⁿˣˡ has orthonormal columns, as from [`range_basis`](super::range_basis); Qᵀ A = Ũ Σ Vᵀ is decomposed and
/// U = Q Ũ. At most l triples are returned. One product with Aᵀ.
///
/// Source: N. Halko, P.-G. Martinsson and J. Tropp, "Finding structure with randomness", SIAM Review 53 (2011),
/// Algorithm 5.1.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::{low_rank_svd, range_basis};
///
/// let a = dmatrix![1.0, 2.0; 2.0, 4.0; 2.0, 4.0]; // of rank 1, σ₁ = 3 √5
/// let svd = low_rank_svd(&a, &range_basis(&a, &(&a * dmatrix![1.0; 1.0]), 0)?, 1)?;
/// assert!((svd.singular_values[0] - 45_f64.sqrt()).abs() < 1e-14);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
///
/// # Errors
/// [`Error::NotFinite`] for an entry of AᵀQ; [`Error::NoConvergence`].
///
/// # Panics
/// If Q has another number of rows than A.
pub fn low_rank_svd(a: &dyn LinearOperator, basis: &DMatrix<f64>, rank: usize) -> Result<Svd, Error> {
    assert_fits("QᵀA", (basis.ncols(), basis.nrows()), (a.nrows(), a.ncols()));
    // AᵀQ = V Σ Ũᵀ.
    let Svd { u: v, singular_values, v: inner } = Svd::new(&a.adjoint_apply(basis))?;
    let rank = rank.min(singular_values.len());
    Ok(Svd {
        u: product(basis, &inner.columns(0, rank).into_owned()),
        singular_values: singular_values.rows(0, rank).into_owned(),
        v: v.columns(0, rank).into_owned(),
    })
}

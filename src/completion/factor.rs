//! A factor of U Vᵀ between half-steps.

use nalgebra::DMatrix;

use super::spectral_initialization::gaussian;
use crate::linalg::{Cholesky, Error, PaddedRows, Qr, Svd, solve_upper_triangular};
use crate::random::StreamKey;

/// U or V, stored by rows.
pub(crate) type Factor = PaddedRows;

/// Pivots of the Cholesky factor of FᵀF may differ by this factor: its columns are then orthonormal to six digits, which
/// leaves the regressions well conditioned.
const LEAST_PIVOT: f64 = 1e-10;

/// Makes the columns of `factor` orthonormal and returns R of factor = Q R: by Cholesky of the Gram matrix, or by
/// Householder reflections where that is too ill-conditioned.
pub(crate) fn orthonormalise(factor: &mut Factor) -> Result<DMatrix<f64>, Error> {
    let order = factor.ncols();
    let triangle = Cholesky::new(&factor.gram()).ok().map(|cholesky| cholesky.r().clone()).filter(|r| {
        let pivots = r.diagonal();
        pivots.min().powi(2) > LEAST_PIVOT * pivots.max().powi(2)
    });
    if let Some(r) = triangle {
        let inverse = solve_upper_triangular(&r, &DMatrix::identity(order, order))?;
        factor.multiply(&inverse);
        return Ok(r);
    }
    let qr = Qr::new(&factor.to_matrix())?;
    *factor = Factor::from_matrix(&qr.q());
    Ok(qr.r())
}

/// Adds a Gaussian matrix of spectral norm `relative` times that of the factor.
pub(crate) fn perturb(factor: &mut Factor, relative: f64, key: StreamKey) -> Result<(), Error> {
    let noise = gaussian(factor.nrows(), factor.ncols(), key);
    let largest = |a: &DMatrix<f64>| Svd::new(a).map(|svd| svd.singular_values[0]);
    let matrix = factor.to_matrix();
    let size = relative * largest(&matrix)? / largest(&noise)?;
    *factor = Factor::from_matrix(&(matrix + noise * size));
    Ok(())
}

use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use faer::{MatRef, Par};
use nalgebra::DMatrix;

use super::Error;
use super::faer_view::{view, view_mut};
use super::operator::assert_fits;

/// X with R X = B, for upper triangular R ∈ ℝᵈˣᵈ; what is stored below its diagonal is not read.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::solve_upper_triangular;
///
/// let x = solve_upper_triangular(&dmatrix![2.0, 1.0; 0.0, 4.0], &dmatrix![4.0; 8.0])?;
/// assert_eq!(x, dmatrix![1.0; 2.0]);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
///
/// # Errors
/// [`Error::Singular`] with the first zero on the diagonal; [`Error::NotSquare`].
///
/// # Panics
/// If B has other than d rows.
pub fn solve_upper_triangular(r: &DMatrix<f64>, b: &DMatrix<f64>) -> Result<DMatrix<f64>, Error> {
    let mut x = b.clone();
    check(r, b, "R⁻¹ B")?;
    solve_upper_triangular_in_place(view(r), view_mut(&mut x), Par::Seq);
    Ok(x)
}

/// X with Rᵀ X = B, for upper triangular R ∈ ℝᵈˣᵈ; what is stored below its diagonal is not read.
///
/// # Errors
/// [`Error::Singular`] with the first zero on the diagonal; [`Error::NotSquare`].
///
/// # Panics
/// If B has other than d rows.
pub fn solve_upper_triangular_transpose(r: &DMatrix<f64>, b: &DMatrix<f64>) -> Result<DMatrix<f64>, Error> {
    let mut x = b.clone();
    check(r, b, "R⁻ᵀ B")?;
    solve_lower_triangular_in_place(transpose(r), view_mut(&mut x), Par::Seq);
    Ok(x)
}

fn transpose(r: &DMatrix<f64>) -> MatRef<'_, f64> {
    view(r).transpose()
}

fn check(r: &DMatrix<f64>, b: &DMatrix<f64>, product: &str) -> Result<(), Error> {
    let (nrows, ncols) = r.shape();
    if nrows != ncols {
        return Err(Error::NotSquare { nrows, ncols });
    }
    assert_fits(product, r.shape(), b.shape());
    match (0..ncols).find(|&j| r[(j, j)] == 0.0) {
        Some(column) => Err(Error::Singular { column, ncols }),
        None => Ok(()),
    }
}

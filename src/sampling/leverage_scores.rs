use nalgebra::DMatrix;

use super::row_basis::check_matrix;
use super::{Error, RowBasis};
use crate::linalg::{Cholesky, SymmetricEigen, gram, row_forms, scaled_gram, solve_upper_triangular};

/// Squared condition up to which one Cholesky factor of AᵀA is as accurate as QR.
const ONE_PASS: f64 = 100.0;
/// Squared condition up to which a second factor repairs the first.
const TWO_PASSES: f64 = 1e12;
/// Exponents of two between which squares of entries and their sums neither overflow nor vanish.
const SAFE_EXPONENT: i32 = 400;

/// The leverage scores τᵢ = aᵢᵀ(AᵀA)⁺aᵢ = max_x (aᵢᵀx)²/‖Ax‖₂² ∈ [0, 1] of the rows of A ∈ ℝⁿˣᵈ, Στᵢ = rank A.
///
/// τᵢ = ‖R⁻ᵀaᵢ‖² with the triangle R of A = QR; Q is not formed. After scaling of columns, R comes from the Cholesky
/// factorization of AᵀA where A is well conditioned, and of (AR₁⁻¹)ᵀ(AR₁⁻¹) once more up to condition 10⁶, which makes it
/// as accurate as that of Householder reflections (Y. Yamamoto, Y. Nakatsukasa, Y. Yanagisawa and T. Fukaya, "Roundoff
/// error analysis of the CholeskyQR2 algorithm", ETNA 44, 2015). Beyond that, or where columns depend on each other, the
/// scores are those of [`RowBasis`]. Cost 2nd² flops, 4nd² or 4nd² with a copy of A.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::leverage_scores;
///
/// let scores = leverage_scores(&dmatrix![1.0, 0.0; 1.0, 0.0; 0.0, 5.0; 0.0, 0.0])?;
/// assert!(scores.iter().zip([0.5, 0.5, 1.0, 0.0]).all(|(found, exact)| (found - exact).abs() < 1e-15));
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
///
/// # Errors
/// As [`RowBasis::new`].
pub fn leverage_scores(a: &DMatrix<f64>) -> Result<Vec<f64>, Error> {
    check_matrix(a)?;
    match inverse_triangle(a) {
        Some(inverse) => Ok(row_forms(a, &inverse).into_iter().map(|score| score.min(1.0)).collect()),
        None => Ok(RowBasis::of_checked(a)?.leverage_scores()),
    }
}

/// R⁻¹ of A = QR to the accuracy of Householder QR; `None` where Gram matrices cannot give it.
fn inverse_triangle(a: &DMatrix<f64>) -> Option<DMatrix<f64>> {
    if a.nrows() < a.ncols() || !squares_are_safe(a) {
        return None;
    }
    let (first, squared_condition) = inverse_factor(&gram(a))?;
    if squared_condition <= ONE_PASS {
        return Some(first);
    }
    if squared_condition > TWO_PASSES {
        return None;
    }
    let (second, _) = inverse_factor(&scaled_gram(a, &first, None).0)?;
    Some((first * second).upper_triangle())
}

/// R⁻¹ with RᵀR = G, and the squared condition of R with its columns scaled to one length; `None` where G is singular.
fn inverse_factor(gram: &DMatrix<f64>) -> Option<(DMatrix<f64>, f64)> {
    let order = gram.ncols();
    let lengths = gram.diagonal().map(f64::sqrt);
    if lengths.iter().any(|&length| length == 0.0) {
        return None;
    }
    let scaled = DMatrix::from_fn(order, order, |i, j| gram[(i, j)] / lengths[i] / lengths[j]);
    let eigenvalues = SymmetricEigen::new(&scaled).ok()?.eigenvalues;
    let (least, greatest) = (eigenvalues[0], eigenvalues[order - 1]);
    let factor = Cholesky::new(&scaled).ok()?;
    let mut inverse = solve_upper_triangular(factor.r(), &DMatrix::identity(order, order)).ok()?;
    inverse.row_iter_mut().zip(&lengths).for_each(|(mut row, length)| row /= *length);
    (least > 0.0).then(|| (inverse.upper_triangle(), greatest / least))
}

/// Whether the largest entry of every column lies well inside the range of floating point numbers.
pub(super) fn squares_are_safe(a: &DMatrix<f64>) -> bool {
    let (least, greatest) = (2.0_f64.powi(-SAFE_EXPONENT), 2.0_f64.powi(SAFE_EXPONENT));
    a.column_iter().all(|column| (least..greatest).contains(&column.amax()))
}

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::Error;
use crate::linalg::{PivotedQr, first_non_finite, squared_row_norms};

/// An orthonormal basis Q ∈ ℝⁿˣʳ of the column space of A ∈ ℝⁿˣᵈ, r = rank A: what every row score is computed from.
///
/// Sensitivities, leverage scores and Lewis weights depend on A through its column space alone, so that row qᵢ of Q has
/// the scores of row aᵢ of A. The columns of A are scaled by powers of two to entries of size one, and reduced by QR with
/// column pivoting; r counts the pivots above max(n, d)·2⁻⁵² of the first. n < d, dependent columns and rows of zeros are
/// allowed. Cost 4nd² flops, memory n(d + r).
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::RowBasis;
///
/// // The second column is 10²⁰⁰ times the first, the last row is zero.
/// let basis = RowBasis::new(&dmatrix![3.0, 3e200; 4.0, 4e200; 0.0, 0.0])?;
/// assert_eq!((basis.rank(), basis.zero_rows()), (1, &[2][..]));
/// let leverage = basis.leverage_scores();
/// assert!((leverage[0] - 0.36).abs() < 1e-15 && (leverage[1] - 0.64).abs() < 1e-15);
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RowBasis {
    q: DMatrix<f64>,
    ncols: usize,
    zero_rows: Vec<usize>,
}

impl RowBasis {
    /// The basis of the column space of A.
    ///
    /// # Errors
    /// [`Error::Empty`]; [`Error::NotFinite`] with the place of the first; [`Error::Zero`] where every entry is zero.
    pub fn new(a: &DMatrix<f64>) -> Result<Self, Error> {
        check_matrix(a)?;
        Self::of_checked(a)
    }

    /// The basis of a matrix that is neither empty nor zero, with finite entries.
    pub(super) fn of_checked(a: &DMatrix<f64>) -> Result<Self, Error> {
        let scaled = equilibrated(a);
        let pivoted = PivotedQr::new(&scaled)?;
        let rank = pivoted.rank(pivoted.default_tolerance());
        let mut q = pivoted.q().columns(0, rank).into_owned();
        let zero_rows = zero_rows(a);
        // Reflections leave rounding where exact arithmetic leaves zero.
        for &row in &zero_rows {
            q.row_mut(row).fill(0.0);
        }
        Ok(Self { q, ncols: a.ncols(), zero_rows })
    }

    /// Q.
    #[must_use]
    pub fn q(&self) -> &DMatrix<f64> {
        &self.q
    }

    /// n, the number of rows of A.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.q.nrows()
    }

    /// d, the number of columns of A.
    #[must_use]
    pub fn ncols(&self) -> usize {
        self.ncols
    }

    /// r, the numerical rank of A: the number of columns of Q.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.q.ncols()
    }

    /// The rows of A without an entry other than zero, ascending: each score of theirs is zero.
    #[must_use]
    pub fn zero_rows(&self) -> &[usize] {
        &self.zero_rows
    }

    /// qᵢ, row `i` of Q.
    ///
    /// # Panics
    /// If A has no row `i`.
    #[must_use]
    pub fn row(&self, i: usize) -> DVector<f64> {
        self.q.row(i).transpose()
    }

    /// The leverage scores τᵢ = ‖qᵢ‖² ∈ [0, 1], Στᵢ = r.
    #[must_use]
    pub fn leverage_scores(&self) -> Vec<f64> {
        squared_row_norms(&self.q).into_iter().map(|score| score.min(1.0)).collect()
    }
}

/// Refuses a matrix that is empty, not finite or zero.
pub(super) fn check_matrix(a: &DMatrix<f64>) -> Result<(), Error> {
    let (nrows, ncols) = a.shape();
    if nrows == 0 || ncols == 0 {
        return Err(Error::Empty { nrows, ncols });
    }
    if let Some((row, column, value)) = first_non_finite(a) {
        return Err(Error::NotFinite { row, column, value });
    }
    if a.iter().all(|&entry| entry == 0.0) {
        return Err(Error::Zero { nrows, ncols });
    }
    Ok(())
}

/// A with each column scaled by the power of two that brings its largest entry into [1, 2).
pub(super) fn equilibrated(a: &DMatrix<f64>) -> DMatrix<f64> {
    let mut scaled = a.clone();
    scaled.as_mut_slice().par_chunks_mut(a.nrows()).for_each(crate::linalg::normalise_largest);
    scaled
}

/// Indices of the rows without a nonzero entry.
fn zero_rows(a: &DMatrix<f64>) -> Vec<usize> {
    let mut zero = vec![true; a.nrows()];
    for column in a.as_slice().chunks_exact(a.nrows()) {
        zero.iter_mut().zip(column).for_each(|(zero, &entry)| *zero &= entry == 0.0);
    }
    (0..a.nrows()).filter(|&i| zero[i]).collect()
}

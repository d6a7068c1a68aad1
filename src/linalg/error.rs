/// Why a factorization or a solve has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A NaN or an infinity, the first in row order (row by row, each from the left).
    #[error("entry ({row}, {column}) is {value}: every entry must be finite")]
    NotFinite {
        /// Its row, from 0.
        row: usize,
        /// Its column, from 0.
        column: usize,
        /// The entry itself.
        value: f64,
    },
    /// The Cholesky factorization met a pivot that is not positive.
    #[error("the {order}×{order} matrix is not positive definite: pivot {pivot} is not positive")]
    NotPositiveDefinite {
        /// Index of that pivot, from 0: the leading block of order `pivot + 1` is not positive definite.
        pivot: usize,
        /// Order of the matrix.
        order: usize,
    },
    /// A triangular factor has a zero on its diagonal.
    #[error("column {column} of {ncols} depends on the columns before it: the triangular factor is singular")]
    Singular {
        /// Index of the first zero on the diagonal, from 0.
        column: usize,
        /// Order of the factor.
        ncols: usize,
    },
    /// Fewer rows than columns where full column rank is needed.
    #[error("a {nrows}×{ncols} matrix has fewer rows than columns: its least-squares solution is not unique")]
    Underdetermined {
        /// Number of rows.
        nrows: usize,
        /// Number of columns.
        ncols: usize,
    },
    /// A square matrix is needed.
    #[error("a square matrix is needed, not a {nrows}×{ncols} one")]
    NotSquare {
        /// Number of rows.
        nrows: usize,
        /// Number of columns.
        ncols: usize,
    },
    /// The iteration for singular values or eigenvalues did not converge.
    #[error("the {what} of a {nrows}×{ncols} matrix did not converge")]
    NoConvergence {
        /// What was computed.
        what: &'static str,
        /// Number of rows.
        nrows: usize,
        /// Number of columns.
        ncols: usize,
    },
}

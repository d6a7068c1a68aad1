/// Why a sketch distribution has no meaning.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// m = 0 or n = 0.
    #[error("a sketch needs m ≥ 1 and n ≥ 1, not m = {nrows}, n = {ncols}")]
    EmptyShape {
        /// m, the sketch dimension.
        nrows: usize,
        /// n, the ambient dimension.
        ncols: usize,
    },
    /// m or n is beyond what the family can index.
    #[error("{what} = {value} exceeds the limit {limit} of this family of sketches")]
    TooLarge {
        /// Which dimension.
        what: &'static str,
        /// Its value.
        value: usize,
        /// The largest value allowed.
        limit: usize,
    },
    /// The number of nonzeros in a column is not in 1..=m.
    #[error("{nonzeros} nonzeros a column do not fit {nrows} rows: need 1 ≤ s ≤ m")]
    Nonzeros {
        /// s, nonzeros a column.
        nonzeros: usize,
        /// m, the sketch dimension.
        nrows: usize,
    },
    /// The sparsity parameter s of a very sparse sketch is not a finite number ≥ 1.
    #[error("sparsity s = {0} is not a finite number ≥ 1")]
    Sparsity(f64),
    /// More distinct rows wanted than there are.
    #[error("{nrows} distinct rows of a {padded}-row transform cannot be drawn")]
    TooManyRows {
        /// m, the sketch dimension.
        nrows: usize,
        /// N, the padded ambient dimension.
        padded: usize,
    },
    /// A probability outside [0, 1], or a score that is negative or not finite.
    #[error("{what} {value} at index {index} is out of range")]
    Weight {
        /// "probability" or "score".
        what: &'static str,
        /// Position of the first offender.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// The expected number of sampled rows is not in (0, number of rows with a positive score].
    #[error("cannot keep {wanted} rows in expectation out of {available} with a positive score")]
    ExpectedRows {
        /// Rows wanted in expectation.
        wanted: f64,
        /// Rows with a positive score.
        available: usize,
    },
    /// The exponent p of an ℓp norm is not a finite number > 0.
    #[error("p = {0} is not a finite number > 0")]
    NormExponent(f64),
    /// A dense factorization failed.
    #[error(transparent)]
    Factorization(#[from] crate::linalg::Error),
    /// A constant of a formula is not a finite number in its range.
    #[error("{name} = {value} is out of range: need {range}")]
    Constant {
        /// Its letter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// The range in words.
        range: &'static str,
    },
}

/// Checks a shape against the limits common to all families.
pub(super) fn check_shape(nrows: usize, ncols: usize) -> Result<(), Error> {
    const LIMIT: usize = (u32::MAX >> 1) as usize;
    if nrows == 0 || ncols == 0 {
        return Err(Error::EmptyShape { nrows, ncols });
    }
    if nrows > LIMIT {
        return Err(Error::TooLarge { what: "m", value: nrows, limit: LIMIT });
    }
    Ok(())
}

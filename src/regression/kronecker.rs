use nalgebra::{DMatrix, DVector};

use super::sketch_and_solve::solve_sketched;
use super::{Error, SketchedSolution};
use crate::linalg::{column_norms, first_non_finite};
use crate::random::StreamKey;
use crate::sketch::{SketchDistribution, TensorSrht};

/// Kronecker regression: x′ for min ‖(A₁ ⊗ A₂) x − vec(B)‖₂ with a tensor SRHT of m rows, the product never formed.
///
/// Aᵢ ∈ ℝ^{nᵢ×dᵢ}, B ∈ ℝ^{n₁×n₂} holds b by rows, b\[i₁n₂ + i₂\] = B\[i₁, i₂\], and x ∈ ℝ^{d₁d₂} is ordered likewise.
/// `level` is the coverage of the certificate's intervals.
///
/// Cost: Σ dᵢnᵢ log nᵢ + n₁n₂ log(n₁n₂) + 2m(d₁d₂)² flops.
///
/// Source: Song, Ye, Yin and Zhang, ICML 2023, extend their bound to dense sketches of tensor products; see the
/// [front page](super) for the status of its proof.
///
/// # Errors
/// [`Error::Empty`] and [`Error::NotFinite`] for Aᵢ or B, [`Error::Shape`] unless B is n₁ × n₂,
/// [`Error::TooFewRows`] for nᵢ < dᵢ, [`Error::SketchTooSmall`] for m < d₁d₂.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use proofsketch::random::StreamKey;
/// use proofsketch::regression::solve_kronecker;
///
/// let a1 = DMatrix::from_fn(16, 2, |i, j| ((i * (j + 3)) % 5) as f64);
/// let a2 = DMatrix::from_fn(10, 2, |i, j| ((i + 2) * (j + 1) % 7) as f64);
/// let x = DVector::from_vec(vec![1.0, -2.0, 0.5, 3.0]);
/// let b = a1.kronecker(&a2) * &x; // consistent: solved to rounding
/// let answer = solve_kronecker(&a1, &a2, &DMatrix::from_row_slice(16, 10, b.as_slice()), 40, 0.95, StreamKey::from_seed(1))?;
/// assert!((answer.coefficients - x).norm() < 1e-10);
/// # Ok::<(), proofsketch::regression::Error>(())
/// ```
pub fn solve_kronecker(
    first: &DMatrix<f64>,
    second: &DMatrix<f64>,
    b: &DMatrix<f64>,
    sketch_rows: usize,
    level: f64,
    key: StreamKey,
) -> Result<SketchedSolution, Error> {
    for a in [first, second, b] {
        check_factor(a)?;
    }
    for a in [first, second] {
        if a.nrows() < a.ncols() {
            return Err(Error::TooFewRows { nrows: a.nrows(), ncols: a.ncols() });
        }
    }
    if b.shape() != (first.nrows(), second.nrows()) {
        return Err(Error::Shape { nrows: first.nrows() * second.nrows(), entries: b.len() });
    }
    let sketch = TensorSrht::new(sketch_rows, first.nrows(), second.nrows())?.sample(key);
    let sa = sketch.sketch_kronecker(first, second);
    let sb = sketch.sketch_matrix(b).column(0).into_owned();
    let norms = column_norms(first).kronecker(&column_norms(second));
    let norms = DVector::from_column_slice(norms.as_slice());
    Ok(solve_sketched(&sa, &sb, &norms, level)?.0)
}

fn check_factor(a: &DMatrix<f64>) -> Result<(), Error> {
    let (nrows, ncols) = a.shape();
    if a.is_empty() {
        return Err(Error::Empty { nrows, ncols });
    }
    match first_non_finite(a) {
        Some((row, column, value)) => Err(Error::NotFinite { row, column, value }),
        None => Ok(()),
    }
}

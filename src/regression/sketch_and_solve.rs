use nalgebra::{DMatrix, DVector};

use super::scaled_factor::{ScaledFactor, as_column};
use super::{CoordinateCertificate, Error, LeastSquares, Warning};
use crate::linalg::{column_norms, euclidean_norm};
use crate::sketch::SketchOperator;

/// The answer of a sketched least-squares problem.
#[derive(Clone, Debug, PartialEq)]
pub struct SketchedSolution {
    /// x′ ∈ ℝᵈ; below full rank the shortest minimiser.
    pub coefficients: DVector<f64>,
    /// Numerical rank of S A with unit columns.
    pub rank: usize,
    /// m, the rows of S.
    pub sketch_rows: usize,
    /// ‖S A x′ − S b‖₂, which estimates ‖A x′ − b‖₂ from below.
    pub sketched_residual: f64,
    /// Intervals for each coefficient; none below full rank or where m = d.
    pub certificate: Option<CoordinateCertificate>,
    /// What the caller should know before trusting the answer.
    pub warnings: Vec<Warning>,
}

/// Sketch-and-solve: x′ = argmin ‖S A x − S b‖₂, with one S for A and b.
///
/// 1. S A and S b, with the same S.
/// 2. The columns of S A, divided by the lengths of those of A.
/// 3. QR with column pivoting, and the numerical rank from it.
/// 4. x′ = Π R⁻¹ Qᵀ S b, scaled back; below full rank the shortest minimiser.
///
/// The normal equations are never formed. `level` is the coverage of the certificate's intervals, 0 < `level` < 1.
///
/// Cost: S A, plus 2md² flops. Error: x′ − x★ = (SA)⁺ S r; consistent systems (r = 0) are solved to rounding.
///
/// Source: Song, Ye, Yin and Zhang, ICML 2023, for the ℓ∞ guarantee; Sarlós, FOCS 2006, for the method.
///
/// # Errors
/// [`Error::SketchMismatch`] unless S acts on n rows, [`Error::SketchTooSmall`] for m < d, [`Error::Setting`] for a
/// `level` outside (0, 1), [`Error::Overflow`] where the answer exceeds the largest number.
///
/// ```
/// use nalgebra::{DMatrix, DVector};
/// use proofsketch::random::StreamKey;
/// use proofsketch::regression::{LeastSquares, sketch_and_solve};
/// use proofsketch::sketch::{Gaussian, SketchDistribution};
///
/// let a = DMatrix::from_fn(2000, 2, |i, j| if j == 0 { 1.0 } else { i as f64 / 1000.0 });
/// let b = DVector::from_fn(2000, |i, _| 3.0 - 2.0 * (i as f64 / 1000.0) + 0.1 * (i as f64).sin());
/// let problem = LeastSquares::new(&a, &b)?;
/// let s = Gaussian::new(200, 2000)?.sample(StreamKey::from_seed(1));
/// let answer = sketch_and_solve(&problem, &s, 0.999)?;
/// let widths = answer.certificate.unwrap().half_widths;
/// assert!((answer.coefficients[0] - 3.0).abs() < widths[0] + 0.01);
/// assert!((answer.coefficients[1] + 2.0).abs() < widths[1] + 0.01);
/// # Ok::<(), proofsketch::regression::Error>(())
/// ```
pub fn sketch_and_solve<S: SketchOperator + ?Sized>(
    problem: &LeastSquares<'_>,
    sketch: &S,
    level: f64,
) -> Result<SketchedSolution, Error> {
    let (sa, sb) = sketch_problem(problem, sketch)?;
    let mut solution = solve_from_sketch(&sa, &sb, &column_norms(problem.a()), level)?;
    let factor = sketch.variance_factor();
    solution.certificate = solution.certificate.map(|certificate| certificate.with_variance_factor(factor));
    Ok(solution)
}

/// S A and S b.
pub(super) fn sketch_problem<S: SketchOperator + ?Sized>(
    problem: &LeastSquares<'_>,
    sketch: &S,
) -> Result<(DMatrix<f64>, DVector<f64>), Error> {
    if sketch.ncols() != problem.nrows() {
        return Err(Error::SketchMismatch { sketch_columns: sketch.ncols(), nrows: problem.nrows() });
    }
    let mut sketched = sketch.sketch_augmented(problem.a(), problem.b());
    if !sketched.iter().all(|entry| entry.is_finite()) {
        return Err(Error::Overflow { what: "the sketch of the problem" });
    }
    let sb = sketched.column(problem.ncols()).into_owned();
    sketched.resize_horizontally_mut(problem.ncols(), 0.0);
    Ok((sketched, sb))
}

/// Steps 2 to 4 of [`sketch_and_solve`] for a sketch that was taken elsewhere, as from a stream: S A ∈ ℝᵐˣᵈ, S b ∈ ℝᵐ and
/// the norms of the columns of A. The certificate is that of a sketch with independent rows.
///
/// # Errors
/// [`Error::Shape`] where S A, S b and the norms do not fit, [`Error::SketchTooSmall`] for m < d, [`Error::Setting`]
/// for a `level` outside (0, 1), [`Error::TargetNotFinite`] and [`Error::Factorization`] for a NaN or
/// an infinity, [`Error::Overflow`] where the answer exceeds the largest number.
pub fn solve_from_sketch(
    sa: &DMatrix<f64>,
    sb: &DVector<f64>,
    column_norms: &DVector<f64>,
    level: f64,
) -> Result<SketchedSolution, Error> {
    Ok(solve_sketched(sa, sb, column_norms, level)?.0)
}

/// [`solve_from_sketch`], and the factor for those who go on with it.
pub(super) fn solve_sketched(
    sa: &DMatrix<f64>,
    sb: &DVector<f64>,
    column_norms: &DVector<f64>,
    level: f64,
) -> Result<(SketchedSolution, ScaledFactor), Error> {
    let (sketch_rows, ncols) = sa.shape();
    if !(level > 0.0 && level < 1.0) {
        return Err(Error::Setting { name: "level", value: level, range: "0 < level < 1" });
    }
    if sb.len() != sketch_rows {
        return Err(Error::Shape { nrows: sketch_rows, entries: sb.len() });
    }
    if column_norms.len() != ncols {
        return Err(Error::Shape { nrows: ncols, entries: column_norms.len() });
    }
    if let Some(index) = sb.iter().position(|entry| !entry.is_finite()) {
        return Err(Error::TargetNotFinite { index, value: sb[index] });
    }
    if sketch_rows < ncols {
        return Err(Error::SketchTooSmall { sketch_rows, ncols });
    }
    if !column_norms.iter().all(|norm| norm.is_finite()) {
        return Err(Error::Overflow { what: "the norm of a column of A" });
    }
    let factor = ScaledFactor::new(sa, column_norms)?;
    let coefficients = factor.solve(&as_column(sb))?;
    let residual = sa * &coefficients - sb;
    // Squares of a tiny residual vanish, and no width may be 0 where there is noise.
    let sketched_residual = match residual.norm() {
        norm if norm.is_normal() => norm,
        _ => euclidean_norm(residual.as_slice()),
    };
    if !(sketched_residual.is_finite() && coefficients.iter().all(|entry| entry.is_finite())) {
        return Err(Error::Overflow { what: "the answer of the sketched problem" });
    }
    let rank = factor.rank();
    let certificate = if rank == ncols {
        let diagonal = factor.inverse_gram_diagonal()?;
        CoordinateCertificate::new(sketched_residual, &diagonal, sketch_rows, level)
    } else {
        None
    };
    let warnings = Warning::of_columns(column_norms, rank);
    Ok((
        SketchedSolution { coefficients, rank, sketch_rows, sketched_residual, certificate, warnings },
        factor,
    ))
}

use std::ops::ControlFlow;

use nalgebra::{DMatrix, DVector};

use super::scaled_factor::{ScaledFactor, as_column};
use super::sketch_and_solve::{sketch_problem, solve_sketched};
use super::{Error, LeastSquares};
use crate::linalg::{
    Qr, column_norms, euclidean_norm, gram_multiply, residual_and_gradient, solve_upper_triangular_transpose,
};
use crate::sketch::SketchOperator;
use crate::solve::{CgSettings, Report, Status, preconditioned_cg};

/// Settings of [`refine`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Refinement {
    /// Outer steps at most.
    pub steps: usize,
    /// Conjugate-gradient steps at most inside one outer step.
    pub inner_steps: usize,
    /// An inner solve ends when its residual has fallen by this factor, or as far as `tolerance` needs, if that is less.
    pub inner_tolerance: f64,
    /// The outer iteration has converged when the estimated relative backward error is at most this.
    pub tolerance: f64,
}

impl Default for Refinement {
    /// Backward error of four unit roundoffs: what its own rounding lets the estimate show.
    fn default() -> Self {
        Self { steps: 8, inner_steps: 100, inner_tolerance: 1e-9, tolerance: 2.0 * f64::EPSILON }
    }
}

/// One iterate of [`refine`], before the step that improves it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RefinementRecord {
    /// ‖b − A x‖₂.
    pub residual_norm: f64,
    /// Estimated relative backward error of x.
    pub backward_error: f64,
    /// Conjugate-gradient steps, each one pass over A, that the step took; 0 for the last iterate.
    pub inner_iterations: usize,
}

/// The answer of [`refine`].
#[derive(Clone, Debug, PartialEq)]
pub struct RefinedSolution {
    /// x ≈ x★; the shortest minimiser below full rank.
    pub coefficients: DVector<f64>,
    /// Numerical rank of S A with unit columns.
    pub rank: usize,
    /// ‖b − A x‖₂.
    pub residual_norm: f64,
    /// Estimated relative backward error of x: the Karlson–Waldén estimate
    /// ‖(BᵀB + μ²I)^(−1/2) Bᵀr‖/(‖y‖‖B‖_F), μ = ‖r‖/‖y‖, of the problem with unit columns B = AD⁻¹, y = Dx,
    /// with the sketch in place of BᵀB.
    pub backward_error: f64,
}

/// Sketch-and-precondition with iterative refinement: x★ to backward-stable accuracy.
///
/// A sketch of m = c·d rows gives P = D⁻¹ Π R⁻¹ for which A P is near orthonormal: its condition number is at most
/// (1 + η)/(1 − η) with η about √(d/m). From x = x′ each outer step takes r = b − A x and Aᵀr afresh in one pass, solves
/// (PᵀAᵀA P) y = PᵀAᵀr by conjugate gradients, whose error falls by about η a step, and adds P y to x. The residual
/// is the only quantity that must be accurate; what rounding spoils inside P is mended by the next outer step, so that
/// the answer is as accurate as that of a Householder QR at any condition number up to about 10¹⁵.
///
/// Cost: S A, 2md² flops, and about 2·ln(1/u)/ln(1/η²) passes over A of 4nd flops each.
///
/// Source: Epperly, Meier and Nakatsukasa, "Fast randomized least-squares solvers can be just as accurate and stable as
/// classical direct solvers", Comm. Pure Appl. Math. 2025 (refinement around a sketch-preconditioned inner solve);
/// Rokhlin and Tygert, PNAS 105 (2008) (sketch-and-precondition).
///
/// # Errors
/// [`Error::SketchMismatch`] unless S acts on n rows, [`Error::SketchTooSmall`] for m < d, [`Error::Overflow`]
/// where the answer exceeds the largest number.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::regression::{Instance, Refinement, refine, solve_exact};
/// use proofsketch::sketch::{SketchDistribution, SparseSign};
///
/// let key = StreamKey::from_seed(1);
/// let instance = Instance::conditioned((2000, 10), 1e6, 1e-3, key)?;
/// let problem = instance.problem()?;
/// let s = SparseSign::new(120, 2000, 8)?.sample(key.named("sketch"));
/// let refined = refine(&problem, &s, &Refinement::default())?.solution;
/// assert!(refined.backward_error < 1e-15);
/// let exact = solve_exact(&problem)?.coefficients;
/// assert!((refined.coefficients - &exact).norm() < 1e-8 * exact.norm()); // κ·u = 1e-10
/// # Ok::<(), proofsketch::regression::Error>(())
/// ```
pub fn refine<S: SketchOperator + ?Sized>(
    problem: &LeastSquares<'_>,
    sketch: &S,
    settings: &Refinement,
) -> Result<Report<RefinedSolution, RefinementRecord>, Error> {
    let (sa, sb) = sketch_problem(problem, sketch)?;
    let (start, factor) = solve_sketched(&sa, &sb, &column_norms(problem.a()), 0.5)?;
    refine_from_sketch(problem, &factor, start.coefficients, settings)
}

/// [`refine`] from x with the factor of a sketch taken before.
pub(super) fn refine_from_sketch(
    problem: &LeastSquares<'_>,
    factor: &ScaledFactor,
    mut x: DVector<f64>,
    settings: &Refinement,
) -> Result<Report<RefinedSolution, RefinementRecord>, Error> {
    let mut history: Vec<RefinementRecord> = Vec::new();
    let mut best: Option<RefinedSolution> = None;
    loop {
        let (residual, gradient) = residual_and_gradient(problem.a(), &x, problem.b());
        let residual_norm = column_norms(&residual)[0];
        if !residual_norm.is_finite() {
            return Err(Error::Overflow { what: "the residual of a refined answer" });
        }
        let gradient = factor.adjoint_coefficients(&gradient)?;
        let backward_error = backward_error(factor, &gradient, &x, residual_norm)?;
        let mut record = RefinementRecord { residual_norm, backward_error, inner_iterations: 0 };
        let stagnated = best.as_ref().is_some_and(|best| backward_error > 0.5 * best.backward_error);
        if best.as_ref().is_none_or(|best| backward_error < best.backward_error) {
            let (coefficients, rank) = (x.clone(), factor.rank());
            best = Some(RefinedSolution { coefficients, rank, residual_norm, backward_error });
        }
        let status = if backward_error <= settings.tolerance {
            Some(Status::Converged)
        } else if stagnated {
            Some(Status::Stagnated)
        } else {
            (history.len() >= settings.steps).then_some(Status::IterationLimit)
        };
        if let (Some(status), Some(solution)) = (status, best.clone()) {
            history.push(record);
            return Ok(Report { solution, status, history });
        }
        let wanted = 0.1 * settings.tolerance / backward_error;
        let inner = CgSettings {
            max_iterations: settings.inner_steps,
            relative_tolerance: wanted.clamp(settings.inner_tolerance, settings.inner_tolerance.max(0.1)),
        };
        let (correction, iterations) = correction(problem, factor, &gradient, &inner)?;
        x = factor.shortest(x + correction);
        record.inner_iterations = iterations;
        history.push(record);
    }
}

/// The correction P y, with (PᵀAᵀA P) y = `gradient` = PᵀAᵀr, and the conjugate-gradient steps it took; zero where
/// rounding leaves PᵀAᵀA P not positive definite.
fn correction(
    problem: &LeastSquares<'_>,
    factor: &ScaledFactor,
    gradient: &DVector<f64>,
    settings: &CgSettings,
) -> Result<(DVector<f64>, usize), Error> {
    let mut fault = None;
    let normal_product = |y: &DVector<f64>| {
        let image = factor.to_coefficients(y).map(|x| gram_multiply(problem.a(), &x));
        image.and_then(|image| factor.adjoint_coefficients(&image)).unwrap_or_else(|error| {
            fault = Some(error);
            DVector::zeros(y.len())
        })
    };
    let zero = DVector::zeros(gradient.len());
    let report = preconditioned_cg(normal_product, Clone::clone, gradient, zero, settings, |_| {
        ControlFlow::Continue(())
    });
    if let Some(error) = fault {
        return Err(error.into());
    }
    let Ok(report) = report else { return Ok((DVector::zeros(problem.ncols()), 0)) };
    Ok((factor.to_coefficients(&report.solution)?, report.iterations()))
}

/// The Karlson–Waldén estimate of [`RefinedSolution::backward_error`], from `gradient` = PᵀAᵀr.
fn backward_error(
    factor: &ScaledFactor,
    gradient: &DVector<f64>,
    x: &DVector<f64>,
    residual_norm: f64,
) -> Result<f64, Error> {
    let triangle = factor.triangle();
    let scaled_gradient = triangle.tr_mul(gradient);
    let solution_norm = euclidean_norm(x.component_mul(factor.norms()).as_slice());
    let finite = |error: f64| match error.is_finite() {
        true => Ok(error),
        false => Err(Error::Overflow { what: "the backward error" }),
    };
    if residual_norm == 0.0 || scaled_gradient.amax() == 0.0 {
        return Ok(0.0);
    }
    if solution_norm == 0.0 {
        return finite(euclidean_norm(scaled_gradient.as_slice()) / residual_norm / triangle.norm());
    }
    let rank = factor.rank();
    let mut stacked = DMatrix::zeros(2 * rank, rank);
    stacked.rows_mut(0, rank).copy_from(triangle);
    stacked.rows_mut(rank, rank).fill_diagonal(residual_norm / solution_norm);
    let root = Qr::new(&stacked)?.r();
    let weighted = solve_upper_triangular_transpose(&root, &as_column(&scaled_gradient))?;
    finite(euclidean_norm(weighted.as_slice()) / solution_norm / triangle.norm())
}

use nalgebra::DVector;

use super::{Report, Status};

/// Settings of [`conjugate_gradient`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConjugateGradient {
    /// Steps at most.
    pub steps: usize,
    /// Converged when ‖c − K y‖₂ ≤ `tolerance`·‖c‖₂, as the recurrence measures the residual.
    pub tolerance: f64,
}

/// Solves K y = c for symmetric positive definite K ∈ ℝᵈˣᵈ by conjugate gradients from y = 0; the history holds the
/// residual norm after each step.
///
/// The error in the norm of K falls at least by (√κ − 1)/(√κ + 1) a step, κ the condition number of K. Cost: one product
/// with K a step, and O(d). An error of the product ends the iteration and is returned.
///
/// Source: Hestenes and Stiefel, J. Res. Nat. Bur. Standards 49 (1952).
///
/// # Errors
/// What `product` returns.
///
/// ```
/// use std::convert::Infallible;
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::solve::{ConjugateGradient, Status, conjugate_gradient};
///
/// let k = dmatrix![4.0, 1.0; 1.0, 3.0];
/// let settings = ConjugateGradient { steps: 10, tolerance: 1e-12 };
/// let report = conjugate_gradient(|y| Ok::<_, Infallible>(&k * y), &dvector![1.0, 2.0], &settings).unwrap();
/// assert_eq!(report.status, Status::Converged);
/// assert_eq!(report.history.len(), 2); // two distinct eigenvalues, two steps
/// assert!((k * report.solution - dvector![1.0, 2.0]).norm() < 1e-12);
/// ```
pub fn conjugate_gradient<E>(
    mut product: impl FnMut(&DVector<f64>) -> Result<DVector<f64>, E>,
    c: &DVector<f64>,
    settings: &ConjugateGradient,
) -> Result<Report<DVector<f64>, f64>, E> {
    let scale = if c.amax() > 0.0 { c.amax() } else { 1.0 }; // squares of ‖c‖ neither vanish nor overflow
    let mut y = DVector::zeros(c.len());
    let mut residual = c / scale;
    let mut direction = residual.clone();
    let mut square = residual.norm_squared();
    let target = settings.tolerance * settings.tolerance * square;
    let mut history = Vec::new();
    while square > target && history.len() < settings.steps {
        let image = product(&direction)?;
        let curvature = direction.dot(&image);
        if curvature.is_nan() || curvature <= 0.0 {
            break; // K is not positive definite to working precision along this direction
        }
        let length = square / curvature;
        y.axpy(length, &direction, 1.0);
        residual.axpy(-length, &image, 1.0);
        let next = residual.norm_squared();
        direction = &residual + direction * (next / square);
        square = next;
        history.push(square.sqrt() * scale);
    }
    let status = if square <= target { Status::Converged } else { Status::IterationLimit };
    Ok(Report { solution: y * scale, status, history })
}

//! The choice of [`RowSolver::Auto`].

use crate::completion::RowSolver;

/// Steps of conjugate gradients from the last iterate that keep the outer iteration as fast as exact solves.
const WARM_STEPS: usize = 3;
/// Entries an unknown below which so few steps, each halving the error at this many, are not enough.
const LEAST_DEGREE: f64 = 4.0;
/// Unknowns times √(k/d) from which the steps take less time than Cholesky.
const UNKNOWNS: f64 = 128.0;

impl RowSolver {
    /// What [`RowSolver::Auto`] stands for with k unknowns and lines of d = `degree` entries on average: three steps of
    /// conjugate gradients from the last iterate where d ≥ 4k and k ≥ 128·√(d/k), and Cholesky elsewhere. Other solvers
    /// stand for themselves.
    ///
    /// A step contracts the error by about √(k/d). The steps read the d×k rows of the other factor four times over,
    /// Cholesky once: the larger they are, the more unknowns it takes to make up for that.
    ///
    /// ```
    /// use proofsketch::completion::RowSolver;
    ///
    /// assert_eq!(RowSolver::Auto.resolved(10, 200.0), RowSolver::Cholesky);
    /// assert_eq!(RowSolver::Auto.resolved(320, 5120.0), RowSolver::Cholesky);
    /// assert!(matches!(RowSolver::Auto.resolved(320, 1280.0), RowSolver::Cg { steps: 3, .. }));
    /// ```
    #[must_use]
    pub fn resolved(self, unknowns: usize, degree: f64) -> Self {
        if self != Self::Auto {
            return self;
        }
        let ratio = degree / unknowns as f64;
        if ratio >= LEAST_DEGREE && unknowns as f64 >= UNKNOWNS * ratio.sqrt() {
            Self::Cg { steps: WARM_STEPS, tol: f64::EPSILON }
        } else {
            Self::Cholesky
        }
    }
}

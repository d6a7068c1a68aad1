//! The choice of [`RowSolver::Auto`].

use crate::completion::RowSolver;

/// Steps of conjugate gradients from the last iterate that keep the outer iteration as fast as exact solves.
const WARM_STEPS: usize = 3;
/// A step costs as much as a share of the normal equations that this many unknowns make up.
const UNKNOWNS_A_STEP: f64 = 32.0;
/// Accuracy a regression needs, relative to the last iterate's.
const WANTED: f64 = 0.1;

impl RowSolver {
    /// What [`RowSolver::Auto`] stands for with k unknowns and lines of `degree` entries on average: a few steps of
    /// conjugate gradients from the last iterate where k ≥ 32·N, N = min(3, ln 10/(½ ln(d/k))) the steps expected, and
    /// Cholesky elsewhere. Other solvers stand for themselves.
    ///
    /// ```
    /// use proofsketch::completion::RowSolver;
    ///
    /// assert_eq!(RowSolver::Auto.resolved(10, 200.0), RowSolver::Cholesky);
    /// assert!(matches!(RowSolver::Auto.resolved(320, 20_000.0), RowSolver::Cg { steps: 3, .. }));
    /// ```
    #[must_use]
    pub fn resolved(self, unknowns: usize, degree: f64) -> Self {
        if self != Self::Auto {
            return self;
        }
        let unknowns = unknowns as f64;
        let contraction = 0.5 * (degree / unknowns).ln();
        let steps = if contraction > 0.0 {
            (-WANTED.ln() / contraction).min(WARM_STEPS as f64)
        } else {
            f64::INFINITY
        };
        if unknowns >= UNKNOWNS_A_STEP * steps {
            Self::Cg { steps: WARM_STEPS, tol: f64::EPSILON }
        } else {
            Self::Cholesky
        }
    }
}

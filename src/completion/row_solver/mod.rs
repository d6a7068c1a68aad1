//! The regression of one row or column: min ‖A x − b‖₂² + λ‖x‖₂² for A ∈ ℝᵈˣᵏ, the rows of the other factor where the
//! line is observed.

mod auto;
mod block_cg;
mod block_cholesky;
mod dense;
mod sketched;

pub(crate) use block_cg::solve_block as solve_block_by_cg;
pub(crate) use block_cholesky::solve_block as solve_block_by_cholesky;
pub(crate) use dense::Regression;

use super::RowSolver;
use crate::random::StreamKey;
use crate::sketch;

/// What solving one or more regressions took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Effort {
    /// Steps of iterative solvers.
    pub(crate) steps: u64,
    /// Multiplications paired with an addition.
    pub(crate) multiply_adds: u64,
}

impl Effort {
    /// Normal equations of d rows and k unknowns, their Cholesky factor and two triangular solves.
    pub(super) fn of_cholesky(d: usize, k: usize) -> Self {
        let (d, k) = (d as u64, k as u64);
        Self { steps: 0, multiply_adds: d * k * (k + 1) / 2 + d * k + k * k * k / 6 + k * k }
    }
}

impl std::ops::AddAssign for Effort {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.multiply_adds += other.multiply_adds;
    }
}

impl Regression {
    /// The solution by `solver`, of least norm where there are several.
    pub(crate) fn solve(
        &self,
        solver: &RowSolver,
        key: StreamKey,
    ) -> Result<(Vec<f64>, Effort), sketch::Error> {
        if self.is_underdetermined() {
            return Ok(self.by_pivoted_qr());
        }
        Ok(match *solver {
            RowSolver::Qr => self.by_qr(),
            RowSolver::SketchPcg { c, kind } if self.degree() > c * self.order() => {
                return self.by_sketched_conjugate_gradients(c, kind, key);
            }
            _ => self.by_cholesky(),
        })
    }
}

use nalgebra::DMatrix;

use super::factor_products::outer_gram;
use super::iterate::{SymmetricIterate, SymmetricObserver, has_diverged};
use super::{Error, FusedPass, MatrixSensing, SymmetricFactor};
use crate::solve::{Report, Status};

/// What a method does at an iterate.
pub(super) enum Move<Record> {
    /// Goes on from U.
    To(DMatrix<f64>, Record),
    /// Ends there.
    End(Status),
}

/// What all symmetric methods share: how residuals are weighted, what their loss is, when they end.
pub(super) struct SymmetricIteration<'a> {
    pub problem: &'a MatrixSensing<'a>,
    /// Weight of a residual in the gradient.
    pub weight: &'a (dyn Fn(f64) -> f64 + Sync),
    /// The loss of a pass.
    pub loss: &'a dyn Fn(&FusedPass) -> f64,
    pub max_iterations: usize,
}

impl SymmetricIteration<'_> {
    /// Iterates from U₀ until `step` ends it, the observer does, the loss leaves or the limit comes.
    pub fn run<Record>(
        &self,
        start: DMatrix<f64>,
        observe: &mut SymmetricObserver<'_>,
        mut step: impl FnMut(&SymmetricIterate<'_>) -> Result<Move<Record>, Error>,
    ) -> Result<Report<SymmetricFactor, Record>, Error> {
        let (map, y) = (self.problem.map(), self.problem.y());
        let at_zero = self.loss_at_zero();
        let (mut u, mut history) = (start, Vec::new());
        let mut last: Option<SymmetricFactor> = None;
        for iteration in 0.. {
            let product = outer_gram(&u);
            let pass = map.fused(&product, y, self.weight);
            let loss = (self.loss)(&pass);
            if has_diverged(loss, at_zero) {
                let solution = last.unwrap_or(SymmetricFactor { u, loss });
                return Ok(Report { solution, status: Status::Diverged, history });
            }
            let iterate = SymmetricIterate { iteration, u: &u, product: &product, pass: &pass };
            let outcome = if observe(&iterate).is_break() {
                Move::End(Status::Interrupted)
            } else if iteration == self.max_iterations {
                Move::End(Status::IterationLimit)
            } else {
                step(&iterate)?
            };
            match outcome {
                Move::End(status) => {
                    return Ok(Report { solution: SymmetricFactor { u, loss }, status, history });
                }
                Move::To(next, record) => {
                    last = Some(SymmetricFactor { u: std::mem::replace(&mut u, next), loss });
                    history.push(record);
                }
            }
        }
        unreachable!("the limit on iterations ends the loop")
    }

    /// The loss at U = 0, the size of what the data say.
    pub fn loss_at_zero(&self) -> f64 {
        let y = self.problem.y();
        let gradient = DMatrix::zeros(0, 0);
        (self.loss)(&FusedPass { gradient, residual: -y })
    }

    /// The report of a start from which no method moves: U₀ = 0.
    pub fn degenerate<Record>(&self, start: DMatrix<f64>) -> Report<SymmetricFactor, Record> {
        let solution = SymmetricFactor { u: start, loss: self.loss_at_zero() };
        Report { solution, status: Status::DegenerateStart, history: Vec::new() }
    }
}

/// d, for a map of square matrices.
pub(super) fn dimension(problem: &MatrixSensing<'_>, what: &'static str) -> Result<usize, Error> {
    let (nrows, ncols) = problem.shape();
    if nrows == ncols { Ok(nrows) } else { Err(Error::NotSquare { what, nrows, ncols }) }
}

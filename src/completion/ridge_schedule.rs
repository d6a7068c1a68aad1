//! The ridge of each iteration.

use super::alternating_minimization::Penalty;
use super::{Record, Ridge};

/// λ/p̂ falls at least by this factor an iteration.
const LEAST_FALL: f64 = 0.9;
/// λ/p̂ below which a restart lets the residual decide.
const SLOW_UNTIL: f64 = 1e-3;

/// λ as a function of the last record and the number of the iteration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RidgeSchedule {
    ridge: Ridge,
    /// p̂.
    rate: f64,
    /// What values were multiplied by.
    scale: f64,
    attempt: usize,
}

impl RidgeSchedule {
    pub(crate) fn new(ridge: Ridge, rate: f64, scale: f64) -> Self {
        Self { ridge, rate, scale, attempt: 0 }
    }

    pub(crate) fn of_attempt(self, attempt: usize) -> Self {
        Self { attempt, ..self }
    }

    /// λ at iteration t, as [`Ridge`] defines it.
    pub(crate) fn ridge(&self, last: &Record, t: usize) -> f64 {
        match self.ridge {
            Ridge::None => 0.0,
            Ridge::Fixed(ridge) => ridge,
            Ridge::Vanishing => self.rate * self.vanishing(last.relative_residual, t),
        }
    }

    /// The same as a half-step takes it, in scaled units.
    pub(crate) fn penalty(&self, last: &Record, t: usize) -> Penalty {
        let ridge = self.ridge(last, t);
        match self.ridge {
            Ridge::None => Penalty::None,
            // The penalty of balanced factors grows with the scale, their fit with its square.
            Ridge::Fixed(_) => Penalty::Plain(ridge * self.scale),
            Ridge::Vanishing => Penalty::Nuclear(ridge),
        }
    }

    fn vanishing(&self, residual: f64, t: usize) -> f64 {
        let by_residual = 0.5 * residual * residual.sqrt();
        if self.attempt == 0 {
            return by_residual.min(LEAST_FALL.powi(t as i32));
        }
        let slow = LEAST_FALL.powf(1.0 / self.attempt as f64).powi(t as i32);
        if slow > SLOW_UNTIL { slow } else { slow.min(by_residual) }
    }
}

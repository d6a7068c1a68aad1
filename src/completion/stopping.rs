//! When the iteration on all of Ω ends.

use super::{Record, Ridge, Settings};
use crate::solve::Status;

/// Iterations over which the residual must fall.
const WINDOW: usize = 10;
/// A fall of the residual by less than this share over [`WINDOW`] iterations counts as none.
const LEAST_FALL: f64 = 1e-6;
/// A residual that stopped falling above this times the tolerance: stagnated short of it.
const SHORT: f64 = 1e3;
/// The residual of the entries held out above this times that of the others: not recovered.
const CONTRADICTION: f64 = 10.0;
/// The same for an iteration that met its limit: a fit that still improves need not be as far from the truth.
pub(crate) const UNFINISHED: f64 = 2.0;

/// Entries held out that are met to this share of their norm contradict nothing, however much better the others are met.
const PREDICTED: f64 = 1e-3;

/// The least residual so far, by iteration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    least: Vec<f64>,
}

impl Progress {
    /// How the iteration ends with this record, if it does.
    pub(crate) fn status(&mut self, record: &Record, settings: &Settings) -> Option<Status> {
        let least =
            self.least.last().map_or(record.relative_residual, |&it| it.min(record.relative_residual));
        self.least.push(least);
        let before = self.least.len().checked_sub(WINDOW + 1).map(|index| self.least[index]);
        let stagnates = before.is_some_and(|before| least >= (1.0 - LEAST_FALL) * before);
        let ends = record.relative_residual <= settings.tol || record.change <= settings.xtol || stagnates;
        ends.then(|| {
            if contradicts(record, settings, CONTRADICTION) {
                Status::NotRecovered
            } else if record.change > settings.xtol && falls_short(record, settings) {
                Status::Stagnated
            } else {
                Status::Converged
            }
        })
    }
}

/// Whether the residual is far from the tolerance, or from rounding where that is larger. A fixed ridge keeps it there by
/// design.
fn falls_short(record: &Record, settings: &Settings) -> bool {
    let is_sought = !matches!(settings.ridge, Ridge::Fixed(_));
    is_sought && record.relative_residual > SHORT * settings.tol.max(f64::EPSILON)
}

/// Whether the entries held out, their residual above `factor` times that of the others and above [`PREDICTED`], show that
/// Ω was fitted and M not recovered.
pub(crate) fn contradicts(record: &Record, settings: &Settings, factor: f64) -> bool {
    let allowed = (factor * record.relative_residual.max(settings.tol)).max(PREDICTED);
    record.validation_residual.is_some_and(|residual| residual > allowed)
}

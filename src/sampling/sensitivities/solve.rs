//! σ(c) = max |cᵀx|ᵖ/‖Qx‖ₚᵖ for one vector c, between its certificates.

use super::interior_point::InteriorPoint;
use super::newton::Newton;
use super::program::{Bounds, Program, inner, max_abs};
use super::smoothed_newton::SmoothedNewton;
use super::{Interval, SensitivityRecord, SensitivitySettings};
use crate::linalg::euclidean_norm;
use crate::solve::{Report, Status};

type Outcome = Report<Interval, SensitivityRecord>;

/// Exponents this close to 2 are 2.
const AT_TWO: f64 = 1e-12;

/// σ(c), which is known not to exceed `cap`, from the direction `start`.
pub(super) fn solve(
    program: &Program<'_>,
    c: &[f64],
    start: &[f64],
    cap: f64,
    settings: &SensitivitySettings,
) -> Outcome {
    let length = euclidean_norm(c);
    if length == 0.0 {
        return known(0.0);
    }
    if (program.exponent() - 2.0).abs() <= AT_TWO {
        return known(length * length);
    }
    let mut r = vec![0.0; program.nrows()];
    program.image(start, &mut r);
    let largest = max_abs(&r);
    let x: Vec<f64> = start.iter().map(|x| x / largest).collect();
    let unit: Vec<f64> = c.iter().map(|c| c / length).collect();
    let reach = inner(&unit, &x);
    let c: Vec<f64> = unit.iter().map(|c| c / reach).collect();
    let mut bounds = Bounds::new((length * reach).abs().powf(program.exponent()), cap);
    if program.exponent() == 1.0 {
        let mut method = InteriorPoint::new(program, c, x);
        iterate(settings, &mut bounds, |bounds| method.step(bounds))
    } else if program.exponent() < 2.0 {
        let mut method = SmoothedNewton::new(program, c, x);
        iterate(settings, &mut bounds, |bounds| method.step(bounds))
    } else {
        let mut method = Newton::new(program, c, x);
        iterate(settings, &mut bounds, |bounds| method.step(bounds))
    }
}

fn known(value: f64) -> Outcome {
    Report { solution: Interval::exact(value), status: Status::Converged, history: Vec::new() }
}

fn iterate(
    settings: &SensitivitySettings,
    bounds: &mut Bounds,
    mut step: impl FnMut(&mut Bounds) -> bool,
) -> Outcome {
    let mut history = Vec::new();
    let mut status = Status::IterationLimit;
    while history.len() < settings.max_iterations {
        let moved = step(bounds);
        let interval = bounds.interval();
        history.push(SensitivityRecord { iteration: history.len() + 1, interval });
        if interval.upper <= interval.lower * (1.0 + settings.relative_gap) {
            status = Status::Converged;
            break;
        }
        if !moved {
            status = Status::Stagnated;
            break;
        }
    }
    Report { solution: bounds.interval(), status, history }
}

//! Conjugate gradients on the normal equations for a block of lines, AᵀA not formed.

use std::ops::Range;

use super::{Effort, Regression};
use crate::completion::factor::Factor;
use crate::completion::held_out::{Kept, Observations};
use crate::linalg::{Gathered, LANES, Line, add_combination, gathered_normal_product};

/// Takes `steps` steps for lines `block` from the rows that `out` holds; fewer where ‖Aᵀr‖ ≤ tol·‖Aᵀb‖.
pub(crate) fn solve_block(
    observations: &Observations<'_>,
    block: Range<usize>,
    basis: &Factor,
    (steps, tol): (usize, f64),
    ridge: &[f64],
    out: &mut [Line],
) -> Effort {
    let (k, width) = (basis.ncols(), basis.width());
    let mut iteration = Iteration::new(width, ridge);
    let (mut kept, mut effort) = (Kept::default(), Effort::default());
    let has_ridge = ridge.iter().any(|&ridge| ridge > 0.0);
    for (i, x) in block.zip(out.chunks_exact_mut(width)) {
        observations.gather(i, &mut kept);
        if kept.is_empty() {
            x.fill(Line::default());
            continue;
        }
        let is_determined = kept.len() >= k || has_ridge;
        let taken = is_determined.then(|| iteration.solve(&mut kept, basis, x, (steps, tol))).flatten();
        effort += taken.unwrap_or_else(|| {
            let (solution, taken) = Regression::of_line(observations, i, basis, ridge).by_pivoted_qr();
            solution.iter().enumerate().for_each(|(j, &value)| x[j / LANES].0[j % LANES] = value);
            taken
        });
    }
    effort
}

/// The vectors of one iteration, used anew for each line.
struct Iteration {
    ridge: Vec<Line>,
    residual: Vec<Line>,
    direction: Vec<Line>,
    image: Vec<Line>,
}

impl Iteration {
    fn new(width: usize, ridge: &[f64]) -> Self {
        let zero = vec![Line::default(); width];
        let mut padded = zero.clone();
        ridge.iter().enumerate().for_each(|(j, &value)| padded[j / LANES].0[j % LANES] = value);
        Self { ridge: padded, residual: zero.clone(), direction: zero.clone(), image: zero }
    }

    /// Improves `x`; none where the curvature is not positive.
    fn solve(
        &mut self,
        kept: &mut Kept,
        basis: &Factor,
        x: &mut [Line],
        (limit, tol): (usize, f64),
    ) -> Option<Effort> {
        self.residual.fill(Line::default());
        kept.weigh_values();
        add_combination(basis, &kept.indices, &kept.values, &mut self.residual);
        let target = tol * tol * dot(&self.residual, &self.residual);
        let gathered = kept.gathered(basis);
        self.apply(&gathered, x);
        add(-1.0, &self.image, &mut self.residual);
        self.direction.copy_from_slice(&self.residual);
        let mut square = dot(&self.residual, &self.residual);
        let mut steps = 0;
        while square > target && steps < limit {
            let direction = std::mem::take(&mut self.direction);
            self.apply(&gathered, &direction);
            self.direction = direction;
            let curvature = dot(&self.direction, &self.image);
            if curvature.is_nan() || curvature <= 0.0 {
                return None;
            }
            let step = square / curvature;
            add(step, &self.direction, x);
            add(-step, &self.image, &mut self.residual);
            let next = dot(&self.residual, &self.residual);
            for (direction, residual) in self.direction.iter_mut().zip(&self.residual) {
                for lane in 0..LANES {
                    direction.0[lane] = residual.0[lane] + next / square * direction.0[lane];
                }
            }
            square = next;
            steps += 1;
        }
        let (d, k, steps) = (kept.len() as u64, basis.ncols() as u64, steps as u64);
        Some(Effort { steps, multiply_adds: d * k + (steps + 1) * 2 * d * k + steps * 5 * k })
    }

    /// image ← (AᵀWA + diag λ) p.
    fn apply(&mut self, gathered: &Gathered<'_>, p: &[Line]) {
        gathered_normal_product(gathered, p, &mut self.image);
        for ((image, ridge), p) in self.image.iter_mut().zip(&self.ridge).zip(p) {
            for lane in 0..LANES {
                image.0[lane] += ridge.0[lane] * p.0[lane];
            }
        }
    }
}

fn dot(x: &[Line], y: &[Line]) -> f64 {
    let mut sums = [0.0; LANES];
    for (x, y) in x.iter().zip(y) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.0.iter().zip(&y.0)) {
            *sum += x * y;
        }
    }
    sums.iter().sum()
}

/// y += αx.
fn add(alpha: f64, x: &[Line], y: &mut [Line]) {
    for (y, x) in y.iter_mut().zip(x) {
        for lane in 0..LANES {
            y.0[lane] += alpha * x.0[lane];
        }
    }
}

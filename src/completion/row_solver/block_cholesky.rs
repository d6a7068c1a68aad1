//! Normal equations and Cholesky for a block of lines, eight lines at a time.

use std::ops::Range;

use nalgebra::{DMatrix, DVector};

use super::{Effort, Regression};
use crate::completion::factor::Factor;
use crate::completion::held_out::{Kept, Observations};
use crate::linalg::{Cholesky, CholeskyLanes, Gathered, LANES, Line, NormalEquations};

/// A pivot below this share of the largest counts as lost to rounding.
const LOST_PIVOT: f64 = 1e-13;

/// Ranks up to which eight systems share the lanes of a factorization; above, their triangles outgrow the cache.
const WIDEST_LANES: usize = 48;

/// Writes the solutions of lines `block` to `out`, row by row.
pub(crate) fn solve_block(
    observations: &Observations<'_>,
    block: Range<usize>,
    basis: &Factor,
    ridge: &[f64],
    out: &mut [Line],
) -> Effort {
    let (k, width) = (basis.ncols(), basis.width());
    if k > WIDEST_LANES {
        return solve_singly(observations, block, basis, ridge, out);
    }
    let mut equations = NormalEquations::zeros(k);
    let mut systems = CholeskyLanes::new(k);
    let (mut kept, mut effort) = (Kept::default(), Effort::default());
    for (group, out) in out.chunks_mut(LANES * width).enumerate() {
        let lines = block.start + group * LANES..block.end.min(block.start + (group + 1) * LANES);
        let mut fallback = [false; LANES];
        for (lane, i) in lines.clone().enumerate() {
            observations.gather(i, &mut kept);
            fallback[lane] = kept.len() < k && ridge.iter().all(|&ridge| ridge == 0.0);
            if kept.is_empty() || fallback[lane] {
                systems.clear(lane);
                continue;
            }
            equations.form(&kept.gathered(basis));
            load(&mut systems, lane, &equations, ridge);
            effort += Effort::of_cholesky(kept.len(), k);
        }
        (lines.len()..LANES).for_each(|lane| systems.clear(lane));
        systems.solve();
        for ((lane, i), row) in lines.enumerate().zip(out.chunks_exact_mut(width)) {
            let ratio = systems.pivot_ratio(lane);
            if fallback[lane] || ratio.is_nan() || ratio <= LOST_PIVOT {
                let (x, taken) = Regression::of_line(observations, i, basis, ridge).by_pivoted_qr();
                effort += taken;
                x.iter().enumerate().for_each(|(j, &value)| row[j / LANES].0[j % LANES] = value);
            } else {
                (0..k).for_each(|j| row[j / LANES].0[j % LANES] = systems.solution(lane, j));
            }
        }
    }
    effort
}

/// The same with a blocked factorization for each line.
fn solve_singly(
    observations: &Observations<'_>,
    block: Range<usize>,
    basis: &Factor,
    ridge: &[f64],
    out: &mut [Line],
) -> Effort {
    let k = basis.ncols();
    let mut equations = NormalEquations::zeros(k);
    let (mut kept, mut effort) = (Kept::default(), Effort::default());
    let has_ridge = ridge.iter().any(|&ridge| ridge > 0.0);
    for (i, row) in block.zip(out.chunks_exact_mut(basis.width())) {
        observations.gather(i, &mut kept);
        if kept.is_empty() {
            row.fill(Line::default());
            continue;
        }
        let factor = (kept.len() >= k || has_ridge).then(|| {
            equations.form(&kept.gathered(basis));
            let entry =
                |i: usize, j: usize| equations.gram(i.min(j), i.max(j)) + if i == j { ridge[i] } else { 0.0 };
            Cholesky::new(&DMatrix::from_fn(k, k, entry)).ok().filter(is_sound)
        });
        let (x, taken) = match factor.flatten() {
            Some(factor) => {
                let x = factor.solve_vector(&DVector::from_fn(k, |j, _| equations.right(j)));
                (x.as_slice().to_vec(), Effort::of_cholesky(kept.len(), k))
            }
            None => Regression::of_line(observations, i, basis, ridge).by_pivoted_qr(),
        };
        x.iter().enumerate().for_each(|(j, &value)| row[j / LANES].0[j % LANES] = value);
        effort += taken;
    }
    effort
}

/// Whether no pivot is lost to rounding.
pub(super) fn is_sound(factor: &Cholesky) -> bool {
    let pivots = factor.r().diagonal();
    pivots.min().powi(2) > LOST_PIVOT * pivots.max().powi(2)
}

/// Places AᵀWA + λI and AᵀWb.
fn load(systems: &mut CholeskyLanes, lane: usize, equations: &NormalEquations, ridge: &[f64]) {
    for (i, &ridge) in ridge.iter().enumerate() {
        for j in 0..i {
            systems.set(lane, i, j, equations.gram(j, i));
        }
        systems.set(lane, i, i, equations.gram(i, i) + ridge);
        systems.set_right(lane, i, equations.right(i));
    }
}

impl Kept {
    /// The gathered rows of `basis`.
    pub(super) fn gathered<'a>(&'a self, basis: &'a Factor) -> Gathered<'a> {
        Gathered { rows: basis, indices: &self.indices, values: &self.values, weights: self.weights() }
    }
}

//! Eight small positive definite systems at once, one a vector lane.

use pulp::NullaryFnOnce;

use super::padded_rows::{LANES, Line};
use super::vector_kernels::dispatch;

/// Eight systems Gₗ xₗ = gₗ of order k, interleaved: one line holds the same entry of all.
#[derive(Clone, Debug)]
pub(crate) struct CholeskyLanes {
    order: usize,
    /// Lower triangles, row by row: entry (i, j) at i(i + 1)/2 + j.
    triangle: Vec<Line>,
    right: Vec<Line>,
    /// Largest and smallest pivot of each system.
    extremes: [Line; 2],
}

impl CholeskyLanes {
    pub(crate) fn new(order: usize) -> Self {
        let triangle = vec![Line::default(); order * (order + 1) / 2];
        Self { order, triangle, right: vec![Line::default(); order], extremes: Default::default() }
    }

    /// Places entry (i, j), j ≤ i, of system `lane`.
    #[inline(always)]
    pub(crate) fn set(&mut self, lane: usize, i: usize, j: usize, value: f64) {
        self.triangle[i * (i + 1) / 2 + j].0[lane] = value;
    }

    /// Places entry i of the right-hand side of system `lane`.
    #[inline(always)]
    pub(crate) fn set_right(&mut self, lane: usize, i: usize, value: f64) {
        self.right[i].0[lane] = value;
    }

    /// Makes system `lane` the identity with right-hand side 0.
    pub(crate) fn clear(&mut self, lane: usize) {
        for i in 0..self.order {
            for j in 0..=i {
                self.set(lane, i, j, f64::from(u8::from(i == j)));
            }
            self.set_right(lane, i, 0.0);
        }
    }

    /// Solves all systems: right-hand sides become solutions.
    pub(crate) fn solve(&mut self) {
        dispatch(Solve { systems: self });
    }

    /// Smallest over largest pivot of system `lane`; NaN or at most 0 where it is not positive definite.
    pub(crate) fn pivot_ratio(&self, lane: usize) -> f64 {
        self.extremes[1].0[lane] / self.extremes[0].0[lane]
    }

    /// Entry i of the solution of system `lane`.
    #[inline(always)]
    pub(crate) fn solution(&self, lane: usize, i: usize) -> f64 {
        self.right[i].0[lane]
    }
}

struct Solve<'a> {
    systems: &'a mut CholeskyLanes,
}

impl NullaryFnOnce for Solve<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let CholeskyLanes { order, triangle, right, extremes } = self.systems;
        factor_and_solve_forward(*order, triangle, right, extremes);
        solve_backward(*order, triangle, right);
    }
}

/// x − y z, lane by lane.
#[inline(always)]
fn minus_product(x: Line, y: &Line, z: &Line) -> Line {
    Line(std::array::from_fn(|lane| x.0[lane] - y.0[lane] * z.0[lane]))
}

#[inline(always)]
fn times(x: Line, y: &Line) -> Line {
    Line(std::array::from_fn(|lane| x.0[lane] * y.0[lane]))
}

/// G = L Lᵀ row by row, and L y = g; the diagonal of L is kept as its reciprocal.
#[inline(always)]
fn factor_and_solve_forward(
    order: usize,
    triangle: &mut [Line],
    right: &mut [Line],
    extremes: &mut [Line; 2],
) {
    let [largest, smallest] = extremes;
    (largest.0, smallest.0) = ([0.0; LANES], [f64::INFINITY; LANES]);
    for i in 0..order {
        let (above, current) = triangle.split_at_mut(i * (i + 1) / 2);
        let row = &mut current[..=i];
        for j in 0..i {
            let pivot_row = &above[j * (j + 1) / 2..][..=j];
            let mut sum = row[j];
            for (x, y) in row[..j].iter().zip(pivot_row) {
                sum = minus_product(sum, x, y);
            }
            row[j] = times(sum, &pivot_row[j]);
        }
        let mut pivot = row[i];
        let mut sum = right[i];
        for (x, y) in row[..i].iter().zip(right.iter()) {
            pivot = minus_product(pivot, x, x);
            sum = minus_product(sum, x, y);
        }
        for lane in 0..LANES {
            largest.0[lane] = if pivot.0[lane] > largest.0[lane] { pivot.0[lane] } else { largest.0[lane] };
            // A pivot that is not a number stays.
            smallest.0[lane] =
                if pivot.0[lane] >= smallest.0[lane] { smallest.0[lane] } else { pivot.0[lane] };
            row[i].0[lane] = 1.0 / pivot.0[lane].sqrt();
        }
        right[i] = times(sum, &row[i]);
    }
}

/// Lᵀ x = y.
#[inline(always)]
fn solve_backward(order: usize, triangle: &[Line], right: &mut [Line]) {
    for i in (0..order).rev() {
        let row = &triangle[i * (i + 1) / 2..][..=i];
        let (before, rest) = right.split_at_mut(i);
        rest[0] = times(rest[0], &row[i]);
        for (target, entry) in before.iter_mut().zip(row) {
            *target = minus_product(*target, entry, &rest[0]);
        }
    }
}

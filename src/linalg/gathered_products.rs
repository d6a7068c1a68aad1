//! Products with rows picked out of a tall matrix: A x and Aᵀb for A = V[S, :].

use pulp::NullaryFnOnce;

use super::padded_rows::{LANES, Line, PaddedRows};
use super::vector_kernels::{dispatch, dot};

/// xᵀvₛ − scale·bₛ for the rows vₛ of `rows` that `indices` names, in their order.
pub(crate) fn gathered_residuals(
    rows: &PaddedRows,
    indices: &[u32],
    values: &[f64],
    scale: f64,
    x: &[Line],
    out: &mut Vec<f64>,
) {
    out.resize(indices.len(), 0.0);
    dispatch(Residuals { rows, indices, values, scale, x, out });
}

/// Adds Aᵀb = Σ bₛvₛ to `sums`, in the order of `indices`.
pub(crate) fn add_combination(rows: &PaddedRows, indices: &[u32], values: &[f64], sums: &mut [Line]) {
    dispatch(Combination { rows, indices, values, sums });
}

struct Combination<'a> {
    rows: &'a PaddedRows,
    indices: &'a [u32],
    values: &'a [f64],
    sums: &'a mut [Line],
}

impl NullaryFnOnce for Combination<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let width = self.rows.width();
        for (&index, &value) in self.indices.iter().zip(self.values) {
            let row = &self.rows.lines()[index as usize * width..][..width];
            for (sum, line) in self.sums.iter_mut().zip(row) {
                for lane in 0..LANES {
                    sum.0[lane] += value * line.0[lane];
                }
            }
        }
    }
}

/// Σ rₛ².
pub(crate) fn sum_of_squares(r: &[f64]) -> f64 {
    dispatch(SumOfSquares(r))
}

struct SumOfSquares<'a>(&'a [f64]);

impl NullaryFnOnce for SumOfSquares<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        dot(self.0, self.0)
    }
}

struct Residuals<'a> {
    rows: &'a PaddedRows,
    indices: &'a [u32],
    values: &'a [f64],
    scale: f64,
    x: &'a [Line],
    out: &'a mut [f64],
}

impl NullaryFnOnce for Residuals<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        match self.rows.width() {
            1 => self.in_registers::<1>(),
            2 => self.in_registers::<2>(),
            3 => self.in_registers::<3>(),
            4 => self.in_registers::<4>(),
            width => {
                let lines = self.rows.lines();
                for ((out, &index), &value) in self.out.iter_mut().zip(self.indices).zip(self.values) {
                    let row = &lines[index as usize * width..][..width];
                    *out = product(self.x, row) - self.scale * value;
                }
            }
        }
    }
}

impl Residuals<'_> {
    #[inline(always)]
    fn in_registers<const WIDTH: usize>(self) {
        let (rows, _) = self.rows.lines().as_chunks::<WIDTH>();
        let x: &[Line; WIDTH] = self.x.first_chunk().expect("a row has its width");
        for ((out, &index), &value) in self.out.iter_mut().zip(self.indices).zip(self.values) {
            *out = product(x, &rows[index as usize]) - self.scale * value;
        }
    }
}

/// xᵀv, by eight running sums added pairwise.
#[inline(always)]
pub(super) fn product(x: &[Line], v: &[Line]) -> f64 {
    let mut sums = [0.0; LANES];
    for (x, v) in x.iter().zip(v) {
        for (sum, (x, v)) in sums.iter_mut().zip(x.0.iter().zip(&v.0)) {
            *sum += x * v;
        }
    }
    let fours: [f64; 4] = std::array::from_fn(|lane| sums[lane] + sums[lane + 4]);
    (fours[0] + fours[2]) + (fours[1] + fours[3])
}

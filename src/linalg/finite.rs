use nalgebra::DMatrix;
use rayon::prelude::*;

use super::vector_kernels::dispatch;
use super::{DataMatrix, Error, RowBlock};

/// Rows that are looked at by one task.
const CHUNK: usize = 4096;

/// Position and value of the first entry of A that is NaN or infinite, in row order. One read of A.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::first_non_finite;
///
/// let a = dmatrix![1.0, 2.0; 3.0, f64::INFINITY; f64::NAN, 4.0];
/// assert_eq!(first_non_finite(&a), Some((1, 1, f64::INFINITY)));
/// ```
#[must_use]
pub fn first_non_finite(a: &dyn DataMatrix) -> Option<(usize, usize, f64)> {
    let chunks = a.nrows().div_ceil(CHUNK);
    (0..chunks).into_par_iter().find_map_first(|i| {
        let start = i * CHUNK;
        let block = a.row_block(start..a.nrows().min(start + CHUNK));
        first_in_block(&block).map(|(row, column, value)| (start + row, column, value))
    })
}

pub(crate) fn check_finite(a: &DMatrix<f64>) -> Result<(), Error> {
    match first_non_finite(a) {
        Some((row, column, value)) => Err(Error::NotFinite { row, column, value }),
        None => Ok(()),
    }
}

fn first_in_block(block: &RowBlock<'_>) -> Option<(usize, usize, f64)> {
    match block {
        RowBlock::Dense(view) => {
            let column_is_finite = |j| is_finite(view.column(j).as_slice());
            let bad: Vec<usize> = (0..view.ncols()).filter(|&j| !column_is_finite(j)).collect();
            let firsts = bad.iter().filter_map(|&j| {
                let column = view.column(j);
                let row = column.iter().position(|value| !value.is_finite())?;
                Some((row, j, column[row]))
            });
            firsts.min_by_key(|&(row, column, _)| (row, column))
        }
        RowBlock::Csr(rows) => (0..rows.nrows()).find_map(|i| {
            let (columns, values) = rows.row(i);
            let at = values.iter().position(|value| !value.is_finite())?;
            Some((i, columns[at], values[at]))
        }),
    }
}

/// x·0 is NaN for exactly the values that are not finite.
fn is_finite(column: &[f64]) -> bool {
    dispatch(
        #[inline(always)]
        || {
            let mut sums = [0.0; 16];
            let (chunks, rest) = column.as_chunks::<16>();
            for chunk in chunks {
                for lane in 0..16 {
                    sums[lane] += chunk[lane] * 0.0;
                }
            }
            sums.iter().sum::<f64>() + rest.iter().map(|value| value * 0.0).sum::<f64>() == 0.0
        },
    )
}

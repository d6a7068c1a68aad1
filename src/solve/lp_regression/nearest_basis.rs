use nalgebra::{DMatrix, DVector};

use super::LpRegressionError as Error;
use crate::linalg::PivotedQr;

/// Rows, for each column, among which the r of the basis are sought first.
const CANDIDATES: usize = 3;
/// Most that weight^½ may count, beside that of the farthest candidate: independence decides beyond.
const GRADE: f64 = 1e8;

/// r independent rows of large weight, ascending, by a QR factorization with column pivoting of YᵀW^½ over the largest
/// weights, or else over all rows; `None` where there are no r.
pub(super) fn nearest_basis(
    rows: &DMatrix<f64>,
    weights: &DVector<f64>,
) -> Result<Option<Vec<usize>>, Error> {
    let (nrows, rank) = rows.shape();
    let mut order: Vec<usize> = (0..nrows).collect();
    let count = CANDIDATES * rank;
    if count < nrows {
        order.select_nth_unstable_by(count, |&i, &j| weights[j].total_cmp(&weights[i]).then(i.cmp(&j)));
        if let Some(basis) = independent_rows(rows, weights, order[..count].to_vec())? {
            return Ok(Some(basis));
        }
    }
    independent_rows(rows, weights, order)
}

fn independent_rows(
    rows: &DMatrix<f64>,
    weights: &DVector<f64>,
    mut among: Vec<usize>,
) -> Result<Option<Vec<usize>>, Error> {
    let rank = rows.ncols();
    if among.len() < rank {
        return Ok(None);
    }
    among.sort_unstable();
    let least = among.iter().map(|&i| weights[i]).fold(f64::INFINITY, f64::min).max(f64::MIN_POSITIVE);
    let grades: Vec<f64> = among.iter().map(|&i| (weights[i] / least).sqrt().min(GRADE)).collect();
    let graded = DMatrix::from_fn(rank, among.len(), |j, k| rows[(among[k], j)] * grades[k]);
    let pivoted = PivotedQr::new(&graded)?;
    if pivoted.rank(pivoted.default_tolerance()) < rank {
        return Ok(None);
    }
    let mut basis: Vec<usize> = pivoted.permutation()[..rank].iter().map(|&k| among[k]).collect();
    basis.sort_unstable();
    Ok(Some(basis))
}

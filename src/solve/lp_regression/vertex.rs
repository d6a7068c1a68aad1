use nalgebra::{DMatrix, DVector};

use super::LpRegressionError as Error;
use super::interior_point::{BoundedDual, SaddlePoint};
use crate::linalg::{PivotedQr, adjoint_multiply, multiply};

/// Rows, for each column, among which the r of the vertex are sought.
const CANDIDATES: usize = 3;
/// How far beyond the unit box rounding may put a dual value.
const OUTSIDE: f64 = 1e-11;

/// The vertex that an interior point with weights W leads to, if it proves optimal: r rows with yᵢᵀx = bᵢ, chosen by a QR
/// factorization with column pivoting of YᵀW^½ over the largest weights, and u = sign(b − Yx) elsewhere. Optimal where the
/// r dual values that Yᵀu = c leaves lie in [−1, 1]; then the gap is rounding.
///
/// Cost O(m + r³) and two products with Y.
pub(super) fn optimal_vertex(
    problem: &BoundedDual<'_>,
    weights: &DVector<f64>,
) -> Result<Option<SaddlePoint>, Error> {
    let (nrows, rank) = problem.rows.shape();
    let Some(basis) = basis_rows(problem.rows, weights)? else { return Ok(None) };
    let square = problem.rows.select_rows(&basis).lu();
    let right = DVector::from_iterator(rank, basis.iter().map(|&i| problem.b[i]));
    let Some(x) = square.solve(&right) else { return Ok(None) };
    let residual = problem.b - multiply(problem.rows, &x);
    let mut u = DVector::from_fn(nrows, |i, _| if residual[i] == 0.0 { 0.0 } else { residual[i].signum() });
    basis.iter().for_each(|&i| u[i] = 0.0);
    let rest = problem.c - adjoint_multiply(problem.rows, &u);
    let Some(inside) = problem.rows.select_rows(&basis).transpose().lu().solve(&rest) else {
        return Ok(None);
    };
    let optimal = inside.iter().all(|value| value.abs() <= 1.0 + OUTSIDE);
    basis.iter().zip(inside.iter()).for_each(|(&i, value)| u[i] = value.clamp(-1.0, 1.0));
    Ok(optimal.then_some(SaddlePoint { x, u }))
}

/// r rows that are independent and of large weight, ascending; `None` where there are no r.
fn basis_rows(rows: &DMatrix<f64>, weights: &DVector<f64>) -> Result<Option<Vec<usize>>, Error> {
    let (nrows, rank) = rows.shape();
    let count = CANDIDATES * rank;
    let mut order: Vec<usize> = (0..nrows).collect();
    if count < nrows {
        order.select_nth_unstable_by(count, |&i, &j| weights[j].total_cmp(&weights[i]).then(i.cmp(&j)));
        order.truncate(count);
    }
    order.sort_unstable();
    let weighted = DMatrix::from_fn(rank, order.len(), |j, k| rows[(order[k], j)] * weights[order[k]].sqrt());
    let pivoted = PivotedQr::new(&weighted)?;
    if pivoted.rank(pivoted.default_tolerance()) < rank {
        return Ok(None);
    }
    let mut basis: Vec<usize> = pivoted.permutation()[..rank].iter().map(|&k| order[k]).collect();
    basis.sort_unstable();
    Ok(Some(basis))
}

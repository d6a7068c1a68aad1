use nalgebra::{DMatrix, DVector};

use super::ascent::Side;
use crate::linalg::SymmetricEigen;
use crate::random::{StreamKey, normal_matrix};

/// Eigenvectors of QᵀWQ that an ascent starts from, at either end of the spectrum.
const EIGENVECTORS: usize = 2;

/// Directions of norm 1 to ascend from: Gaussian ones; the eigenvectors of QᵀWQ at the end of the spectrum that is
/// sought; and the rows that weigh most among those kept (for the largest ratio) or dropped (for the least).
pub(super) fn starts(
    q: &DMatrix<f64>,
    weights: &[f64],
    spectrum: &SymmetricEigen,
    side: Side,
    (gaussian, heavy): (usize, usize),
    key: StreamKey,
) -> DMatrix<f64> {
    let order = q.ncols();
    let mut directions: Vec<DVector<f64>> = Vec::new();
    let drawn = normal_matrix(order, gaussian, key);
    directions.extend(drawn.column_iter().map(|column| column.normalize()));
    for j in 0..EIGENVECTORS.min(order) {
        let j = if side == Side::Upper { order - 1 - j } else { j };
        directions.push(spectrum.eigenvectors.column(j).into_owned());
    }
    for i in heaviest(q, weights, side, heavy) {
        directions.push(q.row(i).transpose().normalize());
    }
    DMatrix::from_columns(&directions)
}

/// The rows of the largest Wᵢ‖qᵢ‖² or, among those that are not kept, of the largest ‖qᵢ‖².
fn heaviest(q: &DMatrix<f64>, weights: &[f64], side: Side, count: usize) -> Vec<usize> {
    let norms = row_square_norms(q);
    let weight = |i: usize| if side == Side::Upper { weights[i] * norms[i] } else { norms[i] };
    let eligible = |i: usize| (weights[i] > 0.0) == (side == Side::Upper) && norms[i] > 0.0;
    let mut rows: Vec<(f64, usize)> =
        (0..q.nrows()).filter(|&i| eligible(i)).map(|i| (weight(i), i)).collect();
    rows.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    rows.into_iter().take(count).map(|(_, i)| i).collect()
}

fn row_square_norms(q: &DMatrix<f64>) -> Vec<f64> {
    let mut norms = vec![0.0; q.nrows()];
    for column in q.column_iter() {
        norms.iter_mut().zip(&column).for_each(|(norm, value)| *norm += value * value);
    }
    norms
}

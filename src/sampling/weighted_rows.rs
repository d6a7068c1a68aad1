//! Rows of a matrix that several rounds of sampling have weighed.

use nalgebra::DMatrix;

use super::{Coreset, RowBasis};

/// The rows of A other than zero, by its basis, each of weight 1.
pub(super) fn nonzero_rows(basis: &RowBasis, p: f64) -> Coreset {
    let mut zero = basis.zero_rows().iter().peekable();
    let rows: Vec<usize> = (0..basis.nrows()).filter(|i| zero.next_if_eq(&i).is_none()).collect();
    let weights = vec![1.0; rows.len()];
    Coreset::of_rows(basis.nrows(), p, rows, weights)
}

/// S A over the largest Sᵢᵢ: the rows aᵢ(Wᵢ/max W)^(1/p), which have the scores of S A and do not overflow.
pub(super) fn relative_rows(a: &DMatrix<f64>, coreset: &Coreset) -> DMatrix<f64> {
    let mut rows = coreset.rows(a);
    let largest = coreset.weights().iter().copied().fold(0.0, f64::max);
    let inverse = 1.0 / coreset.norm_exponent();
    let scales: Vec<f64> = coreset.weights().iter().map(|weight| (weight / largest).powf(inverse)).collect();
    for mut column in rows.column_iter_mut() {
        column.iter_mut().zip(&scales).for_each(|(entry, scale)| *entry *= scale);
    }
    rows
}

/// The rows of `kept` that `further` keeps, by position, with the product of both weights.
pub(super) fn composed(kept: &Coreset, further: &Coreset) -> Coreset {
    let pairs = further.indices().iter().zip(further.weights());
    let (rows, weights) =
        pairs.map(|(&k, weight)| (kept.indices()[k], (kept.weights()[k] * weight).min(f64::MAX))).unzip();
    Coreset::of_rows(kept.nrows(), kept.norm_exponent(), rows, weights)
}

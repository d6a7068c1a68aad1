use nalgebra::DMatrix;
use rayon::prelude::*;

use super::{Error, RowBasis};
use crate::linalg::{Qr, row_forms, scaled_gram, solve_upper_triangular};

/// Products of triangles taken for one set of weights, at most.
const REFINEMENTS: usize = 4;
/// Least ratio of pivots at which a Gram matrix is factored to full accuracy.
const WELL_CONDITIONED: f64 = 1e-2;

/// The map ln w ↦ ln f(w) of the Lewis iteration, f(w)ᵢ = (qᵢᵀ(Qᵀ W^(1−2/p) Q)⁻¹qᵢ)^(p/2), over the rows that are not zero.
///
/// Everything is kept in logarithms and rows of length one, uᵢ = qᵢ/‖qᵢ‖, so that no power overflows. With
/// W^(1/2−1/p)Q = e^c·D U and (D U T)ᵀ(D U T) = I the value is (p/2)·ln(e^(−2c)‖qᵢ‖²‖Tᵀuᵢ‖²). T is improved from one set of
/// weights to the next: the Gram matrix of D U T for the last T is near I, and its Cholesky factor accurate, where that of
/// D U has the squared condition of the weights.
pub(super) struct LewisMap {
    p: f64,
    rows: DMatrix<f64>,
    log_norms: Vec<f64>,
    inverse: DMatrix<f64>,
}

impl LewisMap {
    /// The map over the rows of Q that are not zero, and their indices.
    pub(super) fn new(basis: &RowBasis, p: f64) -> (Self, Vec<usize>) {
        let norms: Vec<f64> = row_norms(basis.q());
        let live: Vec<usize> = (0..norms.len()).filter(|&i| norms[i] > 0.0).collect();
        let mut rows = basis.q().select_rows(&live);
        rows.as_mut_slice().par_chunks_mut(live.len()).for_each(|column| {
            column.iter_mut().zip(&live).for_each(|(entry, &i)| *entry /= norms[i]);
        });
        let log_norms = live.iter().map(|&i| norms[i].ln()).collect();
        (Self { p, rows, log_norms, inverse: DMatrix::identity(basis.rank(), basis.rank()) }, live)
    }

    /// ln f(w) from ln w.
    pub(super) fn image(&mut self, log_weights: &[f64]) -> Result<Vec<f64>, Error> {
        let exponent = 0.5 - 1.0 / self.p;
        let logs: Vec<f64> =
            log_weights.iter().zip(&self.log_norms).map(|(weight, norm)| exponent * weight + norm).collect();
        let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let scales: Vec<f64> = logs.par_iter().map(|log| (log - largest).exp()).collect();
        self.fit(&scales)?;
        let half = 0.5 * self.p;
        let log_form = |(form, norm): (f64, &f64)| half * (form.ln() + 2.0 * (norm - largest));
        Ok(row_forms(&self.rows, &self.inverse).into_par_iter().zip(&self.log_norms).map(log_form).collect())
    }

    /// Makes (D U T)ᵀ(D U T) = I.
    fn fit(&mut self, scales: &[f64]) -> Result<(), Error> {
        for _ in 0..REFINEMENTS {
            let gram = scaled_gram(&self.rows, &self.inverse, Some(scales)).0;
            let Some((factor, ratio)) = inverse_of_factor(&gram) else {
                self.inverse = self.by_reflections(scales)?;
                continue;
            };
            self.inverse = (&self.inverse * factor).upper_triangle();
            if ratio >= WELL_CONDITIONED {
                break;
            }
        }
        Ok(())
    }

    /// R⁻¹ of D U = Q R, by Householder reflections.
    fn by_reflections(&self, scales: &[f64]) -> Result<DMatrix<f64>, Error> {
        let mut scaled = self.rows.clone();
        scaled.row_iter_mut().zip(scales).for_each(|(mut row, scale)| row *= *scale);
        let order = scaled.ncols();
        let r = Qr::new(&scaled)?.r();
        Ok(solve_upper_triangular(&r, &DMatrix::identity(order, order))?.upper_triangle())
    }
}

/// R⁻¹ with RᵀR = G, and the ratio of the least to the largest pivot of R; `None` unless G is safely positive definite.
fn inverse_of_factor(gram: &DMatrix<f64>) -> Option<(DMatrix<f64>, f64)> {
    let order = gram.ncols();
    let factor = crate::linalg::Cholesky::new(gram).ok()?;
    let pivots = factor.r().diagonal();
    let ratio = pivots.min() / pivots.max();
    let inverse = solve_upper_triangular(factor.r(), &DMatrix::identity(order, order)).ok()?;
    (ratio > 1e-6).then_some((inverse, ratio))
}

/// ‖qᵢ‖, safe where the squares of the entries would vanish.
fn row_norms(q: &DMatrix<f64>) -> Vec<f64> {
    let mut norms = vec![0.0; q.nrows()];
    for column in q.as_slice().chunks_exact(q.nrows().max(1)) {
        norms.iter_mut().zip(column).for_each(|(norm, &entry)| *norm = f64::hypot(*norm, entry));
    }
    norms
}

//! Spectral initialisation: the leading left singular vectors of P_Ω(M)/p, clipped to be incoherent.

use nalgebra::{DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use super::factor::Factor;
use super::half_step::{blocks, split_lines};
use super::held_out::{Kept, Observations};
use crate::linalg::{Error, LinearOperator, Qr, add_combination, low_rank_svd, range_basis};
use crate::random::StreamKey;

/// Columns of the test matrix beyond k.
const OVERSAMPLING: usize = 10;
/// Power iterations: accuracy beyond the sampling noise is wasted.
const POWER_ITERATIONS: usize = 4;
/// A row or column with more than this times the mean degree is trimmed where sampling is sparse.
const HEAVY: f64 = 2.0;
/// A column of the clipped basis whose independent part is below this share of the largest is drawn anew.
const LOST_COLUMN: f64 = 1e-8;

/// (P_Ω M)/p̂ as a linear map, rows and columns that are too heavy taken out.
struct SampledMatrix<'a> {
    rows: Observations<'a>,
    columns: Observations<'a>,
    row_limit: usize,
    column_limit: usize,
    inverse_rate: f64,
}

impl<'a> SampledMatrix<'a> {
    fn new(rows: Observations<'a>, columns: Observations<'a>) -> Self {
        let (m, n) = (rows.lines.len() as f64, columns.lines.len() as f64);
        let entries = rows.lines.indices.len() as f64;
        let rate = entries / (m * n);
        let is_sparse = rate < m.max(n).ln() / m.max(n);
        let limit =
            |lines: f64| if is_sparse { (HEAVY * entries / lines).ceil() as usize } else { usize::MAX };
        Self { rows, columns, row_limit: limit(m), column_limit: limit(n), inverse_rate: 1.0 / rate }
    }
}

/// `lines` · X, one row a line, lines heavier than `limit` and crossing lines heavier than `crossing_limit` left out.
fn multiply(
    lines: &Observations<'_>,
    limit: usize,
    crossing: &Observations<'_>,
    crossing_limit: usize,
    x: &DMatrix<f64>,
    factor: f64,
) -> DMatrix<f64> {
    let x = Factor::from_matrix(x);
    let mut out = Factor::zeros(lines.lines.len(), x.ncols());
    let width = x.width();
    let blocks = blocks(&lines.lines.offsets);
    split_lines(out.lines_mut(), &blocks, width).into_par_iter().for_each(|(block, rows)| {
        let mut kept = Kept::default();
        for (row, i) in rows.chunks_exact_mut(width).zip(block) {
            if lines.lines.degree(i) <= limit {
                lines.gather(i, &mut kept);
                kept.drop_crossing(|j| crossing.lines.degree(j) > crossing_limit);
                kept.values.iter_mut().for_each(|value| *value *= factor);
                add_combination(&x, &kept.indices, &kept.values, row);
            }
        }
    });
    out.to_matrix()
}

impl LinearOperator for SampledMatrix<'_> {
    fn nrows(&self) -> usize {
        self.rows.lines.len()
    }

    fn ncols(&self) -> usize {
        self.columns.lines.len()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        multiply(&self.rows, self.row_limit, &self.columns, self.column_limit, x, self.inverse_rate)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        multiply(&self.columns, self.column_limit, &self.rows, self.row_limit, y, self.inverse_rate)
    }
}

/// U₀ ∈ ℝᵐˣᵏ with orthonormal columns, and estimates of the k leading singular values of M.
///
/// The k leading left singular vectors of P_Ω(M)/p̂ by randomized subspace iteration; entries above 2μ√(k/m) are set to
/// zero, μ = `incoherence` or three times the median row norm over √(k/m), and the columns orthonormalised.
pub(crate) fn spectral_initialization(
    rows: Observations<'_>,
    columns: Observations<'_>,
    rank: usize,
    incoherence: Option<f64>,
    key: StreamKey,
) -> Result<(Factor, DVector<f64>), Error> {
    let sampled = SampledMatrix::new(rows, columns);
    let nrows = sampled.nrows();
    let width = (rank + OVERSAMPLING).min(nrows.min(sampled.ncols()));
    let sample = sampled.apply(&gaussian(sampled.ncols(), width, key.named("test matrix")));
    let basis = range_basis(&sampled, &sample, POWER_ITERATIONS)?;
    let svd = low_rank_svd(&sampled, &basis, rank)?;
    let mut u = svd.u;
    clip(&mut u, incoherence);
    let u = full_rank_basis(u, key.named("refill"))?;
    Ok((Factor::from_matrix(&u), svd.singular_values))
}

pub(crate) fn gaussian(nrows: usize, ncols: usize, key: StreamKey) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(nrows, ncols);
    for (j, mut column) in matrix.column_iter_mut().enumerate() {
        let mut rng = key.block(j as u64);
        column.iter_mut().for_each(|entry| *entry = StandardNormal.sample(&mut rng));
    }
    matrix
}

/// Sets entries above 2μ√(k/m) to zero.
fn clip(u: &mut DMatrix<f64>, incoherence: Option<f64>) {
    let even = (u.ncols() as f64 / u.nrows() as f64).sqrt();
    let bound = incoherence.map_or_else(|| 6.0 * median_row_norm(u), |mu| 2.0 * mu * even);
    if bound > 0.0 {
        u.iter_mut().filter(|entry| entry.abs() > bound).for_each(|entry| *entry = 0.0);
    }
}

fn median_row_norm(u: &DMatrix<f64>) -> f64 {
    let mut norms: Vec<f64> = u.row_iter().map(|row| row.norm()).collect();
    let middle = norms.len() / 2;
    *norms.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// An orthonormal basis of the columns, those that depend on the ones before drawn anew.
fn full_rank_basis(mut u: DMatrix<f64>, key: StreamKey) -> Result<DMatrix<f64>, Error> {
    let qr = Qr::new(&u)?;
    let pivots = qr.r().diagonal().abs();
    let lost: Vec<usize> = (0..pivots.len()).filter(|&j| pivots[j] <= LOST_COLUMN * pivots.max()).collect();
    if lost.is_empty() {
        return Ok(qr.q());
    }
    let fresh = gaussian(u.nrows(), lost.len(), key) / (u.nrows() as f64).sqrt();
    for (column, &j) in fresh.column_iter().zip(&lost) {
        u.set_column(j, &column);
    }
    Ok(Qr::new(&u)?.q())
}

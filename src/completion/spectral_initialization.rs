//! Spectral initialisation: the leading left singular vectors of P_Ω(M)/p, clipped to be incoherent.

use nalgebra::{DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use super::factor::{Factor, orthonormalise};
use super::half_step::{blocks, split_lines};
use super::held_out::{Kept, Observations};
use crate::linalg::{Error, LANES, Line, Qr, SymmetricEigen, add_combination};
use crate::random::{BLOCK, StreamKey, at_full_width, fill_standard_normal};

/// Columns of the test matrix beyond k, at least: as many as fill a line are taken.
const OVERSAMPLING: usize = 4;
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

/// `out` ← `lines` · X, one row a line, lines heavier than `limit` and crossing lines heavier than `crossing_limit` left out.
fn multiply(
    (lines, limit): (&Observations<'_>, usize),
    (crossing, crossing_limit): (&Observations<'_>, usize),
    x: &Factor,
    factor: f64,
    out: &mut Factor,
) {
    let width = x.width();
    let blocks = blocks(&lines.lines.offsets);
    split_lines(out.lines_mut(), &blocks, width).into_par_iter().for_each(|(block, rows)| {
        let mut kept = Kept::default();
        rows.fill(Line::default());
        for (row, i) in rows.chunks_exact_mut(width).zip(block) {
            if lines.lines.degree(i) <= limit {
                lines.gather(i, &mut kept);
                if crossing_limit < usize::MAX {
                    kept.drop_crossing(|j| crossing.lines.degree(j) > crossing_limit);
                }
                kept.values.iter_mut().for_each(|value| *value *= factor);
                add_combination(x, &kept.indices, &kept.values, row);
            }
        }
    });
}

impl SampledMatrix<'_> {
    fn apply(&self, x: &Factor, y: &mut Factor) {
        let (rows, columns) = ((&self.rows, self.row_limit), (&self.columns, self.column_limit));
        multiply(rows, columns, x, self.inverse_rate, y);
    }

    fn adjoint_apply(&self, y: &Factor, x: &mut Factor) {
        let (rows, columns) = ((&self.rows, self.row_limit), (&self.columns, self.column_limit));
        multiply(columns, rows, y, self.inverse_rate, x);
    }
}

/// U₀ ∈ ℝᵐˣᵏ with orthonormal columns, and estimates of the k leading singular values of M.
///
/// The k leading left singular vectors of P_Ω(M)/p̂ by randomized subspace iteration; entries above 2μ√(k/m) are set to
/// zero, μ = `incoherence` or three times the median row norm over √(k/m), and the columns orthonormalised. No more than
/// two factors of at most k + 11 columns are held.
pub(crate) fn spectral_initialization(
    rows: Observations<'_>,
    columns: Observations<'_>,
    rank: usize,
    incoherence: Option<f64>,
    key: StreamKey,
) -> Result<(Factor, DVector<f64>), Error> {
    let sampled = SampledMatrix::new(rows, columns);
    let (nrows, ncols) = (rows.lines.len(), columns.lines.len());
    let width = (rank + OVERSAMPLING).next_multiple_of(LANES).min(nrows.min(ncols));
    let mut x = test_matrix(ncols, width, key.named("test matrix"));
    let mut y = Factor::zeros(nrows, width);
    for _ in 0..=POWER_ITERATIONS {
        sampled.apply(&x, &mut y);
        orthonormalise(&mut y)?;
        sampled.adjoint_apply(&y, &mut x);
    }
    // A ≈ Y Xᵀ: the left singular vectors are Y W for XᵀX = W Σ² Wᵀ.
    let eigen = SymmetricEigen::new(&x.gram())?;
    drop(x);
    let place = |j: usize| width - 1 - j;
    let leading = DMatrix::from_fn(width, rank, |i, j| eigen.eigenvectors[(i, place(j))]);
    let values = DVector::from_fn(rank, |j, _| eigen.eigenvalues[place(j)].max(0.0).sqrt());
    let mut u = y.times(&leading);
    drop(y);
    clip(&mut u, incoherence);
    complete_basis(&mut u, key.named("refill"))?;
    Ok((u, values))
}

/// Standard normal entries, drawn by blocks of rows.
fn test_matrix(nrows: usize, ncols: usize, key: StreamKey) -> Factor {
    let mut matrix = Factor::zeros(nrows, ncols);
    let width = matrix.width();
    matrix.lines_mut().par_chunks_mut(width * BLOCK).enumerate().for_each(|(block, rows)| {
        at_full_width(&mut key.block(block as u64), |rng| {
            for row in rows.chunks_exact_mut(width) {
                (0..ncols).for_each(|j| row[j / LANES].0[j % LANES] = StandardNormal.sample(rng));
            }
        });
    });
    matrix
}

pub(crate) fn gaussian(nrows: usize, ncols: usize, key: StreamKey) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(nrows, ncols);
    for (j, mut column) in matrix.column_iter_mut().enumerate() {
        fill_standard_normal(&mut key.block(j as u64), column.as_mut_slice());
    }
    matrix
}

/// Sets entries above 2μ√(k/m) to zero.
fn clip(u: &mut Factor, incoherence: Option<f64>) {
    let even = (u.ncols() as f64 / u.nrows() as f64).sqrt();
    let bound = incoherence.map_or_else(|| 6.0 * median(u.row_norms()), |mu| 2.0 * mu * even);
    if bound > 0.0 {
        let entries = u.lines_mut().iter_mut().flat_map(|line| &mut line.0);
        entries.filter(|entry| entry.abs() > bound).for_each(|entry| *entry = 0.0);
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Orthonormalises the columns, those that depend on the ones before drawn anew.
fn complete_basis(u: &mut Factor, key: StreamKey) -> Result<(), Error> {
    let pivots = orthonormalise(u)?.diagonal().abs();
    let lost: Vec<usize> = (0..pivots.len()).filter(|&j| pivots[j] <= LOST_COLUMN * pivots.max()).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let mut matrix = u.to_matrix();
    let fresh = gaussian(u.nrows(), lost.len(), key) / (u.nrows() as f64).sqrt();
    for (column, &j) in fresh.column_iter().zip(&lost) {
        matrix.set_column(j, &column);
    }
    *u = Factor::from_matrix(&Qr::new(&matrix)?.q());
    Ok(())
}

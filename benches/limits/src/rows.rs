//! Rows of a long table that exist a block at a time.

use nalgebra::{DMatrix, DVector};
use proofsketch::random::{StreamKey, normal_matrix};
use rayon::prelude::*;

/// Rows of a block.
const BLOCK: usize = 1 << 16;
/// Rows drawn by one task.
const PART: usize = 1 << 13;

/// n rows [aᵢ bᵢ]: Gaussian aᵢ ∈ ℝᵈ, every 1000th a hundred times as long, and bᵢ = aᵢᵀ(1, 2, …, d) + N(0, 1).
pub struct Rows {
    pub nrows: usize,
    /// d.
    pub ncols: usize,
    pub key: StreamKey,
}

impl Rows {
    /// (1, 2, …, d).
    pub fn coefficients(&self) -> DVector<f64> {
        DVector::from_fn(self.ncols, |j, _| 1.0 + j as f64)
    }

    /// Bytes of the table in double precision.
    pub fn bytes(&self) -> usize {
        8 * self.nrows * (self.ncols + 1)
    }

    /// The blocks of [A b] in order.
    pub fn blocks(&self) -> impl Iterator<Item = DMatrix<f64>> + '_ {
        (0..self.nrows).step_by(BLOCK).map(|start| self.block(start, BLOCK.min(self.nrows - start)))
    }

    fn block(&self, start: usize, nrows: usize) -> DMatrix<f64> {
        let coefficients = self.coefficients();
        let parts: Vec<DMatrix<f64>> = (0..nrows)
            .into_par_iter()
            .step_by(PART)
            .map(|offset| {
                let first = start + offset;
                let mut part =
                    normal_matrix(PART.min(nrows - offset), self.ncols + 1, self.key.indexed(first as u64));
                for (i, mut row) in part.row_iter_mut().enumerate() {
                    if (first + i).is_multiple_of(1000) {
                        row.columns_mut(0, self.ncols).scale_mut(100.0);
                    }
                }
                let b = part.columns(0, self.ncols) * &coefficients + part.column(self.ncols);
                part.set_column(self.ncols, &b);
                part
            })
            .collect();
        let mut block = DMatrix::zeros(nrows, self.ncols + 1);
        for (i, part) in parts.iter().enumerate() {
            block.rows_mut(i * PART, part.nrows()).copy_from(part);
        }
        block
    }
}

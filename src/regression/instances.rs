use nalgebra::{DMatrix, DVector};

use super::{Error, LeastSquares};
use crate::random::{StreamKey, normal_matrix};

/// A least-squares problem that owns its data, made for tests and figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// A ∈ ℝⁿˣᵈ.
    pub a: DMatrix<f64>,
    /// b ∈ ℝⁿ.
    pub b: DVector<f64>,
}

impl Instance {
    /// The problem min ‖A x − b‖₂.
    ///
    /// # Errors
    /// As [`LeastSquares::new`].
    pub fn problem(&self) -> Result<LeastSquares<'_>, Error> {
        LeastSquares::new(&self.a, &self.b)
    }

    /// Benign: A of independent normal entries with unit columns, b of independent normal entries.
    #[must_use]
    pub fn gaussian(nrows: usize, ncols: usize, key: StreamKey) -> Self {
        let mut a = normal_matrix(nrows, ncols, key.named("A"));
        a.column_iter_mut().for_each(|mut column| {
            column.normalize_mut();
        });
        Self { a, b: normal_matrix(nrows, 1, key.named("b")).column(0).into_owned() }
    }

    /// A = U diag(σ) Vᵀ with condition number κ, σ geometric from 1 down to 1/κ, U and V orthonormal from normal
    /// matrices; b = A 1 + noise with ‖b − A x★‖₂ = `residual`·‖A x★‖₂.
    ///
    /// # Errors
    /// [`Error::Factorization`] if a factorization fails, [`Error::TooFewRows`] for n < d.
    pub fn conditioned(
        (nrows, ncols): (usize, usize),
        condition: f64,
        residual: f64,
        key: StreamKey,
    ) -> Result<Self, Error> {
        if nrows < ncols {
            return Err(Error::TooFewRows { nrows, ncols });
        }
        let u = crate::linalg::Qr::new(&normal_matrix(nrows, ncols, key.named("U")))?.q();
        let v = crate::linalg::Qr::new(&normal_matrix(ncols, ncols, key.named("V")))?.q();
        let last = ncols.saturating_sub(1).max(1) as f64;
        let scaled = DMatrix::from_fn(ncols, ncols, |i, j| condition.powf(-(i as f64) / last) * v[(j, i)]);
        let a = crate::linalg::product(&u, &scaled);
        let fitted = &a * DVector::from_element(ncols, 1.0);
        let mut noise = normal_matrix(nrows, 1, key.named("noise")).column(0).into_owned();
        noise -= &u * u.tr_mul(&noise);
        noise -= &u * u.tr_mul(&noise);
        let scale = residual * fitted.norm() / noise.norm();
        Ok(Self { b: fitted + noise * scale, a })
    }

    /// Adversarial for sparse sketches: A = [I_d; 0], b = K^(−1/2)·(e_{d+1} + ⋯ + e_{d+K}), so x★ = 0 and
    /// ‖r‖ = ‖A⁺‖ = 1. A column of S meets each of the K residual columns in few rows or none, so that with
    /// K ≈ m/(d s²) some coordinate is likely to be off by 1/(s√K).
    ///
    /// # Panics
    /// Unless d + K ≤ n and K ≥ 1.
    #[must_use]
    pub fn adversarial_sparse(nrows: usize, ncols: usize, residual_rows: usize) -> Self {
        assert!(
            residual_rows >= 1 && ncols + residual_rows <= nrows,
            "d + K = {ncols} + {residual_rows} rows do not fit n = {nrows}"
        );
        let height = 1.0 / (residual_rows as f64).sqrt();
        let b =
            DVector::from_fn(
                nrows,
                |i, _| {
                    if (ncols..ncols + residual_rows).contains(&i) { height } else { 0.0 }
                },
            );
        Self { a: DMatrix::identity(nrows, ncols), b }
    }

    /// Adversarial for row sampling at about m rows: A stacks √(d/n)·I_d on itself (all leverage scores are equal), and r
    /// holds one pair ±1 in each of K = max(1, n/m) coordinates, scaled to ‖r‖ = 1; x★ = 0.
    ///
    /// # Panics
    /// Unless d divides n and n ≥ 2d.
    #[must_use]
    pub fn adversarial_sampling(nrows: usize, ncols: usize, sketch_rows: usize) -> Self {
        assert!(
            ncols > 0 && nrows.is_multiple_of(ncols) && nrows >= 2 * ncols,
            "d = {ncols} must divide n = {nrows} at least twice"
        );
        let height = (ncols as f64 / nrows as f64).sqrt();
        let a = DMatrix::from_fn(nrows, ncols, |i, j| if i % ncols == j { height } else { 0.0 });
        let pairs = (nrows / sketch_rows.max(1)).clamp(1, ncols);
        let mut b = DVector::zeros(nrows);
        for j in 0..pairs {
            b[j] = 1.0 / (2.0 * pairs as f64).sqrt();
            b[j + ncols] = -b[j];
        }
        Self { a, b }
    }
}

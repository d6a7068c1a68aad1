use std::fmt::Debug;

use nalgebra::{DMatrix, DVector};

use super::FusedPass;

/// A linear map 𝒜: ℝ^{n₁×n₂} → ℝᵐ, 𝒜(X)ᵢ = ⟨Aᵢ, X⟩ = tr(AᵢᵀX). Object-safe.
///
/// Measurements carry the scale of entries of variance 1, and what goes back carries the mean: (1/m) 𝒜\*𝒜 is the identity in
/// expectation, on symmetric X for a symmetric map. Gradient descent with entries N(0, 1/m) and 𝒜\*𝒜 is the same iteration.
///
/// [`matrix`](Self::matrix) is the definition, entry by entry, to which every product is tied.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sensing::{DenseGaussian, MeasurementMap, sign};
/// use proofsketch::random::StreamKey;
///
/// let map = DenseGaussian::draw((2, 3), 40, StreamKey::from_seed(1))?;
/// let x = dmatrix![1.0, 0.0, 2.0; -1.0, 3.0, 0.5];
/// let y = map.apply(&x);
/// assert!((y[7] - map.matrix(7).dot(&x)).abs() < 1e-12);
///
/// // (1/m) Σ sign(⟨Aᵢ, 2X⟩ − yᵢ) Aᵢ in one pass, with the mean of |⟨Aᵢ, 2X⟩ − yᵢ| = |yᵢ|.
/// let pass = map.fused(&(2.0 * &x), &y, &sign);
/// assert!((pass.mean_absolute() - y.lp_norm(1) / 40.0).abs() < 1e-12);
/// assert!(pass.gradient.dot(&x) > 0.0);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub trait MeasurementMap: Debug + Sync {
    /// n₁ and n₂.
    fn shape(&self) -> (usize, usize);

    /// m.
    fn measurements(&self) -> usize;

    /// Whether n₁ = n₂ and every Aᵢ is symmetric: only the symmetric part of X is measured, and what goes back is symmetric.
    fn is_symmetric(&self) -> bool;

    /// Aᵢ.
    ///
    /// # Panics
    /// If i ≥ m.
    fn matrix(&self, i: usize) -> DMatrix<f64>;

    /// 𝒜(X).
    ///
    /// # Panics
    /// If X is not n₁×n₂.
    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64>;

    /// (1/m) 𝒜\*(w) = (1/m) Σ wᵢ Aᵢ: the mean, not the sum.
    ///
    /// # Panics
    /// If w has other than m entries.
    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64>;

    /// The residual 𝒜(X) − y and the mean (1/m) Σ `weight`(residualᵢ) Aᵢ. The products are those of
    /// [`apply`](Self::apply) and [`adjoint`](Self::adjoint), to the bit; a map that stores its matrices reads them once.
    ///
    /// # Panics
    /// If X is not n₁×n₂ or y has other than m entries.
    fn fused(&self, x: &DMatrix<f64>, y: &DVector<f64>, weight: &(dyn Fn(f64) -> f64 + Sync)) -> FusedPass {
        let residual = self.apply(x) - y;
        let gradient = self.adjoint(&residual.map(weight));
        FusedPass { gradient, residual }
    }
}

impl<M: MeasurementMap + ?Sized> MeasurementMap for &M {
    fn shape(&self) -> (usize, usize) {
        (**self).shape()
    }

    fn measurements(&self) -> usize {
        (**self).measurements()
    }

    fn is_symmetric(&self) -> bool {
        (**self).is_symmetric()
    }

    fn matrix(&self, i: usize) -> DMatrix<f64> {
        (**self).matrix(i)
    }

    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64> {
        (**self).apply(x)
    }

    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64> {
        (**self).adjoint(w)
    }

    fn fused(&self, x: &DMatrix<f64>, y: &DVector<f64>, weight: &(dyn Fn(f64) -> f64 + Sync)) -> FusedPass {
        (**self).fused(x, y, weight)
    }
}

/// The sign of a residual, 0 for 0: the element of the subdifferential of |·| that is taken at a tie. NaN stays NaN.
#[must_use]
pub fn sign(residual: f64) -> f64 {
    if residual == 0.0 { 0.0 } else { residual.signum() }
}

/// Panics where X is not of the shape of the map.
pub(super) fn assert_matrix(shape: (usize, usize), x: &DMatrix<f64>) {
    assert!(
        x.shape() == shape,
        "shape mismatch in 𝒜(X): the map measures {}×{} matrices, X is {}×{}",
        shape.0,
        shape.1,
        x.nrows(),
        x.ncols()
    );
}

/// Panics where w has not one entry a measurement.
pub(super) fn assert_measurements(measurements: usize, w: &DVector<f64>) {
    assert!(
        w.len() == measurements,
        "shape mismatch: the map makes {measurements} measurements, the vector has {} entries",
        w.len()
    );
}

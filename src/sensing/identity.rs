use nalgebra::{DMatrix, DVector};

use super::error::{check_shape, check_size};
use super::measurement_map::{assert_matrix, assert_measurements};
use super::{Error, MeasurementMap};

/// Every entry measured once: A_{j + k n₁} = √(n₁n₂) e_j e_kᵀ, m = n₁n₂, so that (1/m) 𝒜\*𝒜 is the identity exactly.
///
/// The limit m → ∞ of a random map: losses and gradients are the expectations of theirs. With y = 𝒜(X★), which holds all
/// entries of X★, ‖𝒜(X) − y‖₂/√m = ‖X − X★‖_F, and the gradient of half its square is X − X★. The symmetric variant
/// measures √(n₁n₂) (e_j e_kᵀ + e_k e_jᵀ)/2, entries of the symmetric part of X, each off the diagonal twice.
///
/// ```
/// use nalgebra::{DVector, dmatrix};
/// use proofsketch::sensing::{Identity, MeasurementMap};
///
/// let map = Identity::new((2, 2))?;
/// let x = dmatrix![1.0, 2.0; 3.0, 4.0];
/// assert_eq!(map.adjoint(&map.apply(&x)), x);
/// let pass = map.fused(&x, &DVector::zeros(4), &|residual| residual);
/// assert!((pass.root_mean_square() - x.norm()).abs() < 1e-14);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    shape: (usize, usize),
    symmetric: bool,
}

impl Identity {
    /// All entries of n₁×n₂ matrices.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooLarge`].
    pub fn new(shape: (usize, usize)) -> Result<Self, Error> {
        check_shape(shape, 1)?;
        check_size(shape.0, shape.1)?;
        Ok(Self { shape, symmetric: false })
    }

    /// All entries of the symmetric part of d×d matrices.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooLarge`].
    pub fn symmetric(dim: usize) -> Result<Self, Error> {
        Ok(Self { symmetric: true, ..Self::new((dim, dim))? })
    }

    /// √(n₁n₂) = √m.
    fn scale(&self) -> f64 {
        let (nrows, ncols) = self.shape;
        if nrows == ncols { nrows as f64 } else { (nrows as f64 * ncols as f64).sqrt() }
    }

    fn symmetric_part(&self, x: DMatrix<f64>) -> DMatrix<f64> {
        if self.symmetric { (&x + x.transpose()) * 0.5 } else { x }
    }
}

impl MeasurementMap for Identity {
    fn shape(&self) -> (usize, usize) {
        self.shape
    }

    fn measurements(&self) -> usize {
        self.shape.0 * self.shape.1
    }

    fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    fn matrix(&self, i: usize) -> DMatrix<f64> {
        let mut unit = DMatrix::zeros(self.shape.0, self.shape.1);
        unit[i] = self.scale();
        self.symmetric_part(unit)
    }

    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64> {
        assert_matrix(self.shape, x);
        let scaled = self.symmetric_part(x.clone()) * self.scale();
        DVector::from_vec(scaled.data.into())
    }

    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64> {
        assert_measurements(self.measurements(), w);
        let matrix = DMatrix::from_column_slice(self.shape.0, self.shape.1, w.as_slice());
        self.symmetric_part(matrix) / self.scale()
    }
}

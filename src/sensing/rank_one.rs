use nalgebra::{DMatrix, DVector};

use super::error::{check_shape, check_size};
use super::measurement_map::{assert_matrix, assert_measurements};
use super::{Error, MeasurementMap};
use crate::linalg::{adjoint_product, product};
use crate::random::{StreamKey, normal_matrix};

/// Rank-one Gaussian measurements: Aᵢ = aᵢbᵢᵀ, or Aᵢ = aᵢaᵢᵀ, with independent N(0, 1) entries of aᵢ and bᵢ.
///
/// E (1/m) 𝒜\*𝒜 is the identity for aᵢbᵢᵀ; for aᵢaᵢᵀ it is X ↦ X + Xᵀ + tr(X) I, so that these are not isotropic. A few of
/// the Aᵢ are large in operator norm, and neither restricted isometry in ℓ₂ nor Sign-RIP holds with m of the order of the degrees
/// of freedom. Storage: 8(n₁ + n₂)m bytes, 8dm for aᵢaᵢᵀ. Cost: 2n₁n₂m flops a product, by matrix products.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{MeasurementMap, RankOne};
///
/// let map = RankOne::draw_symmetric(5, 30, StreamKey::from_seed(1))?;
/// // ⟨aaᵀ, I⟩ = ‖a‖².
/// assert!(map.apply(&DMatrix::identity(5, 5)).min() > 0.0);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RankOne {
    left: DMatrix<f64>,
    /// None where bᵢ = aᵢ.
    right: Option<DMatrix<f64>>,
}

impl RankOne {
    /// m measurements aᵢᵀ X bᵢ of n₁×n₂ matrices.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NoMeasurements`], [`Error::TooLarge`].
    pub fn draw(shape: (usize, usize), measurements: usize, key: StreamKey) -> Result<Self, Error> {
        check_shape(shape, measurements)?;
        check_size(measurements, shape.0.saturating_add(shape.1))?;
        let left = normal_matrix(shape.0, measurements, key.named("left"));
        let right = normal_matrix(shape.1, measurements, key.named("right"));
        Ok(Self { left, right: Some(right) })
    }

    /// m measurements aᵢᵀ X aᵢ of d×d matrices.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NoMeasurements`], [`Error::TooLarge`].
    pub fn draw_symmetric(dim: usize, measurements: usize, key: StreamKey) -> Result<Self, Error> {
        check_shape((dim, dim), measurements)?;
        check_size(measurements, dim)?;
        Ok(Self { left: normal_matrix(dim, measurements, key.named("left")), right: None })
    }

    fn right(&self) -> &DMatrix<f64> {
        self.right.as_ref().unwrap_or(&self.left)
    }
}

impl MeasurementMap for RankOne {
    fn shape(&self) -> (usize, usize) {
        (self.left.nrows(), self.right().nrows())
    }

    fn measurements(&self) -> usize {
        self.left.ncols()
    }

    fn is_symmetric(&self) -> bool {
        self.right.is_none()
    }

    fn matrix(&self, i: usize) -> DMatrix<f64> {
        self.left.column(i) * self.right().column(i).transpose()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64> {
        assert_matrix(self.shape(), x);
        let image = adjoint_product(x, &self.left);
        let products = image.column_iter().zip(self.right().column_iter());
        DVector::from_iterator(self.measurements(), products.map(|(image, right)| image.dot(&right)))
    }

    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64> {
        assert_measurements(self.measurements(), w);
        let mut weighted = self.left.clone();
        weighted.column_iter_mut().zip(w.iter()).for_each(|(mut column, &weight)| column *= weight);
        let mean = product(&weighted, &self.right().transpose()) / self.measurements() as f64;
        // Products may differ in the last bit on either side of the diagonal.
        if self.is_symmetric() { (&mean + mean.transpose()) * 0.5 } else { mean }
    }
}

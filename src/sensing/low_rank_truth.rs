use nalgebra::{DMatrix, DVector};

use super::error::{check_finite, in_range};
use super::{Error, MeasurementMap};
use crate::linalg::{Qr, Svd, SymmetricEigen, euclidean_norm, product};
use crate::random::{StreamKey, normal_matrix};

/// X★ = U diag(σ) Vᵀ of rank r, positive semidefinite with V = U or rectangular: the truth that answers are compared with.
/// No solver takes one.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::LowRankTruth;
///
/// let truth = LowRankTruth::psd(20, &[10.0, 5.0, 1.0], StreamKey::from_seed(1))?;
/// assert_eq!(truth.rank(), 3);
/// assert!((truth.matrix().trace() - 16.0).abs() < 1e-13);
/// assert!(truth.frobenius_error(truth.matrix()) < 1e-15);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LowRankTruth {
    left: DMatrix<f64>,
    spectrum: DVector<f64>,
    right: DMatrix<f64>,
    matrix: DMatrix<f64>,
}

impl LowRankTruth {
    /// X★ = V diag(σ) Vᵀ ∈ ℝᵈˣᵈ for uniformly random orthonormal V ∈ ℝᵈˣʳ and given eigenvalues σ₁ ≥ … ≥ σᵣ > 0.
    ///
    /// # Errors
    /// [`Error::Rank`] unless 1 ≤ r ≤ d, [`Error::Setting`] for a spectrum that is not positive and descending.
    pub fn psd(dim: usize, spectrum: &[f64], key: StreamKey) -> Result<Self, Error> {
        check_spectrum((dim, dim), spectrum)?;
        let basis = Qr::new(&normal_matrix(dim, spectrum.len(), key.named("left")))?.q();
        Ok(Self::of(basis.clone(), spectrum, basis))
    }

    /// X★ = U diag(σ) Vᵀ ∈ ℝ^{n₁×n₂} for independent uniformly random orthonormal U and V and given singular values.
    ///
    /// # Errors
    /// [`Error::Rank`] unless 1 ≤ r ≤ min(n₁, n₂), [`Error::Setting`] for a spectrum that is not positive and descending.
    pub fn rectangular(shape: (usize, usize), spectrum: &[f64], key: StreamKey) -> Result<Self, Error> {
        check_spectrum(shape, spectrum)?;
        let left = Qr::new(&normal_matrix(shape.0, spectrum.len(), key.named("left")))?.q();
        let right = Qr::new(&normal_matrix(shape.1, spectrum.len(), key.named("right")))?.q();
        Ok(Self::of(left, spectrum, right))
    }

    fn of(left: DMatrix<f64>, spectrum: &[f64], right: DMatrix<f64>) -> Self {
        let spectrum = DVector::from_column_slice(spectrum);
        let roots = DMatrix::from_diagonal(&spectrum.map(f64::sqrt));
        let matrix = product(&(&left * &roots), &(&right * &roots).transpose());
        Self { left, spectrum, right, matrix }
    }

    /// X★.
    #[must_use]
    pub fn matrix(&self) -> &DMatrix<f64> {
        &self.matrix
    }

    /// n₁ and n₂.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        self.matrix.shape()
    }

    /// r.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.spectrum.len()
    }

    /// σ₁ ≥ … ≥ σᵣ.
    #[must_use]
    pub fn spectrum(&self) -> &DVector<f64> {
        &self.spectrum
    }

    /// U ∈ ℝ^{n₁×r}, orthonormal columns: the eigenvectors if X★ is positive semidefinite.
    #[must_use]
    pub fn left_basis(&self) -> &DMatrix<f64> {
        &self.left
    }

    /// V ∈ ℝ^{n₂×r}, orthonormal columns.
    #[must_use]
    pub fn right_basis(&self) -> &DMatrix<f64> {
        &self.right
    }

    /// 𝒜(X★), without noise, by the products of the map itself.
    ///
    /// # Panics
    /// If the map measures matrices of another shape.
    #[must_use]
    pub fn measured_by(&self, map: &dyn MeasurementMap) -> DVector<f64> {
        map.apply(&self.matrix)
    }

    /// ‖X − X★‖_F; no square overflows or vanishes.
    ///
    /// # Panics
    /// If X has another shape.
    #[must_use]
    pub fn frobenius_error(&self, x: &DMatrix<f64>) -> f64 {
        let difference = x - &self.matrix;
        let norm = difference.norm();
        if (1e-140..1e140).contains(&norm) { norm } else { euclidean_norm(difference.as_slice()) }
    }

    /// ‖X − X★‖, the operator norm.
    ///
    /// # Errors
    /// [`Error::MatrixNotFinite`] and [`Error::Factorization`].
    ///
    /// # Panics
    /// If X has another shape.
    pub fn operator_error(&self, x: &DMatrix<f64>) -> Result<f64, Error> {
        let difference = x - &self.matrix;
        check_finite("X − X★", &difference)?;
        if difference.is_square() && difference == difference.transpose() {
            return Ok(SymmetricEigen::new(&difference)?.eigenvalues.amax());
        }
        Ok(Svd::new(&difference)?.singular_values.max())
    }
}

fn check_spectrum((nrows, ncols): (usize, usize), spectrum: &[f64]) -> Result<(), Error> {
    let rank = spectrum.len();
    if rank == 0 || rank > nrows.min(ncols) {
        return Err(Error::Rank { rank, nrows, ncols });
    }
    let mut largest = f64::INFINITY;
    for &value in spectrum {
        let holds = value > 0.0 && value.is_finite() && value <= largest;
        in_range("an entry of the spectrum", value, holds, "finite, positive and descending")?;
        largest = value;
    }
    Ok(())
}

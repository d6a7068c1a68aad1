use nalgebra::{DMatrix, DVector};

use super::{Spectrum, incoherence};
use crate::linalg::{Error, Qr, Svd, frobenius_norm, product};
use crate::random::{StreamKey, normal_matrix, uniform_below};

/// M = U diag(σ) Vᵀ ∈ ℝᵐˣⁿ of rank k by its singular value decomposition; the m×n matrix is never formed.
///
/// The truth that answers of a completion are compared with. No solver takes one.
///
/// ```
/// use proofsketch::completion::{LowRankMatrix, Spectrum};
/// use proofsketch::random::StreamKey;
///
/// let spectrum = Spectrum::Geometric { condition: 10.0 };
/// let truth = LowRankMatrix::incoherent((300, 200), 3, spectrum, StreamKey::from_seed(1))?;
/// assert!(truth.relative_error(&truth.left_factor(), &truth.right_factor())? < 1e-15);
/// assert!(truth.incoherence() < 3.0);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LowRankMatrix {
    u: DMatrix<f64>,
    singular_values: DVector<f64>,
    v: DMatrix<f64>,
}

impl LowRankMatrix {
    /// L Rᵀ for L ∈ ℝᵐˣᵏ and R ∈ ℝⁿˣᵏ of full column rank, k ≤ min(m, n).
    ///
    /// # Errors
    /// [`Error::NotFinite`].
    ///
    /// # Panics
    /// If L and R have different numbers of columns.
    pub fn from_factors(left: &DMatrix<f64>, right: &DMatrix<f64>) -> Result<Self, Error> {
        assert_eq!(left.ncols(), right.ncols(), "the factors of L Rᵀ have as many columns each");
        let (left, right) = (Qr::new(left)?, Qr::new(right)?);
        let core = Svd::new(&(left.r() * right.r().transpose()))?;
        Ok(Self {
            u: left.apply_q(&core.u),
            singular_values: core.singular_values,
            v: right.apply_q(&core.v),
        })
    }

    /// U diag(σ) Vᵀ with uniformly random orthonormal U and V: the Q factors of normal matrices. μ is about
    /// √(1 + ln(m)/k).
    ///
    /// # Errors
    /// None but those of a factorization that fails.
    pub fn incoherent(
        shape: (usize, usize),
        rank: usize,
        spectrum: Spectrum,
        key: StreamKey,
    ) -> Result<Self, Error> {
        Self::coherent(shape, rank, spectrum, 1.0, key)
    }

    /// As [`incoherent`](Self::incoherent), with k random rows of either normal matrix multiplied by `spike` before they
    /// are orthonormalised: the spiked rows hold a share s²/(s² + (m − k)/k) of the mass, so that μ rises towards √(m/k).
    ///
    /// # Errors
    /// None but those of a factorization that fails.
    pub fn coherent(
        (nrows, ncols): (usize, usize),
        rank: usize,
        spectrum: Spectrum,
        spike: f64,
        key: StreamKey,
    ) -> Result<Self, Error> {
        let u = spiked_basis(nrows, rank, spike, key.named("U"))?;
        let v = spiked_basis(ncols, rank, spike, key.named("V"))?;
        let singular_values = DVector::from_vec(spectrum.singular_values(rank.min(u.ncols()).min(v.ncols())));
        Ok(Self { u, singular_values, v })
    }

    /// m and n.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        (self.u.nrows(), self.v.nrows())
    }

    /// k.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.singular_values.len()
    }

    /// U ∈ ℝᵐˣᵏ, orthonormal columns.
    #[must_use]
    pub fn left_basis(&self) -> &DMatrix<f64> {
        &self.u
    }

    /// V ∈ ℝⁿˣᵏ, orthonormal columns.
    #[must_use]
    pub fn right_basis(&self) -> &DMatrix<f64> {
        &self.v
    }

    /// σ₁ ≥ … ≥ σ_k.
    #[must_use]
    pub fn singular_values(&self) -> &DVector<f64> {
        &self.singular_values
    }

    /// U diag(√σ) ∈ ℝᵐˣᵏ.
    #[must_use]
    pub fn left_factor(&self) -> DMatrix<f64> {
        &self.u * DMatrix::from_diagonal(&self.singular_values.map(f64::sqrt))
    }

    /// V diag(√σ) ∈ ℝⁿˣᵏ.
    #[must_use]
    pub fn right_factor(&self) -> DMatrix<f64> {
        &self.v * DMatrix::from_diagonal(&self.singular_values.map(f64::sqrt))
    }

    /// M[i, j].
    ///
    /// # Panics
    /// If i ≥ m or j ≥ n.
    #[must_use]
    pub fn entry(&self, i: usize, j: usize) -> f64 {
        (0..self.rank()).map(|l| self.u[(i, l)] * self.singular_values[l] * self.v[(j, l)]).sum()
    }

    /// The m×n matrix itself: for small sizes.
    #[must_use]
    pub fn to_dense(&self) -> DMatrix<f64> {
        product(&self.left_factor(), &self.right_factor().transpose())
    }

    /// ‖M‖_F.
    #[must_use]
    pub fn frobenius_norm(&self) -> f64 {
        self.singular_values.norm()
    }

    /// μ: the larger [`incoherence`] of U and V.
    #[must_use]
    pub fn incoherence(&self) -> f64 {
        incoherence(&self.u).max(incoherence(&self.v))
    }

    /// ‖L Rᵀ − M‖_F/‖M‖_F over all entries, seen or not.
    ///
    /// L Rᵀ − M = \[L, U diag(σ)\]·\[R, −V\]ᵀ, whose norm is that of the product of the triangular factors of either
    /// side: O((m + n)k²) flops, and errors down to about 10⁻¹⁶ are told apart.
    ///
    /// # Errors
    /// [`Error::NotFinite`].
    ///
    /// # Panics
    /// If L is not m×c or R is not n×c for some c.
    pub fn relative_error(&self, left: &DMatrix<f64>, right: &DMatrix<f64>) -> Result<f64, Error> {
        assert_eq!(left.ncols(), right.ncols(), "the factors of L Rᵀ have as many columns each");
        let scaled = &self.u * DMatrix::from_diagonal(&self.singular_values);
        let (a, b) = (beside(left, &scaled), beside(right, &-&self.v));
        let difference = Qr::new(&a)?.r() * Qr::new(&b)?.r().transpose();
        Ok(frobenius_norm(&difference) / self.frobenius_norm())
    }
}

/// \[A, B\].
fn beside(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    assert_eq!(a.nrows(), b.nrows(), "{}×{} beside {}×{}", a.nrows(), a.ncols(), b.nrows(), b.ncols());
    let mut both = DMatrix::zeros(a.nrows(), a.ncols() + b.ncols());
    both.columns_mut(0, a.ncols()).copy_from(a);
    both.columns_mut(a.ncols(), b.ncols()).copy_from(b);
    both
}

/// Q of a normal matrix, k of whose rows, drawn with replacement, are multiplied by `spike`.
fn spiked_basis(nrows: usize, rank: usize, spike: f64, key: StreamKey) -> Result<DMatrix<f64>, Error> {
    let mut normal = normal_matrix(nrows, rank, key);
    if spike != 1.0 {
        let mut rng = key.named("spikes").block(0);
        for _ in 0..rank {
            let i = uniform_below(&mut rng, nrows as u32) as usize;
            normal.row_mut(i).scale_mut(spike);
        }
    }
    Ok(Qr::new(&normal)?.q())
}

use nalgebra::DMatrix;

use super::super::LowRankTruth;
use super::ky_fan_norm;
use crate::linalg::{Svd, SymmetricEigen};

/// The signal and the residual part of a factor: U = V S + V_⊥ E for X★ = V Σ Vᵀ, so that
///
/// ‖UUᵀ − X★‖ ≤ ‖Σ − SSᵀ‖ + 2‖SEᵀ‖ + ‖EEᵀ‖.
///
/// All norms are operator norms. It takes the truth: solvers never see it.
///
/// Source: Ma and Fattahi (2023), Section 4, equation (13) and Lemma 14.
///
/// ```
/// use proofsketch::random::{StreamKey, normal_matrix};
/// use proofsketch::sensing::{LowRankTruth, SignalResidual};
///
/// let key = StreamKey::from_seed(1);
/// let truth = LowRankTruth::psd(8, &[4.0, 1.0], key)?;
/// let u = normal_matrix(8, 5, key.named("U"));
/// let parts = SignalResidual::of(&truth, &u);
/// let bound = parts.signal_error() + 2.0 * parts.cross() + parts.residual();
/// assert!(truth.operator_error(&(&u * u.transpose()))? <= bound);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SignalResidual {
    sigma: DMatrix<f64>,
    signal: DMatrix<f64>,
    across: DMatrix<f64>,
}

impl SignalResidual {
    /// S and E of U ∈ ℝᵈˣʳ′.
    ///
    /// # Panics
    /// If U has another number of rows than X★.
    #[must_use]
    pub fn of(truth: &LowRankTruth, u: &DMatrix<f64>) -> Self {
        let basis = truth.left_basis();
        let signal = basis.tr_mul(u);
        // Twice, so that what rounding leaves along V is of the order of its square.
        let across = u - basis * &signal;
        let across = &across - basis * basis.tr_mul(&across);
        Self { sigma: DMatrix::from_diagonal(truth.spectrum()), signal, across }
    }

    /// S = VᵀU ∈ ℝʳˣʳ′.
    #[must_use]
    pub fn signal_part(&self) -> &DMatrix<f64> {
        &self.signal
    }

    /// V_⊥E = (I − VVᵀ)U ∈ ℝᵈˣʳ′.
    #[must_use]
    pub fn residual_part(&self) -> &DMatrix<f64> {
        &self.across
    }

    /// λ₁ ≥ … ≥ λᵣ of SSᵀ; NaN if U is not finite.
    #[must_use]
    pub fn signal_eigenvalues(&self) -> Vec<f64> {
        let r = self.signal.nrows();
        let values = Svd::new(&self.signal).map(|svd| svd.singular_values);
        let values =
            values.map_or_else(|_| vec![f64::NAN; r], |values| values.iter().map(|s| s * s).collect());
        values.into_iter().chain(std::iter::repeat(0.0)).take(r).collect()
    }

    /// ‖Σ − SSᵀ‖.
    #[must_use]
    pub fn signal_error(&self) -> f64 {
        symmetric_norm(&(&self.sigma - &self.signal * self.signal.transpose()))
    }

    /// ‖SEᵀ‖.
    #[must_use]
    pub fn cross(&self) -> f64 {
        ky_fan_norm(&(&self.signal * self.across.transpose()), 1)
    }

    /// ‖EEᵀ‖.
    #[must_use]
    pub fn residual(&self) -> f64 {
        ky_fan_norm(&self.across, 1).powi(2)
    }

    /// ‖FFᵀ‖ and ‖GGᵀ‖ of E = F + G: F = E P with P the projector on the row space of S, G the rest.
    #[must_use]
    pub fn split_residual(&self) -> (f64, f64) {
        let Ok(svd) = Svd::new(&self.signal) else { return (f64::NAN, f64::NAN) };
        let along = &self.across * &svd.v * svd.v.transpose();
        let rest = &self.across - &along;
        (ky_fan_norm(&along, 1).powi(2), ky_fan_norm(&rest, 1).powi(2))
    }
}

/// ‖M‖ of a symmetric M.
fn symmetric_norm(matrix: &DMatrix<f64>) -> f64 {
    SymmetricEigen::new(matrix).map_or(f64::NAN, |eigen| eigen.eigenvalues.amax())
}

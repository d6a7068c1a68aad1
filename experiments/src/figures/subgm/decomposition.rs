//! Signal and residual of an iterate.

use nalgebra::DMatrix;
use proofsketch::linalg::{Qr, Svd, SymmetricEigen};
use proofsketch::sensing::LowRankTruth;

use crate::error::Fault;

/// Operator norms of the parts of U, where X★ = V Σ Vᵀ, S = VᵀU, E = (I − V Vᵀ)U, F = E P for the projector P on the row
/// space of S, and G = E − F.
pub struct Decomposition {
    /// ‖Σ − S Sᵀ‖.
    pub signal: f64,
    /// ‖E Eᵀ‖.
    pub residual: f64,
    /// ‖S Eᵀ‖.
    pub cross: f64,
    /// ‖F Fᵀ‖.
    pub within: f64,
    /// ‖G Gᵀ‖.
    pub outside: f64,
    /// Eigenvalues of S Sᵀ, descending.
    pub learned: Vec<f64>,
}

impl Decomposition {
    pub fn of(truth: &LowRankTruth, u: &DMatrix<f64>) -> Result<Self, Fault> {
        let v = truth.left_basis();
        let s = v.tr_mul(u);
        let e = u - v * &s;
        let gram = &s * s.transpose();
        let row_space = Qr::new(&s.transpose())?.q();
        let f = &e * &row_space * row_space.transpose();
        let g = &e - &f;
        let missing = DMatrix::from_diagonal(truth.spectrum()) - &gram;
        let learned = SymmetricEigen::new(&gram)?.eigenvalues.iter().rev().copied().collect();
        Ok(Self {
            signal: SymmetricEigen::new(&missing)?.eigenvalues.amax(),
            residual: norm(&e)?.powi(2),
            cross: norm(&(&s * e.transpose()))?,
            within: norm(&f)?.powi(2),
            outside: norm(&g)?.powi(2),
            learned,
        })
    }
}

fn norm(a: &DMatrix<f64>) -> Result<f64, Fault> {
    Ok(Svd::new(a)?.singular_values.max())
}

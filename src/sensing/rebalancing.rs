use nalgebra::DMatrix;

use super::error::{check_finite, in_range};
use super::factor_products::multiply;
use super::{Error, Factors, StepSize};
use crate::linalg::Svd;

/// Which factor is made to have equal singular values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    /// F.
    #[default]
    F,
    /// G.
    G,
}

/// The one step that [`asymmetric_gradient_descent`](super::asymmetric_gradient_descent) is modified in: [`rebalance`],
/// once, at the first iterate with ‖Z_t‖_F ≤ γ‖(1/m) 𝒜\*(y)‖_F.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rebalancing {
    /// γ, 0 < γ < 1.
    pub gamma: f64,
    /// β; by default 0.8·‖F_tG_tᵀ‖₂^{1/2}.
    pub beta: Option<f64>,
    /// Which factor.
    pub side: Side,
    /// η from then on; by default as before. Stable for η·max(β, σ₁/β)² up to about 1.
    pub step: Option<StepSize>,
}

impl Default for Rebalancing {
    /// γ = 0.1, β by default, on F, the step as before.
    fn default() -> Self {
        Self { gamma: 0.1, beta: None, side: Side::F, step: None }
    }
}

/// Singular values of a factor below this share of the first count as zero.
const NEGLIGIBLE: f64 = f64::EPSILON;
/// The default β over ‖F Gᵀ‖₂^{1/2}.
const SHARE: f64 = 0.8;

/// F̃ = βP and G̃ = G R S/β for the thin singular value decomposition F = P S Rᵀ: F̃G̃ᵀ = F Gᵀ, and F̃ᵀF̃ = β²I makes the
/// imbalance F̃ᵀF̃ − G̃ᵀG̃ large in every direction that the product does not need.
///
/// With [`Side::G`] the same with the letters exchanged. Columns of singular values below the rounding of the first are dropped
/// from both factors.
///
/// Source: Xiong, Ding and Du, ICLR 2024, (5.1) and Theorem 5.1: gradient descent then converges at a rate that does not depend
/// on the scale of its start. The formula is this library's reading of that step.
///
/// # Errors
/// [`Error::Setting`] unless 0 < β < ∞; [`Error::Shape`] if F and G have different numbers of columns;
/// [`Error::Empty`], [`Error::MatrixNotFinite`], [`Error::Factorization`].
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sensing::{Factors, Side, rebalance};
///
/// let factors = Factors { f: dmatrix![1.0, 0.0; 0.0, 1e-6; 0.0, 0.0], g: dmatrix![1.0, 0.0; 0.0, 1e-7], loss: 0.0 };
/// let balanced = rebalance(&factors, 0.5, Side::F)?;
/// assert!((balanced.matrix() - factors.matrix()).norm() < 1e-15);
/// assert!((balanced.f.tr_mul(&balanced.f) - dmatrix![0.25, 0.0; 0.0, 0.25]).norm() < 1e-15);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn rebalance(factors: &Factors, beta: f64, side: Side) -> Result<Factors, Error> {
    in_range("beta", beta, beta > 0.0 && beta.is_finite(), "0 < beta < ∞")?;
    let (f, g) = (&factors.f, &factors.g);
    if f.is_empty() || g.nrows() == 0 {
        return Err(Error::Empty { nrows: f.nrows(), ncols: g.nrows() });
    }
    if f.ncols() != g.ncols() {
        return Err(Error::Shape { what: "G", found: g.shape(), needed: (g.nrows(), f.ncols()) });
    }
    check_finite("F", f)?;
    check_finite("G", g)?;
    let (f, g) = match side {
        Side::F => equalised(f, g, beta)?,
        Side::G => {
            let (g, f) = equalised(g, f, beta)?;
            (f, g)
        }
    };
    Ok(Factors { f, g, loss: factors.loss })
}

/// βP and G R S/β for F = P S Rᵀ.
fn equalised(f: &DMatrix<f64>, g: &DMatrix<f64>, beta: f64) -> Result<(DMatrix<f64>, DMatrix<f64>), Error> {
    let Svd { u, singular_values, v } = Svd::new(f)?;
    let least = NEGLIGIBLE * singular_values[0];
    let kept = singular_values.iter().take_while(|&&value| value > least).count().max(1);
    let mut other = multiply(g, &v.columns(0, kept).into_owned());
    for (mut column, &value) in other.column_iter_mut().zip(&singular_values) {
        column *= value / beta;
    }
    Ok((u.columns(0, kept) * beta, other))
}

impl Rebalancing {
    pub(super) fn check(&self) -> Result<(), Error> {
        let gamma = self.gamma;
        in_range("gamma", gamma, gamma > 0.0 && gamma < 1.0, "0 < gamma < 1")?;
        self.beta
            .map_or(Ok(()), |beta| in_range("beta", beta, beta > 0.0 && beta.is_finite(), "0 < beta < ∞"))
    }

    /// The factors after the step, for F Gᵀ of this norm.
    pub(super) fn applied(&self, factors: &Factors, norm: f64) -> Result<Factors, Error> {
        rebalance(factors, self.beta.unwrap_or(SHARE * norm.sqrt()), self.side)
    }
}

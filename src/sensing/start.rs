use nalgebra::DMatrix;

use super::error::{check_finite, in_range};
use super::spectral_initialization::{
    check_rank, check_scale, sign_spectral_direction, spectral_initialization,
};
use super::symmetric_iteration::dimension;
use super::{Error, MatrixSensing};
use crate::random::{StreamKey, normal_matrix};

/// Where a symmetric method starts.
#[derive(Clone, Debug, PartialEq)]
pub enum SymmetricStart {
    /// U₀ = αB of [`sign_spectral_direction`].
    SignSpectral {
        /// α, in the unit of √‖X★‖.
        alpha: f64,
    },
    /// U₀ = α times independent N(0, 1) entries, drawn from the key under the name "start".
    Random {
        /// α, in the unit of √‖X★‖.
        alpha: f64,
    },
    /// U₀ of [`spectral_initialization`], near U★ if the rank is that of X★ and m is large.
    Spectral {
        /// The share of measurements that are kept, the smallest by size: 1, or less than the share free of outliers.
        kept: f64,
    },
    /// This U₀.
    Given(DMatrix<f64>),
}

impl SymmetricStart {
    /// U₀ ∈ ℝ^{d×r′}.
    pub(super) fn factor(
        &self,
        problem: &MatrixSensing<'_>,
        rank: usize,
        key: StreamKey,
    ) -> Result<DMatrix<f64>, Error> {
        let dim = dimension(problem, "a symmetric method")?;
        check_rank(problem, rank)?;
        match self {
            Self::SignSpectral { alpha } => {
                check_scale("alpha", *alpha)?;
                Ok(sign_spectral_direction(problem, rank)? * *alpha)
            }
            Self::Random { alpha } => {
                check_scale("alpha", *alpha)?;
                Ok(normal_matrix(dim, rank, key.named("start")) * *alpha)
            }
            Self::Spectral { kept } => spectral_initialization(problem, rank, *kept),
            Self::Given(u) => {
                check_given("U₀", u, (dim, rank))?;
                Ok(u.clone())
            }
        }
    }
}

/// Where an asymmetric method starts.
#[derive(Clone, Debug, PartialEq)]
pub enum AsymmetricStart {
    /// F₀ = α F̃, G₀ = cα G̃, independent N(0, 1) entries drawn from the key under the names "f" and "g".
    ///
    /// F₀ᵀF₀ − G₀ᵀG₀ is positive definite, with n₁ = n₂ = n and n large, if √n − √k > c(√n + √k); at c = 1/3, if n > 4k.
    Imbalanced {
        /// α, in the unit of √‖X★‖.
        alpha: f64,
        /// c.
        ratio: f64,
    },
    /// These F₀ and G₀.
    Given {
        /// F₀ ∈ ℝ^{n₁×k}.
        f: DMatrix<f64>,
        /// G₀ ∈ ℝ^{n₂×k}.
        g: DMatrix<f64>,
    },
}

impl AsymmetricStart {
    /// F₀ and G₀.
    pub(super) fn factors(
        &self,
        problem: &MatrixSensing<'_>,
        rank: usize,
        key: StreamKey,
    ) -> Result<(DMatrix<f64>, DMatrix<f64>), Error> {
        check_rank(problem, rank)?;
        let (nrows, ncols) = problem.shape();
        match self {
            Self::Imbalanced { alpha, ratio } => {
                check_scale("alpha", *alpha)?;
                in_range("ratio", *ratio, ratio.is_finite() && *ratio >= 0.0, "0 ≤ ratio < ∞")?;
                let f = normal_matrix(nrows, rank, key.named("f")) * *alpha;
                Ok((f, normal_matrix(ncols, rank, key.named("g")) * (*alpha * *ratio)))
            }
            Self::Given { f, g } => {
                check_given("F₀", f, (nrows, rank))?;
                check_given("G₀", g, (ncols, rank))?;
                Ok((f.clone(), g.clone()))
            }
        }
    }
}

fn check_given(what: &'static str, matrix: &DMatrix<f64>, needed: (usize, usize)) -> Result<(), Error> {
    let found = matrix.shape();
    if found == needed { check_finite(what, matrix) } else { Err(Error::Shape { what, found, needed }) }
}

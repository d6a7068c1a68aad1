use nalgebra::DMatrix;

use super::error::check_exponent;
use super::{Error, LewisSettings, LewisStep, RowBasis};
use crate::linalg::{Qr, solve_upper_triangular_transpose};
use crate::solve::{Report, Status};

/// Lewis weights w of the rows of A, with what is known of them.
#[derive(Clone, Debug, PartialEq)]
pub struct LewisWeights {
    /// wᵢ ≥ 0, zero for rows of zeros alone. At the fixed point Σwᵢ = rank A.
    pub weights: Vec<f64>,
    /// p.
    pub p: f64,
    /// γ = minᵢ wᵢ/τᵢ(W^(1/2−1/p)A): the weights are γ-one-sided Lewis weights, γ = 1 at the fixed point.
    pub gamma: f64,
    /// maxᵢ |ln(f(w)ᵢ/wᵢ)| over rows that are not zero.
    pub residual: f64,
}

impl LewisWeights {
    /// Σwᵢ.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.weights.iter().sum()
    }
}

/// One iteration.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LewisRecord {
    /// maxᵢ |ln(f(w)ᵢ/wᵢ)| of the iterate before the step.
    pub residual: f64,
    /// θ of the step.
    pub theta: f64,
}

/// The ℓp Lewis weights of the rows of A: the w ≥ 0 with wᵢ = τᵢ(W^(1/2−1/p)A), 0 < p < ∞.
///
/// # Errors
/// [`Error::Exponent`] unless 0 < p < ∞; [`Error::Setting`]; [`Error::Factorization`].
pub fn lewis_weights(
    basis: &RowBasis,
    p: f64,
    settings: &LewisSettings,
) -> Result<Report<LewisWeights, LewisRecord>, Error> {
    check_exponent(p, |p| p > 0.0, "0 < p < ∞")?;
    settings.check()?;
    let live = live_rows(basis);
    let mut weights = vec![basis.rank() as f64 / live.len() as f64; live.len()];
    let rows = basis.q().select_rows(&live);
    let (mut history, mut status) = (Vec::new(), Status::IterationLimit);
    for _ in 0..settings.max_iterations {
        let image = lewis_map(&rows, &weights, p)?;
        let residual = residual(&weights, &image);
        let theta = match settings.step {
            LewisStep::Damped(theta) => theta,
            LewisStep::Automatic => {
                if p <= 2.0 {
                    1.0
                } else {
                    4.0 / (p + 2.0)
                }
            }
        };
        history.push(LewisRecord { residual, theta });
        if residual <= settings.tolerance {
            status = Status::Converged;
            break;
        }
        for (weight, image) in weights.iter_mut().zip(&image) {
            *weight = weight.powf(1.0 - theta) * image.powf(theta);
        }
    }
    let image = lewis_map(&rows, &weights, p)?;
    let gamma = weights
        .iter()
        .zip(&image)
        .map(|(weight, image)| weight / (weight.powf(1.0 - 2.0 / p) * image.powf(2.0 / p)))
        .fold(f64::INFINITY, f64::min);
    let residual = residual(&weights, &image);
    let mut all = vec![0.0; basis.nrows()];
    live.iter().zip(&weights).for_each(|(&i, &weight)| all[i] = weight);
    Ok(Report { solution: LewisWeights { weights: all, p, gamma, residual }, status, history })
}

fn live_rows(basis: &RowBasis) -> Vec<usize> {
    let mut zero = basis.zero_rows().iter().copied().peekable();
    (0..basis.nrows()).filter(|&i| zero.next_if_eq(&i).is_none()).collect()
}

/// f(w)ᵢ = (qᵢᵀ(Qᵀ W^(1−2/p) Q)⁻¹qᵢ)^(p/2), from the QR factorization of W^(1/2−1/p)Q.
fn lewis_map(q: &DMatrix<f64>, weights: &[f64], p: f64) -> Result<Vec<f64>, Error> {
    let mut scaled = q.clone();
    for (mut row, weight) in scaled.row_iter_mut().zip(weights) {
        row *= weight.powf(0.5 - 1.0 / p);
    }
    let z = solve_upper_triangular_transpose(&Qr::new(&scaled)?.r(), &q.transpose())?;
    Ok(z.column_iter().map(|z| z.norm_squared().powf(p / 2.0)).collect())
}

fn residual(weights: &[f64], image: &[f64]) -> f64 {
    weights.iter().zip(image).map(|(weight, image)| (image / weight).ln().abs()).fold(0.0, f64::max)
}

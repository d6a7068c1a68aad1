use nalgebra::{DMatrix, DVector};

use super::super::compressed::Compressed;
use super::super::factor::Factor;
use super::super::{Error, MatrixCompletion};
use super::pattern_factor::{pattern_factor, pattern_sums};
use super::standardization::Standardization;
use super::{BiasedFactorization, Penalty, Settings};
use crate::linalg::gram;

/// What [`solve`](super::solve) minimises, written down as it is defined:
///
/// F = Σ_Ω w_ij (M_ij − μ − bᵢ − cⱼ − uᵢᵀvⱼ)² + λ(Σ ωᵢ‖uᵢ‖² + Σ ωⱼ‖vⱼ‖²) + λ_b(Σ ωᵢbᵢ² + Σ ωⱼcⱼ²) + P,
///
/// with ωᵢ = 1 for [`Penalty::PerRow`] and ωᵢ = Σⱼ w_ij for [`Penalty::PerEntry`]. P is 0 without
/// [`Settings::pattern`] = ω; with it, B = 1_Ω is factorised as well, by the same U and by the same V,
///
/// P = min over Y, Z of ω(‖σB − U Yᵀ‖_F² + ‖σB − Z Vᵀ‖_F²) + λ(Σ ωⱼ‖yⱼ‖² + Σ ωᵢ‖zᵢ‖²),
///
/// σ the standard deviation of the observed values. Clipping plays no part in F. Cost: |Ω|k + (m + n)k² flops.
///
/// # Errors
/// As [`solve`](super::solve).
///
/// # Panics
/// If the model is not of the shape of the problem.
pub fn objective(
    problem: &MatrixCompletion,
    model: &BiasedFactorization,
    settings: &Settings,
) -> Result<f64, Error> {
    settings.check(problem)?;
    let shape = (problem.nrows(), problem.ncols());
    assert_eq!((model.u.nrows(), model.v.nrows()), shape, "the model is of another shape than the problem");
    let sigma = Standardization::new(problem, settings.biases).sigma;
    let (ridge, bias_ridge) = (settings.scaled_ridge(sigma) * sigma, settings.bias_ridge());
    let unclipped = BiasedFactorization { range: None, ..model.clone() };
    let (mut sum, mut rows, mut columns) = (0.0, vec![0.0; shape.0], vec![0.0; shape.1]);
    for (place, (i, j, value)) in problem.triplets().enumerate() {
        let weight = problem.weights().map_or(1.0, |weights| weights[place]);
        let (i, j) = (i as usize, j as usize);
        sum += weight * (value - unclipped.predict(i, j)).powi(2);
        rows[i] += weight;
        columns[j] += weight;
    }
    for count in rows.iter_mut().chain(&mut columns) {
        *count = if settings.penalty == Penalty::PerRow || *count == 0.0 { 1.0 } else { *count };
    }
    let penalty = |factor: &DMatrix<f64>, biases: &DVector<f64>, counts: &[f64]| -> f64 {
        let line = |(i, count): (usize, &f64)| {
            count * (ridge * factor.row(i).norm_squared() + bias_ridge * biases[i].powi(2))
        };
        counts.iter().enumerate().map(line).sum()
    };
    sum += penalty(&model.u, &model.row_biases, &rows) + penalty(&model.v, &model.column_biases, &columns);
    if let Some(weight) = settings.pattern_weight() {
        let pattern = Pattern { weight, sigma, ridge };
        sum += pattern.least(&problem.by_columns, &model.u, &columns)?;
        sum += pattern.least(&problem.by_rows, &model.v, &rows)?;
    }
    Ok(sum)
}

struct Pattern {
    weight: f64,
    sigma: f64,
    ridge: f64,
}

impl Pattern {
    /// min over Y of ω‖σB − U Yᵀ‖_F² + λ Σ ωⱼ‖yⱼ‖², by Pythagoras ω(σ²|Ω| − ⟨Y, σBᵀU⟩) for the best Y.
    fn least(&self, lines: &Compressed, u: &DMatrix<f64>, counts: &[f64]) -> Result<f64, Error> {
        let sums = pattern_sums(lines, &Factor::from_matrix(u)) * self.sigma;
        let y = pattern_factor(&gram(u), &sums, self.weight, |j| self.ridge * counts[j])?;
        let total = lines.indices.len() as f64 * self.sigma * self.sigma;
        Ok(self.weight * (total - y.dot(&sums)))
    }
}

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::super::factor::Factor;
use super::super::half_step::blocks;
use super::super::{Error, MatrixCompletion};
use super::pattern_factor::{pattern_factor, pattern_sums};
use super::side::{Lines, SideFactors, Weights};
use super::standardization::Standardization;
use super::{BiasedFactorization, Penalty, Settings};

/// What [`solve`](super::solve) minimises, written down as it is defined:
///
/// F = Σ_Ω w_ij (M_ij − μ − bᵢ − cⱼ − uᵢᵀvⱼ)² + λ(Σ ωᵢ‖uᵢ‖² + Σ ωⱼ‖vⱼ‖²) + λ_b(Σ ωᵢbᵢ² + Σ ωⱼcⱼ²) + P,
///
/// with ωᵢ = 1 for [`Penalty::PerRow`] and ωᵢ = Σⱼ w_ij for [`Penalty::PerEntry`]. P is 0 without
/// [`Settings::pattern`] = ω; with it, B = 1_Ω is factorised as well, by the same U and by the same V,
///
/// P = min over Y, Z of ω‖σB − U Yᵀ‖_F² + ω‖σB − Z Vᵀ‖_F² + λ(Σ ωⱼ‖yⱼ‖² + Σ ωᵢ‖zᵢ‖²),
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
    assert_eq!(
        (model.u.nrows(), model.v.nrows()),
        (problem.nrows(), problem.ncols()),
        "the model is of another shape than the problem"
    );
    let sigma = Standardization::new(problem, settings.biases).sigma;
    let (ridge, bias_ridge) = (settings.scaled_ridge(sigma) * sigma, settings.bias_ridge());
    let unclipped = BiasedFactorization { range: None, ..model.clone() };
    let weight = |place: usize| problem.weights().map_or(1.0, |weights| weights[place]);
    let (mut sum, mut rows, mut columns) = (0.0, vec![0.0; problem.nrows()], vec![0.0; problem.ncols()]);
    for (place, (i, j, value)) in problem.triplets().enumerate() {
        let (i, j) = (i as usize, j as usize);
        sum += weight(place) * (value - unclipped.predict(i, j)).powi(2);
        rows[i] += weight(place);
        columns[j] += weight(place);
    }
    let counts = |totals: Vec<f64>| match settings.penalty {
        Penalty::PerRow => vec![1.0; totals.len()],
        Penalty::PerEntry => totals,
    };
    let (rows, columns) = (counts(rows), counts(columns));
    let penalty = |factor: &DMatrix<f64>, biases: &DVector<f64>, counts: &[f64]| -> f64 {
        let line = |(i, count): (usize, &f64)| {
            count * (ridge * factor.row(i).norm_squared() + bias_ridge * biases[i].powi(2))
        };
        counts.iter().enumerate().map(line).sum()
    };
    sum += penalty(&model.u, &model.row_biases, &rows);
    sum += penalty(&model.v, &model.column_biases, &columns);
    if let Some(pattern) = settings.pattern_weight() {
        let (by_rows, by_columns) = (&problem.by_rows, &problem.by_columns);
        for (factor, lines, counts) in [(&model.u, by_columns, &columns), (&model.v, by_rows, &rows)] {
            let factor = Factor::from_matrix(factor);
            let sums = pattern_sums(lines, &factor, factor.nrows())
                .times(&(DMatrix::identity(model.rank(), model.rank()) * sigma));
            let best = pattern_factor(&factor, &sums, pattern, |line| ridge * counts[line])?;
            let explained = best.to_matrix().dot(&sums.to_matrix());
            sum += pattern * (problem.observed() as f64 * sigma * sigma - explained);
        }
    }
    Ok(sum)
}

/// Σ_Ω w_ij (z_ij − bᵢ − cⱼ − uᵢᵀvⱼ)² from the rows' side, in standardised units.
pub(super) fn squared_error(lines: &Lines, rows: &SideFactors, columns: &SideFactors) -> f64 {
    let partial: Vec<f64> = blocks(lines.offsets())
        .into_par_iter()
        .map(|block| block.map(|i| line_error(lines, i, rows, columns)).sum())
        .collect();
    partial.iter().sum()
}

fn line_error(lines: &Lines, i: usize, rows: &SideFactors, columns: &SideFactors) -> f64 {
    let u = rows.factor.row(i);
    let mut sum = 0.0;
    for (j, value, weight) in lines.ratings(i) {
        let product: f64 = u.iter().zip(columns.factor.row(j)).map(|(u, v)| u * v).sum();
        sum += weight * (value - rows.biases[i] - columns.biases[j] - product).powi(2);
    }
    sum
}

/// λ Σ ωᵢ‖uᵢ‖² + λ_b Σ ωᵢbᵢ² of one side, in standardised units.
pub(super) fn penalty(lines: &Lines, own: &SideFactors, weights: &Weights) -> f64 {
    let line = |i: usize| {
        let square: f64 = own.factor.row(i).iter().map(|entry| entry * entry).sum();
        lines.count(i) * (weights.ridge * square + weights.bias_ridge * own.biases[i].powi(2))
    };
    (0..own.biases.len()).map(line).sum()
}

//! A certificate that X★ minimises the ℓ₁ risk.

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::Cholesky;
use proofsketch::sensing::MeasurementMap;

use super::instance::Instance;
use crate::error::Fault;

/// Rounds of alternating projections.
const ROUNDS: usize = 400;
/// Weights are drawn into this interval around 0 between projections.
const INSIDE: f64 = 0.9;

/// The least max |wᵢ| found among w with wᵢ = sign(sᵢ) where sᵢ ≠ 0 and Σ wᵢ Aᵢ = 0, the maximum taken over the other i.
///
/// Below 1 it proves that X★ alone minimises Σ |⟨Aᵢ, X⟩ − yᵢ| over all symmetric X, if those other Aᵢ span them: w is then a
/// subgradient of the sum at 𝒜(X★) that is orthogonal to the range of 𝒜. Infinite where fewer Aᵢ are left than needed to
/// span. A value of 1 or more proves nothing.
pub fn dual_certificate(instance: &Instance) -> Result<f64, Fault> {
    let clean_data = instance.truth.measured_by(&instance.map);
    let noise = &instance.y - clean_data;
    let (dim, _) = instance.map.shape();
    let length = dim * (dim + 1) / 2;
    let (hit, clean): (Vec<usize>, Vec<usize>) = (0..noise.len()).partition(|&i| noise[i] != 0.0);
    if clean.len() <= length {
        return Ok(f64::INFINITY);
    }
    let mut forced = DVector::zeros(length);
    for &i in &hit {
        forced += vectorized(&instance.map.matrix(i)) * noise[i].signum();
    }
    let mut columns = DMatrix::zeros(length, clean.len());
    for (j, &i) in clean.iter().enumerate() {
        columns.set_column(j, &vectorized(&instance.map.matrix(i)));
    }
    let gram = Cholesky::new(&(&columns * columns.transpose()))?;
    let (mut w, mut least) = (DVector::zeros(clean.len()), f64::INFINITY);
    for _ in 0..ROUNDS {
        let excess = &columns * &w + &forced;
        let excess = DMatrix::from_column_slice(length, 1, excess.as_slice());
        w -= columns.tr_mul(&gram.solve(&excess)).column(0);
        least = least.min(w.amax());
        if least < 1.0 - 1e-6 {
            break;
        }
        w.apply(|value| *value = value.clamp(-INSIDE, INSIDE));
    }
    Ok(least)
}

/// The upper triangle, √2 times off the diagonal: an isometry of symmetric matrices.
fn vectorized(a: &DMatrix<f64>) -> DVector<f64> {
    let dim = a.nrows();
    let entries = (0..dim).flat_map(|j| (0..=j).map(move |i| (i, j)));
    let values = entries.map(|(i, j)| if i == j { a[(i, j)] } else { std::f64::consts::SQRT_2 * a[(i, j)] });
    DVector::from_iterator(dim * (dim + 1) / 2, values)
}

//! Lewis weights choose rows for the ℓ₁ norm: as many as are asked for, whose norm is that of all of them.

use nalgebra::DVector;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{LewisSettings, RowBasis, instances, lewis_weights};
use proofsketch::sketch::{RowSampling, SketchDistribution, SketchOperator};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = StreamKey::from_seed(1);
    let a = instances::heavy_tails(20_000, 5, 1.0, key.named("data"));
    let basis = RowBasis::new(&a)?;
    let weights = lewis_weights(&basis, 1.0, &LewisSettings::default())?.solution.weights;
    println!("the weights sum to {:.6}, the rank", weights.iter().sum::<f64>());
    let rows = RowSampling::from_scores(&weights, 2000.0, 1.0)?.sample(key.named("rows"));
    let y = &a * DVector::from_element(5, 1.0);
    let norm = |v: &DVector<f64>| v.iter().map(|entry| entry.abs()).sum::<f64>();
    let ratio = norm(&rows.sketch_vector(&y)) / norm(&y);
    println!("{} rows of {}: ‖SAx‖₁/‖Ax‖₁ = {ratio:.3}", rows.kept().len(), a.nrows());
    assert!((ratio - 1.0).abs() < 0.2, "the norm is kept");
    Ok(())
}

//! A 200 × 150 matrix of rank 3 from six times its degrees of freedom: exact but for rounding.

use proofsketch::completion::{Instance, LowRankMatrix, ObservationModel, Settings, Spectrum, solve};
use proofsketch::random::StreamKey;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = StreamKey::from_seed(1);
    let truth = LowRankMatrix::incoherent((200, 150), 3, Spectrum::Flat, key.named("truth"))?;
    let model = ObservationModel::oversampled(6.0, truth.shape(), 3);
    let instance = Instance::draw_determined(truth, model, key.named("entries"))?;
    let settings = Settings { validation: 0.0, ..Settings::of_rank(3) };
    let report = solve(&instance.problem, &settings, key.named("solver"))?;
    let error = instance.relative_error(&report.solution.u, &report.solution.v)?;
    println!("{} iterations, {:?}", report.history.len(), report.status);
    println!("relative error over all entries: {error:.1e}");
    assert!(error < 1e-6, "rank 3 is recovered");
    Ok(())
}

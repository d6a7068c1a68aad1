//! A 20 × 20 matrix of rank 3 from 1000 measurements, a tenth of them grossly wrong, with the rank unknown.

use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    Loss, LowRankTruth, MeasurementNoise, OutlierLaw, PackedGaussian, SensingInstance, StepNorm,
    StepSchedule, SubgradientSettings, SymmetricStart, subgradient_method,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let key = StreamKey::from_seed(1);
    let truth = LowRankTruth::psd(20, &[10.0, 5.0, 1.0], key.named("truth"))?;
    let map = Box::new(PackedGaussian::draw(20, 1000, key.named("map"))?);
    let noise = MeasurementNoise::outliers(0.1, OutlierLaw::Normal { deviation: 100.0 });
    let instance = SensingInstance::measure(truth.clone(), map, &noise, key.named("noise"))?;
    let settings = SubgradientSettings {
        rank: 20,
        loss: Loss::L1,
        start: SymmetricStart::SignSpectral { alpha: 1e-12 },
        schedule: StepSchedule::Geometric { eta: 1.0, decay: 0.985, norm: StepNorm::Symmetric },
        tol: 0.0,
        max_iterations: 2800,
    };
    let u = subgradient_method(&instance.problem()?, &settings, key.named("solver"))?.solution.u;
    let error = truth.frobenius_error(&(&u * u.transpose())) / truth.matrix().norm();
    println!("relative error at search rank 20 for rank 3: {error:.1e}");
    assert!(error < 1e-6, "outliers are not seen");
    Ok(())
}

//! Sign-RIP and what it says of losses.

use nalgebra::{DMatrix, DVector};

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::check;
use crate::random::StreamKey;
use crate::sensing::{
    ExpectedLoss, MeasurementMap, MeasurementNoise, OutlierLaw, PackedGaussian, RankOne, SignRip,
    SquaredLossDirection, sign,
};
use crate::testing::symmetric_points;

const DIM: usize = 20;
const MEASUREMENTS: usize = 2000;
const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![sign_rip(), expected_loss(), squared_loss_direction()]
}

/// diag(10, 5, 1), scaled to norm 1.
fn unit_block() -> DMatrix<f64> {
    let block = symmetric_points(DIM).swap_remove(1);
    let norm = block.norm();
    block / norm
}

fn noise_of(noise: &MeasurementNoise, m: usize, key: StreamKey) -> DVector<f64> {
    noise.added_to(&DVector::zeros(m), key.named("noise")).expect(SETTINGS)
}

fn outliers(share: f64, deviation: f64) -> MeasurementNoise {
    MeasurementNoise::outliers(share, OutlierLaw::Normal { deviation })
}

type Directions = Box<dyn Fn(&[DMatrix<f64>], StreamKey) -> Vec<DMatrix<f64>> + Sync>;
type Draw = fn(StreamKey) -> Box<dyn MeasurementMap>;

fn gaussian(key: StreamKey) -> Box<dyn MeasurementMap> {
    Box::new(PackedGaussian::draw(DIM, MEASUREMENTS, key).expect(SETTINGS))
}

/// The theorem held against the mean of weight(⟨Aᵢ, X⟩ − sᵢ) Aᵢ over a map that a function draws.
fn rip(noise: MeasurementNoise, draw: Draw, weight: fn(f64) -> f64) -> SignRip<Directions> {
    let directions: Directions = Box::new(move |points, key| {
        let map = draw(key.named("map"));
        let s = noise_of(&noise, map.measurements(), key);
        points.iter().map(|x| map.fused(x, &s, &weight).gradient).collect()
    });
    SignRip { dim: DIM, rank: 3, measurements: MEASUREMENTS, noise, points: 4, t: 3.5, directions }
}

fn sign_rip() -> Theorem {
    let statement = "‖Q(X) − φ(X)X/‖X‖_F‖₍ₖ₎ ≤ (√k(√(2d) + √(2/π)) + (1 + √(2 + 4/π))t)/√m at N points, but for 3N exp(−t²/2)";
    Theorem::new("sensing", "SignRip", Kind::Explicit, statement)
        .held("Gaussian map, d = 20, m = 2000, k = 3, half of the data N(0, 10¹²)", 120, |trials, key| {
            check(&rip(outliers(0.5, 1e6), gaussian, sign), &symmetric_points(DIM), trials, ALPHA, key)
        })
        .held("the same without noise", 120, |trials, key| {
            check(&rip(MeasurementNoise::NONE, gaussian, sign), &symmetric_points(DIM), trials, ALPHA, key)
        })
        .mutant("the residual itself for its sign, under outliers", 80, |trials, key| {
            check(&rip(outliers(0.3, 10.0), gaussian, |r| r), &symmetric_points(DIM), trials, ALPHA, key)
        })
        .mutant("the other sign", 80, |trials, key| {
            check(
                &rip(outliers(0.3, 10.0), gaussian, |r| -sign(r)),
                &symmetric_points(DIM),
                trials,
                ALPHA,
                key,
            )
        })
        .mutant("aaᵀ for A, which is not centred", 80, |trials, key| {
            let squares: Draw =
                |key| Box::new(RankOne::draw_symmetric(DIM, MEASUREMENTS, key).expect(SETTINGS));
            check(&rip(MeasurementNoise::NONE, squares, sign), &symmetric_points(DIM), trials, ALPHA, key)
        })
        .outside("a point that is not symmetric", |trials, key| {
            let mut skew = symmetric_points(DIM);
            skew[1][(0, 1)] = 1.0;
            check(&rip(MeasurementNoise::NONE, gaussian, sign), &skew, trials, ALPHA, key)
        })
}

fn expected_loss() -> Theorem {
    type LossOf = fn(&DMatrix<f64>, StreamKey) -> f64;
    let ours: LossOf = |delta, key| {
        let map = PackedGaussian::draw(DIM, 500, key).expect(SETTINGS);
        map.fused(delta, &DVector::zeros(500), &sign).mean_absolute()
    };
    let squared: LossOf = |delta, key| {
        let map = PackedGaussian::draw(DIM, 500, key).expect(SETTINGS);
        map.fused(delta, &DVector::zeros(500), &sign).root_mean_square()
    };
    let of = |t, loss: LossOf| ExpectedLoss { measurements: 500, t, loss };
    let block = || symmetric_points(DIM).swap_remove(1);
    let statement = "|‖𝒜(Δ)‖₁/(m‖Δ‖_F) − √(2/π)| ≤ t/√m, but for 2 exp(−t²/2)";
    Theorem::new("sensing", "ExpectedLoss", Kind::Explicit, statement)
        .held("Gaussian map, d = 20, m = 500, Δ = diag(10, 5, 1)", 300, move |trials, key| {
            check(&of(2.5, ours), &block(), trials, ALPHA, key)
        })
        .mutant("root mean square for mean absolute value", 80, move |trials, key| {
            check(&of(3.5, squared), &block(), trials, ALPHA, key)
        })
        .outside("Δ = 0", move |trials, key| {
            check(&of(2.5, ours), &DMatrix::zeros(DIM, DIM), trials, ALPHA, key)
        })
}

fn squared_loss_direction() -> Theorem {
    fn of(
        noise: MeasurementNoise,
        weight: fn(f64) -> f64,
    ) -> SquaredLossDirection<impl Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync> {
        let direction = move |x: &DMatrix<f64>, key: StreamKey| {
            let map = PackedGaussian::draw(DIM, 500, key.named("map")).expect(SETTINGS);
            map.fused(x, &noise_of(&noise, 500, key), &weight).gradient
        };
        SquaredLossDirection { dim: DIM, measurements: 500, noise, direction }
    }
    let statement = "‖Q₂(X) − X‖_F ≥ (d/2)√((‖X‖_F² + pσ²)/m) for the squared loss, but for 1/2";
    Theorem::new("sensing", "SquaredLossDirection", Kind::Explicit, statement)
        .held("Gaussian map, d = 20, m = 500, a tenth of the data N(0, 10⁶)", 180, |trials, key| {
            check(&of(outliers(0.1, 1e3), |r| r), &unit_block(), trials, ALPHA, key)
        })
        .mutant("the sign, which escapes it", 60, |trials, key| {
            check(&of(outliers(0.1, 1e3), sign), &unit_block(), trials, ALPHA, key)
        })
        .outside("Cauchy outliers, without a variance", |trials, key| {
            let cauchy = MeasurementNoise::outliers(0.1, OutlierLaw::Cauchy { scale: 1.0 });
            check(&of(cauchy, |r| r), &unit_block(), trials, ALPHA, key)
        })
}

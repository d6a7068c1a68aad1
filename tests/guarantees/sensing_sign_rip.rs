//! Sign-RIP and what it says of losses, held against measurement maps and mutants of the sign.

use nalgebra::DMatrix;
use proofsketch::guarantee::{
    Guarantee, MomentTest, Verdict, check, fit_exponent, mean_test_estimated, outcomes,
};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    ExpectedLoss, MeasurementMap, MeasurementNoise, OutlierLaw, PackedGaussian, RankOne, SignRip,
    SketchMeasurements, SquaredLossDirection, sign, sign_direction,
};
use proofsketch::sketch::{Rademacher, SketchDistribution};
use proofsketch::testing::symmetric_points;

use crate::common::seed;
use crate::completion_iteration::told;

const ALPHA: f64 = 1e-6;
const DIM: usize = 20;
const MEASUREMENTS: usize = 2000;

/// s of m measurements.
fn noise_of(noise: &MeasurementNoise, m: usize, key: StreamKey) -> nalgebra::DVector<f64> {
    noise.added_to(&nalgebra::DVector::zeros(m), key.named("noise")).unwrap()
}

type Directions = dyn Fn(&[DMatrix<f64>], StreamKey) -> Vec<DMatrix<f64>> + Sync;

/// The theorem held against the mean of weight(⟨Aᵢ, X⟩ − sᵢ) Aᵢ over a map that a function draws.
fn theorem(
    rank: usize,
    noise: MeasurementNoise,
    draw: impl Fn(StreamKey) -> Box<dyn MeasurementMap> + Sync + 'static,
    weight: fn(f64) -> f64,
) -> SignRip<Box<Directions>> {
    let directions = move |points: &[DMatrix<f64>], key: StreamKey| {
        let map = draw(key.named("map"));
        let s = noise_of(&noise, map.measurements(), key);
        points.iter().map(|x| map.fused(x, &s, &weight).gradient).collect()
    };
    let directions = Box::new(directions);
    SignRip { dim: DIM, rank, measurements: MEASUREMENTS, noise, points: 4, t: 3.5, directions }
}

fn gaussian(key: StreamKey) -> Box<dyn MeasurementMap> {
    Box::new(PackedGaussian::draw(DIM, MEASUREMENTS, key).unwrap())
}

fn laws() -> Vec<(&'static str, MeasurementNoise)> {
    let outliers = MeasurementNoise::outliers;
    vec![
        ("clean", MeasurementNoise::NONE),
        ("p = 0.1, sd 10", outliers(0.1, OutlierLaw::Normal { deviation: 10.0 })),
        ("p = 0.5, sd 1e6", outliers(0.5, OutlierLaw::Normal { deviation: 1e6 })),
        ("p = 0.9, ±1", outliers(0.9, OutlierLaw::Fixed { magnitude: 1.0 })),
        ("p = 0.3, uniform", outliers(0.3, OutlierLaw::Uniform { bound: 3.0 })),
        ("p = 0.4, Cauchy", outliers(0.4, OutlierLaw::Cauchy { scale: 2.0 })),
        ("ν = 1", MeasurementNoise::gaussian(1.0)),
        ("both", MeasurementNoise { deviation: 2.0, ..outliers(0.2, OutlierLaw::Fixed { magnitude: 4.0 }) }),
    ]
}

#[test]
fn gaussian_maps_have_sign_rip() {
    for (name, noise) in laws() {
        for rank in [1, 3, DIM] {
            let theorem = theorem(rank, noise, gaussian, sign);
            let evidence =
                check(&theorem, &symmetric_points(DIM), 120, ALPHA, seed().named("sign-rip").named(name));
            let verdict = told(&format!("{name}, k = {rank}"), &evidence);
            assert_eq!(evidence.failures, 0);
            assert_eq!(verdict, Verdict::Supported, "δ = {}", theorem.failure_probability());
        }
    }
}

/// φ to five standard errors: ⟨Q(X), X̂⟩ is the mean of m terms of variance at most 1.
#[test]
fn the_scaling_function_is_the_mean_along_x() {
    let m = 60_000;
    let map = PackedGaussian::draw(5, m, seed().named("scaling")).unwrap();
    for norm in [0.3, 2.236, 30.0] {
        let x = DMatrix::from_fn(5, 5, |i, j| if i == j && i < 2 { norm / 2.0_f64.sqrt() } else { 0.0 });
        for (name, noise) in laws() {
            let s = noise_of(&noise, m, seed().named("scaling").named(name));
            let along = sign_direction(&map, &x, &s).dot(&x) / x.norm();
            let off = (along - noise.sign_scaling(x.norm())).abs() * (m as f64).sqrt();
            assert!(off < 5.0, "{name}, ‖X‖ = {norm}: φ is off by {off} standard errors");
        }
    }
}

/// The formulas of the laws against their integrals, by the trapezoidal rule, which is spectrally accurate here.
#[test]
fn the_averages_over_outliers_are_their_integrals() {
    let (norm, steps) = (1.5, 200_000);
    let average = |density: &dyn Fn(f64) -> f64| {
        let h = 40.0 / f64::from(steps);
        (0..=steps)
            .map(|i| f64::from(i) * h - 20.0)
            .map(|s| density(s) * (-s * s / (2.0 * norm * norm)).exp() * h)
            .sum::<f64>()
    };
    let pi = std::f64::consts::PI;
    let cases: [(OutlierLaw, f64, f64); 3] = [
        (
            OutlierLaw::Normal { deviation: 2.0 },
            average(&|s| (-s * s / 8.0).exp() / (8.0 * pi).sqrt()),
            1e-12,
        ),
        (OutlierLaw::Cauchy { scale: 0.7 }, average(&|s| 0.7 / (pi * (0.49 + s * s))), 1e-9),
        (OutlierLaw::Uniform { bound: 2.5 }, average(&|s| if s.abs() <= 2.5 { 0.2 } else { 0.0 }), 1e-4),
    ];
    for (law, integral, tolerance) in cases {
        let clean = MeasurementNoise::NONE.sign_scaling(norm);
        let ratio = MeasurementNoise::outliers(1.0, law).sign_scaling(norm) / clean;
        assert!((ratio - integral).abs() < tolerance, "{law:?}: {ratio} against {integral}");
    }
    // Outliers at p = 1 that are N(0, ν²) are Gaussian noise, the two formulas one.
    let all = MeasurementNoise::outliers(1.0, OutlierLaw::Normal { deviation: 3.0 });
    let difference = all.sign_scaling(norm) - MeasurementNoise::gaussian(3.0).sign_scaling(norm);
    assert!(difference.abs() < 1e-15);
    // Both branches of the Cauchy law meet.
    let at = |scale: f64| MeasurementNoise::outliers(1.0, OutlierLaw::Cauchy { scale }).sign_scaling(1.0);
    assert!((at(24.999_999) / at(25.000_001) - 1.0 - 8e-8).abs() < 1e-9);
}

#[test]
fn what_is_no_sign_is_refuted() {
    let key = seed().named("sign mutants");
    let outliers = MeasurementNoise::outliers(0.3, OutlierLaw::Normal { deviation: 10.0 });
    let residual: fn(f64) -> f64 = |residual| residual;
    let flipped: fn(f64) -> f64 = |residual| -sign(residual);
    let clipped: fn(f64) -> f64 = |residual| residual.clamp(-0.5, 0.5);
    let verdicts = [
        told(
            "the residual itself",
            &check(
                &theorem(3, MeasurementNoise::NONE, gaussian, residual),
                &symmetric_points(DIM),
                80,
                ALPHA,
                key,
            ),
        ),
        told(
            "… under outliers",
            &check(&theorem(3, outliers, gaussian, residual), &symmetric_points(DIM), 80, ALPHA, key),
        ),
        told(
            "the other sign",
            &check(&theorem(3, outliers, gaussian, flipped), &symmetric_points(DIM), 80, ALPHA, key),
        ),
        told(
            "clipped, not scaled",
            &check(&theorem(3, outliers, gaussian, clipped), &symmetric_points(DIM), 80, ALPHA, key),
        ),
    ];
    assert_eq!(verdicts, [Verdict::Refuted; 4]);
    // φ of other noise than there is.
    let believed = SignRip { noise: MeasurementNoise::NONE, ..theorem(3, outliers, gaussian, sign) };
    let verdict =
        told("φ without 1 − p", &check(&believed, &symmetric_points(DIM)[..].to_vec(), 80, ALPHA, key));
    assert_ne!(
        verdict,
        Verdict::Refuted,
        "a bound of this size cannot tell 0.8 from 0.56; the test of φ does"
    );
}

/// aaᵀ is not centred: Q(X) is near the identity for X ⪰ 0, whatever X is.
#[test]
fn rank_one_maps_have_no_sign_rip() {
    let draw = |key| -> Box<dyn MeasurementMap> {
        Box::new(RankOne::draw_symmetric(DIM, MEASUREMENTS, key).unwrap())
    };
    let verdict = told(
        "aaᵀ",
        &check(
            &theorem(3, MeasurementNoise::NONE, draw, sign),
            &symmetric_points(DIM),
            80,
            ALPHA,
            seed().named("rank one"),
        ),
    );
    assert_eq!(verdict, Verdict::Refuted);
}

/// Signs for entries are no Gaussian ones: at an X of one entry the residual has one size, and φ = 1.
#[test]
fn rademacher_maps_miss_the_scaling_at_one_entry() {
    let key = seed().named("rademacher");
    let m = 40_000;
    let mut corner = DMatrix::zeros(4, 4);
    corner[(0, 0)] = 1.0;
    let map = SketchMeasurements::new((4, 4), Rademacher::new(m, 16).unwrap().sample(key)).unwrap();
    let along = sign_direction(&map, &corner, &nalgebra::DVector::zeros(m)).dot(&corner);
    assert!(
        (along - 1.0).abs() < 1e-12,
        "φ = {along}, for Gaussian maps {}",
        MeasurementNoise::NONE.sign_scaling(1.0)
    );
}

#[test]
fn sign_rip_asks_for_symmetric_points() {
    let theorem = theorem(3, MeasurementNoise::NONE, gaussian, sign);
    let key = seed().named("outside");
    let mut skew = symmetric_points(DIM);
    skew[1][(0, 1)] = 1.0;
    let mut zero = symmetric_points(DIM);
    zero[2].fill(0.0);
    let few = symmetric_points(DIM)[..2].to_vec();
    for (name, instance) in [("not symmetric", skew), ("zero", zero), ("two points", few)] {
        assert_eq!(told(name, &check(&theorem, &instance, 10, ALPHA, key)), Verdict::NotApplicable);
    }
    let ranks = SignRip { rank: DIM + 1, ..theorem };
    assert_eq!(told("k > d", &check(&ranks, &symmetric_points(DIM), 10, ALPHA, key)), Verdict::NotApplicable);
}

/// δ is of the order √(dk/m), and the deviation φδ is the same for any share and size of outliers.
#[test]
fn the_distortion_falls_like_one_over_root_m() {
    let deviation = |m: usize, noise: MeasurementNoise| {
        let directions = |points: &[DMatrix<f64>], key: StreamKey| {
            let map = PackedGaussian::draw(DIM, m, key.named("map")).unwrap();
            let s = noise_of(&noise, m, key);
            points.iter().map(|x| sign_direction(&map, x, &s)).collect::<Vec<_>>()
        };
        let theorem = SignRip { dim: DIM, rank: 3, measurements: m, noise, points: 1, t: 3.5, directions };
        let point = vec![symmetric_points(DIM)[1].clone()];
        let trials = outcomes(&theorem, &point, 24, seed().named("distortion").indexed(m as u64));
        trials.iter().map(|outcome| outcome.observed).sum::<f64>() / trials.len() as f64
    };
    let sizes = [250, 500, 1000, 2000, 4000, 8000];
    for (name, noise) in &laws()[..3] {
        let values: Vec<f64> = sizes.iter().map(|&m| deviation(m, *noise)).collect();
        let m: Vec<f64> = sizes.iter().map(|&m| m as f64).collect();
        let fit = fit_exponent(&m, &values, 0.05).unwrap();
        let constants: Vec<f64> =
            values.iter().zip(&m).map(|(value, m)| value * (m / (3.0 * DIM as f64)).sqrt()).collect();
        println!("{name}: exponent {:.4}, φδ√(m/(dk)) = {constants:.3?}", fit.exponent);
        assert!((fit.exponent + 0.5).abs() < 0.03, "{name}: exponent {}", fit.exponent);
        // At most √2 in the limit of large d: the symmetric part of a Gaussian matrix has norm √(2d).
        assert!(constants.iter().all(|c| (1.0..1.5).contains(c)), "{constants:?}");
    }
}

#[test]
fn without_noise_the_loss_is_the_error() {
    let loss = |delta: &DMatrix<f64>, key: StreamKey| {
        let map = PackedGaussian::draw(DIM, 500, key).unwrap();
        map.fused(delta, &nalgebra::DVector::zeros(500), &sign).mean_absolute()
    };
    let root_mean_square = |delta: &DMatrix<f64>, key: StreamKey| {
        let map = PackedGaussian::draw(DIM, 500, key).unwrap();
        map.fused(delta, &nalgebra::DVector::zeros(500), &sign).root_mean_square()
    };
    let key = seed().named("loss");
    let theorem = ExpectedLoss { measurements: 500, t: 2.5, loss };
    for (index, delta) in symmetric_points(DIM).iter().enumerate() {
        let evidence = check(&theorem, delta, 300, ALPHA, key);
        assert_eq!(told(&format!("point {index}"), &evidence), Verdict::Supported);
    }
    let mutant = ExpectedLoss { measurements: 500, t: 3.5, loss: root_mean_square };
    assert_eq!(
        told("ℓ₂ for ℓ₁", &check(&mutant, &symmetric_points(DIM)[1], 80, ALPHA, key)),
        Verdict::Refuted
    );
    let zero = check(&theorem, &DMatrix::zeros(DIM, DIM), 10, ALPHA, key);
    assert_eq!(told("Δ = 0", &zero), Verdict::NotApplicable);
}

fn squared(
    noise: MeasurementNoise,
    weight: fn(f64) -> f64,
) -> SquaredLossDirection<impl Fn(&DMatrix<f64>, StreamKey) -> DMatrix<f64> + Sync> {
    let direction = move |x: &DMatrix<f64>, key: StreamKey| {
        let map = PackedGaussian::draw(DIM, 500, key.named("map")).unwrap();
        map.fused(x, &noise_of(&noise, 500, key), &weight).gradient
    };
    SquaredLossDirection { dim: DIM, measurements: 500, noise, direction }
}

#[test]
fn the_direction_of_the_squared_loss_grows_with_outliers() {
    let x = symmetric_points(DIM)[1].clone() / symmetric_points(DIM)[1].norm();
    let key = seed().named("squared loss");
    for (name, deviation) in [("clean", 0.0), ("σ = 3", 3.0), ("σ = 1e3", 1e3), ("σ = 1e6", 1e6)] {
        let noise = MeasurementNoise::outliers(
            if deviation > 0.0 { 0.1 } else { 0.0 },
            OutlierLaw::Normal { deviation },
        );
        let theorem = squared(noise, |residual| residual);
        let evidence = check(&theorem, &x, 100, ALPHA, key);
        assert_eq!(told(name, &evidence), Verdict::Supported);
        let squares: Vec<f64> = outcomes(&theorem, &x, 200, key.named(name))
            .iter()
            .map(|outcome| outcome.bound.powi(2))
            .collect();
        let MomentTest { p_value, .. } = mean_test_estimated(&squares, theorem.mean_square(1.0)).unwrap();
        assert!(p_value > ALPHA, "{name}: E‖Q₂ − X‖² is not {}: p = {p_value:e}", theorem.mean_square(1.0));
    }
}

/// The proposition is about the squared loss: the sign escapes it, which refutes it there.
#[test]
fn the_sign_escapes_what_binds_the_squared_loss() {
    let x = symmetric_points(DIM)[1].clone() / symmetric_points(DIM)[1].norm();
    let key = seed().named("sign escapes");
    let outliers = MeasurementNoise::outliers(0.1, OutlierLaw::Normal { deviation: 1e3 });
    assert_eq!(told("sign", &check(&squared(outliers, sign), &x, 60, ALPHA, key)), Verdict::Refuted);
    let cauchy = MeasurementNoise::outliers(0.1, OutlierLaw::Cauchy { scale: 1.0 });
    let verdict = told("no variance", &check(&squared(cauchy, |r| r), &x, 10, ALPHA, key));
    assert_eq!(verdict, Verdict::NotApplicable);
}

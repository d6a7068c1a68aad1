//! Draws of rows.

use nalgebra::{DMatrix, DVector};

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::{check, check_moments};
use crate::random::StreamKey;
use crate::sampling::{
    Coreset, DistortionSettings, EmbeddingInstance, LeverageSampleSize, NecessaryRatio, RowBasis, RowScores,
    SampleSize, SampledNorm, SampledRows, SampledVector, SamplingPlan, ScoreEmbedding, ScoreKind,
    SensitivitySettings, instances, sensitivities, weighted_distortion,
};
use crate::sketch::{RowSampling, SketchDistribution};

const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![sampled_norm(), necessary_ratio(), score_embedding(), leverage_sample_size()]
}

/// Σ Sᵢᵢᵖ|yᵢ|ᵖ of a draw, Sᵢᵢ given by `weight` from qᵢ and p.
fn sampled(vector: &SampledVector, key: StreamKey, weight: fn(f64, f64) -> f64) -> f64 {
    let Ok(sampling) = RowSampling::new(vector.probabilities.clone(), vector.p) else { return f64::NAN };
    let kept = sampling.sample(key);
    let term =
        |&i: &usize| (weight(vector.probabilities[i], vector.p) * vector.values[i].abs()).powf(vector.p);
    kept.kept().iter().map(term).sum()
}

fn sampled_norm() -> Theorem {
    type Sample = fn(&SampledVector, StreamKey) -> f64;
    let of = |sample: Sample| SampledNorm { sample };
    let ours: Sample = |vector, key| sampled(vector, key, |q, p| q.powf(-1.0 / p));
    let vector = |p| SampledVector {
        values: (0..300).map(|i| f64::from(i % 7) - 2.5).collect(),
        probabilities: (0..300).map(|i| 0.3 + 0.7 * f64::from(i % 5) / 4.0).collect(),
        p,
    };
    let statement = "E Σ_{kept}|yᵢ|ᵖ/qᵢ = ‖y‖ₚᵖ, Var = Σ(1/qᵢ − 1)|yᵢ|²ᵖ";
    Theorem::new("sampling", "SampledNorm", Kind::ExactMoments, statement)
        .held("300 entries, q from 0.3 to 1, p = 3", 12_000, move |draws, key| {
            check_moments(&of(ours), &vector(3.0), draws, ALPHA, key)
        })
        .held("300 entries, q from 0.3 to 1, p = 1.5", 12_000, move |draws, key| {
            check_moments(&of(ours), &vector(1.5), draws, ALPHA, key)
        })
        .mutant("no weights", 500, move |draws, key| {
            let unweighted: Sample = |vector, key| sampled(vector, key, |_, _| 1.0);
            check_moments(&of(unweighted), &vector(3.0), draws, ALPHA, key)
        })
        .mutant("1/q in place of q^(−1/p)", 500, move |draws, key| {
            let inverse: Sample = |vector, key| sampled(vector, key, |q, _| 1.0 / q);
            check_moments(&of(inverse), &vector(3.0), draws, ALPHA, key)
        })
        .outside("an entry that is never kept", move |draws, key| {
            let lost = SampledVector { values: vec![1.0, 2.0], probabilities: vec![1.0, 0.0], p: 1.0 };
            check_moments(&of(ours), &lost, draws, ALPHA, key)
        })
}

fn heavy_rows(key: StreamKey, probabilities: usize, p: f64) -> SampledRows {
    let basis = RowBasis::new(&instances::heavy_tails(120, 5, 1.0, key.named("rows"))).expect(SETTINGS);
    SampledRows { basis, sampling: RowSampling::uniform(probabilities, 40.0, p).expect(SETTINGS) }
}

fn necessary_ratio() -> Theorem {
    type Largest = fn(&RowBasis, &[f64], f64, StreamKey) -> f64;
    let of = |largest_ratio: Largest| NecessaryRatio {
        sensitivities: |basis: &RowBasis, p: f64| {
            sensitivities(basis, p, &SensitivitySettings::default()).unwrap_or_default()
        },
        largest_ratio,
    };
    let ours: Largest = |basis, weights, p, key| {
        let found = weighted_distortion(basis, weights, p, &DistortionSettings::default(), key);
        found.map_or(f64::NAN, |found| found.upper.ratio)
    };
    let statement = "max_x Σ Wⱼ|aⱼᵀx|ᵖ/‖Ax‖ₚᵖ ≥ maxᵢ Wᵢσᵢ";
    Theorem::new("sampling", "NecessaryRatio", Kind::Deterministic, statement)
        .held("120 × 5 with heavy rows, 40 rows kept uniformly, p = 3", 12, move |trials, key| {
            check(&of(ours), &heavy_rows(key, 120, 3.0), trials, ALPHA, key)
        })
        .held("the same at p = 1", 12, move |trials, key| {
            check(&of(ours), &heavy_rows(key, 120, 1.0), trials, ALPHA, key)
        })
        .mutant("the largest ratio of ten random directions", 12, move |trials, key| {
            let few: Largest = |basis, weights, p, key| {
                let settings = DistortionSettings { random_directions: 10, ..DistortionSettings::default() };
                let found = weighted_distortion(basis, weights, p, &settings, key);
                found.ok().and_then(|found| found.random).map_or(f64::NAN, |random| random.1)
            };
            check(&of(few), &heavy_rows(key, 120, 3.0), trials, ALPHA, key)
        })
        .outside("100 probabilities for 120 rows", move |trials, key| {
            check(&of(ours), &heavy_rows(key, 100, 3.0), trials, ALPHA, key)
        })
}

fn instance(a: &DMatrix<f64>, kind: ScoreKind, p: f64) -> EmbeddingInstance {
    let basis = RowBasis::new(a).expect(SETTINGS);
    let settings = SensitivitySettings { relative_gap: 1e-2, ..SensitivitySettings::default() };
    let intervals = sensitivities(&basis, p, &settings).expect("a certificate for each row");
    let sigma: Vec<f64> = intervals.iter().map(|s| s.upper).collect();
    let scores = match kind {
        ScoreKind::Leverage => RowScores::leverage(&basis.leverage_scores(), p),
        _ => RowScores::sensitivity(&sigma, p),
    };
    EmbeddingInstance { basis, scores: scores.expect(SETTINGS), total_sensitivity: sigma.iter().sum() }
}

/// The distortion of a draw by these scores.
fn drawn(basis: &RowBasis, scores: &[f64], rows: f64, p: f64, key: StreamKey) -> f64 {
    let Ok(sampling) = RowSampling::from_scores(scores, rows, p) else { return f64::NAN };
    let rows = SampledRows { basis: basis.clone(), sampling };
    let settings =
        DistortionSettings { gaussian_starts: 5, heavy_starts: 5, ..DistortionSettings::default() };
    let found = weighted_distortion(basis, &rows.draw(key), p, &settings, key);
    found.map_or(f64::NAN, |found| found.distortion())
}

type Draw = fn(&EmbeddingInstance, f64, StreamKey) -> f64;

fn by_scores(instance: &EmbeddingInstance, rows: f64, key: StreamKey) -> f64 {
    drawn(&instance.basis, instance.scores.values(), rows, instance.scores.norm_exponent(), key)
}

/// One column: `heavy` rows whose ℓ₂ weight hides that of 2000 rows of 1.
fn hidden(heavy: usize, height: f64) -> DMatrix<f64> {
    DMatrix::from_columns(&[DVector::from_fn(2000 + heavy, |i, _| if i < heavy { height } else { 1.0 })])
}

fn score_embedding() -> Theorem {
    let of = |distortion: Draw| ScoreEmbedding { epsilon: 0.5, delta: 0.1, distortion };
    // Twelve rows of 100 have all of the ℓ₂ weight and three eighths of the ℓ₁ norm.
    let many = || instance(&hidden(12, 100.0), ScoreKind::Sensitivity, 1.0);
    let heavy =
        |kind, p, key: StreamKey| instance(&instances::heavy_tails(1200, 4, 1.0, key.named("rows")), kind, p);
    let statement = "‖SAx‖ₚᵖ ∈ (1 ± ε)‖Ax‖ₚᵖ for all x with C·ε⁻²·D·ln(2r/δ) rows, but for δ";
    Theorem::new("sampling", "ScoreEmbedding", Kind::Calibrated, statement)
        .held("sensitivities, 1200 × 4 with heavy rows, p = 1, ε = 0.5", 90, move |trials, key| {
            check(&of(by_scores), &heavy(ScoreKind::Sensitivity, 1.0, key), trials, ALPHA, key)
        })
        .held("sensitivities, one row hides 2000, p = 3, ε = 0.5", 90, move |trials, key| {
            let instance = instance(&hidden(1, 10.0 * 2000_f64.sqrt()), ScoreKind::Sensitivity, 3.0);
            check(&of(by_scores), &instance, trials, ALPHA, key)
        })
        .mutant("leverage scores for sensitivities where 12 rows hide 2000", 60, move |trials, key| {
            let leverage: Draw = |instance, rows, key| {
                drawn(&instance.basis, &instance.basis.leverage_scores(), rows, 1.0, key)
            };
            check(&of(leverage), &many(), trials, ALPHA, key)
        })
        .mutant("a twentieth of the rows", 60, move |trials, key| {
            let few: Draw = |instance, rows, key| by_scores(instance, rows / 20.0, key);
            check(&of(few), &many(), trials, ALPHA, key)
        })
        .outside("leverage scores at p = 1, which no theorem covers", move |trials, key| {
            check(&of(by_scores), &heavy(ScoreKind::Leverage, 1.0, key), trials, ALPHA, key)
        })
}

fn leverage_sample_size() -> Theorem {
    type Draw = fn(&RowBasis, &SampleSize, StreamKey) -> Coreset;
    let size = SampleSize { epsilon: 0.5, delta: 0.1, constant: SampleSize::CHERNOFF_CONSTANT, rank: 4 };
    let of = |size: SampleSize, draw: Draw| LeverageSampleSize { size, draw };
    let rows = |key: StreamKey| RowBasis::new(&instances::heavy_tails(2048, 4, 1.0, key)).expect(SETTINGS);
    let ours: Draw = |basis, size, key| {
        let scores = RowScores::leverage(&basis.leverage_scores(), 2.0).expect(SETTINGS);
        SamplingPlan::theory(&scores, size).expect(SETTINGS).sample(key)
    };
    let statement = "q ≥ min(1, 3ε⁻² ln(2r/δ) τ) at p = 2: Pr[|‖SAx‖²/‖Ax‖² − 1| ≤ ε for all x] ≥ 1 − δ";
    Theorem::new("sampling", "LeverageSampleSize", Kind::Explicit, statement)
        .held("2048 × 4 with heavy rows, ε = .5, δ = .1, C = 3", 60, move |trials, key| {
            check(&of(size, ours), &rows(key), trials, ALPHA, key)
        })
        .mutant("a twentieth of the rows", 60, move |trials, key| {
            let few: Draw = |basis, size, key| {
                let scores = RowScores::leverage(&basis.leverage_scores(), 2.0).expect(SETTINGS);
                let size = SampleSize { constant: size.constant / 20.0, ..*size };
                SamplingPlan::theory(&scores, &size).expect(SETTINGS).sample(key)
            };
            check(&of(size, few), &rows(key), trials, ALPHA, key)
        })
        .outside("C = 2.9", move |trials, key| {
            check(&of(SampleSize { constant: 2.9, ..size }, ours), &rows(key), trials, ALPHA, key)
        })
}

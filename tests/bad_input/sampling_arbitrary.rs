//! Scores, coresets and distortions of arbitrary matrices: a typed error or finite numbers in their range.

use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    BucketSettings, DistortionSettings, LeverageSketch, LewisSettings, RowBasis, RowScores, SamplingPlan,
    SensitivitySettings, TotalSensitivitySettings, approximate_leverage_scores, bucketed_sensitivities,
    distortion, leverage_scores, lewis_weights, online_leverage_scores, sensitivities,
    sensitivities_to_factor, sensitivity_bounds, total_sensitivity,
};
use proptest::prelude::*;

use crate::hard_numbers::{all_finite, cases, matrix};

fn exponent() -> impl Strategy<Value = f64> {
    prop::sample::select(vec![1e-3, 0.5, 1.0, 1.0 + 1e-12, 1.5, 2.0, 3.0, 10.0, 1e3, 1e6])
}

/// Few enough iterations for a test, whatever the matrix.
fn few() -> SensitivitySettings {
    SensitivitySettings { relative_gap: 1e-3, max_iterations: 40 }
}

fn are_scores(scores: &[f64]) -> bool {
    scores.iter().all(|score| (0.0..=1.0 + 1e-9).contains(score))
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn leverage(a in matrix(), seed: u64) {
        if let Ok(scores) = leverage_scores(&a) {
            prop_assert!(are_scores(&scores), "{:?}", scores);
        }
        if let Ok(scores) = online_leverage_scores(&a) {
            prop_assert!(are_scores(&scores), "{:?}", scores);
        }
        if let Ok(found) = approximate_leverage_scores(&a, &LeverageSketch::default(), StreamKey::from_seed(seed)) {
            prop_assert!(all_finite(&found.scores) && found.distortion >= 1.0, "{:?}", found);
        }
    }

    #[test]
    fn lewis(a in matrix(), p in exponent()) {
        let Ok(basis) = RowBasis::new(&a) else { return Ok(()) };
        prop_assert!(all_finite(basis.q()));
        let settings = LewisSettings { max_iterations: 200, ..LewisSettings::default() };
        if let Ok(report) = lewis_weights(&basis, p, &settings) {
            prop_assert!(all_finite(&report.solution.weights), "{:?}", report);
            if let Ok(bounds) = sensitivity_bounds(&basis, &report.solution) {
                prop_assert!(bounds.iter().all(|bound| bound.lower >= 0.0 && bound.lower <= bound.upper && bound.upper <= 1.0 + 1e-9), "{:?}", bounds);
            }
        }
    }

    #[test]
    fn all_sensitivities(a in matrix(), p in exponent(), seed: u64) {
        let Ok(basis) = RowBasis::new(&a) else { return Ok(()) };
        let key = StreamKey::from_seed(seed);
        for found in [sensitivities(&basis, p, &few()), sensitivities_to_factor(&basis, p, 2.0, &few())].into_iter().flatten() {
            prop_assert!(found.iter().all(|bound| bound.lower >= 0.0 && bound.lower <= bound.upper && bound.upper <= 1.0 + 1e-9), "{:?}", found);
        }
        let buckets = BucketSettings { size: 2, sensitivity: few(), ..BucketSettings::default() };
        if let Ok(found) = bucketed_sensitivities(&basis, p, &buckets, key) {
            prop_assert!(all_finite(&found.scores), "{:?}", found);
        }
        let total = TotalSensitivitySettings { draws: 4, sensitivity: few() };
        if let Ok(found) = total_sensitivity(&basis, p, &total, key) {
            prop_assert!(found.estimate.upper.is_finite() && found.standard_error >= 0.0, "{:?}", found);
        }
    }

    #[test]
    fn coresets(a in matrix(), p in exponent(), share in 0.01..1.0_f64, seed: u64) {
        let Ok(basis) = RowBasis::new(&a) else { return Ok(()) };
        let Ok(scores) = RowScores::leverage(&basis.leverage_scores(), p) else { return Ok(()) };
        let Ok(plan) = SamplingPlan::budget(&scores, share * scores.positive() as f64) else { return Ok(()) };
        let key = StreamKey::from_seed(seed);
        let coreset = plan.sample(key);
        prop_assert!(all_finite(coreset.weights()));
        let settings = DistortionSettings { gaussian_starts: 4, heavy_starts: 2, refined: 2, ..DistortionSettings::default() };
        if let Ok(found) = distortion(&basis, &coreset, &settings, key) {
            prop_assert!(found.lower.ratio >= 0.0 && found.lower.ratio <= found.upper.ratio, "{:?}", found);
            prop_assert!(found.upper.ratio.is_finite() && all_finite(found.upper.direction.iter().chain(&found.lower.direction)), "{:?}", found);
        }
    }
}

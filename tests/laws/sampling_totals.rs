use nalgebra::DMatrix;
use proofsketch::sampling::instances::{complete_graph, heavy_tails};
use proofsketch::sampling::{
    BucketSettings, Error, Interval, RowBasis, SensitivitySettings, TotalSensitivitySettings,
    bucketed_sensitivities, sensitivities, total_sensitivity,
};

use crate::common::{seed, with_thread_counts};

const EXPONENTS: [f64; 4] = [1.0, 1.5, 2.0, 3.0];

fn small() -> RowBasis {
    let mut a = heavy_tails(60, 4, 1.0, seed().named("totals"));
    a.row_mut(17).fill(0.0);
    RowBasis::new(&a).unwrap()
}

fn exact(basis: &RowBasis, p: f64) -> Vec<Interval> {
    sensitivities(basis, p, &SensitivitySettings::default()).unwrap()
}

/// Rows that are all alike have one quotient σᵢ/vᵢ: the estimate is the sum.
#[test]
fn totals_of_complete_graphs_have_no_error() {
    let basis = RowBasis::new(&complete_graph(7)).unwrap();
    for p in EXPONENTS {
        let sum = 21.0 / (1.0 + 5.0 * 2.0_f64.powf(1.0 - p));
        let sensitivity = SensitivitySettings::default();
        let settings = TotalSensitivitySettings { draws: 5, sensitivity };
        let total = total_sensitivity(&basis, p, &settings, seed()).unwrap();
        let Interval { lower, upper } = total.estimate;
        assert!(lower <= sum * (1.0 + 1e-8) && sum <= upper * (1.0 + 1e-8), "p = {p}: {total:?}");
        assert!(upper <= lower * (1.0 + 2e-6) && total.standard_error <= 1e-5 * sum, "p = {p}: {total:?}");
    }
}

/// The mean over many keys is the sum, and the standard error is what the estimates vary by.
#[test]
fn totals_are_unbiased_with_the_standard_error_they_state() {
    let basis = small();
    for p in EXPONENTS {
        let sum: f64 = exact(&basis, p).iter().map(|interval| interval.upper).sum();
        let settings = TotalSensitivitySettings {
            draws: 20,
            sensitivity: SensitivitySettings { relative_gap: 1e-6, ..Default::default() },
        };
        let runs = 200;
        let (mut estimates, mut variance) = (Vec::new(), 0.0);
        for run in 0..runs {
            let total =
                total_sensitivity(&basis, p, &settings, seed().named("unbiased").indexed(run)).unwrap();
            assert!(total.solved <= 20 && total.estimate.lower <= total.estimate.upper);
            estimates.push(total.estimate.upper);
            variance += total.standard_error.powi(2) / runs as f64;
        }
        let mean = estimates.iter().sum::<f64>() / runs as f64;
        let spread = estimates.iter().map(|e| (e - mean).powi(2)).sum::<f64>() / (runs - 1) as f64;
        // Five standard deviations of the mean, and the gap.
        let allowed = 5.0 * (spread / runs as f64).sqrt() + 3e-6 * sum;
        assert!((mean - sum).abs() <= allowed, "p = {p}: {mean} against {sum}, {allowed} allowed");
        if p == 2.0 {
            assert!(spread <= 1e-16 * sum * sum, "leverage scores are the Lewis weights: {spread}");
        } else {
            assert!((0.6..1.6).contains(&(spread / variance)), "p = {p}: {spread}, stated {variance}");
        }
    }
}

/// σᵢ ≤ σ̃ᵢ for all rows but with probability δ, and Σ over a bucket never above |B|ᵖ Σσⱼ.
#[test]
fn buckets_overestimate_by_no_more_than_their_size_allows() {
    let basis = small();
    for p in EXPONENTS {
        let close = exact(&basis, p);
        let sum: f64 = close.iter().map(|interval| interval.upper).sum();
        for size in [1, 4, 16, 100] {
            let settings = BucketSettings { size, failure: 1e-4, ..Default::default() };
            let found = bucketed_sensitivities(&basis, p, &settings, seed().named("buckets")).unwrap();
            assert_eq!(found.combinations, 20); // log₂(59·10⁴) = 19.2
            assert_eq!(found.solved, 20 * 59_usize.div_ceil(size));
            assert_eq!(found.scores[17], 0.0);
            for (score, close) in found.scores.iter().zip(&close) {
                assert!(*score >= close.lower && *score <= 1.0, "p = {p}, α = {size}: {score}, {close:?}");
            }
            let bound = 1.01 * (size.min(59) as f64).powf(p) * sum;
            assert!(found.total() <= bound * (1.0 + 1e-9), "p = {p}, α = {size}: {}", found.total());
        }
        let alone = BucketSettings { size: 1, ..Default::default() };
        let alone = bucketed_sensitivities(&basis, p, &alone, seed()).unwrap();
        for (score, close) in alone.scores.iter().zip(&close) {
            assert!(*score <= 1.01 * close.upper * (1.0 + 1e-9), "p = {p}: {score}, {close:?}");
        }
    }
}

#[test]
fn totals_and_buckets_do_not_depend_on_threads() {
    let basis = small();
    let totals = with_thread_counts(|| {
        let total = total_sensitivity(&basis, 1.5, &TotalSensitivitySettings::default(), seed()).unwrap();
        let buckets = bucketed_sensitivities(&basis, 3.0, &BucketSettings::default(), seed()).unwrap();
        (total, buckets)
    });
    assert!(totals.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn settings_out_of_range_are_named() {
    let basis = RowBasis::new(&DMatrix::identity(3, 3)).unwrap();
    let one = TotalSensitivitySettings { draws: 1, ..Default::default() };
    let error = total_sensitivity(&basis, 1.0, &one, seed()).unwrap_err();
    assert_eq!(error.to_string(), "draws = 1 is out of range: need draws ≥ 2");
    for (size, failure, name) in [(0, 0.1, "size"), (2, 0.0, "failure"), (2, 1.0, "failure")] {
        let settings = BucketSettings { size, failure, ..Default::default() };
        let error = bucketed_sensitivities(&basis, 1.0, &settings, seed()).unwrap_err();
        assert!(matches!(error, Error::Setting { name: found, .. } if found == name), "{error}");
    }
    for p in [0.5, f64::NAN, f64::INFINITY] {
        let error = bucketed_sensitivities(&basis, p, &BucketSettings::default(), seed()).unwrap_err();
        assert!(matches!(error, Error::Exponent { .. }));
        let error = total_sensitivity(&basis, p, &TotalSensitivitySettings::default(), seed()).unwrap_err();
        assert!(matches!(error, Error::Exponent { .. }));
    }
}

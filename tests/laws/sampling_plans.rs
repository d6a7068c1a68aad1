//! Plans and coresets of ℓp row sampling against their definitions.

use nalgebra::DVector;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{Coreset, RowScores, SampleSize, SamplingPlan, instances};
use proptest::prelude::*;

use crate::common::seed;

proptest! {
    #[test]
    fn a_budget_is_filled_and_saturated_rows_alone_exceed_it(
        values in prop::collection::vec(0.0_f64..10.0, 2..40), share in 0.01_f64..1.0,
    ) {
        let positive = values.iter().filter(|&&value| value > 0.0).count();
        prop_assume!(positive > 0);
        let scores = RowScores::sensitivity(&values, 1.5).unwrap();
        let wanted = share * positive as f64;
        let plan = SamplingPlan::budget(&scores, wanted).unwrap();
        prop_assert!((plan.expected_rows() - wanted).abs() <= 1e-12 * positive as f64);
        for (score, q) in values.iter().zip(plan.probabilities()) {
            prop_assert!((q - (score / plan.alpha()).min(1.0)).abs() <= 1e-12, "q = {q}, s = {score}");
        }
    }
}

fn size(epsilon: f64, delta: f64) -> SampleSize {
    SampleSize { epsilon, delta, constant: 1.0, rank: 5 }
}

#[test]
fn a_theorem_asks_for_more_rows_where_more_is_promised() {
    let scores = vec![0.05; 100];
    for (p, scores) in [
        (1.0, RowScores::lewis(&scores, 1.0).unwrap()),
        (1.5, RowScores::sensitivity(&scores, 1.5).unwrap()),
        (1.5, RowScores::augmented(&scores, &scores, 1.5).unwrap()),
        (2.0, RowScores::leverage(&scores, 2.0).unwrap()),
        (3.0, RowScores::sensitivity(&scores, 3.0).unwrap()),
        (4.0, RowScores::leverage_sensitivity(&scores, &scores, 4.0).unwrap()),
        (1.0, RowScores::root_leverage(&scores, 1.0).unwrap()),
    ] {
        let alpha = |epsilon, delta| SamplingPlan::theory(&scores, &size(epsilon, delta)).unwrap().alpha();
        let kind = scores.kind().name();
        assert!(alpha(0.2, 0.1) <= alpha(0.4, 0.1) / 4.0 * (1.0 + 1e-12), "{kind}, p = {p}");
        assert!(alpha(0.2, 0.01) <= alpha(0.2, 0.1), "{kind}, p = {p}");
        let plan = SamplingPlan::theory(&scores, &size(0.2, 0.1)).unwrap();
        assert!(plan.probabilities().iter().all(|q| (0.0..=1.0).contains(q)), "{kind}, p = {p}");
    }
}

/// Row i is kept by the key, i and qᵢ alone: more rows after it, or another probability elsewhere, change nothing.
#[test]
fn a_coreset_is_prefix_stable() {
    let draw = |rows: usize, key: StreamKey| {
        let scores = RowScores::uniform(rows, 1.0).unwrap();
        SamplingPlan::budget(&scores, rows as f64 / 4.0).unwrap().sample(key)
    };
    let (short, long) = (draw(600, seed()), draw(2_000, seed()));
    let prefix: Vec<usize> = long.indices().iter().copied().filter(|&i| i < 600).collect();
    assert_eq!(short.indices(), prefix);
    assert_ne!(short.indices(), draw(600, seed().indexed(1)).indices());
    assert!(short.weights().iter().all(|&weight| weight == 4.0));
    assert_eq!(short.expected_rows(), Some(150.0));
}

#[test]
fn a_coreset_is_its_rows_and_weights() {
    let a = instances::heavy_tails(60, 3, 1.0, seed());
    for p in [1.0, 1.5, 3.0] {
        let coreset = Coreset::new(60, p, vec![2, 7, 40], vec![1.0, 3.0, 8.0]).unwrap();
        let x = DVector::from_vec(vec![1.0, -2.0, 0.5]);
        let y = &a * &x;
        let power: f64 = [(2, 1.0), (7, 3.0), (40, 8.0)].iter().map(|&(i, w)| w * y[i].abs().powf(p)).sum();
        assert!((coreset.norm_power(&y) / power - 1.0).abs() < 1e-13, "p = {p}");
        let scaled = coreset.scaled_rows(&a) * &x;
        let by_rows: f64 = scaled.iter().map(|value| value.abs().powf(p)).sum();
        assert!((by_rows / power - 1.0).abs() < 1e-12, "p = {p}");
        assert_eq!(coreset.entries(&y), DVector::from_vec(vec![y[2], y[7], y[40]]));
        assert_eq!(coreset.expected_rows(), None);
    }
}

#[test]
fn the_rows_that_a_plan_must_keep_show_in_its_necessary_ratio() {
    let scores = RowScores::sensitivity(&[1.0, 0.1, 0.1, 0.0], 1.0).unwrap();
    let plan = SamplingPlan::budget(&scores, 1.2).unwrap();
    assert!((plan.necessary_ratio(&[1.0, 0.1, 0.1, 0.0]).unwrap() - 1.0).abs() < 1e-15);
    let uniform = SamplingPlan::budget(&RowScores::uniform(4, 1.0).unwrap(), 2.0).unwrap();
    assert_eq!(uniform.necessary_ratio(&[1.0, 0.1, 0.1, 0.0]).unwrap(), 2.0);
}

//! Plans and coresets of ℓp row sampling against their definitions.

use nalgebra::DVector;
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    Coreset, LewisSettings, RowBasis, RowScores, SampleSize, SamplingPlan, instances, lewis_weights,
};
use proptest::prelude::*;

use crate::common::{seed, with_thread_counts};

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

/// Scores of every kind that a theorem covers, on both sides of p = 2 and at it, for n rows of equal score `rank`/n.
fn covered(n: usize) -> Vec<RowScores> {
    let scores = vec![5.0 / n as f64; n];
    let all = [
        [0.5, 1.0, 1.5, 2.0, 3.0, 4.0].map(|p| RowScores::lewis(&scores, p)).to_vec(),
        [1.0, 1.5, 2.0, 3.0, 4.0].map(|p| RowScores::sensitivity(&scores, p)).to_vec(),
        [1.0, 1.5, 2.0].map(|p| RowScores::augmented(&scores, &scores, p)).to_vec(),
        [0.5, 1.0, 2.0, 3.0].map(|p| RowScores::root_leverage(&scores, p)).to_vec(),
        vec![RowScores::leverage(&scores, 2.0), RowScores::leverage_sensitivity(&scores, &scores, 2.0)],
    ];
    all.into_iter().flatten().map(|scores| scores.unwrap()).collect()
}

#[test]
fn a_theorem_asks_for_more_rows_where_more_is_promised() {
    for scores in covered(100) {
        let (kind, p) = (scores.kind(), scores.norm_exponent());
        let alpha = |epsilon, delta| SamplingPlan::theory(&scores, &size(epsilon, delta)).unwrap().alpha();
        assert!(alpha(0.2, 0.1) <= alpha(0.4, 0.1) / 4.0 * (1.0 + 1e-12), "{kind}, p = {p}");
        let plan = SamplingPlan::theory(&scores, &size(0.2, 0.1)).unwrap();
        assert!(plan.probabilities().iter().all(|q| (0.0..=1.0).contains(q)), "{kind}, p = {p}");
    }
    // So many rows, and so small a constant, that none is kept for sure: a smaller δ is paid for in rows.
    for scores in covered(100_000) {
        let (kind, p) = (scores.kind(), scores.norm_exponent());
        let rows = |delta| {
            let size = SampleSize { constant: 1e-3, ..size(0.5, delta) };
            SamplingPlan::theory(&scores, &size).unwrap().expected_rows()
        };
        let sizes = [0.9, 0.1, 1e-2, 1e-6].map(rows);
        assert!(sizes.windows(2).all(|pair| pair[0] < pair[1]), "{kind}, p = {p}: {sizes:?}");
        assert!(sizes[3] < 1e5, "{kind}, p = {p}: {sizes:?}");
    }
}

#[test]
fn rows_without_a_score_do_not_count() {
    let (scores, kept) = ([0.5, 0.0, 0.25, 0.0], [0.5, 0.25]);
    let plan = |scores: &[f64]| {
        let scores = RowScores::lewis(scores, 1.0).unwrap();
        SamplingPlan::theory(&scores, &SampleSize { constant: 1e-3, ..size(0.5, 0.1) }).unwrap()
    };
    let (all, without) = (plan(&scores), plan(&kept));
    assert_eq!(all.probabilities(), [without.probabilities()[0], 0.0, without.probabilities()[1], 0.0]);
    assert_eq!(all.alpha(), without.alpha());
}

/// The sizes as they are documented, at n = 1000 equal scores, d = 5, C = 1, ε = ½, δ = 0.1.
#[test]
fn sizes_are_those_of_the_table() {
    let n: f64 = 1000.0;
    let (d, epsilon, delta) = (5.0_f64, 0.5_f64, 0.1_f64);
    let scores = vec![0.02; 1000]; // their sum is 20
    let tail = (n / delta).ln();
    let squared = |x: f64| x.ln().powi(2);
    for (scores, growth) in [
        (RowScores::leverage(&scores, 2.0), (2.0 * d / delta).ln()),
        (RowScores::sensitivity(&scores, 2.0), (2.0 * d / delta).ln()),
        (RowScores::root_leverage(&scores, 2.0), (2.0 * d / delta).ln()),
        (RowScores::lewis(&scores, 1.0), squared(d) * tail),
        (RowScores::lewis(&scores, 4.0), d * squared(d) * (n / (epsilon * delta)).ln()),
        (RowScores::sensitivity(&scores, 1.0), d.sqrt() * squared(d) * tail),
        (RowScores::sensitivity(&scores, 4.0), 16.0 * 20.0_f64.sqrt() * squared(4.0 * d) * tail),
        (RowScores::augmented(&scores, &scores, 1.0), squared(d) * tail),
        (RowScores::root_leverage(&scores, 1.0), n.ln().powi(3) - delta.ln()),
        (RowScores::root_leverage(&scores, 4.0), 16.0 * squared(4.0 * d) * tail),
    ] {
        let scores = scores.unwrap();
        let alpha = SamplingPlan::theory(&scores, &size(epsilon, delta)).unwrap().alpha();
        let (kind, p) = (scores.kind(), scores.norm_exponent());
        assert!((alpha * growth / 0.25 - 1.0).abs() < 1e-12, "{kind}, p = {p}: 1/α = {}", 1.0 / alpha);
    }
}

/// Plans, whatever makes their probabilities, and what is drawn by them.
#[test]
fn plans_and_coresets_do_not_depend_on_threads() {
    let a = instances::heavy_tails(30_000, 5, 1.5, seed().named("threads"));
    let found = with_thread_counts(|| {
        let basis = RowBasis::new(&a).unwrap();
        let weights = lewis_weights(&basis, 1.0, &LewisSettings::default()).unwrap().solution.weights;
        let scores = [
            RowScores::leverage(&basis.leverage_scores(), 2.0).unwrap(),
            RowScores::root_leverage(&basis.leverage_scores(), 3.0).unwrap(),
            RowScores::lewis(&weights, 1.0).unwrap(),
        ];
        let size = SampleSize { constant: 0.1, ..size(0.5, 0.1) };
        let plans = scores.iter().flat_map(|scores| {
            [SamplingPlan::budget(scores, 900.0).unwrap(), SamplingPlan::theory(scores, &size).unwrap()]
        });
        let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        let drawn = plans.map(|plan| {
            let coreset = plan.sample(seed().named("draw"));
            let probabilities = bits(plan.probabilities());
            (plan.alpha().to_bits(), probabilities, coreset.indices().to_vec(), bits(coreset.weights()))
        });
        drawn.collect::<Vec<_>>()
    });
    assert!(found.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(found[0].iter().all(|(_, _, indices, _)| !indices.is_empty() && indices.len() < 30_000));
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

//! Scores, plans and coresets that have no meaning are refused with the place.

use proofsketch::sampling::{Coreset, Error, RowScores, SampleSize, SamplingPlan};
use proofsketch::sketch;

#[test]
fn scores_are_finite_and_not_negative() {
    for value in [f64::NAN, f64::INFINITY, -1e-300] {
        let refused = RowScores::lewis(&[0.5, value, 0.1], 1.0).unwrap_err();
        assert!(matches!(refused, Error::Score { row: 1, .. }), "{refused}");
    }
    assert!(matches!(RowScores::uniform(0, 1.0), Err(Error::Empty { .. })));
    for p in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(RowScores::uniform(3, p), Err(Error::Exponent { .. })), "p = {p}");
    }
    assert!(matches!(RowScores::augmented(&[0.5], &[0.5], 3.0), Err(Error::Exponent { .. })));
    assert!(matches!(RowScores::leverage_sensitivity(&[0.5], &[0.5], 1.0), Err(Error::Exponent { .. })));
    assert!(matches!(RowScores::augmented(&[0.5], &[0.5, 0.5], 1.0), Err(Error::Length { .. })));
}

#[test]
fn a_budget_lies_between_nothing_and_the_positive_rows() {
    let scores = RowScores::sensitivity(&[0.5, 0.0, 0.1], 1.0).unwrap();
    for rows in [0.0, -1.0, 2.5, f64::NAN, f64::INFINITY] {
        let refused = SamplingPlan::budget(&scores, rows).unwrap_err();
        assert!(matches!(refused, Error::Sketch(sketch::Error::ExpectedRows { .. })), "{rows}: {refused}");
    }
    let nothing = RowScores::sensitivity(&[0.0, 0.0], 1.0).unwrap();
    assert!(SamplingPlan::budget(&nothing, 1.0).is_err());
    let tiny = RowScores::sensitivity(&[1e-150, 1e150], 1.0).unwrap();
    assert!(SamplingPlan::budget(&tiny, 2.0).unwrap().probabilities().iter().all(|q| q.is_finite()));
}

#[test]
fn rows_of_score_zero_are_not_kept_beside_subnormal_scores() {
    for (scores, expected) in [([1.0, 1e-310, 0.0], [1.0, 0.5, 0.0]), ([1e300, 4e-320, 0.0], [1.0, 0.5, 0.0])]
    {
        let scores = RowScores::sensitivity(&scores, 1.0).unwrap();
        let plan = SamplingPlan::budget(&scores, 1.5).unwrap();
        let gap = plan.probabilities().iter().zip(expected).map(|(q, e)| (q - e).abs()).fold(0.0, f64::max);
        assert!(gap < 1e-12, "{:?}", plan.probabilities());
    }
}

/// The whole range of numbers in one list: neither the largest over the smallest nor their sum is a number.
#[test]
fn budgets_are_met_by_scores_of_any_size() {
    let (tiny, huge) = (1e-300, 1.7e308);
    for (scores, rows, expected) in [
        ([tiny, huge, huge], 3.0, [1.0, 1.0, 1.0]),
        ([tiny, huge, huge], 2.5, [0.5, 1.0, 1.0]),
        ([tiny, huge, huge], 1.0, [0.0, 0.5, 0.5]),
        ([tiny, 3.0 * tiny, huge], 2.0, [0.25, 0.75, 1.0]),
        ([5e-324, 5e-324, huge], 1.5, [0.25, 0.25, 1.0]),
        ([5e-324, 0.0, huge], 2.0, [1.0, 0.0, 1.0]),
    ] {
        let scores = RowScores::sensitivity(&scores, 1.0).unwrap();
        let plan = SamplingPlan::budget(&scores, rows).unwrap();
        let gap = plan.probabilities().iter().zip(expected).map(|(q, e)| (q - e).abs()).fold(0.0, f64::max);
        assert!(gap < 1e-15, "{rows} rows: {:?}", plan.probabilities());
    }
    let two = RowScores::sensitivity(&[tiny, huge], 1.0).unwrap();
    assert!(SamplingPlan::budget(&two, 2.0).unwrap().probabilities().iter().all(|q| *q >= 1.0 - 1e-15));
}

#[test]
fn theorems_have_ranges() {
    let scores = RowScores::lewis(&[0.5, 0.5], 1.0).unwrap();
    let size = SampleSize { epsilon: 0.5, delta: 0.1, constant: 1.0, rank: 1 };
    for (name, size) in [
        ("epsilon", SampleSize { epsilon: 1.0, ..size }),
        ("delta", SampleSize { delta: 0.0, ..size }),
        ("constant", SampleSize { constant: f64::NAN, ..size }),
        ("rank", SampleSize { rank: 0, ..size }),
    ] {
        let refused = SamplingPlan::theory(&scores, &size).unwrap_err();
        assert!(matches!(refused, Error::Setting { name: found, .. } if found == name), "{refused}");
    }
    for uncovered in [
        RowScores::uniform(4, 1.0),
        RowScores::uniform(4, 2.0),
        RowScores::leverage(&[0.5, 0.5], 1.0),
        RowScores::leverage(&[0.5, 0.5], 3.0),
        RowScores::leverage_sensitivity(&[0.5, 0.5], &[0.5, 0.5], 3.0),
        RowScores::sensitivity(&[0.5, 0.5], 0.5),
        RowScores::augmented(&[0.5, 0.5], &[0.5, 0.5], 0.5),
    ] {
        let scores = uncovered.unwrap();
        let refused = SamplingPlan::theory(&scores, &size).unwrap_err();
        let (kind, p) = (scores.kind().name(), scores.norm_exponent());
        assert_eq!(refused, Error::NoTheorem { scores: kind, norm_exponent: p });
    }
}

#[test]
fn scores_that_are_all_zero_have_no_size() {
    let size = SampleSize { epsilon: 0.5, delta: 0.1, constant: 1.0, rank: 1 };
    for scores in [RowScores::lewis(&[0.0; 3], 1.0), RowScores::leverage(&[0.0; 3], 2.0)] {
        let refused = SamplingPlan::theory(&scores.unwrap(), &size).unwrap_err();
        assert_eq!(refused, Error::NoScore { nrows: 3 });
        assert!(refused.to_string().contains("none of the 3 rows"), "{refused}");
    }
}

#[test]
fn rows_of_a_coreset_ascend_and_weights_are_positive() {
    assert!(matches!(Coreset::new(5, 1.0, vec![2, 1], vec![1.0, 1.0]), Err(Error::CoresetRow { .. })));
    assert!(matches!(Coreset::new(5, 1.0, vec![1, 5], vec![1.0, 1.0]), Err(Error::CoresetRow { .. })));
    assert!(matches!(Coreset::new(5, 1.0, vec![1], vec![1.0, 1.0]), Err(Error::Length { .. })));
    for weight in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(Coreset::new(5, 1.0, vec![1], vec![weight]), Err(Error::Score { .. })), "{weight}");
    }
}

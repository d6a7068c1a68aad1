//! Flattening and sampling in rounds against their definitions, written out.

use nalgebra::{DMatrix, DVector};
use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    Coreset, Flattening, HalvingSettings, RootLeverageSettings, RowBasis, RowScores, ScoreKind,
    SensitivitySettings, instances, recursive_leverage_sensitivity, recursive_root_leverage,
    recursive_sensitivity, sensitivities, sensitivities_to_factor,
};
use proofsketch::sketch::{RowSampling, SketchDistribution};
use proofsketch::solve::Status;
use proptest::prelude::*;

use crate::common::{seed, with_thread_counts};

fn norm_power(a: &DMatrix<f64>, x: &DVector<f64>, p: f64) -> f64 {
    (a * x).iter().map(|y| y.abs().powf(p)).sum()
}

proptest! {
    #[test]
    fn flattening_bounds_every_score_with_few_copies(
        values in prop::collection::vec(0.0_f64..10.0, 1..60), heavy in 0.0_f64..1e4,
        constant in 0.05_f64..8.0, p in 0.5_f64..5.0,
    ) {
        let values: Vec<f64> = values.iter().copied().chain([heavy]).collect();
        let n = values.len() as f64;
        let flat = Flattening::new(&RowScores::sensitivity(&values, p).unwrap(), constant).unwrap();
        prop_assert!(flat.nrows() as f64 <= (1.0 + 1.0 / constant) * n);
        for (score, &k) in values.iter().zip(flat.copies()) {
            prop_assert!(k >= 1 && score / k as f64 <= flat.score_bound() * (1.0 + 1e-12));
            prop_assert!(k == 1 || score / (k - 1) as f64 >= flat.score_bound() * (1.0 - 1e-12), "a copy too many");
        }
        let a = DMatrix::from_fn(values.len(), 2, |i, j| values[i] - (i * j) as f64);
        let copies = flat.rows(&a);
        prop_assert_eq!(copies.nrows(), flat.nrows());
        let x = DVector::from_vec(vec![0.3, -1.0]);
        let (before, after) = (norm_power(&a, &x, p), norm_power(&copies, &x, p));
        prop_assert!((after - before).abs() <= 1e-11 * before);
    }
}

/// A row has its own stream: more rows, or other copies of another row, change nothing.
#[test]
fn half_samples_are_prefix_stable_and_multiples_of_two_over_k() {
    let flat = |heavy: f64, rows: usize| {
        let mut scores = vec![0.9; rows];
        scores[0] = heavy - 0.5;
        // C/n fixed: the copies of a row do not depend on how many there are.
        let scores = RowScores::sensitivity(&scores, 3.0).unwrap();
        Flattening::new(&scores, rows as f64 / scores.total()).unwrap()
    };
    let short = flat(200.0, 300);
    assert_eq!((short.copies()[0], short.copies()[1]), (200, 1));
    let half = short.half_sample(seed());
    let head = half.weights()[0] * 100.0;
    assert!(half.indices()[0] == 0 && (head - head.round()).abs() < 1e-12 && head < 200.0);
    assert!(half.weights()[1..].iter().all(|&weight| weight == 2.0));
    let prefix = |coreset: &Coreset, from: usize| -> Vec<usize> {
        coreset.indices().iter().copied().filter(|i| (from..300).contains(i)).collect()
    };
    assert_eq!(prefix(&half, 0), prefix(&flat(200.0, 900).half_sample(seed()), 0));
    assert_eq!(prefix(&half, 1), prefix(&flat(77.0, 300).half_sample(seed()), 1));
    assert_ne!(prefix(&half, 1), prefix(&short.half_sample(seed().indexed(1)), 1));
}

#[test]
fn both_scores_are_bounded_after_both_splits() {
    let heavy = |spread| instances::heavy_tails(150, 5, spread, seed().named("both"));
    let settings = SensitivitySettings { relative_gap: 1e-3, ..SensitivitySettings::default() };
    for (a, p) in [(heavy(1.0), 2.5), (heavy(2.0), 3.0), (heavy(2.5), 6.0)] {
        let basis = RowBasis::new(&a).unwrap();
        let sigma: Vec<f64> = sensitivities(&basis, p, &settings).unwrap().iter().map(|s| s.upper).collect();
        let scores = RowScores::sensitivity(&sigma, p).unwrap();
        let (n, r, total) = (150.0, basis.rank() as f64, scores.total());
        for constant in [1.0, 4.0] {
            let both = Flattening::by_sensitivity_and_leverage(&basis, &scores, constant).unwrap();
            assert!(both.nrows() as f64 <= (1.0 + 2.0 / constant) * n, "p = {p}");
            let copies = RowBasis::new(&both.rows(&a)).unwrap();
            let leverage = copies.leverage_scores().into_iter().fold(0.0, f64::max);
            let bound = constant * r.powf(2.0 / p) * total.powf(1.0 - 2.0 / p) / n;
            println!(
                "p = {p}, C = {constant}: {} copies, leverage {leverage:.4} of {bound:.4}",
                both.nrows()
            );
            assert!(leverage <= bound * (1.0 + 1e-9), "p = {p}");
            let largest = sigma.iter().zip(both.copies()).map(|(s, &k)| s / k as f64).fold(0.0, f64::max);
            assert!(largest <= constant * total / n * (1.0 + 1e-9), "p = {p}");
            let first = Flattening::new(&scores, constant).unwrap();
            let more = |(both, first): (&usize, &usize)| both % first == 0;
            assert!(both.copies().iter().zip(first.copies()).all(more), "copies of copies, p = {p}");
        }
    }
}

/// The rounds written out: all rows of A with a weight, zero for those dropped.
fn root_leverage_by_hand(a: &DMatrix<f64>, p: f64, alpha: f64, rounds: u64, key: StreamKey) -> Vec<f64> {
    let mut weights: Vec<f64> = a.row_iter().map(|row| if row.amax() > 0.0 { 1.0 } else { 0.0 }).collect();
    for round in 1..=rounds {
        let scaled = DMatrix::from_fn(a.nrows(), a.ncols(), |i, j| weights[i].powf(1.0 / p) * a[(i, j)]);
        let left = weights.iter().filter(|&&weight| weight > 0.0).count() as f64;
        let growth = if p > 2.0 { left.powf(p / 2.0 - 1.0) } else { 1.0 };
        let leverage = RowBasis::new(&scaled).unwrap().leverage_scores();
        let q = leverage.iter().map(|tau| (growth * tau.powf(p / 2.0) / alpha).min(1.0)).collect();
        let sampling = RowSampling::new(q, p).unwrap();
        let kept = sampling.sample(key.indexed(round));
        for (i, weight) in weights.iter_mut().enumerate() {
            *weight = if kept.kept().contains(&i) { *weight / sampling.probabilities()[i] } else { 0.0 };
        }
    }
    weights
}

#[test]
fn root_leverage_rounds_are_those_written_out() {
    let mut a = instances::heavy_tails(900, 3, 1.0, seed().named("rounds"));
    a.row_mut(7).fill(0.0);
    for (p, alpha) in [(0.7, 0.3), (1.2, 0.25), (1.7, 0.4), (3.0, 0.5), (4.0, 0.2)] {
        for rounds in 1..=3 {
            // A share of nearly one, so that no round is the last but by the limit.
            let settings = RootLeverageSettings { alpha, shrinkage: 0.999_999, max_rounds: rounds };
            let sampled = recursive_root_leverage(&a, p, &settings, seed()).unwrap();
            if sampled.iterations() < rounds {
                continue;
            }
            let by_hand = root_leverage_by_hand(&a, p, alpha, rounds as u64, seed());
            let mut ours = vec![0.0; 900];
            let coreset = &sampled.solution;
            coreset.indices().iter().zip(coreset.weights()).for_each(|(&i, &weight)| ours[i] = weight);
            let gap = |(ours, hand): (&f64, &f64)| (ours - hand).abs() <= 1e-10 * hand;
            assert!(ours.iter().zip(&by_hand).all(gap), "p = {p}, round {rounds}");
            assert_eq!((coreset.kind(), coreset.expected_rows()), (Some(ScoreKind::RootLeverage), None));
        }
    }
}

fn halving(target_rows: usize) -> HalvingSettings {
    HalvingSettings { target_rows, epsilon: f64::INFINITY, ..HalvingSettings::default() }
}

#[test]
fn one_round_is_a_half_sample_of_flattened_rows() {
    let a = instances::heavy_tails(300, 3, 1.5, seed().named("one round"));
    let basis = RowBasis::new(&a).unwrap();
    let settings = HalvingSettings { max_rounds: 1, ..halving(0) };
    for p in [1.0, 1.5, 2.0, 3.0] {
        let sigma = sensitivities_to_factor(&basis, p, 2.0, &SensitivitySettings::default()).unwrap();
        let upper: Vec<f64> = sigma.iter().map(|sigma| sigma.upper).collect();
        let flat = Flattening::new(&RowScores::sensitivity(&upper, p).unwrap(), 4.0).unwrap();
        let ours = recursive_sensitivity(&a, p, &settings, seed()).unwrap();
        let draws = ours.history[0].draws as u64;
        let half = flat.half_sample(seed().indexed(1).indexed(draws));
        assert_eq!(ours.solution.indices(), half.indices(), "p = {p}");
        assert_eq!(ours.solution.weights(), half.weights(), "p = {p}");
        assert_eq!(ours.status, Status::IterationLimit);
        if p > 2.0 {
            let scores = RowScores::sensitivity(&upper, p).unwrap();
            let both = Flattening::by_sensitivity_and_leverage(&basis, &scores, 4.0).unwrap();
            let ours = recursive_leverage_sensitivity(&a, p, &settings, seed()).unwrap();
            let draws = ours.history[0].draws as u64;
            let half = both.half_sample(seed().indexed(1).indexed(draws));
            assert_eq!(ours.solution.weights(), half.weights(), "p = {p}");
        }
    }
}

#[test]
fn records_tell_of_every_round() {
    let mut a = instances::heavy_tails(400, 4, 1.0, seed().named("records"));
    a.row_mut(11).fill(0.0);
    for (p, reuse) in [(1.0, 1), (1.5, 2), (3.0, 1), (4.0, 3)] {
        let settings = HalvingSettings { reuse, ..halving(60) };
        let sampled = recursive_sensitivity(&a, p, &settings, seed()).unwrap();
        let (rounds, coreset) = (&sampled.history, &sampled.solution);
        assert_eq!((sampled.status, rounds[0].rows, rounds[0].rank), (Status::Converged, 399, 4));
        assert!(
            rounds.windows(2).all(|pair| pair[0].kept == pair[1].rows && pair[0].round + 1 == pair[1].round)
        );
        assert!(rounds.iter().all(|round| round.rows > 60 && 16 * round.kept <= 15 * round.rows));
        assert!(rounds.iter().all(|round| 4 * round.copies <= 5 * round.rows));
        assert_eq!(coreset.len(), rounds[rounds.len() - 1].kept);
        assert!(coreset.len() <= 60 && !coreset.indices().contains(&11));
        let basis = RowBasis::new(&coreset.scaled_rows(&a)).unwrap();
        assert_eq!(basis.rank(), 4, "p = {p}");
    }
    // A round whose error is too large is not made.
    let strict = HalvingSettings { epsilon: 1e-6, ..HalvingSettings::default() };
    let all = recursive_sensitivity(&a, 3.0, &strict, seed()).unwrap();
    assert_eq!((all.status, all.iterations(), all.solution.len()), (Status::Converged, 0, 399));
    // Of 4 rows of rank 4 none can go.
    let few = instances::gaussian(4, 4, seed());
    let stuck = recursive_sensitivity(&few, 3.0, &halving(2), seed()).unwrap();
    assert_eq!((stuck.status, stuck.solution.len(), stuck.history[0].kept), (Status::Stagnated, 4, 4));
    assert_eq!(stuck.history[0].draws, 20);
}

/// What bounds carried over between rounds promise: they are bounds where the rounds lose at most half of a norm.
#[test]
fn sensitivities_carried_over_bound_the_next() {
    let a = instances::gaussian(2000, 3, seed().named("carried"));
    let p = 3.0;
    let settings = HalvingSettings { reuse: 3, max_rounds: 3, ..halving(0) };
    let sampled = recursive_sensitivity(&a, p, &settings, seed()).unwrap();
    for round in &sampled.history {
        let stop = HalvingSettings { max_rounds: round.round - 1, ..settings.clone() };
        let before = match round.round {
            1 => a.clone(),
            _ => recursive_sensitivity(&a, p, &stop, seed()).unwrap().solution.scaled_rows(&a),
        };
        let basis = RowBasis::new(&before).unwrap();
        let exact = sensitivities_to_factor(&basis, p, 1.1, &SensitivitySettings::default()).unwrap();
        let total: f64 = exact.iter().map(|sigma| sigma.lower).sum();
        println!("round {}: {:.2} carried for {total:.2}", round.round, round.total_sensitivity);
        assert!(round.total_sensitivity >= total && round.total_sensitivity <= 5.0 * total);
    }
}

#[test]
fn recursions_are_the_same_on_any_number_of_threads() {
    let a = instances::heavy_tails(1500, 4, 1.0, seed().named("threads"));
    let root = with_thread_counts(|| {
        recursive_root_leverage(&a, 1.2, &RootLeverageSettings::default(), seed()).unwrap()
    });
    let settings = HalvingSettings { reuse: 2, ..halving(300) };
    let halves = with_thread_counts(|| recursive_sensitivity(&a, 1.5, &settings, seed()).unwrap());
    let both = with_thread_counts(|| recursive_leverage_sensitivity(&a, 3.0, &settings, seed()).unwrap());
    assert!(root.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(halves.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(both.windows(2).all(|pair| pair[0] == pair[1]));
}

//! The verdicts themselves, on a theorem whose failure rate is known exactly.

use proofsketch::guarantee::{
    Citation, Evidence, Guarantee, Hypothesis, Outcome, Verdict, check, lower_limit, outcomes, trials_needed,
    trials_to_support, upper_limit,
};
use proofsketch::random::{StreamKey, uniform_unit};

use crate::common::{seed, with_thread_counts};

const ALPHA: f64 = 1e-6;

/// Pr[U > 1 − rate] ≤ δ for U uniform: true if and only if rate ≤ δ, and exact in its failure rate.
struct Threshold {
    delta: f64,
    rate: f64,
}

impl Guarantee for Threshold {
    type Instance = f64;

    const CITATION: Citation = Citation {
        key: "Threshold",
        authors: "–",
        title: "A uniform number exceeds 1 − δ with probability δ",
        venue: "–",
        year: 2000,
        locator: "–",
    };

    fn hypotheses(&self, scale: &f64) -> Vec<Hypothesis> {
        let positive = Hypothesis::require("scale > 0", *scale > 0.0, || format!("it is {scale}"));
        vec![positive, Hypothesis::assumed("U is uniform")]
    }

    fn failure_probability(&self) -> f64 {
        self.delta
    }

    fn trial(&self, scale: &f64, key: StreamKey) -> Outcome {
        assert!(*scale > 0.0, "a trial was run outside the hypotheses");
        Outcome { bound: scale * (1.0 - self.rate), observed: scale * uniform_unit(&mut key.block(0)) }
    }
}

fn evidence(delta: f64, rate: f64, trials: u64) -> Evidence {
    let key = seed().named("threshold").indexed((1e6 * delta) as u64).indexed((1e6 * rate) as u64);
    check(&Threshold { delta, rate }, &3.0, trials, ALPHA, key)
}

#[test]
fn a_true_theorem_is_supported() {
    for (delta, rate) in [(0.1, 0.02), (0.5, 0.3), (0.01, 0.0)] {
        let evidence = evidence(delta, rate, 1000);
        assert_eq!(evidence.verdict, Verdict::Supported, "{evidence}");
        assert_eq!(evidence.limits.0, lower_limit(evidence.failures, 1000, ALPHA));
        assert_eq!(evidence.limits.1, upper_limit(evidence.failures, 1000, ALPHA));
        assert!(evidence.support_limit <= delta && evidence.support_limit < evidence.limits.1);
    }
}

#[test]
fn a_mutant_is_refuted_with_the_trials_needed() {
    for (delta, rate) in [(0.1, 0.2), (0.01, 0.5), (0.001, 0.02), (0.0, 0.3)] {
        let trials = trials_needed(delta, rate, ALPHA, 1.0 - ALPHA).unwrap();
        let evidence = evidence(delta, rate, trials);
        assert_eq!(evidence.verdict, Verdict::Refuted, "{evidence}");
        assert!(evidence.limits.0 > delta);
    }
}

#[test]
fn the_power_of_a_refutation_is_as_computed() {
    let trials = trials_needed(0.05, 0.2, ALPHA, 0.5).unwrap();
    let mutant = Threshold { delta: 0.05, rate: 0.2 };
    let verdicts = (0..400).map(|i| check(&mutant, &1.0, trials, ALPHA, seed().indexed(i)).verdict);
    let refuted = verdicts.filter(|&verdict| verdict == Verdict::Refuted).count() as u64;
    assert!(upper_limit(refuted, 400, ALPHA) > 0.5 && lower_limit(refuted, 400, ALPHA) < 0.6, "{refuted}");
}

#[test]
fn too_few_trials_decide_nothing() {
    let needed = trials_to_support(0.01, 0.05).unwrap();
    assert_eq!(evidence(0.01, 0.0, needed).verdict, Verdict::Supported);
    assert_eq!(evidence(0.01, 0.0, needed - 1).verdict, Verdict::Undecided);
    assert_eq!(evidence(0.01, 0.9, 2).verdict, Verdict::Undecided, "two failures do not refute at α = 1e-6");
    let none = evidence(0.01, 0.0, 0);
    assert_eq!((none.verdict, none.tightness, none.limits), (Verdict::Undecided, None, (0.0, 1.0)));
}

#[test]
fn a_failure_rate_at_the_bound_is_not_refuted() {
    for repetition in 0..40 {
        let exact = Threshold { delta: 0.1, rate: 0.1 };
        let evidence = check(&exact, &1.0, 2000, ALPHA, seed().named("exact").indexed(repetition));
        assert_ne!(evidence.verdict, Verdict::Refuted, "{evidence}");
    }
}

#[test]
fn where_a_hypothesis_fails_no_trial_is_run() {
    let evidence = check(&Threshold { delta: 0.1, rate: 0.0 }, &-1.0, 100, ALPHA, seed());
    assert_eq!((evidence.verdict, evidence.trials, evidence.tightness), (Verdict::NotApplicable, 0, None));
    assert_eq!(evidence.failing_hypotheses().count(), 1);
    assert_eq!(evidence.to_string(), "Threshold not applicable: scale > 0: fails, it is -1");
}

#[test]
fn a_vacuous_theorem_is_not_applicable() {
    for delta in [1.0, 1.7, -0.1, f64::NAN] {
        let evidence = check(&Threshold { delta, rate: 0.0 }, &1.0, 100, ALPHA, seed());
        assert_eq!((evidence.verdict, evidence.trials), (Verdict::NotApplicable, 0), "δ = {delta}");
    }
}

#[test]
fn a_senseless_level_decides_nothing() {
    for alpha in [0.0, 1.0, -1.0, f64::NAN] {
        let evidence = check(&Threshold { delta: 0.1, rate: 0.0 }, &1.0, 100, alpha, seed());
        assert_eq!(evidence.verdict, Verdict::Undecided, "α = {alpha}");
    }
}

#[test]
fn evidence_does_not_depend_on_threads_and_trials_are_named_by_index() {
    let guarantee = Threshold { delta: 0.3, rate: 0.2 };
    let answers = with_thread_counts(|| check(&guarantee, &1.0, 777, ALPHA, seed()));
    assert!(answers.iter().all(|evidence| *evidence == answers[0]));
    let run = outcomes(&guarantee, &1.0, 777, seed());
    assert_eq!(run[776], guarantee.trial(&1.0, seed().indexed(776)));
    assert_eq!(run.iter().filter(|outcome| outcome.fails()).count() as u64, answers[0].failures);
}

#[test]
fn what_cannot_be_compared_fails() {
    let outcome = |bound, observed| Outcome { bound, observed };
    for failing in [outcome(1.0, 1.5), outcome(f64::NAN, 1.0), outcome(1.0, f64::NAN), outcome(0.0, 1e-300)] {
        assert!(failing.fails() && failing.tightness() > 1.0, "{failing:?}");
    }
    for holding in [outcome(1.0, 1.0), outcome(0.0, 0.0), outcome(f64::INFINITY, 5.0)] {
        assert!(!holding.fails() && holding.tightness() <= 1.0, "{holding:?}");
    }
}

#[test]
fn tightness_is_made_of_order_statistics() {
    let evidence = evidence(0.5, 0.2, 41);
    let key = seed().named("threshold").indexed(500_000).indexed(200_000);
    let mut ratios: Vec<f64> = outcomes(&Threshold { delta: 0.5, rate: 0.2 }, &3.0, 41, key)
        .iter()
        .map(Outcome::tightness)
        .collect();
    ratios.sort_by(f64::total_cmp);
    let tightness = evidence.tightness.unwrap();
    assert_eq!((tightness.median, tightness.q95, tightness.max), (ratios[20], ratios[38], ratios[40]));
}

#[test]
fn evidence_reads_as_one_line() {
    let line = evidence(0.1, 0.02, 1000).to_string();
    assert!(line.starts_with("Threshold supported: ") && line.contains(" of 1000 trials failed, δ = 0.1, "));
    assert!(!line.contains('\n'));
}

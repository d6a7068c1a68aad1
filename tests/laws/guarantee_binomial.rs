//! Clopper–Pearson limits: the equations that define them, and the coverage that follows.

use std::f64::consts::TAU;

use proofsketch::guarantee::{
    Error, lower_limit, lower_tail, trials_needed, trials_to_support, upper_limit, upper_tail,
};
use proptest::prelude::*;

/// ln n! − ln(√(2πn) (n/e)ⁿ), the error of Stirling's formula.
fn stirling_error(n: f64) -> f64 {
    if n <= 16.0 {
        let factorial: f64 = (1..=n as u64).map(|i| i as f64).product();
        return factorial.ln() - (0.5 * (TAU * n).ln() + n * n.ln() - n);
    }
    let square = n * n;
    (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0) / square) / square) / square) / n
}

/// x ln(x/y) + y − x, without cancellation near x = y.
fn deviance(x: f64, y: f64) -> f64 {
    if (x - y).abs() >= 0.1 * (x + y) {
        return x * (x / y).ln() + y - x;
    }
    let v = (x - y) / (x + y);
    let series: f64 = (1..20).map(|j| v.powi(2 * j + 1) / f64::from(2 * j + 1)).sum();
    (x - y) * v + 2.0 * x * series
}

/// ln Pr[Bin(n, p) = k] by Loader's saddle-point formula, accurate to the last digits for any n.
fn ln_mass(k: u64, n: u64, p: f64) -> f64 {
    let (k_real, n_real, rest) = (k as f64, n as f64, (n - k) as f64);
    if k == 0 {
        return n_real * (-p).ln_1p();
    }
    if k == n {
        return n_real * p.ln();
    }
    stirling_error(n_real)
        - stirling_error(k_real)
        - stirling_error(rest)
        - deviance(k_real, n_real * p)
        - deviance(rest, n_real * (1.0 - p))
        + 0.5 * (n_real / (TAU * k_real * rest)).ln()
}

/// ln Pr[Bin(n, p) ≥ k], the masses summed from k on by their ratios. For k above the mean.
fn ln_upper_tail(k: u64, n: u64, p: f64) -> f64 {
    let odds = p / (1.0 - p);
    let (mut sum, mut mass) = (1.0, 1.0);
    for j in k..n {
        mass *= (n - j) as f64 / (j + 1) as f64 * odds;
        sum += mass;
        if mass < 1e-17 * sum {
            break;
        }
    }
    ln_mass(k, n, p) + f64::ln(sum)
}

/// ln Pr[Bin(n, p) ≤ k]. For k below the mean.
fn ln_lower_tail(k: u64, n: u64, p: f64) -> f64 {
    let odds = (1.0 - p) / p;
    let (mut sum, mut mass) = (1.0, 1.0);
    for j in (1..=k).rev() {
        mass *= j as f64 / (n - j + 1) as f64 * odds;
        sum += mass;
        if mass < 1e-17 * sum {
            break;
        }
    }
    ln_mass(k, n, p) + f64::ln(sum)
}

/// Whether the tail passes through the level within the last bit of the limit, or within 1e-7 of its logarithm.
fn solves(limit: f64, ln_tail: impl Fn(f64) -> f64, level: f64) -> bool {
    let sides = [ln_tail(limit.next_down()), ln_tail(limit.next_up().min(1.0))];
    let slack = 1e-7 * level.ln().abs();
    sides[0].min(sides[1]) - slack <= level.ln() && level.ln() <= sides[0].max(sides[1]) + slack
}

#[test]
fn limits_solve_their_equations_up_to_ten_million_trials() {
    for n in [2_u64, 10, 97, 1000, 100_000, 1_000_000, 10_000_000] {
        let counts = [1, 2, 9, n / 1000, n / 50, n / 10, n / 2, n - n / 10, n - 2, n - 1];
        for k in counts.into_iter().filter(|k| (1..n).contains(k)) {
            for level in [0.2, 0.05, 1e-3, 1e-6, 1e-12] {
                let low = lower_limit(k, n, level);
                let high = upper_limit(k, n, level);
                assert!(solves(low, |p| ln_upper_tail(k, n, p), level), "{k} of {n} at {level:e}: {low:e}");
                assert!(solves(high, |p| ln_lower_tail(k, n, p), level), "{k} of {n} at {level:e}: {high:e}");
            }
        }
    }
}

#[test]
fn limits_without_failures_and_with_nothing_else_have_closed_forms() {
    for n in [1, 7, 400, 10_000_000] {
        for level in [0.05, 1e-6] {
            assert_eq!(lower_limit(0, n, level), 0.0);
            assert_eq!(upper_limit(n, n, level), 1.0);
            let all_fail = lower_limit(n, n, level).powf(n as f64);
            let none_fails = (n as f64 * (-upper_limit(0, n, level)).ln_1p()).exp();
            assert!((all_fail / level - 1.0).abs() < 1e-8, "{n}: {all_fail}");
            assert!((none_fails / level - 1.0).abs() < 1e-8, "{n}: {none_fails}");
        }
    }
    assert_eq!((lower_limit(0, 0, 0.05), upper_limit(0, 0, 0.05)), (0.0, 1.0));
}

#[test]
fn senseless_questions_have_no_limit() {
    for (k, n, level) in [(3, 2, 0.05), (1, 2, 0.0), (1, 2, 1.0), (1, 2, -1.0), (1, 2, f64::NAN)] {
        assert!(lower_limit(k, n, level).is_nan() && upper_limit(k, n, level).is_nan());
    }
    assert!(upper_tail(1, 2, 1.5).is_nan() && lower_tail(1, 2, f64::NAN).is_nan());
}

/// Sums the exact probability that a limit is on the wrong side of the true rate, over all counts.
#[test]
fn limits_miss_the_true_rate_no_more_often_than_their_level() {
    for n in 1..=40 {
        for level in [0.2, 0.05, 0.001] {
            let limits: Vec<_> =
                (0..=n).map(|k| (lower_limit(k, n, level), upper_limit(k, n, level))).collect();
            for p in (1..100).map(|percent| f64::from(percent) / 100.0) {
                let mass = |missed: &dyn Fn(&(f64, f64)) -> bool| -> f64 {
                    let missing = (0..=n).filter(|&k| missed(&limits[k as usize]));
                    missing.map(|k| ln_mass(k, n, p).exp()).sum()
                };
                let (too_high, too_low) = (mass(&|limit| limit.0 > p), mass(&|limit| limit.1 < p));
                assert!(too_high <= level * (1.0 + 1e-12), "lower limit, n = {n}, p = {p}: {too_high}");
                assert!(too_low <= level * (1.0 + 1e-12), "upper limit, n = {n}, p = {p}: {too_low}");
            }
        }
    }
}

proptest! {
    #[test]
    fn limits_are_monotone(n in 2_u64..5000, part in 0.0..1.0_f64, level in 1e-9..0.4_f64) {
        let k = ((n - 1) as f64 * part) as u64;
        let (low, high) = (lower_limit(k, n, level), upper_limit(k, n, level));
        let rate = k as f64 / n as f64;
        prop_assert!(low <= rate && rate <= high);
        prop_assert!(lower_limit(k + 1, n, level) > low, "more failures, lower limit");
        prop_assert!(upper_limit(k + 1, n, level) > high, "more failures, upper limit");
        prop_assert!(lower_limit(k, n, level / 2.0) <= low, "a stricter level, lower limit");
        prop_assert!(upper_limit(k, n, level / 2.0) >= high, "a stricter level, upper limit");
        prop_assert!(lower_limit(k, n + 1, level) <= low, "one more success, lower limit");
        prop_assert!(upper_limit(k, n + 1, level) < high, "one more success, upper limit");
    }

    #[test]
    fn tails_are_complementary(n in 1_u64..3000, part in 0.0..1.0_f64, p in 0.001..0.999_f64) {
        let k = (n as f64 * part) as u64;
        prop_assert!((lower_tail(k, n, p) + upper_tail(k + 1, n, p) - 1.0).abs() < 1e-11);
    }
}

/// Whether k failures of n refute δ at level α often enough if the true rate is `rate`.
fn has_power(n: u64, delta: f64, rate: f64, alpha: f64, power: f64) -> bool {
    let tail = |k: u64, p: f64| (k..=n).map(|j| ln_mass(j, n, p).exp()).sum::<f64>();
    (1..=n).find(|&k| tail(k, delta) < alpha).is_some_and(|k| tail(k, rate) >= power)
}

#[test]
fn trials_needed_is_the_smallest_number_with_the_power() {
    for (delta, rate, alpha, power) in [
        (0.01, 0.5, 1e-6, 0.9),
        (0.1, 0.3, 1e-3, 0.99),
        (0.05, 0.15, 1e-2, 0.5),
        (0.4, 0.7, 1e-4, 0.8),
        (0.5, 0.6, 0.05, 0.9),
        (0.5, 1.0, 1e-6, 0.999),
        (1e-9, 0.02, 1e-6, 0.5),
    ] {
        let exhaustive = (1..).find(|&n| has_power(n, delta, rate, alpha, power));
        assert_eq!(trials_needed(delta, rate, alpha, power).ok(), exhaustive, "{delta} {rate}");
    }
}

#[test]
fn trials_needed_refuses_what_it_cannot_answer() {
    assert_eq!(trials_needed(0.0, 0.5, 1e-6, 0.7), Ok(2), "one failure refutes δ = 0");
    let nothing = Err(Error::NothingToRefute { rate: 0.1, delta: 0.1 });
    assert_eq!(trials_needed(0.1, 0.1, 1e-6, 0.9), nothing);
    assert!(matches!(trials_needed(0.1, 1.1, 1e-6, 0.9), Err(Error::NothingToRefute { .. })));
    assert!(matches!(trials_needed(0.1, f64::NAN, 1e-6, 0.9), Err(Error::NothingToRefute { .. })));
    assert!(matches!(trials_needed(0.1, 0.5, 0.0, 0.9), Err(Error::Probability { .. })));
    assert!(matches!(trials_needed(0.1, 0.5, 1e-6, 1.0), Err(Error::Probability { .. })));
    assert!(matches!(trials_needed(0.1, 0.1 + 1e-9, 1e-6, 0.9), Err(Error::TooManyTrials { .. })));
}

#[test]
fn trials_to_support_is_the_smallest_number_without_failures() {
    for delta in [0.9, 0.5, 0.1, 0.0123, 1e-4, 1e-7] {
        for level in [0.05, 1e-6] {
            let n = trials_to_support(delta, level).unwrap();
            assert!(upper_limit(0, n, level) <= delta);
            assert!(n == 1 || upper_limit(0, n - 1, level) > delta);
        }
    }
    assert!(matches!(trials_to_support(0.0, 0.05), Err(Error::Probability { .. })));
}

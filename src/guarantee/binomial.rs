use statrs::function::beta::beta_reg;

use super::Error;
use super::error::check_probability;

/// The most trials that [`trials_needed`] considers.
const MOST_TRIALS: u64 = 1_000_000_000;

/// Pr\[X ≥ k\] for X ~ Binomial(n, p): the regularized incomplete beta function I_p(k, n − k + 1).
///
/// Relative error below 10⁻⁷ up to n = 10⁷ where the tail is the smaller one. NaN for p outside [0, 1].
#[must_use]
pub fn upper_tail(k: u64, n: u64, p: f64) -> f64 {
    match k {
        _ if !(0.0..=1.0).contains(&p) => f64::NAN,
        0 => 1.0,
        _ if k > n || p == 0.0 => 0.0,
        _ if p == 1.0 => 1.0,
        _ => beta_reg(k as f64, (n - k + 1) as f64, p),
    }
}

/// Pr\[X ≤ k\] for X ~ Binomial(n, p); accuracy and domain as for [`upper_tail`].
#[must_use]
pub fn lower_tail(k: u64, n: u64, p: f64) -> f64 {
    if k >= n && (0.0..=1.0).contains(&p) { 1.0 } else { upper_tail(n.saturating_sub(k), n, 1.0 - p) }
}

/// The exact two-sided p-value of k successes in n trials under a rate p: twice the smaller tail, at most 1.
///
/// NaN for p outside [0, 1] or k > n.
///
/// ```
/// use proofsketch::guarantee::binomial_test;
///
/// assert!((binomial_test(9, 10, 0.5) - 22.0 / 1024.0).abs() < 1e-12);
/// assert_eq!(binomial_test(0, 10, 0.0), 1.0);
/// ```
#[must_use]
pub fn binomial_test(k: u64, n: u64, p: f64) -> f64 {
    if k > n {
        return f64::NAN;
    }
    let (below, above) = (lower_tail(k, n, p), upper_tail(k, n, p));
    if below.is_nan() || above.is_nan() { f64::NAN } else { (2.0 * below.min(above)).min(1.0) }
}

/// The one-sided lower Clopper–Pearson limit of a failure rate: the p with Pr\[Bin(n, p) ≥ k\] = level, for
/// k = `failures` > 0 of n = `trials`; 0 for k = 0.
///
/// Whatever the true rate p, the limit exceeds p with probability at most `level`. NaN for a level outside (0, 1) or
/// k > n.
///
/// Source: Clopper and Pearson, Biometrika 26 (1934), 404–413.
///
/// ```
/// use proofsketch::guarantee::{lower_limit, upper_limit};
///
/// // 3 failures in 100 trials: two one-sided limits at 2.5 % make the 95 % interval.
/// assert!((lower_limit(3, 100, 0.025) - 0.006_229_97).abs() < 1e-8);
/// assert!((upper_limit(3, 100, 0.025) - 0.085_176_05).abs() < 1e-8);
/// ```
#[must_use]
pub fn lower_limit(failures: u64, trials: u64, level: f64) -> f64 {
    if !is_question(failures, trials, level) {
        f64::NAN
    } else if failures == 0 {
        0.0
    } else if failures == trials {
        (level.ln() / trials as f64).exp()
    } else {
        first_where(|p| upper_tail(failures, trials, p) >= level)
    }
}

/// The one-sided upper Clopper–Pearson limit of a failure rate: the p with Pr\[Bin(n, p) ≤ k\] = level, for
/// k = `failures` < n = `trials`; 1 for k = n.
///
/// Whatever the true rate p, the limit is below p with probability at most `level`. NaN as for [`lower_limit`].
#[must_use]
pub fn upper_limit(failures: u64, trials: u64, level: f64) -> f64 {
    if !is_question(failures, trials, level) {
        f64::NAN
    } else if failures == trials {
        1.0
    } else if failures == 0 {
        -(level.ln() / trials as f64).exp_m1()
    } else {
        first_where(|p| lower_tail(failures, trials, p) <= level)
    }
}

fn is_question(failures: u64, trials: u64, level: f64) -> bool {
    failures <= trials && check_probability("level", level).is_ok()
}

/// The point of [0, 1] from which on a monotone condition holds, to the last bit, by bisection.
fn first_where(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    loop {
        let middle = low.midpoint(high);
        if middle <= low || middle >= high {
            return high;
        }
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
}

/// The smallest number of trials after which a theorem that allows δ, and whose true failure rate is `rate`, is
/// refuted at level α with probability at least `power`.
///
/// ```
/// use proofsketch::guarantee::trials_needed;
///
/// // A mutant that fails every other time, against δ = 1 %: fourteen trials are enough at α = 10⁻⁶.
/// assert_eq!(trials_needed(0.01, 0.5, 1e-6, 0.9)?, 14);
/// # Ok::<(), proofsketch::guarantee::Error>(())
/// ```
///
/// # Errors
/// [`Error::Probability`] for α or the power outside (0, 1), [`Error::NothingToRefute`] unless
/// 0 ≤ δ < rate ≤ 1, [`Error::TooManyTrials`] if the answer exceeds 10⁹.
pub fn trials_needed(delta: f64, rate: f64, alpha: f64, power: f64) -> Result<u64, Error> {
    check_probability("α", alpha)?;
    check_probability("the power", power)?;
    if !(delta >= 0.0 && delta < rate && rate <= 1.0) {
        return Err(Error::NothingToRefute { rate, delta });
    }
    // k failures in n trials refute if Pr[Bin(n, δ) ≥ k] < α; they are reached often enough from n = shortest(k) on.
    let shortest = |k: u64| first_integer_where(k, |n| upper_tail(k, n, rate) >= power);
    let refutes = |k: u64| shortest(k) > MOST_TRIALS || upper_tail(k, shortest(k), delta) < alpha;
    let k = first_integer_where(1, refutes);
    if shortest(k) > MOST_TRIALS {
        return Err(Error::TooManyTrials { rate, delta, limit: MOST_TRIALS });
    }
    // As n is an integer, `refutes` may alternate over a few k before it holds for good.
    let alternating = (delta * rate / (rate - delta)).ceil() as u64 + 1;
    let first = (k.saturating_sub(alternating).max(1)..k).find(|&k| refutes(k));
    Ok(shortest(first.unwrap_or(k)))
}

/// The smallest number of trials that supports a theorem at this level if none of them fails:
/// the smallest n with (1 − δ)ⁿ ≤ level, about ln(1/level)/δ.
///
/// ```
/// use proofsketch::guarantee::{SUPPORT_LEVEL, trials_to_support};
///
/// assert_eq!(trials_to_support(0.01, SUPPORT_LEVEL)?, 299);
/// # Ok::<(), proofsketch::guarantee::Error>(())
/// ```
///
/// # Errors
/// [`Error::Probability`] for δ or the level outside (0, 1).
pub fn trials_to_support(delta: f64, level: f64) -> Result<u64, Error> {
    check_probability("δ", delta)?;
    check_probability("the level", level)?;
    Ok(first_integer_where(1, |n| upper_limit(0, n, level) <= delta))
}

/// The integer from `start` on from which on a monotone condition holds, or the first one beyond twice
/// [`MOST_TRIALS`] that was looked at.
fn first_integer_where(start: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (start.saturating_sub(1), start);
    while high <= 2 * MOST_TRIALS && !holds(high) {
        (low, high) = (high, high.saturating_mul(2));
    }
    while high - low > 1 {
        let middle = low.midpoint(high);
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

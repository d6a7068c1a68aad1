use std::fmt;

use super::binomial::{lower_limit, upper_limit};
use super::{Citation, Hypothesis, Outcome};

/// The level of the upper limit that supports a theorem: one-sided 95 % confidence.
///
/// Support is a weaker word than refutation. At α = 10⁻⁶ it would take 14/δ trials without a failure; at this level
/// it takes 3/δ.
pub const SUPPORT_LEVEL: f64 = 0.05;

/// What the trials say about a theorem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The failure rate exceeds δ: the one-sided lower Clopper–Pearson limit at level α lies above δ.
    Refuted,
    /// Not refuted, and the failure rate is at most δ with 95 % confidence: the one-sided upper limit at
    /// [`SUPPORT_LEVEL`] is at most δ.
    Supported,
    /// Neither: too few trials for this δ, or a failure rate too near to δ.
    Undecided,
    /// A hypothesis fails: the theorem says nothing about the instance, and no trial was run.
    NotApplicable,
}

/// The outcome of holding a theorem against an implementation on one instance.
///
/// Displays as one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// Where the theorem stands.
    pub citation: Citation,
    /// Its hypotheses as they stand on the instance.
    pub hypotheses: Vec<Hypothesis>,
    /// Number of trials run.
    pub trials: u64,
    /// Number of trials in which observed > bound.
    pub failures: u64,
    /// δ, the failure probability that the theorem allows.
    pub allowed: f64,
    /// α, the level of `limits`.
    pub alpha: f64,
    /// Lower and upper Clopper–Pearson limits of the failure rate, each one-sided at level α.
    pub limits: (f64, f64),
    /// One-sided upper limit of the failure rate at [`SUPPORT_LEVEL`].
    pub support_limit: f64,
    /// How near the trials came to the bound; `None` if none was run.
    pub tightness: Option<Tightness>,
    /// What it comes to.
    pub verdict: Verdict,
}

/// The distribution of observed/bound over the trials, by its order statistics: the q-quantile of N trials is the
/// ⌈qN⌉-th smallest.
///
/// A median of 0.05 tells of a bound with much room: an implementation may be off by a good factor unnoticed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tightness {
    /// The median.
    pub median: f64,
    /// The 95 % quantile.
    pub q95: f64,
    /// The largest; above 1 if and only if a trial failed.
    pub max: f64,
}

impl Tightness {
    fn of(outcomes: &[Outcome]) -> Option<Self> {
        let mut ratios: Vec<f64> = outcomes.iter().map(Outcome::tightness).collect();
        ratios.sort_by(f64::total_cmp);
        let quantile = |q: f64| ratios[((q * ratios.len() as f64).ceil() as usize).max(1) - 1];
        let max = *ratios.last()?;
        Some(Self { median: quantile(0.5), q95: quantile(0.95), max })
    }
}

impl Evidence {
    pub(super) fn new(
        citation: Citation,
        hypotheses: Vec<Hypothesis>,
        allowed: f64,
        outcomes: &[Outcome],
        alpha: f64,
    ) -> Self {
        let trials = outcomes.len() as u64;
        let failures = outcomes.iter().filter(|outcome| outcome.fails()).count() as u64;
        let limits = (lower_limit(failures, trials, alpha), upper_limit(failures, trials, alpha));
        let support_limit = upper_limit(failures, trials, SUPPORT_LEVEL);
        let verdict = if hypotheses.iter().any(Hypothesis::is_failing) {
            Verdict::NotApplicable
        } else if limits.0 > allowed {
            Verdict::Refuted
        } else if limits.0 <= allowed && support_limit <= allowed {
            Verdict::Supported
        } else {
            Verdict::Undecided
        };
        let tightness = Tightness::of(outcomes);
        Self {
            citation,
            hypotheses,
            trials,
            failures,
            allowed,
            alpha,
            limits,
            support_limit,
            tightness,
            verdict,
        }
    }

    /// The hypotheses that the instance does not meet.
    pub fn failing_hypotheses(&self) -> impl Iterator<Item = &Hypothesis> {
        self.hypotheses.iter().filter(|hypothesis| hypothesis.is_failing())
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Refuted => "refuted",
            Self::Supported => "supported",
            Self::Undecided => "undecided",
            Self::NotApplicable => "not applicable",
        })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.citation.key, self.verdict)?;
        if self.verdict == Verdict::NotApplicable {
            let failing: Vec<String> = self.failing_hypotheses().map(ToString::to_string).collect();
            return f.write_str(&failing.join("; "));
        }
        let Self { trials, failures, allowed, alpha, limits, .. } = self;
        write!(f, "{failures} of {trials} trials failed, δ = {allowed}, ")?;
        write!(f, "failure rate in [{:.3e}, {:.3e}] at α = {alpha:e}", limits.0, limits.1)?;
        self.tightness.iter().try_for_each(|Tightness { median, q95, max }| {
            write!(f, "; observed/bound median {median:.3}, 95 % {q95:.3}, largest {max:.3}")
        })
    }
}

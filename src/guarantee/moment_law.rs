use std::fmt;

use rayon::prelude::*;

use super::{
    Citation, Hypothesis, MomentTest, SUPPORT_LEVEL, Verdict, mean_test, student_t_quantile, variance_test,
};
use crate::random::StreamKey;

/// What a supported [`MomentLaw`] leaves open: the mean is within this fraction of a standard deviation, and the variance
/// within this fraction of itself, at the confidence of [`SUPPORT_LEVEL`].
pub const MOMENT_MARGIN: f64 = 0.1;

/// A theorem that gives mean and variance of a statistic exactly, held against code.
///
/// Sharper than a bound on a failure probability: a scale that is off by a few per cent shows.
pub trait MomentLaw: Sync {
    /// What the theorem quantifies over.
    type Instance: Sync;

    /// Where the theorem stands.
    const CITATION: Citation;

    /// The hypotheses of the theorem, evaluated on the instance where they can be.
    fn hypotheses(&self, instance: &Self::Instance) -> Vec<Hypothesis>;

    /// The exact mean of the statistic, and its exact variance.
    fn moments(&self, instance: &Self::Instance) -> Moments;

    /// The statistic of one run of the algorithm, its randomness named by `key`.
    fn draw(&self, instance: &Self::Instance, key: StreamKey) -> f64;
}

/// The first two moments of a random number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    /// E X.
    pub mean: f64,
    /// E (X − E X)².
    pub variance: f64,
}

/// The outcome of holding a [`MomentLaw`] against an implementation on one instance.
///
/// * **refuted**: mean or variance differ from the law at level α/2 each;
/// * **supported**: not refuted, and both are within [`MOMENT_MARGIN`] of the law with 95 % confidence;
/// * **undecided**: neither;
/// * **not applicable**: a hypothesis fails, and nothing was drawn.
///
/// Displays as one line.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentEvidence {
    /// Where the theorem stands.
    pub citation: Citation,
    /// Its hypotheses as they stand on the instance.
    pub hypotheses: Vec<Hypothesis>,
    /// Number of independent draws.
    pub draws: u64,
    /// Mean and variance of the draws against the law; `None` if the law does not apply or a draw is not finite.
    pub tests: Option<MomentTests>,
    /// α.
    pub alpha: f64,
    /// What it comes to.
    pub verdict: Verdict,
}

/// Tests of the two moments of a law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MomentTests {
    /// Of the mean, its variance known.
    pub mean: MomentTest,
    /// Of the variance.
    pub variance: MomentTest,
}

impl MomentTests {
    fn verdict(&self, alpha: f64) -> Verdict {
        if self.mean.is_refuted(alpha / 2.0) || self.variance.is_refuted(alpha / 2.0) {
            return Verdict::Refuted;
        }
        let quantile = student_t_quantile(2.0 * SUPPORT_LEVEL, f64::INFINITY);
        let reach = |test: &MomentTest| {
            let deviation = (test.estimate - test.expected).abs();
            let standard_error = if deviation > 0.0 { deviation / test.statistic.abs() } else { 0.0 };
            deviation + quantile * standard_error
        };
        let variance = self.variance.expected;
        let within = reach(&self.mean) <= MOMENT_MARGIN * variance.sqrt()
            && reach(&self.variance) <= MOMENT_MARGIN * variance;
        if within { Verdict::Supported } else { Verdict::Undecided }
    }
}

/// Holds an exact law against an implementation on one instance: `draws` independent statistics, of which the i-th is
/// drawn from `key.indexed(i)`.
///
/// A law that is true comes out [`Refuted`](Verdict::Refuted) with probability about α = `alpha`, by the central limit
/// theorem: take draws in the thousands. A draw that is not finite refutes. Draws run in parallel; the evidence does not
/// depend on the number of threads.
///
/// ```
/// use proofsketch::guarantee::{Citation, Hypothesis, MomentLaw, Moments, Verdict, check_moments};
/// use proofsketch::random::{StreamKey, uniform_unit};
///
/// /// A uniform number on [0, c] has mean c/2 and variance c²/12.
/// struct Uniform(f64);
///
/// impl MomentLaw for Uniform {
///     type Instance = f64;
///     const CITATION: Citation =
///         Citation { key: "Uniform", authors: "", title: "", venue: "", year: 1900, locator: "" };
///     fn hypotheses(&self, c: &f64) -> Vec<Hypothesis> {
///         vec![Hypothesis::require("c > 0", *c > 0.0, || format!("c = {c}"))]
///     }
///     fn moments(&self, c: &f64) -> Moments {
///         Moments { mean: c / 2.0, variance: c * c / 12.0 }
///     }
///     fn draw(&self, c: &f64, key: StreamKey) -> f64 {
///         self.0 * c * uniform_unit(&mut key.block(0))
///     }
/// }
///
/// let key = StreamKey::from_seed(1);
/// assert_eq!(check_moments(&Uniform(1.0), &2.0, 4000, 1e-6, key).verdict, Verdict::Supported);
/// assert_eq!(check_moments(&Uniform(1.1), &2.0, 4000, 1e-6, key).verdict, Verdict::Refuted);
/// assert_eq!(check_moments(&Uniform(1.0), &-2.0, 4000, 1e-6, key).verdict, Verdict::NotApplicable);
/// ```
pub fn check_moments<L: MomentLaw + ?Sized>(
    law: &L,
    instance: &L::Instance,
    draws: u64,
    alpha: f64,
    key: StreamKey,
) -> MomentEvidence {
    let mut hypotheses = law.hypotheses(instance);
    let mut moments = Moments { mean: f64::NAN, variance: f64::NAN };
    if is_applicable(&hypotheses) {
        moments = law.moments(instance);
        let Moments { mean, variance } = moments;
        hypotheses.push(Hypothesis::require(
            "the statistic is random",
            mean.is_finite() && variance.is_finite() && variance > 0.0,
            || format!("mean {mean}, variance {variance}"),
        ));
    }
    let sample: Vec<f64> = if is_applicable(&hypotheses) {
        (0..draws).into_par_iter().map(|i| law.draw(instance, key.indexed(i))).collect()
    } else {
        Vec::new()
    };
    let tests = mean_test(&sample, moments.mean, moments.variance)
        .and_then(|mean| Ok(MomentTests { mean, variance: variance_test(&sample, moments.variance)? }));
    let verdict = match &tests {
        _ if !is_applicable(&hypotheses) => Verdict::NotApplicable,
        Ok(tests) => tests.verdict(alpha),
        Err(_) if sample.iter().any(|value| !value.is_finite()) => Verdict::Refuted,
        Err(_) => Verdict::Undecided,
    };
    MomentEvidence {
        citation: L::CITATION,
        hypotheses,
        draws: sample.len() as u64,
        tests: tests.ok(),
        alpha,
        verdict,
    }
}

/// Whether no hypothesis fails.
fn is_applicable(hypotheses: &[Hypothesis]) -> bool {
    !hypotheses.iter().any(Hypothesis::is_failing)
}

impl fmt::Display for MomentEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.citation.key, self.verdict)?;
        if self.verdict == Verdict::NotApplicable {
            let failing = self.hypotheses.iter().filter(|hypothesis| hypothesis.is_failing());
            return f.write_str(&failing.map(ToString::to_string).collect::<Vec<_>>().join("; "));
        }
        write!(f, "{} draws", self.draws)?;
        let Some(MomentTests { mean, variance }) = &self.tests else {
            return f.write_str(", not all finite or too few");
        };
        for (name, test) in [("mean", mean), ("variance", variance)] {
            write!(f, "; {name} {:.6e} for {:.6e}", test.estimate, test.expected)?;
            write!(f, ", z = {:.2}, p = {:.2e}", test.statistic, test.p_value)?;
        }
        Ok(())
    }
}

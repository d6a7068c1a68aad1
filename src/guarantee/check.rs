use rayon::prelude::*;

use super::{Citation, Evidence, Hypothesis, Outcome};
use crate::random::StreamKey;

/// A theorem with explicit constants, held against code:
/// Pr\[observed > bound\] ≤ δ on every instance that meets the hypotheses.
///
/// The type carries the theorem's parameters and the implementation under test. An instance is fixed input, as hard
/// as the theorem allows; the randomness of a trial is that of the algorithm, never that of the instance.
pub trait Guarantee: Sync {
    /// What the theorem quantifies over.
    type Instance: Sync;

    /// Where the theorem stands.
    const CITATION: Citation;

    /// The hypotheses of the theorem, evaluated on the instance where they can be.
    fn hypotheses(&self, instance: &Self::Instance) -> Vec<Hypothesis>;

    /// δ, the failure probability that the theorem allows.
    fn failure_probability(&self) -> f64;

    /// Runs the algorithm once, its randomness named by `key`, and observes what the theorem bounds.
    fn trial(&self, instance: &Self::Instance, key: StreamKey) -> Outcome;
}

/// Holds a theorem against an implementation on one instance: `trials` independent trials, of which the i-th draws
/// from `key.indexed(i)`.
///
/// Where a hypothesis fails, or where δ is outside [0, 1) so that the theorem is vacuous, no trial is run and the
/// verdict is [`NotApplicable`](super::Verdict::NotApplicable). Otherwise a theorem that is true comes out
/// [`Refuted`](super::Verdict::Refuted) with probability at most α = `alpha`; see [`Evidence`] for the other verdicts.
/// An α outside (0, 1) refutes and supports nothing.
///
/// Trials run in parallel; the evidence does not depend on the number of threads.
///
/// ```
/// use proofsketch::guarantee::{Citation, Guarantee, Hypothesis, Outcome, Verdict, check};
/// use proofsketch::random::{StreamKey, uniform_unit};
///
/// /// Markov: Pr[U > c] ≤ 1/(2c) for U uniform on [0, 1].
/// struct Markov(f64);
///
/// impl Guarantee for Markov {
///     type Instance = ();
///     const CITATION: Citation = Citation {
///         key: "Markov1884",
///         authors: "A. A. Markov",
///         title: "On certain applications of algebraic continued fractions",
///         venue: "St. Petersburg",
///         year: 1884,
///         locator: "Markov's inequality",
///     };
///     fn hypotheses(&self, (): &()) -> Vec<Hypothesis> {
///         vec![Hypothesis::require("c > 0", self.0 > 0.0, || format!("c = {}", self.0))]
///     }
///     fn failure_probability(&self) -> f64 {
///         0.5 / self.0
///     }
///     fn trial(&self, (): &(), key: StreamKey) -> Outcome {
///         Outcome { bound: self.0, observed: uniform_unit(&mut key.block(0)) }
///     }
/// }
///
/// let evidence = check(&Markov(0.9), &(), 1000, 1e-6, StreamKey::from_seed(1));
/// assert_eq!(evidence.verdict, Verdict::Supported); // fails one time in ten; five in nine are allowed
/// ```
pub fn check<G: Guarantee + ?Sized>(
    guarantee: &G,
    instance: &G::Instance,
    trials: u64,
    alpha: f64,
    key: StreamKey,
) -> Evidence {
    let delta = guarantee.failure_probability();
    let mut hypotheses = guarantee.hypotheses(instance);
    if !(0.0..1.0).contains(&delta) {
        hypotheses.push(Hypothesis::fails("0 ≤ δ < 1", format!("δ = {delta}: the theorem is vacuous")));
    }
    let outcomes = if hypotheses.iter().any(Hypothesis::is_failing) {
        Vec::new()
    } else {
        outcomes(guarantee, instance, trials, key)
    };
    Evidence::new(G::CITATION, hypotheses, delta, &outcomes, alpha)
}

/// The outcomes of the trials that [`check`] runs, in order, whether the hypotheses hold or not.
pub fn outcomes<G: Guarantee + ?Sized>(
    guarantee: &G,
    instance: &G::Instance,
    trials: u64,
    key: StreamKey,
) -> Vec<Outcome> {
    (0..trials).into_par_iter().map(|i| guarantee.trial(instance, key.indexed(i))).collect()
}

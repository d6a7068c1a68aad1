//! Independent trials, in parallel, each named by its index.

use proofsketch::random::StreamKey;
use rayon::prelude::*;

use crate::Context;

/// The results of trials 0, 1, …, `count` − 1 in that order; trial i is given `key.indexed(i)`.
///
/// The same key gives the same results on any number of threads. One step of progress is told a trial. A trial that
/// can fail returns a `Result`; collect the vector into one.
///
/// ```no_run
/// # use proofsketch_experiments::{Context, Fault, Summary, trials};
/// # fn one(key: proofsketch::random::StreamKey) -> Result<f64, Fault> { Ok(0.0) }
/// # fn run(context: &Context) -> Result<(), Fault> {
/// let errors: Vec<f64> =
///     trials(context, context.key().named("gaussian"), 60, |key| one(key)).into_iter().collect::<Result<_, _>>()?;
/// let median = Summary::of(&errors).median;
/// # Ok(()) }
/// ```
pub fn trials<T, F>(context: &Context, key: StreamKey, count: usize, trial: F) -> Vec<T>
where
    T: Send,
    F: Fn(StreamKey) -> T + Sync,
{
    (0..count)
        .into_par_iter()
        .map(|i| {
            let result = trial(key.indexed(i as u64));
            context.progress().tick();
            result
        })
        .collect()
}

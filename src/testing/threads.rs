use super::BrokenLaw;

/// Runs `work` in pools of 1, 2, 3 and 8 threads and gives the four answers.
///
/// # Panics
/// If threads cannot be had, or `work` panics.
pub fn with_thread_counts<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    let pool = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    [1, 2, 3, 8].iter().map(|&threads| pool(threads).expect("threads can be had").install(&work)).collect()
}

/// Whether `work` has one answer for 1, 2, 3 and 8 threads.
///
/// ```
/// use proofsketch::testing::check_threads;
/// use rayon::prelude::*;
///
/// assert_eq!(check_threads("a count", || (0..1000).into_par_iter().filter(|i| i % 3 == 0).count()), Ok(()));
/// assert!(check_threads("the pool", rayon::current_num_threads).is_err());
/// ```
///
/// # Errors
/// [`BrokenLaw::Bits`].
pub fn check_threads<T: Send + PartialEq>(what: &str, work: impl Fn() -> T + Sync) -> Result<(), BrokenLaw> {
    let answers = with_thread_counts(work);
    if answers.iter().all(|answer| *answer == answers[0]) {
        return Ok(());
    }
    Err(BrokenLaw::bits(format_args!("{what} depends on the number of threads")))
}

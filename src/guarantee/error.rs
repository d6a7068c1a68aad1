/// What the statistics of this module cannot answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// A probability or level outside the open unit interval.
    #[error("{what} must lie strictly between 0 and 1, but is {value}")]
    Probability {
        /// What the number stands for.
        what: &'static str,
        /// The number given.
        value: f64,
    },
    /// A true failure rate that the theorem allows.
    #[error("a failure rate of {rate} is within the allowed δ = {delta}: no number of trials refutes it")]
    NothingToRefute {
        /// The supposed true failure rate.
        rate: f64,
        /// The failure probability that the theorem allows.
        delta: f64,
    },
    /// More trials than can be counted here.
    #[error("telling a failure rate of {rate} from δ = {delta} takes more than {limit} trials")]
    TooManyTrials {
        /// The supposed true failure rate.
        rate: f64,
        /// The failure probability that the theorem allows.
        delta: f64,
        /// The largest number of trials considered.
        limit: u64,
    },
    /// A sample too small for the question.
    #[error("{what} needs at least {needed} values, but {given} were given")]
    TooFew {
        /// The question asked.
        what: &'static str,
        /// The smallest sample that answers it.
        needed: usize,
        /// The size of the sample.
        given: usize,
    },
    /// Two lists that should be paired.
    #[error("{sizes} sizes cannot be paired with {values} values")]
    Unpaired {
        /// Length of the list of sizes.
        sizes: usize,
        /// Length of the list of values.
        values: usize,
    },
    /// A value that the statistic is not defined for; the first of them.
    #[error("{what} must be {wanted}, but number {index} (from 0) is {value}")]
    Value {
        /// What the value stands for.
        what: &'static str,
        /// What it should be.
        wanted: &'static str,
        /// Position of the first such value.
        index: usize,
        /// The value.
        value: f64,
    },
    /// A variance that is negative or not finite.
    #[error("a variance must be finite and nonnegative, but is {0}")]
    Variance(f64),
    /// All sizes are one size: no exponent can be seen.
    #[error("all sizes are {0}: an exponent takes at least two different ones")]
    EqualSizes(f64),
}

/// Refuses a probability outside (0, 1).
pub(super) fn check_probability(what: &'static str, value: f64) -> Result<(), Error> {
    if value > 0.0 && value < 1.0 { Ok(()) } else { Err(Error::Probability { what, value }) }
}

/// Refuses the first value that is not finite.
pub(super) fn check_finite(what: &'static str, values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(Error::Value { what, wanted: "finite", index, value: values[index] }),
        None => Ok(()),
    }
}

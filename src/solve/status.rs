use std::fmt;

/// How an iteration ended. Ending without convergence is a status, never an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The stopping criterion was met.
    Converged,
    /// The limit on the number of iterations came first.
    IterationLimit,
    /// A step no longer improved the answer, short of the stopping criterion.
    Stalled,
    /// The caller asked to stop.
    Interrupted,
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Converged => "converged",
            Self::IterationLimit => "iteration limit",
            Self::Stalled => "stalled",
            Self::Interrupted => "interrupted",
        })
    }
}

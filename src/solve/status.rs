/// How an iteration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// A stopping test of the method holds.
    Converged,
    /// The limit on iterations came first.
    IterationLimit,
    /// The caller's observer asked to stop.
    Interrupted,
    /// The iteration gains nothing more, short of its tolerance: the matrix is too ill-conditioned for it, or the data do
    /// not fit the model that well.
    Stagnated,
    /// The iteration ended, and data held out of it contradict the answer.
    NotRecovered,
    /// The steps have died out before a small start grew into all of the answer.
    DeadStart,
    /// The start is a fixed point of the method, and says nothing.
    DegenerateStart,
    /// The loss has left any region from which the method comes back; the answer is the last iterate before.
    Diverged,
    /// Steps have fallen below the rounding of the iterate, short of the tolerance.
    StepUnderflow,
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Converged => "converged",
            Self::IterationLimit => "iteration limit",
            Self::Interrupted => "interrupted",
            Self::Stagnated => "stagnated",
            Self::NotRecovered => "not recovered",
            Self::DeadStart => "dead start",
            Self::DegenerateStart => "degenerate start",
            Self::Diverged => "diverged",
            Self::StepUnderflow => "step underflow",
        })
    }
}

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
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Converged => "converged",
            Self::IterationLimit => "iteration limit",
            Self::Interrupted => "interrupted",
            Self::Stagnated => "stagnated",
            Self::NotRecovered => "not recovered",
        })
    }
}

use super::Status;

/// What an iterative solver returns.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<S, R> {
    /// The answer.
    pub solution: S,
    /// How the iteration ended.
    pub status: Status,
    /// One record an iteration, in order.
    pub history: Vec<R>,
}

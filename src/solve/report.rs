use super::Status;

/// What an iterative solver hands back: its last iterate, how it ended, and one record an iteration.
#[derive(Clone, Debug, PartialEq)]
pub struct Report<Solution, Record> {
    /// The last iterate, or the best where the solver says so.
    pub solution: Solution,
    /// How the iteration ended.
    pub status: Status,
    /// One record an iteration, in order.
    pub history: Vec<Record>,
}

impl<Solution, Record> Report<Solution, Record> {
    /// The number of iterations taken.
    #[must_use]
    pub fn iterations(&self) -> usize {
        self.history.len()
    }

    /// The same ending and history with another form of the solution.
    #[must_use]
    pub fn map<T>(self, solution: impl FnOnce(Solution) -> T) -> Report<T, Record> {
        Report { solution: solution(self.solution), status: self.status, history: self.history }
    }
}

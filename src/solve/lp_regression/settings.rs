use super::LpRegressionError as Error;

/// When [`lp_regression`](super::lp_regression) stops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LpRegressionSettings {
    /// Stops when objective − dual bound ≤ this · objective.
    pub relative_gap: f64,
    /// The limit on weighted least-squares solves; at p = 1 on those, and on d edges as one, for each part of the rows.
    pub max_iterations: usize,
}

impl Default for LpRegressionSettings {
    /// Relative gap 10⁻⁹, 200 iterations.
    fn default() -> Self {
        Self { relative_gap: 1e-9, max_iterations: 200 }
    }
}

impl LpRegressionSettings {
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.relative_gap > 0.0 && self.relative_gap < 1.0 {
            return Ok(());
        }
        let range = "between 0 and 1, both excluded";
        Err(Error::Setting { name: "relative_gap", value: self.relative_gap, range })
    }
}

/// One iteration: a weighted least-squares solve or, at p = 1, d edges between vertices.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LpRegressionRecord {
    /// Rows that took part.
    pub rows: usize,
    /// The least objective so far; of the part of the problem that is being solved, where that is not the whole.
    pub objective: f64,
    /// The gap over the objective.
    pub relative_gap: f64,
}

use std::fmt;

/// What a caller should know before trusting an answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Warning {
    /// There are fewer measurements than degrees of freedom of a matrix of the wanted rank: other matrices fit as well.
    FewMeasurements {
        /// m.
        measurements: usize,
        /// r(2d − r + 1)/2 or r(n₁ + n₂ − r).
        degrees_of_freedom: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FewMeasurements { measurements, degrees_of_freedom } => write!(
                f,
                "{measurements} measurements are fewer than the {degrees_of_freedom} degrees of freedom of a matrix of that \
                 rank: the answer is one of many"
            ),
        }
    }
}

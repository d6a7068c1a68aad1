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
    /// The steps of a geometric schedule sum up to less than one eigenvalue needs to grow from the start.
    ShortSchedule {
        /// B(η, ρ).
        available: f64,
        /// Σ bⱼ for one eigenvalue.
        required: f64,
    },
    /// F₀ᵀF₀ − G₀ᵀG₀ is indefinite: some redundant directions die out slowly.
    IndefiniteImbalance {
        /// Its least eigenvalue.
        least: f64,
        /// Its largest.
        largest: f64,
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
            Self::ShortSchedule { available, required } => write!(
                f,
                "the steps of this schedule amplify by {available:.1}, and the start needs {required:.1} for a single \
                 eigenvalue: take steps that fall more slowly, or a larger start"
            ),
            Self::IndefiniteImbalance { least, largest } => write!(
                f,
                "the imbalance of the start is indefinite (eigenvalues {least:.2e} to {largest:.2e}): convergence may be slow; \
                 take fewer columns (n > 4k for scales α and α/3) or rebalance"
            ),
        }
    }
}

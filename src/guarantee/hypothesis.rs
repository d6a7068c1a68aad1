use std::fmt;

/// One hypothesis of a theorem, and how it stands on one instance.
///
/// ```
/// use proofsketch::guarantee::{Hypothesis, Standing};
///
/// let rank = 3;
/// let full_rank = Hypothesis::require("A has full column rank 4", rank == 4, || format!("its rank is {rank}"));
/// assert_eq!(full_rank.standing, Standing::Fails { why: "its rank is 3".into() });
/// assert_eq!(full_rank.to_string(), "A has full column rank 4: fails, its rank is 3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hypothesis {
    /// What the theorem asks for.
    pub statement: String,
    /// Whether the instance has it.
    pub standing: Standing,
}

/// How a hypothesis stands on an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Evaluated, and met.
    Holds,
    /// Evaluated, and not met: the theorem says nothing about this instance.
    Fails {
        /// What was found instead, with the numbers.
        why: String,
    },
    /// Not evaluated: taken on trust, as the independence of random numbers is.
    Assumed,
}

impl Hypothesis {
    /// A hypothesis that was evaluated and is met.
    pub fn holds(statement: impl Into<String>) -> Self {
        Self { statement: statement.into(), standing: Standing::Holds }
    }

    /// A hypothesis that was evaluated and is not met.
    pub fn fails(statement: impl Into<String>, why: impl Into<String>) -> Self {
        Self { statement: statement.into(), standing: Standing::Fails { why: why.into() } }
    }

    /// A hypothesis that no computation here evaluates.
    pub fn assumed(statement: impl Into<String>) -> Self {
        Self { statement: statement.into(), standing: Standing::Assumed }
    }

    /// A hypothesis that holds if `condition` does; otherwise `why` says what was found.
    pub fn require(statement: impl Into<String>, condition: bool, why: impl FnOnce() -> String) -> Self {
        if condition { Self::holds(statement) } else { Self::fails(statement, why()) }
    }

    /// Whether the theorem is silent about the instance on account of this hypothesis.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        matches!(self.standing, Standing::Fails { .. })
    }
}

impl fmt::Display for Hypothesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.standing {
            Standing::Holds => write!(f, "{}: holds", self.statement),
            Standing::Fails { why } => write!(f, "{}: fails, {why}", self.statement),
            Standing::Assumed => write!(f, "{}: assumed", self.statement),
        }
    }
}

/// What one trial gave: the theorem says observed ≤ bound, but for a fraction δ of trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The bound of the theorem, a nonnegative number.
    pub bound: f64,
    /// The quantity that is bounded, as this trial gave it.
    pub observed: f64,
}

impl Outcome {
    /// Whether the trial broke the bound. What cannot be compared (NaN on either side) did.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.observed.is_nan() || self.bound.is_nan() || self.observed > self.bound
    }

    /// observed/bound: above 1 exactly for failures; ∞ where there is a NaN, and 1 where both are equal, as 0 and 0.
    #[must_use]
    pub fn tightness(&self) -> f64 {
        if self.observed == self.bound {
            return 1.0;
        }
        let ratio = self.observed / self.bound;
        if ratio.is_nan() { f64::INFINITY } else { ratio }
    }
}

use std::fmt;

use crate::guarantee::{Citation, Evidence, Hypothesis, MomentEvidence, Verdict};

/// What came of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// Of trials that a bound fails in or not.
    Trials(Evidence),
    /// Of draws whose mean and variance are known.
    Moments(MomentEvidence),
}

impl Finding {
    /// Where the theorem stands.
    #[must_use]
    pub fn citation(&self) -> Citation {
        match self {
            Self::Trials(evidence) => evidence.citation,
            Self::Moments(evidence) => evidence.citation,
        }
    }

    /// What it comes to.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::Trials(evidence) => evidence.verdict,
            Self::Moments(evidence) => evidence.verdict,
        }
    }

    /// The hypotheses as they stand on the instance.
    #[must_use]
    pub fn hypotheses(&self) -> &[Hypothesis] {
        match self {
            Self::Trials(evidence) => &evidence.hypotheses,
            Self::Moments(evidence) => &evidence.hypotheses,
        }
    }

    /// Whether the theorem is supported.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        self.verdict() == Verdict::Supported
    }

    /// Whether the theorem is refuted: one failure refutes what allows none.
    #[must_use]
    pub fn is_refuted(&self) -> bool {
        self.verdict() == Verdict::Refuted
    }

    /// Whether all hypotheses hold.
    #[must_use]
    pub fn is_applicable(&self) -> bool {
        self.verdict() != Verdict::NotApplicable
    }

    /// Whether a theorem of δ = 0, which no number of trials supports, held in all of some trials.
    #[must_use]
    pub fn is_without_exception(&self) -> bool {
        matches!(self, Self::Trials(evidence) if evidence.allowed == 0.0
            && evidence.trials > 0
            && evidence.failures == 0
            && evidence.verdict == Verdict::Undecided)
    }
}

impl From<Evidence> for Finding {
    fn from(evidence: Evidence) -> Self {
        Self::Trials(evidence)
    }
}

impl From<MomentEvidence> for Finding {
    fn from(evidence: MomentEvidence) -> Self {
        Self::Moments(evidence)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trials(evidence) => evidence.fmt(f),
            Self::Moments(evidence) => evidence.fmt(f),
        }
    }
}

//! A claim with a number, and what was seen of it.

use std::fmt;
use std::ops::RangeInclusive;

use serde::Serialize;

/// A sentence with a number, held against the data of a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimCheck {
    /// The claim: "log-log slope of the error in m is −0.5 ± 0.05".
    pub sentence: String,
    /// Where it stands in the paper.
    pub place: String,
    /// How it was tested.
    pub test: String,
    /// What was seen.
    pub seen: String,
    /// What follows.
    pub verdict: Verdict,
}

/// What a check says of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The data shows what the claim says.
    Reproduced,
    /// The data shows it for a part of what is claimed, or nearly.
    ReproducedInPart,
    /// The data shows otherwise.
    NotReproduced,
    /// The data cannot tell.
    NotTestable,
}

impl Verdict {
    /// [`Reproduced`](Self::Reproduced) or [`NotReproduced`](Self::NotReproduced).
    #[must_use]
    pub fn from_bool(holds: bool) -> Self {
        if holds { Self::Reproduced } else { Self::NotReproduced }
    }

    /// Reproduced if all cases hold, in part if some do, not reproduced if none; not testable without a case.
    #[must_use]
    pub fn from_cases(holding: usize, cases: usize) -> Self {
        match (holding, cases) {
            (_, 0) => Self::NotTestable,
            (h, c) if h == c => Self::Reproduced,
            (0, _) => Self::NotReproduced,
            _ => Self::ReproducedInPart,
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Reproduced => "reproduced",
            Self::ReproducedInPart => "reproduced in part",
            Self::NotReproduced => "not reproduced",
            Self::NotTestable => "not testable here",
        })
    }
}

impl ClaimCheck {
    /// A claim, where it stands in the paper and how it is tested; not testable until [`seen`](Self::seen).
    #[must_use]
    pub fn new(sentence: impl Into<String>, place: impl Into<String>, test: impl Into<String>) -> Self {
        let (sentence, place, test) = (sentence.into(), place.into(), test.into());
        Self { sentence, place, test, seen: String::new(), verdict: Verdict::NotTestable }
    }

    /// The same claim with what was seen of it and the verdict; a number that does not exist (NaN) reads as a dash.
    #[must_use]
    pub fn seen(self, seen: impl Into<String>, verdict: Verdict) -> Self {
        Self { seen: seen.into().replace("NaN", "–"), verdict, ..self }
    }

    /// The same claim with a number seen: reproduced if it lies in `range`.
    #[must_use]
    pub fn seen_within(self, value: f64, range: RangeInclusive<f64>) -> Self {
        let verdict = Verdict::from_bool(range.contains(&value));
        let shown = (value * 1e4).round() / 1e4;
        self.seen(format!("{shown} (allowed: {} to {})", range.start(), range.end()), verdict)
    }
}

/// How many claims came out how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All claims.
    pub claims: usize,
    /// Those reproduced.
    pub reproduced: usize,
    /// Those reproduced in part.
    pub reproduced_in_part: usize,
    /// Those not reproduced.
    pub not_reproduced: usize,
    /// Those not testable here.
    pub not_testable: usize,
}

impl FromIterator<Verdict> for Tally {
    fn from_iter<I: IntoIterator<Item = Verdict>>(verdicts: I) -> Self {
        verdicts.into_iter().fold(Self::default(), |mut tally, verdict| {
            tally.claims += 1;
            *match verdict {
                Verdict::Reproduced => &mut tally.reproduced,
                Verdict::ReproducedInPart => &mut tally.reproduced_in_part,
                Verdict::NotReproduced => &mut tally.not_reproduced,
                Verdict::NotTestable => &mut tally.not_testable,
            } += 1;
            tally
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} claim{}: ", self.claims, if self.claims == 1 { "" } else { "s" })?;
        write!(f, "{} reproduced, {} in part, ", self.reproduced, self.reproduced_in_part)?;
        write!(f, "{} not reproduced, {} not testable here", self.not_reproduced, self.not_testable)
    }
}

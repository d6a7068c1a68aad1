//! The papers whose figures are reproduced here.

/// A paper: what its report page says beside the figures.
#[derive(Debug, Clone, Copy)]
pub struct Paper {
    /// Name of the folder of its figures and of its report page.
    pub id: &'static str,
    /// Title of the paper.
    pub title: &'static str,
    /// Authors, venue and year, in one line.
    pub citation: &'static str,
    /// What is proved about its theorems and what is not, in Markdown; empty if there is nothing to say.
    pub standing: &'static str,
    /// Claims that no figure can test.
    pub open_claims: &'static [OpenClaim],
}

/// A claim that cannot be tested here, and why.
#[derive(Debug, Clone, Copy)]
pub struct OpenClaim {
    /// The claim, in one sentence.
    pub sentence: &'static str,
    /// Where it stands in the paper.
    pub place: &'static str,
    /// Why it cannot be tested.
    pub reason: &'static str,
}

use std::fmt;

/// Where a theorem is stated: a work and a place in it.
///
/// ```
/// use proofsketch::guarantee::Citation;
///
/// const HOEFFDING: Citation = Citation {
///     key: "Hoeffding1963",
///     authors: "W. Hoeffding",
///     title: "Probability Inequalities for Sums of Bounded Random Variables",
///     venue: "Journal of the American Statistical Association 58",
///     year: 1963,
///     locator: "Theorem 1",
/// };
/// assert!(HOEFFDING.to_string().ends_with("Association 58 (1963), Theorem 1"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Short name of the work, unique in the library: "Hoeffding1963".
    pub key: &'static str,
    /// The authors, as printed.
    pub authors: &'static str,
    /// The title.
    pub title: &'static str,
    /// Journal and volume, proceedings, or publisher.
    pub venue: &'static str,
    /// Year of publication.
    pub year: u16,
    /// The place inside the work: "Theorem II.13".
    pub locator: &'static str,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { authors, title, venue, year, locator, .. } = self;
        write!(f, "{authors}, “{title}”, {venue} ({year}), {locator}")
    }
}

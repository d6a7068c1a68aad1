/// What is known of a number: `lower` ≤ number ≤ `upper`, both by certificates.
///
/// ```
/// use proofsketch::sampling::Interval;
///
/// let sensitivity = Interval { lower: 0.25, upper: 0.5 };
/// assert_eq!(sensitivity.relative_gap(), 1.0);
/// assert!(sensitivity.contains(0.3));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Not above the number.
    pub lower: f64,
    /// Not below the number.
    pub upper: f64,
}

impl Interval {
    /// The interval of one number that is known.
    #[must_use]
    pub fn exact(value: f64) -> Self {
        Self { lower: value, upper: value }
    }

    /// `upper`/`lower` − 1; 0 if both are zero.
    #[must_use]
    pub fn relative_gap(&self) -> f64 {
        if self.upper == self.lower { 0.0 } else { self.upper / self.lower - 1.0 }
    }

    /// Whether `value` lies inside, ends included.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.lower..=self.upper).contains(&value)
    }

    /// What both intervals allow. Ends that rounding has let cross are put in order.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let (lower, upper) = (self.lower.max(other.lower), self.upper.min(other.upper));
        Self { lower: lower.min(upper), upper: upper.max(lower) }
    }
}

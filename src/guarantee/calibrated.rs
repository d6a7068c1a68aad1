use std::fmt;

/// The hidden constant of a theorem, calibrated on one family of instances and frozen in the source.
///
/// A theorem that says O(f) gives no number to compare with. Its constant is read off one named family; the theorem,
/// so completed, is then held against *other* families.
///
/// ```
/// use proofsketch::guarantee::Calibrated;
///
/// const FORWARD_ERROR: Calibrated = Calibrated { constant: 2.5, on: "Gaussian data, d = 32, m = 512" };
/// assert_eq!(FORWARD_ERROR.bound(0.25), 0.625);
/// assert_eq!(FORWARD_ERROR.to_string(), "2.5 (calibrated on Gaussian data, d = 32, m = 512)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calibrated {
    /// The constant c.
    pub constant: f64,
    /// The family of instances that it was read off.
    pub on: &'static str,
}

impl Calibrated {
    /// c·f, where f is the value of the theorem's expression without its constant.
    #[must_use]
    pub fn bound(&self, expression: f64) -> f64 {
        self.constant * expression
    }
}

impl fmt::Display for Calibrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (calibrated on {})", self.constant, self.on)
    }
}

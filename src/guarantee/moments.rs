use statrs::function::erf::erfc;

use super::error::check_finite;
use super::{Error, student_t_tail};

/// Deviations below this fraction of the largest value are rounding, not evidence.
const ROUNDING: f64 = 1e-13;

/// A two-sided test that a moment of a distribution is what a formula says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MomentTest {
    /// The moment of the sample.
    pub estimate: f64,
    /// The moment that was claimed.
    pub expected: f64,
    /// (estimate − expected) / standard error.
    pub statistic: f64,
    /// Probability of a statistic at least this far from zero, were the claim true.
    pub p_value: f64,
}

impl MomentTest {
    fn new(estimate: f64, expected: f64, standard_error: f64, tail: impl Fn(f64) -> f64) -> Self {
        let statistic = (estimate - expected) / standard_error;
        let statistic = if estimate == expected { 0.0 } else { statistic };
        Self { estimate, expected, statistic, p_value: tail(statistic.abs()) }
    }

    /// Whether the claim is refuted at level α: p < α.
    #[must_use]
    pub fn is_refuted(&self, alpha: f64) -> bool {
        self.p_value < alpha
    }
}

/// z-test of a mean where the variance of one value is known: z = √N (x̄ − mean)/√variance.
///
/// Exact for normal values; otherwise the central limit theorem, whose relative error in far tails shrinks as
/// skewness·z³/√N. A known variance of zero refutes any sample that differs by more than rounding.
///
/// ```
/// use proofsketch::guarantee::mean_test;
///
/// let flips = [1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0];
/// assert_eq!(mean_test(&flips, 0.5, 0.25)?.p_value, 1.0);
/// assert!(mean_test(&flips, 0.1, 0.09)?.p_value < 1e-4);
/// # Ok::<(), proofsketch::guarantee::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooFew`] for an empty sample, [`Error::Value`] with the first value that is not finite,
/// [`Error::Variance`] for a variance that is negative or not finite.
pub fn mean_test(sample: &[f64], mean: f64, variance: f64) -> Result<MomentTest, Error> {
    check_sample("the test of a mean", sample, 1)?;
    if !(variance.is_finite() && variance >= 0.0) {
        return Err(Error::Variance(variance));
    }
    let standard_error = (variance / sample.len() as f64).sqrt().max(ROUNDING * largest(sample, mean));
    Ok(MomentTest::new(average(sample.iter().copied()), mean, standard_error, normal_tail))
}

/// Test of a mean where the variance is estimated from the sample: Student's t with N − 1 degrees of freedom.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::Value`] with the first value that is not finite.
pub fn mean_test_estimated(sample: &[f64], mean: f64) -> Result<MomentTest, Error> {
    check_sample("the test of a mean", sample, 2)?;
    let estimate = average(sample.iter().copied());
    let dof = sample.len() as f64 - 1.0;
    let variance = sample.iter().map(|x| (x - estimate).powi(2)).sum::<f64>() / dof;
    let standard_error = (variance / sample.len() as f64).sqrt().max(ROUNDING * largest(sample, mean));
    Ok(MomentTest::new(estimate, mean, standard_error, |t| student_t_tail(t, dof)))
}

/// z-test of a variance, its standard error from the fourth moment of the sample:
/// z = √N (s² − variance)/√(m₄ − s⁴) with m₄ = Σ(xᵢ − x̄)⁴/N.
///
/// Asymptotic: for the skewed values that norms are, N in the thousands.
///
/// # Errors
/// [`Error::TooFew`] for fewer than two values, [`Error::Value`] with the first value that is not finite,
/// [`Error::Variance`] for a claimed variance that is negative or not finite.
pub fn variance_test(sample: &[f64], variance: f64) -> Result<MomentTest, Error> {
    check_sample("the test of a variance", sample, 2)?;
    if !(variance.is_finite() && variance >= 0.0) {
        return Err(Error::Variance(variance));
    }
    let n = sample.len() as f64;
    let mean = average(sample.iter().copied());
    let second = average(sample.iter().map(|x| (x - mean).powi(2)));
    let fourth = average(sample.iter().map(|x| (x - mean).powi(4)));
    let estimate = second * n / (n - 1.0);
    let rounding = ROUNDING * largest(sample, 0.0).powi(2);
    let standard_error = ((fourth - second * second).max(0.0) / n).sqrt().max(rounding);
    Ok(MomentTest::new(estimate, variance, standard_error, normal_tail))
}

/// Var ‖Sx‖² = (2‖x‖₂⁴ + (κ − 3)‖x‖₄⁴)/m for S ∈ ℝᵐˣⁿ with independent entries of mean 0, variance 1/m and
/// kurtosis κ.
///
/// κ is 3 for Gaussian entries, 1 for signs, s for very sparse entries (nonzero with probability 1/s). The value at
/// κ = 1 is also that of sparse sign sketches with any number s of nonzeros a column, CountSketch among them, and of
/// the SRHT with replacement: for both, ‖Sx‖² − ‖x‖² = Σ_{j≠k} xⱼxₖ⟨Sⱼ, Sₖ⟩, its terms uncorrelated but for the
/// order of j and k, and E⟨Sⱼ, Sₖ⟩² = 1/m.
///
/// ```
/// use proofsketch::guarantee::norm_square_variance;
///
/// assert_eq!(norm_square_variance(&[2.0], 3.0, 16), 2.0); // N(0, 4/16)², sixteen times: 16·2·(1/4)²
/// assert_eq!(norm_square_variance(&[2.0], 1.0, 16), 0.0); // ‖S e₁‖ = 1 for signs
/// ```
#[must_use]
pub fn norm_square_variance(x: &[f64], kurtosis: f64, m: usize) -> f64 {
    let second: f64 = x.iter().map(|x| x * x).sum();
    let fourth: f64 = x.iter().map(|x| x.powi(4)).sum();
    (2.0 * second * second + (kurtosis - 3.0) * fourth) / m as f64
}

fn check_sample(what: &'static str, sample: &[f64], needed: usize) -> Result<(), Error> {
    if sample.len() < needed {
        return Err(Error::TooFew { what, needed, given: sample.len() });
    }
    check_finite("a value", sample)
}

/// Pr\[|N(0, 1)| > z\].
fn normal_tail(z: f64) -> f64 {
    erfc(z / std::f64::consts::SQRT_2)
}

fn average(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len() as f64;
    values.sum::<f64>() / count
}

fn largest(sample: &[f64], mean: f64) -> f64 {
    sample.iter().fold(mean.abs(), |largest, x| largest.max(x.abs()))
}

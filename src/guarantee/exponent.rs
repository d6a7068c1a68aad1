use super::error::{check_finite, check_probability};
use super::{Error, student_t_quantile};

/// The exponent of a power law y ≈ c·x^e, with its confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExponentFit {
    /// e, the slope of ln y over ln x.
    pub exponent: f64,
    /// ln c, the intercept.
    pub intercept: f64,
    /// Half the width of the two-sided confidence interval of e.
    pub half_width: f64,
    /// The level of that interval: it misses e with this probability, if ln y has independent normal errors of one
    /// variance.
    pub level: f64,
}

impl ExponentFit {
    /// The confidence interval of the exponent.
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        (self.exponent - self.half_width, self.exponent + self.half_width)
    }

    /// Whether the confidence interval holds this exponent.
    #[must_use]
    pub fn contains(&self, exponent: f64) -> bool {
        (exponent - self.exponent).abs() <= self.half_width
    }

    /// c·x^e.
    #[must_use]
    pub fn value_at(&self, x: f64) -> f64 {
        (self.intercept + self.exponent * x.ln()).exp()
    }
}

/// Fits y ≈ c·x^e to paired sizes and values: ordinary least squares of ln y on ln x, with Student's t interval of
/// N − 2 degrees of freedom for e.
///
/// ```
/// use proofsketch::guarantee::fit_exponent;
///
/// let rows = [64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0];
/// let error = [0.247, 0.180, 0.124, 0.0886, 0.0619, 0.0445];
/// let fit = fit_exponent(&rows, &error, 0.05)?;
/// assert!(fit.contains(-0.5) && fit.half_width < 0.02);
/// # Ok::<(), proofsketch::guarantee::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unpaired`] for lists of different lengths, [`Error::TooFew`] for fewer than three sizes,
/// [`Error::Value`] with the first size or value that is not positive and finite, [`Error::EqualSizes`] if all sizes
/// are one, [`Error::Probability`] for a level outside (0, 1).
pub fn fit_exponent(x: &[f64], y: &[f64], level: f64) -> Result<ExponentFit, Error> {
    if x.len() != y.len() {
        return Err(Error::Unpaired { sizes: x.len(), values: y.len() });
    }
    if x.len() < 3 {
        return Err(Error::TooFew { what: "an exponent", needed: 3, given: x.len() });
    }
    check_probability("the level", level)?;
    let (x, y) = (logarithms("a size", x)?, logarithms("a value", y)?);
    let (x_mean, y_mean) = (mean(&x), mean(&y));
    let sxx: f64 = x.iter().map(|x| (x - x_mean).powi(2)).sum();
    if x.iter().all(|&other| other == x[0]) {
        return Err(Error::EqualSizes(x[0].exp()));
    }
    let sxy: f64 = x.iter().zip(&y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
    let exponent = sxy / sxx;
    let intercept = y_mean - exponent * x_mean;
    let residual_square: f64 = x.iter().zip(&y).map(|(x, y)| (y - intercept - exponent * x).powi(2)).sum();
    let dof = (x.len() - 2) as f64;
    let half_width = student_t_quantile(level, dof) * (residual_square / dof / sxx).sqrt();
    Ok(ExponentFit { exponent, intercept, half_width, level })
}

fn logarithms(what: &'static str, values: &[f64]) -> Result<Vec<f64>, Error> {
    check_finite(what, values)?;
    match values.iter().position(|&value| value <= 0.0) {
        Some(index) => Err(Error::Value { what, wanted: "positive", index, value: values[index] }),
        None => Ok(values.iter().map(|value| value.ln()).collect()),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

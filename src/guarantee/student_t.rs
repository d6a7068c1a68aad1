use statrs::function::beta::beta_reg;

/// Pr[|T| > x] for Student's t with `freedom` = ν degrees of freedom: I_{ν/(ν+x²)}(ν/2, 1/2).
///
/// The incomplete beta function gives small tails to full relative accuracy, where 1 − cdf would cancel.
/// x < 0 counts as 0. NaN unless ν > 0.
///
/// ```
/// use proofsketch::guarantee::student_t_tail;
///
/// assert!((student_t_tail(1.0, 1.0) - 0.5).abs() < 1e-14); // Cauchy: quartiles at ±1
/// assert!((student_t_tail(1e9, 1.959964) - 0.05).abs() < 1e-7); // the normal limit
/// ```
#[must_use]
pub fn student_t_tail(freedom: f64, x: f64) -> f64 {
    if freedom.is_nan() || freedom <= 0.0 || x.is_nan() {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 1.0;
    }
    beta_reg(freedom / 2.0, 0.5, freedom / (freedom + x * x))
}

/// The x with Pr[|T| > x] = `tail` for Student's t with ν = `freedom`: the half-width, in standard errors, of a
/// two-sided interval of level 1 − `tail`. NaN unless ν > 0 and 0 < `tail` ≤ 1.
///
/// By bisection on [`student_t_tail`], to the last bits of x.
#[must_use]
pub fn student_t_half_width(freedom: f64, tail: f64) -> f64 {
    if !(freedom > 0.0 && tail > 0.0 && tail <= 1.0) {
        return f64::NAN;
    }
    let mut high = 1.0;
    while student_t_tail(freedom, high) > tail && high < 1e300 {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if student_t_tail(freedom, middle) > tail { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

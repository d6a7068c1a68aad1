use statrs::function::beta::beta_reg;
use statrs::function::erf::erfc;

/// Degrees of freedom above which Hill's expansion is the more accurate of the two formulas.
const MANY_DEGREES: f64 = 3000.0;

/// Pr\[|T| > t\] for Student's t with ν degrees of freedom, ν > 0 and not necessarily an integer; ν = ∞ is the
/// normal distribution.
///
/// Up to ν = 3000 the incomplete beta function I_{ν/(ν+t²)}(ν/2, ½), above it Hill's normalizing expansion; relative
/// error below 10⁻¹⁰ for tails down to 10⁻²⁰. NaN for t < 0 or ν ≤ 0.
///
/// Source: Hill, Algorithm 395, Communications of the ACM 13 (1970), 617–619.
///
/// ```
/// use proofsketch::guarantee::student_t_tail;
///
/// assert!((student_t_tail(1.0, 1.0) - 0.5).abs() < 1e-13); // the Cauchy distribution
/// assert!((student_t_tail(1.96, f64::INFINITY) - 0.05).abs() < 1e-5); // the normal distribution
/// ```
#[must_use]
pub fn student_t_tail(t: f64, dof: f64) -> f64 {
    if !(t >= 0.0 && dof > 0.0) {
        return f64::NAN;
    }
    if dof > MANY_DEGREES {
        return erfc(normal_deviate(t, dof) / std::f64::consts::SQRT_2);
    }
    if t > 1.0 {
        beta_reg(dof / 2.0, 0.5, 1.0 / (1.0 + t * t / dof))
    } else {
        1.0 - beta_reg(0.5, dof / 2.0, t * t / (dof + t * t))
    }
}

/// The z with Pr\[|N(0, 1)| > z\] = Pr\[|T| > t\], by Hill's expansion in a = ν − ½ and a·ln(1 + t²/ν).
fn normal_deviate(t: f64, dof: f64) -> f64 {
    if dof.is_infinite() {
        return t;
    }
    let a = dof - 0.5;
    let b = 48.0 * a * a;
    let y = a * (t / dof * t).ln_1p();
    let correction = (((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b) + y + 3.0;
    (correction / b + 1.0) * y.sqrt()
}

/// The two-sided quantile: the t ≥ 0 with Pr\[|T| > t\] = level, by bisection on [`student_t_tail`].
///
/// NaN for a level outside (0, 1) or ν ≤ 0; ∞ where t exceeds the largest number.
///
/// ```
/// use proofsketch::guarantee::student_t_quantile;
///
/// assert!((student_t_quantile(0.05, 10.0) - 2.228_138_851_986_274_7).abs() < 1e-12);
/// ```
#[must_use]
pub fn student_t_quantile(level: f64, dof: f64) -> f64 {
    if !(level > 0.0 && level < 1.0 && dof > 0.0) {
        return f64::NAN;
    }
    let mut high = 1.0;
    while student_t_tail(high, dof) > level {
        high *= 2.0;
        if f64::is_infinite(high) {
            return high;
        }
    }
    let mut low = 0.0;
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if student_t_tail(middle, dof) > level {
            low = middle;
        } else {
            high = middle;
        }
    }
}

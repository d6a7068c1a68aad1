use super::norm::{largest_magnitude, power, sum};

/// Steps of the search at most.
const STEPS: usize = 12;
/// Relative accuracy of the step.
const ACCURACY: f64 = 1e-2;

/// The t > 0 that nearly minimises the convex φ(t) = Σ|vᵢ + t·dᵢ|ˢ, s ≥ 2, for a direction of descent d, by Newton's method
/// on φ′ kept inside a bracket.
pub(super) fn power_line_search(v: &[f64], d: &[f64], s: f64) -> f64 {
    let largest = largest_magnitude(v);
    if largest == 0.0 {
        return 0.0;
    }
    // φ′ and φ″ but for the factors s and s − 1.
    let slopes = |t: f64| {
        let term = |i: usize| (v[i] + t * d[i]) / largest;
        let base = |i: usize| power(term(i).abs(), s - 2.0);
        (sum(v.len(), |i| base(i) * term(i) * d[i]), sum(v.len(), |i| base(i) * d[i] * d[i]) / largest)
    };
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut t = 1.0 / (s - 1.0);
    for _ in 0..STEPS {
        let (slope, curvature) = slopes(t);
        if slope < 0.0 {
            low = t;
        } else {
            high = t;
        }
        let newton = t - slope / ((s - 1.0) * curvature);
        let inside = newton.is_finite() && newton > low && newton < high;
        let next = match high {
            _ if inside => newton,
            f64::INFINITY => 2.0 * t,
            _ => f64::midpoint(low, high),
        };
        if (next - t).abs() <= ACCURACY * t {
            return next;
        }
        t = next;
    }
    if low > 0.0 { low } else { t }
}

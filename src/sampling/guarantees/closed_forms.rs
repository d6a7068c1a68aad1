use statrs::function::gamma::ln_gamma;

/// E|g|ᵖ = 2^(p/2) Γ((p + 1)/2)/√π for g ~ N(0, 1).
///
/// ```
/// use proofsketch::sampling::gaussian_absolute_moment;
///
/// assert!((gaussian_absolute_moment(1.0) - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-14);
/// assert!((gaussian_absolute_moment(4.0) - 3.0).abs() < 1e-13);
/// ```
#[must_use]
pub fn gaussian_absolute_moment(p: f64) -> f64 {
    let log = p / 2.0 * std::f64::consts::LN_2 + ln_gamma(f64::midpoint(p, 1.0)) - ln_gamma(0.5);
    log.exp()
}

/// E‖g‖ᵖ/E|g₁|ᵖ for g ~ N(0, I_d): the limit of the total ℓp sensitivity of an n × d Gaussian matrix as n/d grows.
///
/// ‖Gx‖ₚᵖ tends to n·E|g₁|ᵖ‖x‖ᵖ for all x at once, so that σᵢ tends to max_x |gᵢᵀx|ᵖ/(n·E|g₁|ᵖ‖x‖ᵖ) = ‖gᵢ‖ᵖ/(n·E|g₁|ᵖ).
/// E‖g‖ᵖ = 2^(p/2)Γ((d + p)/2)/Γ(d/2) is d^(p/2)(1 + O(1/d)).
///
/// ```
/// use proofsketch::sampling::gaussian_total_sensitivity;
///
/// assert!((gaussian_total_sensitivity(7, 2.0) - 7.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn gaussian_total_sensitivity(ncols: usize, p: f64) -> f64 {
    let half = ncols as f64 / 2.0;
    let norm = p / 2.0 * std::f64::consts::LN_2 + ln_gamma(half + p / 2.0) - ln_gamma(half);
    norm.exp() / gaussian_absolute_moment(p)
}

/// 1/(1 + (v − 2)·2^(1−p)), p ≥ 1: the ℓp sensitivity of every edge of the complete graph K_v, rows e_i − e_j.
///
/// 1/σ is the least Σ|x_k − x_l|ᵖ over potentials with x_i − x_j = 1. By symmetry and convexity the other vertices lie at
/// the mean ½, where each of them adds 2·2^(−p).
///
/// ```
/// use proofsketch::sampling::complete_graph_sensitivity;
///
/// assert_eq!(complete_graph_sensitivity(3, 1.0), 0.5);
/// assert_eq!(complete_graph_sensitivity(4, 2.0), 0.5); // leverage 2/v
/// ```
#[must_use]
pub fn complete_graph_sensitivity(vertices: usize, p: f64) -> f64 {
    1.0 / (1.0 + (vertices as f64 - 2.0) * (1.0 - p).exp2())
}

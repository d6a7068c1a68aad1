//! What a geometric schedule of steps can amplify, and what a small start needs.
//!
//! In phase j of incremental learning the eigenvalue σⱼ is the largest that is missing, ‖Δ‖ = σⱼ, and a step ηρᵗ multiplies the
//! signal in direction l ≥ j by 1 + 2ηρᵗσ_l/σⱼ. The steps sum up to 2B, B = ½ Σₜ ln(1 + 2ηρᵗ), however long the method runs: where this
//! is less than the start needs, the smallest eigenvalues are never learned; where it is much more, so is the amplification of
//! what does not belong to X★.

use super::Error;
use super::error::in_range;

/// The log-amplitude ½ ln(‖X★‖_F/(φα²)) that every eigendirection has to gain from U₀ = αB, φ the scaling of Sign-RIP.
#[must_use]
pub fn log_amplitude(norm: f64, scaling: f64, alpha: f64) -> f64 {
    0.5 * (norm / scaling).ln() - alpha.ln()
}

/// The growth Σⱼ bⱼ that learning eigenvalues σ₁ ≥ σ₂ ≥ … > 0 one after another takes, from log-amplitude a:
/// bⱼ = max(0, a/2 − σⱼ Σ_{l<j} b_l/σ_l).
///
/// ```
/// use proofsketch::sensing::required_growth;
///
/// assert!((required_growth(&[2.0], 10.0) - 5.0).abs() < 1e-14);
/// assert!((required_growth(&[2.0, 2.0], 10.0) - 5.0).abs() < 1e-14); // both at once
/// assert!((required_growth(&[2.0, 1.0], 10.0) - 7.5).abs() < 1e-14);
/// ```
#[must_use]
pub fn required_growth(spectrum: &[f64], log_amplitude: f64) -> f64 {
    let need = 0.5 * log_amplitude;
    let (mut relative, mut total) = (0.0, 0.0);
    for &value in spectrum {
        let growth = (need - value * relative).max(0.0);
        relative += growth / value;
        total += growth;
    }
    total
}

/// B(η, ρ) = ½ Σ_{t ≥ 0} ln(1 + 2ηρᵗ), about η/(1 − ρ) for small η.
///
/// # Errors
/// [`Error::Setting`] unless 0 < η < ∞ and 0 < ρ < 1.
///
/// ```
/// use proofsketch::sensing::available_growth;
///
/// let sum: f64 = (0..3000).map(|t| 0.5 * (1.0 + 2.0 * 0.4 * 0.99_f64.powi(t)).ln()).sum();
/// assert!((available_growth(0.4, 0.99)? - sum).abs() < 1e-10);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn available_growth(eta: f64, decay: f64) -> Result<f64, Error> {
    in_range("eta", eta, eta > 0.0 && eta.is_finite(), "0 < eta < ∞")?;
    in_range("decay", decay, decay > 0.0 && decay < 1.0, "0 < decay < 1")?;
    Ok(growth(eta, decay))
}

/// The ρ with B(η, ρ) = `growth`.
///
/// # Errors
/// [`Error::Setting`] unless 0 < η < ∞ and ½ ln(1 + 2η) < growth ≤ 10⁹η: the first step alone gives that much, and ρ is to be
/// apart from 1.
///
/// ```
/// use proofsketch::sensing::{available_growth, decay_for_growth};
///
/// let decay = decay_for_growth(0.4, 50.0)?;
/// assert!((available_growth(0.4, decay)? - 50.0).abs() < 1e-6);
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
pub fn decay_for_growth(eta: f64, wanted: f64) -> Result<f64, Error> {
    in_range("eta", eta, eta > 0.0 && eta.is_finite(), "0 < eta < ∞")?;
    let holds = wanted > 0.5 * (2.0 * eta).ln_1p() && wanted <= MOST_GROWTH * eta;
    in_range("the growth", wanted, holds, "½ ln(1 + 2·eta) < growth ≤ 10⁹·eta")?;
    // Bisection in 1 − ρ, on a logarithmic scale.
    let (mut low, mut high) = (-30.0 * std::f64::consts::LN_2, 0.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if growth(eta, 1.0 - f64::exp(middle)) > wanted { low = middle } else { high = middle }
    }
    Ok(1.0 - f64::exp(0.5 * (low + high)))
}

/// Growth in units of η at which 1 − ρ has six digits left.
const MOST_GROWTH: f64 = 1e9;

/// Σₜ by Euler and Maclaurin where terms fall slowly, to a relative 10⁻¹⁰, term by term elsewhere.
fn growth(eta: f64, decay: f64) -> f64 {
    const SLOW: f64 = 0.99;
    let first = 2.0 * eta;
    if decay <= SLOW {
        let terms = std::iter::successors(Some(first), |term| Some(term * decay));
        let counted = terms.take_while(|&term| term > first * f64::EPSILON * (1.0 - decay));
        return 0.5 * counted.map(f64::ln_1p).sum::<f64>();
    }
    let rate = -decay.ln();
    0.5 * (negative_dilogarithm(first) / rate + 0.5 * first.ln_1p() + rate * first / (12.0 * (1.0 + first)))
}

/// −Li₂(−x) = ∫₀ˣ ln(1 + s)/s ds for x > 0.
fn negative_dilogarithm(x: f64) -> f64 {
    if x > 1.0 {
        let constant = std::f64::consts::PI.powi(2) / 6.0;
        return constant + 0.5 * x.ln().powi(2) - negative_dilogarithm(1.0 / x);
    }
    // Landen: −Li₂(−x) = Li₂(z) + ½ ln²(1 + x), z = x/(1 + x) ≤ ½.
    let z = x / (1.0 + x);
    let (mut power, mut sum) = (1.0, 0.0);
    for k in 1..=56 {
        power *= z;
        sum += power / f64::from(k * k);
    }
    sum + 0.5 * x.ln_1p().powi(2)
}

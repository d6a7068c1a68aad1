use std::f64::consts::FRAC_2_PI;

use nalgebra::{DMatrix, DVector};

use super::super::{MeasurementMap, sign};
use super::{MeasurementNoise, ma_fattahi};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::Svd;
use crate::random::StreamKey;

/// Sign-RIP at points that are fixed before 𝒜 is drawn, with constants: for Gaussian Aᵢ, noise s independent of them, and N
/// fixed symmetric points X ∈ ℝᵈˣᵈ,
///
/// ‖Q(X) − φ(X) X/‖X‖_F‖₍ₖ₎ ≤ (min(√k (√(2d) + √(2/π)), √(d(d+1)/2)) + (1 + √(2 + 4/π)) t)/√m
///
/// at all of them but with probability 3N exp(−t²/2), where Q(X) = (1/m) Σ sign(⟨Aᵢ, X⟩ − sᵢ)(Aᵢ + Aᵢᵀ)/2, φ is
/// [`MeasurementNoise::sign_scaling`] and ‖M‖₍ₖ₎ = (Σ_{i≤k} σᵢ²)^½ = sup ⟨M, Y⟩ over Y of rank k and norm 1. Divided by φ(X)
/// it is the δ of Sign-RIP, of order √(dk/m).
///
/// Proof. Write Aᵢ = gᵢX̂ + Aᵢ^⊥ with X̂ = X/‖X‖_F. The sign εᵢ = sign(‖X‖gᵢ − sᵢ) does not see Aᵢ^⊥, so Q(X) = ζX̂ + P_⊥W/√m
/// in law, with ζ = (1/m)Σεᵢgᵢ and W of independent N(0, 1) entries, symmetrised. Eζ = φ; and as |εg| ≤ |g|, E
/// exp(λ(εg − φ)) ≤ E cosh(λ(|g| + |g′|)) ≤ exp(λ²(1 + 2/π)), so |ζ − φ| ≤ t√(2 + 4/π)/√m but with probability
/// 2exp(−t²/2). ‖·‖₍ₖ₎ is 1-Lipschitz, and its mean at W is at most √k E‖W‖ ≤ √k(√(2d) + √(2/π)) by the inequality of
/// Sudakov and Fernique, and at most the root mean square of ‖W‖_F.
///
/// Ma and Fattahi (2023), Theorems 10 and 11, state it for all X of approximate rank k with ζ ≤ ‖X‖_F ≤ R at once, with
/// hidden constants and logarithms: m ≳ dk log²m log(R/ζ)/((1 − p)²δ²).
#[derive(Clone, Debug)]
pub struct SignRip<F> {
    /// d.
    pub dim: usize,
    /// k.
    pub rank: usize,
    /// m.
    pub measurements: usize,
    /// The law of s.
    pub noise: MeasurementNoise,
    /// N.
    pub points: usize,
    /// t ≥ 0.
    pub t: f64,
    /// The implementation: draws 𝒜 and s by a key and gives the symmetric Q at each point.
    pub directions: F,
}

/// ‖M‖₍ₖ₎ = (Σ_{i≤k} σᵢ(M)²)^½, the Ky Fan 2-k norm; NaN if M is not finite.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sensing::ky_fan_norm;
///
/// let m = dmatrix![3.0, 0.0, 0.0; 0.0, 4.0, 0.0; 0.0, 0.0, 1.0];
/// assert!((ky_fan_norm(&m, 1) - 4.0).abs() < 1e-14 && (ky_fan_norm(&m, 2) - 5.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn ky_fan_norm(matrix: &DMatrix<f64>, rank: usize) -> f64 {
    Svd::new(matrix)
        .map_or(f64::NAN, |svd| svd.singular_values.iter().take(rank).map(|s| s * s).sum::<f64>().sqrt())
}

/// Q(X) = (1/m) Σ sign(⟨Aᵢ, X⟩ − sᵢ) Aᵢ by the products of the map, symmetric for a symmetric map.
///
/// # Panics
/// If X has another shape than the map measures, or s not m entries.
#[must_use]
pub fn sign_direction(map: &dyn MeasurementMap, x: &DMatrix<f64>, noise: &DVector<f64>) -> DMatrix<f64> {
    map.fused(x, noise, &sign).gradient
}

impl<F> SignRip<F> {
    /// The bound of the deviation, φδ.
    #[must_use]
    pub fn deviation(&self) -> f64 {
        let (d, k) = (self.dim as f64, self.rank as f64);
        let operator = k.sqrt() * ((2.0 * d).sqrt() + FRAC_2_PI.sqrt());
        let frobenius = (d * (d + 1.0) / 2.0).sqrt();
        let fluctuation = 1.0 + (2.0 + 2.0 * FRAC_2_PI).sqrt();
        (operator.min(frobenius) + fluctuation * self.t) / (self.measurements as f64).sqrt()
    }
}

impl<F> Guarantee for SignRip<F>
where
    F: Fn(&[DMatrix<f64>], StreamKey) -> Vec<DMatrix<f64>> + Sync,
{
    type Instance = Vec<DMatrix<f64>>;

    const CITATION: Citation = ma_fattahi(
        "Definition 7, Theorems 10 and 11, at fixed points with the constants documented at this type",
    );

    fn hypotheses(&self, points: &Self::Instance) -> Vec<Hypothesis> {
        let (d, k, count) = (self.dim, self.rank, points.len());
        let misshapen = points.iter().position(|x| x.shape() != (d, d) || *x != x.transpose());
        let zero = points.iter().position(|x| x.norm() == 0.0);
        vec![
            Hypothesis::require("there are N points", count == self.points, || format!("there are {count}")),
            Hypothesis::require("the points are symmetric, d×d", misshapen.is_none(), || {
                format!("point {} is not", misshapen.unwrap_or_default())
            }),
            Hypothesis::require("the points are not zero", zero.is_none(), || {
                format!("point {} is", zero.unwrap_or_default())
            }),
            Hypothesis::require("1 ≤ k ≤ d", (1..=d).contains(&k), || format!("k = {k}, d = {d}")),
            Hypothesis::assumed("Aᵢ has independent N(0, 1) entries; s is independent of 𝒜"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        3.0 * self.points as f64 * (-0.5 * self.t * self.t).exp()
    }

    /// The largest deviation over the points.
    fn trial(&self, points: &Self::Instance, key: StreamKey) -> Outcome {
        let directions = (self.directions)(points, key);
        let deviations = points.iter().zip(&directions).map(|(x, q)| {
            let norm = x.norm();
            ky_fan_norm(&(q - x * (self.noise.sign_scaling(norm) / norm)), self.rank)
        });
        let observed = deviations
            .fold(0.0, |most: f64, value| if value.is_nan() { f64::INFINITY } else { most.max(value) });
        Outcome { bound: self.deviation(), observed }
    }
}

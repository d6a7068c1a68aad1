use nalgebra::DMatrix;

use super::super::{LowRankMatrix, incoherence, orthonormal_basis, subspace_distance};
use super::GramConcentration;
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::{StreamKey, uniform_unit};

/// A matrix and the basis that a half-step starts from.
#[derive(Clone, Debug, PartialEq)]
pub struct HalfStepInstance {
    /// M = U★ diag(σ) V★ᵀ.
    pub truth: LowRankMatrix,
    /// U ∈ ℝᵐˣᵏ, orthonormal.
    pub basis: DMatrix<f64>,
}

impl HalfStepInstance {
    /// dist(U, U★).
    #[must_use]
    pub fn distance(&self) -> f64 {
        subspace_distance(self.truth.left_basis(), &self.basis).unwrap_or(f64::NAN)
    }
}

/// One half-step contracts: with fresh Bernoulli(p) entries of M, the least-squares V̂ = argmin ‖P_Ω(UV̂ᵀ − M)‖_F has
///
/// dist(V̂, V★) ≤ c·dist(U, U★)
///
/// but with probability min over δ of n·Chernoff(k, δ, pm/(μ²k)) + (1−p)μ²k·k·κ²·d²/(pm(1−δ)²φ²), where μ is the
/// incoherence of U, d bounds dist(U, U★) < 1 and φ = c·d√(1−d²)/(1 + c·d).
///
/// Proof. V̂ = V★ΣU★ᵀU + F, row j of F being (A_jᵀA_j)⁻¹ times N_j = Σᵢ bᵢⱼuᵢ·\[(I − UUᵀ)U★Σv★_j\]ᵢ, whose mean is 0
/// as Uᵀ(I − UUᵀ) = 0, and Σ_j E‖N_j‖² ≤ p(1−p)(μ²k/m)‖(I − UUᵀ)U★Σ‖_F² ≤ p(1−p)(μ²k/m)·k·σ₁²d². The Gram matrices
/// are at least (1−δ)p; Markov's inequality gives ‖F‖_F ≤ φσ_k. Then dist(V̂, V★) ≤ ‖F‖/σ_min(V̂) ≤ φ/(√(1−d²) − φ) =
/// c·d.
///
/// The statement with its constants is this library's own. Jain, Netrapalli and Sanghavi (STOC 2013) prove
/// contraction under a condition on p with hidden constants; their constant c = 1/4 is *recalled*, not quoted. Both
/// need fresh entries.
#[derive(Clone, Debug)]
pub struct HalfStepContraction<F> {
    /// m and n.
    pub shape: (usize, usize),
    /// k.
    pub rank: usize,
    /// p.
    pub probability: f64,
    /// μ, of U.
    pub incoherence: f64,
    /// κ = σ₁/σ_k.
    pub condition: f64,
    /// d, an upper bound of dist(U, U★).
    pub distance: f64,
    /// c.
    pub factor: f64,
    /// The implementation: V̂ from U, n and the entries (i, j, Mᵢⱼ), which are sorted by row.
    pub half_step: F,
}

impl<F> HalfStepContraction<F> {
    /// The second term of the failure probability.
    fn markov(&self, delta: f64) -> f64 {
        let (m, k, p, d) = (self.shape.0 as f64, self.rank as f64, self.probability, self.distance);
        let phi = self.factor * d * (1.0 - d * d).sqrt() / (1.0 + self.factor * d);
        let scale = self.incoherence * self.condition * k * d / ((1.0 - delta) * phi);
        (1.0 - p) / (p * m) * scale * scale
    }
}

impl<F> Guarantee for HalfStepContraction<F>
where
    F: Fn(&DMatrix<f64>, usize, &[(u32, u32, f64)]) -> DMatrix<f64> + Sync,
{
    type Instance = HalfStepInstance;

    const CITATION: Citation = Citation {
        key: "HalfStepContraction",
        authors: "proofsketch",
        title: "A half-step on fresh entries contracts",
        venue: "documentation of this type",
        year: 2026,
        locator: "proof given there; the contraction itself is due to Jain, Netrapalli and Sanghavi (2013)",
    };

    fn hypotheses(&self, instance: &HalfStepInstance) -> Vec<Hypothesis> {
        let (truth, mu, d) = (&instance.truth, incoherence(&instance.basis), instance.distance());
        let sigma = truth.singular_values();
        let condition = sigma.max() / sigma.min();
        let shape = (truth.shape(), truth.rank());
        vec![
            Hypothesis::require("M is m×n of rank k", shape == (self.shape, self.rank), || {
                format!("shape and rank {shape:?}")
            }),
            Hypothesis::require("μ is that of U", mu <= self.incoherence * (1.0 + 1e-12), || {
                format!("μ = {mu}")
            }),
            Hypothesis::require("κ is that of M", condition <= self.condition * (1.0 + 1e-12), || {
                format!("κ = {condition}")
            }),
            Hypothesis::require("dist(U, U★) ≤ d < 1", d <= self.distance && self.distance < 1.0, || {
                format!("dist = {d}, d = {}", self.distance)
            }),
            Hypothesis::assumed("the entries are drawn independently of U"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        let total = |delta: f64| {
            let grams = GramConcentration::<F>::chernoff(
                self.shape,
                self.rank,
                self.probability,
                self.incoherence,
                delta,
            );
            grams + self.markov(delta)
        };
        (1..100).map(|percent| total(f64::from(percent) / 100.0)).fold(f64::INFINITY, f64::min)
    }

    fn trial(&self, instance: &HalfStepInstance, key: StreamKey) -> Outcome {
        let (m, n) = self.shape;
        let mut entries = Vec::new();
        for i in 0..m {
            let mut rng = key.block(i as u64);
            let seen = (0..n).filter(|_| uniform_unit(&mut rng) < self.probability);
            entries.extend(seen.map(|j| (i as u32, j as u32, instance.truth.entry(i, j))));
        }
        let v = (self.half_step)(&instance.basis, n, &entries);
        let observed =
            orthonormal_basis(&v).and_then(|v| subspace_distance(instance.truth.right_basis(), &v));
        Outcome { bound: self.factor * instance.distance(), observed: observed.unwrap_or(f64::NAN) }
    }
}

use nalgebra::DMatrix;

use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::Svd;
use crate::random::{StreamKey, normal_matrix};

/// Incoherence survives a perturbation: for ‖A − B‖₂ ≤ η ≤ σ_min(A)/2, the rows of Q in B = QR obey
///
/// ‖qᵢ‖ ≤ (‖aᵢ‖ + ‖aᵢ − bᵢ‖)/(σ_min(A) − η), always.
///
/// Proof. qᵢ = R⁻ᵀbᵢ, ‖R⁻¹‖ = 1/σ_min(B), and σ_min(B) ≥ σ_min(A) − ‖A − B‖ by Weyl's inequality. Without a condition
/// on η nothing can be said: B may lose rank. Alternating minimization with inexact regressions keeps its iterates
/// incoherent by this argument, with A the exact half-step and B the computed one.
///
/// A deterministic statement (δ = 0): one failure refutes. Observed is the largest ratio of the two sides, to be at
/// most 1 but for rounding.
#[derive(Clone, Debug)]
pub struct IncoherenceKept<F> {
    /// η/σ_min(A), at most 1/2.
    pub perturbation: f64,
    /// The implementation: Q from B.
    pub orthonormalize: F,
}

impl<F: Fn(&DMatrix<f64>) -> DMatrix<f64> + Sync> Guarantee for IncoherenceKept<F> {
    type Instance = DMatrix<f64>;

    const CITATION: Citation = Citation {
        key: "IncoherenceKept",
        authors: "proofsketch",
        title: "Rows of a perturbed basis",
        venue: "documentation of this type",
        year: 2026,
        locator: "proof given there; a usable form of a lemma of Gu, Song, Yin and Zhang (2024)",
    };

    fn hypotheses(&self, a: &DMatrix<f64>) -> Vec<Hypothesis> {
        let smallest = Svd::new(a).map_or(f64::NAN, |svd| svd.singular_values.min());
        vec![
            Hypothesis::require("A has full column rank", smallest > 1e-12 * a.norm(), || {
                format!("σ_min = {smallest:e}")
            }),
            Hypothesis::require("η ≤ σ_min(A)/2", (0.0..=0.5).contains(&self.perturbation), || {
                format!("η = {}·σ_min", self.perturbation)
            }),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// A − B is a normal matrix scaled to ‖A − B‖₂ = η.
    fn trial(&self, a: &DMatrix<f64>, key: StreamKey) -> Outcome {
        let normal = normal_matrix(a.nrows(), a.ncols(), key);
        let (Ok(svd), Ok(noise)) = (Svd::new(a), Svd::new(&normal)) else {
            return Outcome { bound: 1.0, observed: f64::NAN };
        };
        let smallest = svd.singular_values.min();
        let eta = self.perturbation * smallest;
        let difference = normal * (eta / noise.singular_values.max());
        let q = (self.orthonormalize)(&(a + &difference));
        let ratios = q.row_iter().zip(a.row_iter().zip(difference.row_iter())).map(|(q, (a, difference))| {
            let allowed = (a.norm() + difference.norm()) / (smallest - eta);
            if q.norm() == 0.0 { 0.0 } else { q.norm() / allowed }
        });
        Outcome { bound: 1.0 + 1e-12, observed: ratios.fold(0.0, f64::max) }
    }
}

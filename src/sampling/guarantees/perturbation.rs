use nalgebra::DMatrix;

use super::{ROUNDING, lower_total, thesis, upper_total};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::linalg::Svd;
use crate::random::StreamKey;
use crate::sampling::{Error, Interval, RowBasis};

/// A matrix A of full column rank and one near it.
#[derive(Clone, Debug, PartialEq)]
pub struct PerturbedMatrix {
    /// A.
    pub original: RowBasis,
    /// A + E.
    pub perturbed: RowBasis,
    /// ‖E‖₂.
    pub perturbation: f64,
    /// σ_min(A), zero if A has not full column rank.
    pub smallest_singular_value: f64,
}

impl PerturbedMatrix {
    /// A and A + E.
    ///
    /// # Errors
    /// As [`RowBasis::new`]; [`Error::Factorization`].
    pub fn new(a: &DMatrix<f64>, e: &DMatrix<f64>) -> Result<Self, Error> {
        Ok(Self {
            original: RowBasis::new(a)?,
            perturbed: RowBasis::new(&(a + e))?,
            perturbation: Svd::new(e)?.singular_values.max(),
            smallest_singular_value: Svd::new(a)?.singular_values.min(),
        })
    }

    /// σ_min(A)/(2n^(1+1/p)).
    #[must_use]
    pub fn limit(&self, p: f64) -> f64 {
        self.smallest_singular_value / (2.0 * (self.original.nrows() as f64).powf(1.0 + 1.0 / p))
    }
}

/// A small perturbation keeps the total sensitivity: S(A + E) ≤ 2ᵖ(S(A) + 1) for p ≥ 2 if ‖E‖₂ ≤ σ_min(A)/(2n^(1+1/p)).
#[derive(Clone, Debug)]
pub struct PerturbedTotal<S> {
    /// p ≥ 2.
    pub p: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
}

impl<S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync> Guarantee for PerturbedTotal<S> {
    type Instance = PerturbedMatrix;

    const CITATION: Citation = thesis("Theorem 7.2.5");

    fn hypotheses(&self, matrix: &PerturbedMatrix) -> Vec<Hypothesis> {
        let (p, limit) = (self.p, matrix.limit(self.p));
        let norm = matrix.perturbation;
        let smallest = matrix.smallest_singular_value;
        vec![
            Hypothesis::require("2 ≤ p < ∞", p >= 2.0 && p.is_finite(), || format!("p = {p}")),
            Hypothesis::require("A has full column rank", smallest > 0.0, || format!("σ_min = {smallest:e}")),
            Hypothesis::require(
                "‖E‖₂ ≤ σ_min/(2n^(1+1/p))",
                norm <= limit * (1.0 + ROUNDING),
                || format!("‖E‖₂ = {norm:e} and the limit is {limit:e}"),
            ),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// S(A + E), to be at most 2ᵖ(S(A) + 1).
    fn trial(&self, matrix: &PerturbedMatrix, _: StreamKey) -> Outcome {
        let original = upper_total(&(self.sensitivities)(&matrix.original, self.p));
        let observed = lower_total(&(self.sensitivities)(&matrix.perturbed, self.p));
        Outcome { bound: self.p.exp2() * (original + 1.0) * (1.0 + ROUNDING), observed }
    }
}

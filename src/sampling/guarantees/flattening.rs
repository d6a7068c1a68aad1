use nalgebra::DMatrix;

use super::{ROUNDING, largest, lower_total, quotient, thesis, upper_total};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::{StreamKey, normal_matrix};
use crate::sampling::{Interval, RowBasis};

/// Directions in which a trial compares norms.
const DIRECTIONS: usize = 20;

/// Flattening: A′ of at most (1 + 1/C)n rows with ‖A′x‖ₚ = ‖Ax‖ₚ for every x, total sensitivity S′ = S and sensitivities of
/// at most C·S/n.
///
/// Proof. A copy of aᵢ/k^(1/p), k times, adds k·|aᵢᵀx|ᵖ/k to ‖A′x‖ₚᵖ and has sensitivity σᵢ/k, which add up to σᵢ. With
/// kᵢ = max(1, ⌈σᵢn/(C·S)⌉), σᵢ/kᵢ ≤ C·S/n and Σkᵢ ≤ Σ(1 + σᵢn/(C·S)) = (1 + 1/C)n.
#[derive(Clone, Debug)]
pub struct Flattened<S, F> {
    /// p ≥ 1.
    pub p: f64,
    /// C > 0.
    pub constant: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
    /// The implementation: A′ for A, upper bounds on its sensitivities, p and C.
    pub flatten: F,
}

impl<S, F> Guarantee for Flattened<S, F>
where
    S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync,
    F: Fn(&DMatrix<f64>, &[f64], f64, f64) -> DMatrix<f64> + Sync,
{
    type Instance = DMatrix<f64>;

    const CITATION: Citation = thesis("7.3.3");

    fn hypotheses(&self, a: &DMatrix<f64>) -> Vec<Hypothesis> {
        let (p, constant) = (self.p, self.constant);
        let positive = constant > 0.0 && constant.is_finite();
        let row = a.iter().any(|&entry| entry != 0.0);
        vec![
            Hypothesis::require("1 ≤ p < ∞", p >= 1.0 && p.is_finite(), || format!("p = {p}")),
            Hypothesis::require("0 < C < ∞", positive, || format!("C = {constant}")),
            Hypothesis::require("A has a row other than zero", row, || "A = 0".to_owned()),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest of all quotients of what should be smaller by what should be larger, NaN if A′ is no such matrix.
    fn trial(&self, a: &DMatrix<f64>, key: StreamKey) -> Outcome {
        let bound = 1.0 + ROUNDING;
        self.quotients(a, key)
            .map_or(Outcome { bound, observed: f64::NAN }, |all| Outcome { bound, observed: largest(all) })
    }
}

impl<S, F> Flattened<S, F>
where
    S: Fn(&RowBasis, f64) -> Vec<Interval>,
    F: Fn(&DMatrix<f64>, &[f64], f64, f64) -> DMatrix<f64>,
{
    fn quotients(&self, a: &DMatrix<f64>, key: StreamKey) -> Option<Vec<f64>> {
        let (p, n) = (self.p, a.nrows() as f64);
        let sigma = (self.sensitivities)(&RowBasis::new(a).ok()?, p);
        let upper: Vec<f64> = sigma.iter().map(|sigma| sigma.upper).collect();
        let flat = (self.flatten)(a, &upper, p, self.constant);
        let after = (self.sensitivities)(&RowBasis::new(&flat).ok()?, p);
        let most = self.constant * upper_total(&sigma) / n;
        let mut all = vec![
            flat.nrows() as f64 / ((1.0 + 1.0 / self.constant) * n),
            largest(after.iter().map(|sigma| quotient(sigma.lower, most))),
            lower_total(&after) / upper_total(&sigma),
            lower_total(&sigma) / upper_total(&after),
        ];
        let x = normal_matrix(a.ncols(), DIRECTIONS, key);
        let norms = |a: &DMatrix<f64>| -> Vec<f64> {
            (a * &x).column_iter().map(|y| y.iter().map(|y| y.abs().powf(p)).sum()).collect()
        };
        let pairs = norms(a).into_iter().zip(norms(&flat));
        all.extend(pairs.flat_map(|(before, after)| [quotient(before, after), quotient(after, before)]));
        Some(all)
    }
}

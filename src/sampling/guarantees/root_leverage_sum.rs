use super::{ROUNDING, thesis};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::RowBasis;

/// Root leverage scores have a small sum: Στᵢ^(p/2) ≤ n^(1−p/2)r^(p/2) for p ≤ 2, and
/// Σ min(1, n^(p/2−1)τᵢ^(p/2)) ≤ 2n^(1−2/p)r for p ≥ 2, r = rank A.
///
/// Proof. For p ≤ 2 the power mean inequality and Στᵢ = r. For p ≥ 2 let t = n^(2/p−1), above which a score is 1: at most
/// r/t rows have τᵢ ≥ t, and the others sum to at most n^(p/2−1)t^(p/2−1)Στᵢ = n^(1−2/p)r.
#[derive(Clone, Debug)]
pub struct RootLeverageSum<R> {
    /// p > 0.
    pub p: f64,
    /// The scores.
    pub scores: R,
}

impl<R: Fn(&RowBasis, f64) -> Vec<f64> + Sync> Guarantee for RootLeverageSum<R> {
    type Instance = RowBasis;

    const CITATION: Citation = thesis("Lemma 8.0.1");

    fn hypotheses(&self, _: &RowBasis) -> Vec<Hypothesis> {
        let p = self.p;
        vec![Hypothesis::require("0 < p < ∞", p > 0.0 && p.is_finite(), || format!("p = {p}"))]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The sum, to be at most the bound.
    fn trial(&self, basis: &RowBasis, _: StreamKey) -> Outcome {
        let rows = (basis.nrows() - basis.zero_rows().len()) as f64;
        let (p, rank) = (self.p, basis.rank() as f64);
        let bound = if p <= 2.0 {
            rows.powf(1.0 - p / 2.0) * rank.powf(p / 2.0)
        } else {
            2.0 * rows.powf(1.0 - 2.0 / p) * rank
        };
        Outcome { bound: bound * (1.0 + ROUNDING), observed: (self.scores)(basis, p).iter().sum() }
    }
}

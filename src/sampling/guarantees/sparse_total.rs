use super::{ROUNDING, lower_total, thesis};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};

/// A matrix whose rows are those of one of rank k, changed in at most s entries each.
#[derive(Clone, Debug, PartialEq)]
pub struct LowRankPlusSparse {
    /// Its basis.
    pub basis: RowBasis,
    /// k.
    pub rank: usize,
    /// s.
    pub nonzeros: usize,
}

/// Low-rank plus row-sparse matrices have S ≤ dˢ(k + s)ᵖ for p ≥ 2.
///
/// The rows fall into at most dˢ groups by the places that are changed; within a group the rank is at most k + s, and
/// sensitivities within a group are no smaller than in the whole. Each group then has S ≤ (k + s)^(p/2) already, by
/// [`TotalSensitivityRange`](super::TotalSensitivityRange). Below the trivial d^(p/2) only for p > 2s and d large.
#[derive(Clone, Debug)]
pub struct LowRankPlusSparseTotal<S> {
    /// p ≥ 2.
    pub p: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
}

impl<S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync> Guarantee for LowRankPlusSparseTotal<S> {
    type Instance = LowRankPlusSparse;

    const CITATION: Citation = thesis("Theorem 7.2.1");

    fn hypotheses(&self, _: &LowRankPlusSparse) -> Vec<Hypothesis> {
        let p = self.p;
        vec![
            Hypothesis::require("2 ≤ p < ∞", p >= 2.0 && p.is_finite(), || format!("p = {p}")),
            Hypothesis::assumed("A is of rank k but for at most s entries of each row"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// S, to be at most dˢ(k + s)^(p/2), which is below the bound of the theorem.
    fn trial(&self, matrix: &LowRankPlusSparse, _: StreamKey) -> Outcome {
        let groups = (matrix.basis.ncols() as f64).powi(matrix.nonzeros as i32);
        let rank = (matrix.rank + matrix.nonzeros) as f64;
        let bound = groups * rank.powf(self.p / 2.0);
        let observed = lower_total(&(self.sensitivities)(&matrix.basis, self.p));
        Outcome { bound: bound * (1.0 + ROUNDING), observed }
    }
}

use nalgebra::DMatrix;
use std::collections::HashSet;

use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::{StreamKey, normal_matrix};

/// A matrix and which of its entries a solver may see.
#[derive(Clone, Debug, PartialEq)]
pub struct PartlyObserved {
    /// M ∈ ℝᵐˣⁿ, all of it.
    pub matrix: DMatrix<f64>,
    /// Ω, as (row, column).
    pub entries: Vec<(u32, u32)>,
}

impl PartlyObserved {
    /// M with every entry outside Ω replaced by a normal number of the size of M's largest entry.
    #[must_use]
    pub fn scrambled(&self, key: StreamKey) -> Self {
        let (nrows, ncols) = self.matrix.shape();
        let mut matrix = normal_matrix(nrows, ncols, key) * self.matrix.amax();
        for &(i, j) in &self.entries {
            let at = (i as usize, j as usize);
            matrix[at] = self.matrix[at];
        }
        Self { matrix, entries: self.entries.clone() }
    }
}

/// A solver sees nothing of M but P_Ω(M): whatever the other entries hold, the answer is the same, to the bit.
///
/// A completion that reads unobserved entries "recovers" from any number of samples; a mask used as an index where a
/// selection was meant is enough. A deterministic statement (δ = 0): one failure refutes.
#[derive(Clone, Debug)]
pub struct NoLeak<F> {
    /// The implementation: the completed matrix, or its factors side by side, from M and Ω.
    pub solver: F,
}

impl<F: Fn(&PartlyObserved) -> DMatrix<f64> + Sync> Guarantee for NoLeak<F> {
    type Instance = PartlyObserved;

    const CITATION: Citation = Citation {
        key: "NoLeak",
        authors: "proofsketch",
        title: "A completion depends on observed entries alone",
        venue: "documentation of this type",
        year: 2026,
        locator: "by definition",
    };

    fn hypotheses(&self, instance: &PartlyObserved) -> Vec<Hypothesis> {
        let (nrows, ncols) = instance.matrix.shape();
        let distinct: HashSet<_> = instance.entries.iter().collect();
        let inside = distinct.iter().all(|&&(i, j)| (i as usize) < nrows && (j as usize) < ncols);
        vec![
            Hypothesis::require("Ω lies in [m]×[n]", inside, || format!("m×n = {nrows}×{ncols}")),
            Hypothesis::require("some entry is not observed", distinct.len() < nrows * ncols, || {
                "all are".to_owned()
            }),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    fn trial(&self, instance: &PartlyObserved, key: StreamKey) -> Outcome {
        let answer = (self.solver)(instance);
        let other = (self.solver)(&instance.scrambled(key));
        let same = answer.shape() == other.shape();
        Outcome { bound: 0.0, observed: if same { (answer - other).amax() } else { f64::INFINITY } }
    }
}

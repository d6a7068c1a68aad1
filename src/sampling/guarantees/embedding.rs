use crate::guarantee::{Calibrated, Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{RowBasis, RowScores, ScoreKind};

/// C of [`ScoreEmbedding`], one for all scores: with it none of 60 draws by sensitivities failed on these matrices, with half
/// of it up to 11 did, with a quarter up to 43.
pub const EMBEDDING_CONSTANT: Calibrated =
    Calibrated { constant: 1.0, on: "Gaussian 1500×6, ε = ½, δ = 0.1, p = 1, 3/2, 3, 4" };

/// A matrix, scores of its rows and the total of its sensitivities.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbeddingInstance {
    /// A, by its basis.
    pub basis: RowBasis,
    /// sᵢ, of a kind and for an exponent.
    pub scores: RowScores,
    /// S = Σσᵢ, or an upper bound on it.
    pub total_sensitivity: f64,
}

impl EmbeddingInstance {
    /// The number of rows that the theorem for these scores speaks of, without its constant, its logarithms and ε⁻²:
    /// S·r^(1−p/2) for sensitivities at p ≤ 2 and S^(2−2/p) at p ≥ 2, S + r for augmented ones, r^max(1, p/2) for Lewis
    /// weights, the sum of the scores for root leverage scores; `None` where there is no theorem.
    #[must_use]
    pub fn dimension(&self) -> Option<f64> {
        let (p, r, total) = (self.scores.norm_exponent(), self.basis.rank() as f64, self.total_sensitivity);
        match self.scores.kind() {
            ScoreKind::Sensitivity if p <= 2.0 => Some(total * r.powf(1.0 - p / 2.0)),
            ScoreKind::Sensitivity => Some(total.powf(2.0 - 2.0 / p)),
            ScoreKind::AugmentedSensitivity => Some(total + r),
            ScoreKind::Lewis => Some(r.powf((p / 2.0).max(1.0))),
            ScoreKind::RootLeverage => Some(self.scores.total()),
            ScoreKind::Leverage if p == 2.0 => Some(r),
            _ => None,
        }
    }
}

/// Rows kept with probabilities proportional to their scores embed the column space: ‖SAx‖ₚᵖ ∈ (1 ± ε)‖Ax‖ₚᵖ for all x but
/// with probability δ, for C·ε⁻²·D·ln(2r/δ) rows in expectation.
///
/// D is the [`dimension`](EmbeddingInstance::dimension) of the theorem for the scores: Chen and Dereziński (2021) for
/// sensitivities at p ≤ 2, Woodruff and Yasuda (2023) at p > 2, Munteanu and Omlor (2024) for augmented sensitivities, Cohen
/// and Peng (2015) for Lewis weights. They hide constants and powers of logarithms; the form held here, one logarithm and
/// one constant [`EMBEDDING_CONSTANT`] for all, is this library's. Distortions at p ≠ 2 are lower bounds, so that
/// a draw may fail unseen: support is of what the search sees, a refutation is a refutation.
#[derive(Clone, Debug)]
pub struct ScoreEmbedding<F> {
    /// ε.
    pub epsilon: f64,
    /// δ.
    pub delta: f64,
    /// The implementation: the distortion of one draw of so many rows in expectation.
    pub distortion: F,
}

impl<F> ScoreEmbedding<F> {
    /// C·ε⁻²·D·ln(2r/δ), NaN where there is no theorem.
    #[must_use]
    pub fn rows(&self, instance: &EmbeddingInstance) -> f64 {
        let log = (2.0 * instance.basis.rank() as f64 / self.delta).ln();
        let dimension = instance.dimension().unwrap_or(f64::NAN);
        EMBEDDING_CONSTANT.bound(dimension * log / (self.epsilon * self.epsilon))
    }
}

impl<F: Fn(&EmbeddingInstance, f64, StreamKey) -> f64 + Sync> Guarantee for ScoreEmbedding<F> {
    type Instance = EmbeddingInstance;

    const CITATION: Citation = Citation {
        key: "WoodruffYasuda2023",
        authors: "D. P. Woodruff and T. Yasuda",
        title: "Sharper Bounds for ℓp Sensitivity Sampling",
        venue: "40th International Conference on Machine Learning",
        year: 2023,
        locator: "main theorems and those compared with, in the form documented at this type",
    };

    fn hypotheses(&self, instance: &EmbeddingInstance) -> Vec<Hypothesis> {
        let (epsilon, rows) = (self.epsilon, self.rows(instance));
        let (kind, p) = (instance.scores.kind(), instance.scores.norm_exponent());
        let positive = instance.scores.positive() as f64;
        vec![
            Hypothesis::require("0 < ε < 1", epsilon > 0.0 && epsilon < 1.0, || format!("ε = {epsilon}")),
            Hypothesis::require("a theorem covers the scores", instance.dimension().is_some(), || {
                format!("none for {kind} at p = {p}")
            }),
            Hypothesis::require("it asks for fewer rows than there are", rows < positive, || {
                format!("{rows:.0} of {positive}")
            }),
            Hypothesis::assumed("rows are kept independently"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        self.delta
    }

    /// The distortion of a draw, to be at most ε.
    fn trial(&self, instance: &EmbeddingInstance, key: StreamKey) -> Outcome {
        Outcome { bound: self.epsilon, observed: (self.distortion)(instance, self.rows(instance), key) }
    }
}

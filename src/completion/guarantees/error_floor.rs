use super::super::LowRankMatrix;
use crate::guarantee::{Calibrated, Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// c of [`ErrorFloor`]: twice the median of floor/ε, which is 2.4 for ε from 10⁻¹¹ to 10⁻².
pub const ERROR_FLOOR: Calibrated = Calibrated {
    constant: 5.0,
    on: "incoherent 200×200, rank 3, condition 10, 4 times the degrees of freedom observed",
};

/// Alternating minimization is robust to the error of its regressions: if every half-step is perturbed by ε relative to
/// its spectral norm, the relative Frobenius error ends at or below c·ε.
///
/// Gu, Song, Yin and Zhang (2024) prove that the error falls below a target if every regression is solved accurately
/// enough, with hidden constants. The form held here, a floor *proportional* to ε, is this library's, with c =
/// [`ERROR_FLOOR`] calibrated on one family of matrices.
#[derive(Clone, Debug)]
pub struct ErrorFloor<F> {
    /// ε.
    pub epsilon: f64,
    /// The share of draws that may do worse, on account of the observed entries.
    pub failure_probability: f64,
    /// The implementation: relative Frobenius error over all entries where the iteration ends, for the matrix, ε and a
    /// key that names observed entries and perturbations.
    pub final_error: F,
}

impl<F: Fn(&LowRankMatrix, f64, StreamKey) -> f64 + Sync> Guarantee for ErrorFloor<F> {
    type Instance = LowRankMatrix;

    const CITATION: Citation = Citation {
        key: "GuSongYinZhang2024",
        authors: "Y. Gu, Z. Song, J. Yin and L. Zhang",
        title: "Low Rank Matrix Completion via Robust Alternating Minimization in Nearly Linear Time",
        venue: "ICLR",
        year: 2024,
        locator: "robustness to the error of regressions, in the form documented at this type",
    };

    fn hypotheses(&self, _: &LowRankMatrix) -> Vec<Hypothesis> {
        vec![
            Hypothesis::require("10⁻¹³ ≤ ε < 1", (1e-13..1.0).contains(&self.epsilon), || {
                format!("ε = {:e}; below, rounding is what is seen", self.epsilon)
            }),
            Hypothesis::assumed("enough entries are observed"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        self.failure_probability
    }

    fn trial(&self, truth: &LowRankMatrix, key: StreamKey) -> Outcome {
        Outcome {
            bound: ERROR_FLOOR.bound(self.epsilon),
            observed: (self.final_error)(truth, self.epsilon, key),
        }
    }
}

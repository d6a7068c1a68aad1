use super::{Coreset, Error, RowScores, SampleSize, ScoreCertificate, ScoreKind};
use crate::random::StreamKey;
use crate::sketch::{RowSampling, SketchDistribution};

/// With which probability each row is kept: qᵢ = min(1, f + sᵢ/α) for scores sᵢ, independently over rows.
///
/// f = 0 and α exact for a wanted number of rows ([`budget`](Self::budget)); f = 1/n and α by a theorem
/// ([`theory`](Self::theory)). Whether row i is kept depends on the key, i and qᵢ alone.
///
/// Source: sensitivity sampling as in D. Woodruff and T. Yasuda, "Sharper bounds for ℓp sensitivity sampling", ICML 2023.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{RowScores, SamplingPlan};
///
/// let scores = RowScores::leverage(&[1.0, 0.25, 0.25, 0.25, 0.25], 2.0)?;
/// let plan = SamplingPlan::budget(&scores, 3.0)?;
/// assert_eq!(plan.probabilities(), [1.0, 0.5, 0.5, 0.5, 0.5]);
/// assert_eq!((plan.expected_rows(), plan.alpha()), (3.0, 0.5));
/// let coreset = plan.sample(StreamKey::from_seed(1));
/// assert_eq!((coreset.indices()[0], coreset.weights()[0]), (0, 1.0));
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SamplingPlan {
    kind: ScoreKind,
    certificate: ScoreCertificate,
    alpha: f64,
    sampling: RowSampling,
}

impl SamplingPlan {
    /// As many rows in expectation as wanted: Σqᵢ = m to rounding, by exact water-filling.
    ///
    /// # Errors
    /// [`Error::Sketch`] with [`ExpectedRows`](crate::sketch::Error::ExpectedRows) unless 0 < m ≤ the number of positive scores.
    pub fn budget(scores: &RowScores, expected_rows: f64) -> Result<Self, Error> {
        let sampling = RowSampling::from_scores(scores.values(), expected_rows, scores.norm_exponent())?;
        let pairs = scores.values().iter().zip(sampling.probabilities());
        // Of the rows that are not kept for sure, or of the smallest of those that are, sᵢ/qᵢ = α.
        let open = pairs.clone().filter(|(_, q)| **q > 0.0 && **q < 1.0).map(|(score, q)| score / q);
        let sure = pairs.filter(|(_, q)| **q == 1.0).map(|(score, _)| *score);
        let alpha = open.reduce(f64::max).or_else(|| sure.reduce(f64::min)).unwrap_or(f64::INFINITY);
        Ok(Self { kind: scores.kind(), certificate: scores.certificate(), alpha, sampling })
    }

    /// The number of rows that a theorem asks for, at the constant C of `size`: a guarantee at p = 2 for C ≥ 3, elsewhere an
    /// order of magnitude with a constant of the caller's. [`SampleSize`] has the formulas.
    ///
    /// # Errors
    /// [`Error::NoTheorem`] where none covers these scores at this p; [`Error::NoScore`] if all are zero;
    /// [`Error::Setting`] for ε, δ, the constant or the rank out of range.
    pub fn theory(scores: &RowScores, size: &SampleSize) -> Result<Self, Error> {
        let inverse_alpha = size.inverse_alpha(scores)?;
        let floor = 1.0 / scores.positive() as f64;
        let probability = |&score: &f64| match score {
            0.0 => 0.0,
            score => (floor + score * inverse_alpha).min(1.0),
        };
        let probabilities = scores.values().iter().map(probability).collect();
        let sampling = RowSampling::new(probabilities, scores.norm_exponent())?;
        let alpha = 1.0 / inverse_alpha;
        Ok(Self { kind: scores.kind(), certificate: scores.certificate(), alpha, sampling })
    }

    /// The scores that the probabilities were made of.
    #[must_use]
    pub fn kind(&self) -> ScoreKind {
        self.kind
    }

    /// What is known of those scores.
    #[must_use]
    pub fn certificate(&self) -> ScoreCertificate {
        self.certificate
    }

    /// α: the score from which a row is kept for sure, but for the floor.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// p.
    #[must_use]
    pub fn norm_exponent(&self) -> f64 {
        self.sampling.norm_exponent()
    }

    /// qᵢ.
    #[must_use]
    pub fn probabilities(&self) -> &[f64] {
        self.sampling.probabilities()
    }

    /// Σqᵢ, the expected number of rows.
    #[must_use]
    pub fn expected_rows(&self) -> f64 {
        self.sampling.expected_rows()
    }

    /// The plan as a distribution over sampling matrices S.
    #[must_use]
    pub fn sampling(&self) -> &RowSampling {
        &self.sampling
    }

    /// maxᵢ σᵢ/qᵢ over the rows that can be kept, given lower bounds on their sensitivities: a draw that keeps the row where
    /// it is attained has ‖SAx‖ₚᵖ ≥ that·‖Ax‖ₚᵖ for some x, so it is a (1 ± ε) embedding only for 1 + ε above it.
    ///
    /// # Errors
    /// [`Error::Length`] unless there is a bound for each row.
    pub fn necessary_ratio(&self, sensitivity_lower_bounds: &[f64]) -> Result<f64, Error> {
        let probabilities = self.probabilities();
        if sensitivity_lower_bounds.len() != probabilities.len() {
            let found = sensitivity_lower_bounds.len();
            return Err(Error::Length { what: "sensitivities", found, nrows: probabilities.len() });
        }
        let pairs = sensitivity_lower_bounds.iter().zip(probabilities);
        Ok(pairs.filter(|(_, q)| **q > 0.0).map(|(sigma, q)| sigma / q).fold(0.0, f64::max))
    }

    /// One draw, Wᵢ = 1/qᵢ.
    #[must_use]
    pub fn sample(&self, key: StreamKey) -> Coreset {
        let sketch = self.sampling.sample(key);
        let probabilities = self.probabilities();
        let weights = sketch.kept().iter().map(|&i| (1.0 / probabilities[i]).min(f64::MAX)).collect();
        let drawn =
            Coreset::of_rows(probabilities.len(), self.norm_exponent(), sketch.kept().to_vec(), weights);
        drawn.drawn_by(self.kind, Some(self.expected_rows()))
    }
}

use super::Error;

/// What a row is scored by before it is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ScoreKind {
    /// sᵢ = 1: no theorem.
    Uniform,
    /// τᵢ, the ℓ₂ leverage score: a theorem at p = 2 only.
    Leverage,
    /// τᵢ^(p/2) for p ≤ 2, min(1, n^(p/2−1)·τᵢ^(p/2)) for p ≥ 2.
    RootLeverage,
    /// wᵢ, the ℓp Lewis weight.
    Lewis,
    /// σᵢ, the ℓp sensitivity, or an upper bound on it.
    Sensitivity,
    /// σᵢ + τᵢ, for p ≤ 2.
    AugmentedSensitivity,
    /// d·σᵢ/Σσ + τᵢ, for p ≥ 2.
    LeverageSensitivity,
}

impl ScoreKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Uniform,
        Self::Leverage,
        Self::RootLeverage,
        Self::Lewis,
        Self::Sensitivity,
        Self::AugmentedSensitivity,
        Self::LeverageSensitivity,
    ];

    /// The name on a command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Leverage => "leverage",
            Self::RootLeverage => "root-leverage",
            Self::Lewis => "lewis",
            Self::Sensitivity => "sensitivity",
            Self::AugmentedSensitivity => "augmented",
            Self::LeverageSensitivity => "leverage-sensitivity",
        }
    }
}

impl std::fmt::Display for ScoreKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// How far a score can lie above the quantity it stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScoreCertificate {
    /// Equal to it, to rounding.
    Exact,
    /// At least it and at most this factor times it, for every row.
    Factor(f64),
    /// At least it, for every row.
    UpperBound,
    /// Nothing is known.
    None,
}

/// A nonnegative score for each row of A ∈ ℝⁿˣᵈ: what [`SamplingPlan`](super::SamplingPlan) makes probabilities of.
///
/// Only upper bounds are needed: a sampler by scores at least the sensitivities keeps its guarantee with their sum in the
/// place of S. A row of score zero is never kept.
///
/// ```
/// use proofsketch::sampling::{RowScores, ScoreKind};
///
/// // Orthonormal rows besides a repeated one.
/// let leverage = [1.0, 0.5, 0.5];
/// let scores = RowScores::root_leverage(&leverage, 1.0)?;
/// assert_eq!(scores.kind(), ScoreKind::RootLeverage);
/// assert_eq!(scores.values(), [1.0, 0.5_f64.sqrt(), 0.5_f64.sqrt()]);
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RowScores {
    kind: ScoreKind,
    values: Vec<f64>,
    norm_exponent: f64,
    certificate: ScoreCertificate,
}

impl RowScores {
    /// Scores of a kind, computed elsewhere, for the exponent p = `norm_exponent`.
    ///
    /// # Errors
    /// [`Error::Empty`] for no scores; [`Error::Score`] with the first that is negative or not finite;
    /// [`Error::Exponent`] unless p is finite and positive, and in the range of the kind: p ≤ 2 for
    /// [`AugmentedSensitivity`](ScoreKind::AugmentedSensitivity), p ≥ 2 for
    /// [`LeverageSensitivity`](ScoreKind::LeverageSensitivity).
    pub fn new(
        kind: ScoreKind,
        values: Vec<f64>,
        norm_exponent: f64,
        certificate: ScoreCertificate,
    ) -> Result<Self, Error> {
        if values.is_empty() {
            return Err(Error::Empty { nrows: 0, ncols: 0 });
        }
        let range = match kind {
            ScoreKind::AugmentedSensitivity => "0 < p ≤ 2",
            ScoreKind::LeverageSensitivity => "2 ≤ p < ∞",
            _ => "0 < p < ∞",
        };
        let in_range = match kind {
            ScoreKind::AugmentedSensitivity => norm_exponent <= 2.0,
            ScoreKind::LeverageSensitivity => norm_exponent >= 2.0,
            _ => true,
        };
        if !(norm_exponent.is_finite() && norm_exponent > 0.0 && in_range) {
            return Err(Error::Exponent { p: norm_exponent, range });
        }
        match values.iter().position(|score| !(score.is_finite() && *score >= 0.0)) {
            Some(row) => Err(Error::Score { row, value: values[row] }),
            None => Ok(Self { kind, values, norm_exponent, certificate }),
        }
    }

    /// sᵢ = 1 for n rows.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn uniform(nrows: usize, norm_exponent: f64) -> Result<Self, Error> {
        Self::new(ScoreKind::Uniform, vec![1.0; nrows], norm_exponent, ScoreCertificate::None)
    }

    /// sᵢ = τᵢ, the leverage scores.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn leverage(leverage: &[f64], norm_exponent: f64) -> Result<Self, Error> {
        Self::new(ScoreKind::Leverage, leverage.to_vec(), norm_exponent, ScoreCertificate::Exact)
    }

    /// Root leverage scores τᵢ^(p/2) for p ≤ 2 and min(1, n^(p/2−1)·τᵢ^(p/2)) for p ≥ 2, n the rows with τᵢ > 0: upper
    /// bounds on the sensitivities, by the norms of ℓp and ℓ₂.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn root_leverage(leverage: &[f64], norm_exponent: f64) -> Result<Self, Error> {
        let half = norm_exponent / 2.0;
        let nonzero = leverage.iter().filter(|&&score| score > 0.0).count() as f64;
        let growth = if norm_exponent > 2.0 { nonzero.powf(1.0 - 1.0 / half) } else { 1.0 };
        // (n^(1−2/p)·τ)^(p/2): the base is below 1 wherever the power counts, so nothing overflows.
        let score = |&tau: &f64| if tau >= 0.0 { (growth * tau).min(1.0).powf(half) } else { tau };
        let values = leverage.iter().map(score).collect();
        Self::new(ScoreKind::RootLeverage, values, norm_exponent, ScoreCertificate::Exact)
    }

    /// sᵢ = wᵢ, Lewis weights for this p.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn lewis(weights: &[f64], norm_exponent: f64) -> Result<Self, Error> {
        Self::new(ScoreKind::Lewis, weights.to_vec(), norm_exponent, ScoreCertificate::Exact)
    }

    /// sᵢ ≥ σᵢ: sensitivities for this p, or upper bounds on them.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn sensitivity(upper_bounds: &[f64], norm_exponent: f64) -> Result<Self, Error> {
        let certificate = ScoreCertificate::UpperBound;
        Self::new(ScoreKind::Sensitivity, upper_bounds.to_vec(), norm_exponent, certificate)
    }

    /// sᵢ = σᵢ + τᵢ for p ≤ 2 (A. Munteanu and S. Omlor, "Optimal bounds for ℓp sensitivity sampling via ℓ₂
    /// augmentation", ICML 2024).
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::Length`] where the two differ in length.
    pub fn augmented(upper_bounds: &[f64], leverage: &[f64], norm_exponent: f64) -> Result<Self, Error> {
        check_lengths(upper_bounds, leverage)?;
        let values = upper_bounds.iter().zip(leverage).map(|(sigma, tau)| sigma + tau).collect();
        Self::new(ScoreKind::AugmentedSensitivity, values, norm_exponent, ScoreCertificate::UpperBound)
    }

    /// sᵢ = d·σᵢ/Σσ + τᵢ with d = Στ, for p ≥ 2: sensitivities and leverage scores in equal parts. One round of the
    /// combination that the recursion by flattening makes of them; at p > 2 no theorem is known for the one round, so that
    /// [`theory`](super::SamplingPlan::theory) has no size for it.
    ///
    /// # Errors
    /// As [`new`](Self::new); [`Error::Length`] where the two differ in length.
    pub fn leverage_sensitivity(
        upper_bounds: &[f64],
        leverage: &[f64],
        norm_exponent: f64,
    ) -> Result<Self, Error> {
        check_lengths(upper_bounds, leverage)?;
        let (total, rank): (f64, f64) = (upper_bounds.iter().sum(), leverage.iter().sum());
        let share = if total > 0.0 { rank / total } else { 0.0 };
        let values = upper_bounds.iter().zip(leverage).map(|(sigma, tau)| share * sigma + tau).collect();
        Self::new(ScoreKind::LeverageSensitivity, values, norm_exponent, ScoreCertificate::None)
    }

    /// The same scores with what is known of them.
    #[must_use]
    pub fn with_certificate(self, certificate: ScoreCertificate) -> Self {
        Self { certificate, ..self }
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> ScoreKind {
        self.kind
    }

    /// sᵢ.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// p.
    #[must_use]
    pub fn norm_exponent(&self) -> f64 {
        self.norm_exponent
    }

    /// What is known of the scores.
    #[must_use]
    pub fn certificate(&self) -> ScoreCertificate {
        self.certificate
    }

    /// Σ sᵢ.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.values.iter().sum()
    }

    /// Rows with a positive score.
    #[must_use]
    pub fn positive(&self) -> usize {
        self.values.iter().filter(|&&score| score > 0.0).count()
    }
}

fn check_lengths(sensitivities: &[f64], leverage: &[f64]) -> Result<(), Error> {
    if sensitivities.len() == leverage.len() {
        return Ok(());
    }
    Err(Error::Length { what: "leverage scores", found: leverage.len(), nrows: sensitivities.len() })
}

/// The singular values of a rank-k matrix, from 1 down to 1/κ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Spectrum {
    /// All equal to 1: κ = 1.
    Flat,
    /// Equal steps: σᵢ = 1 − (1 − 1/κ)·(i − 1)/(k − 1).
    Linear {
        /// κ ≥ 1.
        condition: f64,
    },
    /// Equal ratios: σᵢ = κ^(−(i − 1)/(k − 1)).
    Geometric {
        /// κ ≥ 1.
        condition: f64,
    },
}

impl Spectrum {
    /// σ₁ ≥ … ≥ σ_k.
    ///
    /// ```
    /// use proofsketch::completion::Spectrum;
    ///
    /// assert_eq!(Spectrum::Geometric { condition: 100.0 }.singular_values(3), [1.0, 0.1, 0.01]);
    /// assert_eq!(Spectrum::Linear { condition: 2.0 }.singular_values(3), [1.0, 0.75, 0.5]);
    /// ```
    #[must_use]
    pub fn singular_values(self, rank: usize) -> Vec<f64> {
        let last = rank.saturating_sub(1).max(1) as f64;
        let value = |i: usize| match self {
            Self::Flat => 1.0,
            Self::Linear { condition } => 1.0 - (1.0 - 1.0 / condition) * i as f64 / last,
            Self::Geometric { condition } => condition.powf(-(i as f64) / last),
        };
        (0..rank).map(value).collect()
    }

    /// κ = σ₁/σ_k of a matrix of rank 2 or more.
    #[must_use]
    pub fn condition(self) -> f64 {
        match self {
            Self::Flat => 1.0,
            Self::Linear { condition } | Self::Geometric { condition } => condition,
        }
    }
}

use super::{Error, RowScores, ScoreKind};

/// How many rows make Pr[(1 − ε)‖Ax‖ₚᵖ ≤ ‖SAx‖ₚᵖ ≤ (1 + ε)‖Ax‖ₚᵖ for all x] ≥ 1 − δ, as far as theorems say.
///
/// At p = 2 the size is a guarantee, for scores that are at least the leverage scores and C ≥ 3
/// ([`CHERNOFF_CONSTANT`](Self::CHERNOFF_CONSTANT), [`LeverageSampleSize`](super::LeverageSampleSize)). At every other p it
/// is an order of magnitude: the powers of ε, d, n and S are those of the works named, the constants that they hide are the
/// caller's C, and the logarithms, whose powers differ from work to work, are one simplified set of this library. Such a size
/// is a guarantee only for a C that is known to suffice, and none is known.
///
/// Rows m ≈ 1 + Σsᵢ/α, with log the natural logarithm, n the rows with a positive score, d the rank and S = Σσᵢ:
///
/// | scores | 1/α at C = 1 | m without C and logarithms | after |
/// | --- | --- | --- | --- |
/// | any of these at p = 2, leverage | ε⁻²·log(2d/δ) | ε⁻²·Σsᵢ; ε⁻²·d for leverage, Lewis and root leverage | matrix Chernoff bound |
/// | Lewis, p < 2 | ε⁻²·log²d·log(n/δ) | ε⁻²·d | Cohen and Peng, STOC 2015; Woodruff and Yasuda, SODA 2023 |
/// | Lewis, p > 2 | ε⁻²·d^(p/2−1)·log²d·log(n/(εδ)) | ε⁻²·d^(p/2) | Woodruff and Yasuda, SODA 2023 |
/// | sensitivity, 1 ≤ p < 2 | ε⁻²·d^(1−p/2)·log²d·log(n/δ) | ε⁻²·S·d^(1−p/2) | Chen and Dereziński, COLT 2021 |
/// | sensitivity, p > 2 | ε⁻²·p²·S^(1−2/p)·log²(pd)·log(n/δ) | ε⁻²·S^(2−2/p) | Woodruff and Yasuda, ICML 2023 |
/// | augmented, 1 ≤ p < 2 | ε⁻²·log²d·log(n/δ) | ε⁻²·(S + d) | Munteanu and Omlor, ICML 2024 |
/// | root leverage, p < 2 | ε⁻²·(log³n + log(1/δ)) | ε⁻²·n^(1−p/2)·d^(p/2) | Yasuda, PhD thesis, CMU 2024, chapter 8 |
/// | root leverage, p > 2 | ε⁻²·p²·log²(pd)·log(n/δ) | ε⁻²·n^(1−2/p)·d | the same |
///
/// S is the sum of the scores where these are sensitivities, so that upper bounds serve. For p < 2 Woodruff and Yasuda
/// have S^(2/p−1) in the place of d^(1−p/2): never less, as S ≥ d^(p/2). No theorem covers uniform scores; leverage scores
/// at p ≠ 2; sensitivities, augmented or not, at p < 1; or leverage scores and sensitivities together at p > 2 in one round.
///
/// Proof at p = 2. In an orthonormal basis the rows have |uᵢ|² = τᵢ ≤ sᵢ. SAx is given by Σ(bᵢ/qᵢ)uᵢuᵢᵀ, bᵢ independent with
/// mean qᵢ ≥ min(1, sᵢ/α): every random term has norm at most τᵢ/qᵢ ≤ α. With c = 1/α the sum leaves (1 ± ε)I with probability
/// at most d·e^(−c((1+ε)ln(1+ε)−ε)) + d·e^(−c(ε+(1−ε)ln(1−ε))) ≤ 2d·e^(−cε²/3) for ε < 1, which is δ for c = 3ε⁻²·log(2d/δ).
///
/// ```
/// use proofsketch::sampling::{RowScores, SampleSize, SamplingPlan};
///
/// // 100 000 rows of equal leverage in 5 dimensions.
/// let scores = RowScores::leverage(&[5.0 / 1e5; 100_000], 2.0)?;
/// let constant = SampleSize::CHERNOFF_CONSTANT;
/// let size = SampleSize { epsilon: 0.2, delta: 0.01, constant, rank: 5 };
/// let plan = SamplingPlan::theory(&scores, &size)?;
/// let chernoff = 3.0 / 0.04 * 5.0 * (2.0 * 5.0 / 0.01_f64).ln();
/// assert!((plan.expected_rows() - (1.0 + chernoff)).abs() < 1e-6); // 2591 rows; the 1 comes from the floor 1/n
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleSize {
    /// ε ∈ (0, 1).
    pub epsilon: f64,
    /// δ ∈ (0, 1).
    pub delta: f64,
    /// C > 0.
    pub constant: f64,
    /// d, the rank of A.
    pub rank: usize,
}

impl SampleSize {
    /// The C from which the size is a guarantee at p = 2, for scores that are at least the leverage scores.
    pub const CHERNOFF_CONSTANT: f64 = 3.0;

    /// 1/α for these scores.
    pub(super) fn inverse_alpha(&self, scores: &RowScores) -> Result<f64, Error> {
        self.check()?;
        if scores.positive() == 0 {
            return Err(Error::NoScore { nrows: scores.values().len() });
        }
        let p = scores.norm_exponent();
        let growth = match scores.kind() {
            ScoreKind::Uniform => None,
            _ if p == 2.0 => Some((2.0 * self.rank as f64 / self.delta).ln()),
            _ if p < 2.0 => self.growth_below_two(scores),
            _ => self.growth_above_two(scores),
        };
        let uncovered = Error::NoTheorem { scores: scores.kind().name(), norm_exponent: p };
        Ok(self.constant * growth.ok_or(uncovered)? / (self.epsilon * self.epsilon))
    }

    /// ε²/α at C = 1 and p < 2.
    fn growth_below_two(&self, scores: &RowScores) -> Option<f64> {
        let (p, d, n) = (scores.norm_exponent(), self.rank as f64, scores.positive() as f64);
        let logs = squared_log(d) * (n / self.delta).ln();
        match scores.kind() {
            ScoreKind::Lewis => Some(logs),
            ScoreKind::RootLeverage => Some(n.ln().max(1.0).powi(3) - self.delta.ln()),
            ScoreKind::Sensitivity if p >= 1.0 => Some(d.powf(1.0 - p / 2.0) * logs),
            ScoreKind::AugmentedSensitivity if p >= 1.0 => Some(logs),
            _ => None,
        }
    }

    /// ε²/α at C = 1 and p > 2.
    fn growth_above_two(&self, scores: &RowScores) -> Option<f64> {
        let (p, d, n) = (scores.norm_exponent(), self.rank as f64, scores.positive() as f64);
        let logs = p * p * squared_log(p * d) * (n / self.delta).ln();
        match scores.kind() {
            ScoreKind::Lewis => {
                Some(d.powf(p / 2.0 - 1.0) * squared_log(d) * (n / (self.epsilon * self.delta)).ln())
            }
            ScoreKind::RootLeverage => Some(logs),
            ScoreKind::Sensitivity => Some(scores.total().powf(1.0 - 2.0 / p) * logs),
            _ => None,
        }
    }

    fn check(&self) -> Result<(), Error> {
        let unit = |name, value: f64| match value > 0.0 && value < 1.0 {
            true => Ok(()),
            false => Err(Error::Setting { name, value, range: "between 0 and 1, both excluded" }),
        };
        unit("epsilon", self.epsilon)?;
        unit("delta", self.delta)?;
        if !(self.constant.is_finite() && self.constant > 0.0) {
            let (name, value) = ("constant", self.constant);
            return Err(Error::Setting { name, value, range: "a finite number > 0" });
        }
        if self.rank == 0 {
            return Err(Error::Setting { name: "rank", value: 0.0, range: "at least 1" });
        }
        Ok(())
    }
}

/// log²x, at least 1: rows are needed in one dimension too.
fn squared_log(x: f64) -> f64 {
    x.ln().max(1.0).powi(2)
}

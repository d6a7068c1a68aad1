use super::{Error, RowScores, ScoreKind};

/// How many rows make Pr[(1 − ε)‖Ax‖ₚᵖ ≤ ‖SAx‖ₚᵖ ≤ (1 + ε)‖Ax‖ₚᵖ for all x] ≥ 1 − δ, by the theorem for the scores at hand.
///
/// The theorems hide their constants, so C is the caller's: a plan is a guarantee only for a C that is known to suffice.
/// Rows m ≈ Σsᵢ/α, with log the natural logarithm, n the rows with a positive score and S = Σsᵢ:
///
/// | scores | 1/α at C = 1 | after |
/// | --- | --- | --- |
/// | Lewis, p ≤ 2 | ε⁻²·log²d·log n | Cohen and Peng, STOC 2015; Woodruff and Yasuda, SODA 2023 |
/// | Lewis, p > 2 | ε⁻²·d^(p/2−1)·log²d·log(n/ε) | Woodruff and Yasuda, SODA 2023 |
/// | sensitivity, p < 2 | ε⁻²·min(S^(2/p−1), d^(1−p/2))·log²d·log(n/δ) | Woodruff and Yasuda, ICML 2023; Chen and Dereziński, COLT 2021 |
/// | sensitivity, p > 2 | ε⁻²·p²·S^(1−2/p)·log²(pd)·log(n/δ) | Woodruff and Yasuda, ICML 2023 |
/// | augmented, p ≤ 2 | ε⁻²·log²d·log(n/δ) | Munteanu and Omlor, ICML 2024 |
/// | leverage and sensitivity, p ≥ 2 | ε⁻²·p²·d^(2/p−1)·S_σ^(2−4/p)·log²(pd)·log(n/δ) | the rate of Woodruff and Yasuda's recursion |
/// | root leverage | ε⁻²·(log³n + log(1/δ)) | Woodruff and Yasuda |
/// | any of them at p = 2, leverage | ε⁻²·log(2d/δ) | matrix Chernoff bound |
///
/// The powers of ε, d, n and S are those of the works named. The logarithms are one simplified set of this library, not
/// quoted from them. At p > 2 with leverage and sensitivity, S_σ is unknown to the scores alone; S_σ ≤ d^(p/2) is used.
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
    /// 1/α for these scores.
    pub(super) fn inverse_alpha(&self, scores: &RowScores) -> Result<f64, Error> {
        self.check()?;
        let p = scores.norm_exponent();
        let (d, n) = (self.rank as f64, scores.positive() as f64);
        let total = scores.total();
        // log d is 0 for one column, where rows are still needed.
        let log = |x: f64| x.ln().max(1.0);
        let uncovered = Error::NoTheorem { scores: scores.kind().name(), norm_exponent: p };
        let growth = match scores.kind() {
            ScoreKind::Uniform => return Err(uncovered),
            ScoreKind::RootLeverage => log(n).powi(3) + (1.0 / self.delta).ln(),
            _ if p == 2.0 => log(2.0 * d / self.delta),
            ScoreKind::Leverage => return Err(uncovered),
            ScoreKind::Lewis if p < 2.0 => log(d).powi(2) * log(n),
            ScoreKind::Lewis => d.powf(p / 2.0 - 1.0) * log(d).powi(2) * log(n / self.epsilon),
            _ if p < 1.0 => return Err(uncovered),
            ScoreKind::Sensitivity if p < 2.0 => {
                total.powf(2.0 / p - 1.0).min(d.powf(1.0 - p / 2.0)) * self.logs(1.0, n)
            }
            ScoreKind::Sensitivity => p * p * total.powf(1.0 - 2.0 / p) * self.logs(p, n),
            ScoreKind::AugmentedSensitivity => self.logs(1.0, n),
            ScoreKind::LeverageSensitivity => {
                let sensitivity_bound = d.powf(p / 2.0);
                p * p * d.powf(2.0 / p - 1.0) * sensitivity_bound.powf(2.0 - 4.0 / p) * self.logs(p, n)
            }
        };
        Ok(self.constant * growth / (self.epsilon * self.epsilon))
    }

    /// log²(p·d)·log(n/δ), no factor below 1.
    fn logs(&self, p: f64, n: f64) -> f64 {
        (p * self.rank as f64).ln().max(1.0).powi(2) * (n / self.delta).ln().max(1.0)
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

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2, SQRT_2};

use nalgebra::DVector;
use statrs::function::erf::{erf, erfc};

use super::super::{Corruption, Error, OutlierLaw, with_gaussian_noise};
use crate::random::StreamKey;

/// The noise s of y = 𝒜(X★) + s: outliers with probability p, and N(0, ν²) on every measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeasurementNoise {
    /// Outliers, none for p = 0.
    pub outliers: Corruption,
    /// ν ≥ 0.
    pub deviation: f64,
}

impl MeasurementNoise {
    /// No noise.
    pub const NONE: Self = Self {
        outliers: Corruption { fraction: 0.0, law: OutlierLaw::Fixed { magnitude: 0.0 } },
        deviation: 0.0,
    };

    /// Outliers alone.
    #[must_use]
    pub fn outliers(fraction: f64, law: OutlierLaw) -> Self {
        Self { outliers: Corruption { fraction, law }, deviation: 0.0 }
    }

    /// N(0, ν²) alone.
    #[must_use]
    pub fn gaussian(deviation: f64) -> Self {
        Self { deviation, ..Self::NONE }
    }

    /// y + s.
    ///
    /// # Errors
    /// Those of [`Corruption::added_to`] and [`with_gaussian_noise`].
    pub fn added_to(&self, y: &DVector<f64>, key: StreamKey) -> Result<DVector<f64>, Error> {
        with_gaussian_noise(&self.outliers.added_to(y, key)?, self.deviation, key)
    }

    /// φ(X), the scaling function of Sign-RIP, for ‖X‖_F = `norm`: E sign(⟨A, X⟩ − s) A = φ(X) X/‖X‖_F for A with independent
    /// N(0, 1) entries and s independent of A.
    ///
    /// φ(X) = √(2/π) (‖X‖_F/R) (1 − p + p E exp(−o²/(2R²))),  R² = ‖X‖_F² + ν², o an outlier:
    /// E sign(xg − s) g = √(2/π) exp(−s²/(2x²)) for g ~ N(0, 1), averaged over s. With ν = 0 it is the formula of Ma and
    /// Fattahi (2023), Theorem 10, with p = 0 that of Theorem 11.
    ///
    /// ```
    /// use proofsketch::sensing::{MeasurementNoise, OutlierLaw};
    ///
    /// let clean = MeasurementNoise::NONE.sign_scaling(3.0);
    /// assert!((clean - (2.0 / std::f64::consts::PI).sqrt()).abs() < 1e-15);
    /// // However large the outliers are, no more than their share p of φ is lost.
    /// let huge = MeasurementNoise::outliers(0.1, OutlierLaw::Normal { deviation: 1e9 });
    /// assert!((huge.sign_scaling(3.0) - 0.9 * clean).abs() < 1e-9);
    /// ```
    #[must_use]
    pub fn sign_scaling(&self, norm: f64) -> f64 {
        let spread = norm.hypot(self.deviation);
        if spread == 0.0 {
            return FRAC_2_PI.sqrt();
        }
        let p = self.outliers.fraction;
        FRAC_2_PI.sqrt() * (norm / spread) * (1.0 - p + p * gaussian_average(self.outliers.law, spread))
    }

    /// E s² of one measurement, the mean square of the noise; ∞ for Cauchy outliers.
    #[must_use]
    pub fn mean_square(&self) -> f64 {
        let outlier = match self.outliers.law {
            _ if self.outliers.fraction == 0.0 => 0.0,
            OutlierLaw::Normal { deviation } => deviation.powi(2),
            OutlierLaw::Uniform { bound } => bound.powi(2) / 3.0,
            OutlierLaw::Fixed { magnitude } => magnitude.powi(2),
            OutlierLaw::Cauchy { .. } => f64::INFINITY,
        };
        if outlier == 0.0 {
            return self.deviation.powi(2);
        }
        self.outliers.fraction * outlier + self.deviation.powi(2)
    }
}

/// E exp(−o²/(2R²)) over outliers o.
fn gaussian_average(law: OutlierLaw, spread: f64) -> f64 {
    match law {
        OutlierLaw::Normal { deviation } => spread / spread.hypot(deviation),
        OutlierLaw::Uniform { bound } if bound > 0.0 => {
            let ratio = bound / spread;
            FRAC_PI_2.sqrt() * erf(ratio / SQRT_2) / ratio
        }
        OutlierLaw::Uniform { .. } => 1.0,
        OutlierLaw::Fixed { magnitude } => (-0.5 * (magnitude / spread).powi(2)).exp(),
        OutlierLaw::Cauchy { scale } => {
            let c = scale / spread;
            if c < 25.0 {
                (0.5 * c * c).exp() * erfc(c / SQRT_2)
            } else {
                // The asymptotic series of the scaled complementary error function, to 10⁻¹¹.
                let square = (c * c).recip();
                FRAC_2_PI.sqrt() / c * (1.0 - square * (1.0 - 3.0 * square * (1.0 - 5.0 * square)))
            }
        }
    }
}

use nalgebra::DVector;
use rand_distr::{Cauchy, Distribution, StandardNormal};

use super::Error;
use super::error::in_range;
use crate::random::{StreamKey, normal_matrix, uniform_unit};

/// The law of one outlier.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutlierLaw {
    /// N(0, sd²).
    Normal {
        /// sd.
        deviation: f64,
    },
    /// Uniform in [−B, B].
    Uniform {
        /// B.
        bound: f64,
    },
    /// ±B with a fair sign.
    Fixed {
        /// B.
        magnitude: f64,
    },
    /// Cauchy of this scale: no mean, no variance.
    Cauchy {
        /// The scale.
        scale: f64,
    },
}

/// Outliers: each measurement, independently with probability p, has a draw from a law added to it.
///
/// The streams of support and values are apart, and both draw one number a measurement whatever comes out: a larger p keeps
/// the outliers of a smaller one and adds some, and another size of a law scales the same draws.
///
/// ```
/// use nalgebra::DVector;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{Corruption, OutlierLaw};
///
/// let (y, key) = (DVector::zeros(1000), StreamKey::from_seed(1));
/// let corruption = Corruption { fraction: 0.1, law: OutlierLaw::Fixed { magnitude: 1e6 } };
/// let hit = corruption.added_to(&y, key)?.iter().filter(|y| y.abs() == 1e6).count();
/// assert_eq!(hit, corruption.support(1000, key)?.len());
/// assert!((60..140).contains(&hit));
/// # Ok::<(), proofsketch::sensing::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Corruption {
    /// p, 0 ≤ p ≤ 1.
    pub fraction: f64,
    /// The law of an outlier.
    pub law: OutlierLaw,
}

impl Corruption {
    /// y with outliers.
    ///
    /// # Errors
    /// [`Error::Setting`] for p outside [0, 1] or a size that is negative or not finite.
    pub fn added_to(&self, y: &DVector<f64>, key: StreamKey) -> Result<DVector<f64>, Error> {
        let mut corrupted = y.clone();
        let values = self.values(y.len(), key)?;
        for index in self.support(y.len(), key)? {
            corrupted[index] += values[index];
        }
        Ok(corrupted)
    }

    /// The measurements that are hit, ascending.
    ///
    /// # Errors
    /// As [`added_to`](Self::added_to).
    pub fn support(&self, measurements: usize, key: StreamKey) -> Result<Vec<usize>, Error> {
        let holds = (0.0..=1.0).contains(&self.fraction);
        in_range("the fraction of outliers", self.fraction, holds, "0 ≤ p ≤ 1")?;
        let mut rng = key.named("support").block(0);
        Ok((0..measurements).filter(|_| uniform_unit(&mut rng) < self.fraction).collect())
    }

    /// An outlier for each measurement, hit or not.
    fn values(&self, measurements: usize, key: StreamKey) -> Result<Vec<f64>, Error> {
        let mut rng = key.named("outliers").block(0);
        let (size, unit): (f64, Box<dyn FnMut() -> f64>) = match self.law {
            OutlierLaw::Normal { deviation } => {
                (deviation, Box::new(move || StandardNormal.sample(&mut rng)))
            }
            OutlierLaw::Uniform { bound } => (bound, Box::new(move || 2.0 * uniform_unit(&mut rng) - 1.0)),
            OutlierLaw::Fixed { magnitude } => {
                (magnitude, Box::new(move || if uniform_unit(&mut rng) < 0.5 { -1.0 } else { 1.0 }))
            }
            OutlierLaw::Cauchy { scale } => {
                let cauchy = Cauchy::new(0.0, 1.0).expect("a scale of 1 is a scale");
                (scale, Box::new(move || cauchy.sample(&mut rng)))
            }
        };
        in_range("the size of outliers", size, size.is_finite() && size >= 0.0, "finite and ≥ 0")?;
        Ok(std::iter::repeat_with(unit).take(measurements).map(|value| size * value).collect())
    }
}

/// y with independent N(0, ν²) added to each measurement; another ν scales the same draws.
///
/// # Errors
/// [`Error::Setting`] for a ν that is negative or not finite.
pub fn with_gaussian_noise(y: &DVector<f64>, deviation: f64, key: StreamKey) -> Result<DVector<f64>, Error> {
    let holds = deviation.is_finite() && deviation >= 0.0;
    in_range("the deviation of the noise", deviation, holds, "finite and ≥ 0")?;
    let noise = normal_matrix(y.len(), 1, key.named("noise"));
    Ok(y + noise.column(0) * deviation)
}

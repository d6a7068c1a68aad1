use nalgebra::DMatrix;

use super::{SignalResidual, SmallStart, ma_fattahi};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;

/// Eigenvalues are learned one after another, each at its own rate: on the expected loss λᵢ(SSᵀ) grows by the factor (1 + ησᵢ)² a
/// step while it is below σᵢ/100, whatever the other eigenvalues do meanwhile.
///
/// From a start with S₀S₀ᵀ = 2α²Σ and E₀ = 0 the directions do not mix, √λᵢ grows by 1 + η(σᵢ − λᵢ), and the mean factor is
/// within 1 % of (1 + ησᵢ)² for ησᵢ ≤ 1/2. That a [`SmallStart`] comes as near is this library's observation; Ma and
/// Fattahi (2023) bound the smallest eigenvalue from below by (1 + ησᵣ)² less the residual, Proposition 16, and show the phases
/// in a figure.
#[derive(Clone, Debug)]
pub struct IncrementalLearning<F> {
    /// η.
    pub eta: f64,
    /// The implementation: U₀, U₁, … from a start.
    pub trajectory: F,
}

impl<F> IncrementalLearning<F> {
    /// The mean growth factor of each λᵢ from its start to σᵢ/100, along a trajectory; NaN if that is not reached.
    #[must_use]
    pub fn growth_factors(&self, start: &SmallStart, trajectory: &[DMatrix<f64>]) -> Vec<f64> {
        let values: Vec<Vec<f64>> =
            trajectory.iter().map(|u| SignalResidual::of(&start.truth, u).signal_eigenvalues()).collect();
        let factor = |(i, sigma): (usize, &f64)| {
            let end = values.iter().position(|values| values[i] > 0.01 * sigma).map_or(0, |end| end - 1);
            if end == 0 {
                return f64::NAN;
            }
            (values[end][i] / values[0][i]).powf(1.0 / end as f64)
        };
        start.truth.spectrum().iter().enumerate().map(factor).collect()
    }
}

impl<F: Fn(&SmallStart) -> Vec<DMatrix<f64>> + Sync> Guarantee for IncrementalLearning<F> {
    type Instance = SmallStart;

    const CITATION: Citation = ma_fattahi("Proposition 16, in the form documented at this type");

    fn hypotheses(&self, start: &SmallStart) -> Vec<Hypothesis> {
        let last = start.truth.spectrum()[start.truth.rank() - 1];
        let mut hypotheses = start.hypotheses(self.eta);
        hypotheses.push(Hypothesis::require("α² ≤ 10⁻⁴", start.alpha * start.alpha <= 1e-4, || {
            format!("α = {}: the growth from 2α²σᵢ to σᵢ/100 is too short; σᵣ = {last}", start.alpha)
        }));
        hypotheses
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// The largest relative deviation of a growth factor.
    fn trial(&self, start: &SmallStart, _: StreamKey) -> Outcome {
        let factors = self.growth_factors(start, &(self.trajectory)(start));
        let deviations = factors
            .iter()
            .zip(start.truth.spectrum())
            .map(|(factor, sigma)| (factor / (1.0 + self.eta * sigma).powi(2) - 1.0).abs());
        let observed =
            deviations.fold(0.0, |most: f64, v| if v.is_nan() { f64::INFINITY } else { most.max(v) });
        Outcome { bound: 0.01, observed }
    }
}

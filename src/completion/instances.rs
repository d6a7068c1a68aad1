use nalgebra::DMatrix;

use super::{Duplicates, Error, LowRankMatrix, MatrixCompletion, ObservationError, ObservationModel};
use crate::linalg;
use crate::random::{StreamKey, normal_matrix};

/// Draws tried for the condition that every row and column have enough entries.
const ATTEMPTS: u64 = 200;

/// A completion problem with its truth, made for tests and figures. [`solve`](super::solve) takes the problem alone.
///
/// ```
/// use proofsketch::completion::{Instance, LowRankMatrix, ObservationModel, Settings, Spectrum, solve};
/// use proofsketch::random::StreamKey;
///
/// let key = StreamKey::from_seed(1);
/// let truth = LowRankMatrix::incoherent((200, 150), 3, Spectrum::Linear { condition: 2.0 }, key)?;
/// let instance = Instance::draw(truth, ObservationModel::oversampled(4.0, (200, 150), 3), key)?;
/// let report = solve(&instance.problem, &Settings::of_rank(3), key.named("solver"))?;
/// assert!(instance.relative_error(&report.solution.u, &report.solution.v)? < 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// M.
    pub truth: LowRankMatrix,
    /// P_Ω(M), with noise if there is any.
    pub problem: MatrixCompletion,
}

/// Why an instance could not be drawn.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InstanceError {
    /// Ω could not be drawn.
    #[error(transparent)]
    Observations(#[from] ObservationError),
    /// The problem has no answer.
    #[error(transparent)]
    Problem(#[from] Error),
}

impl Instance {
    /// M known on Ω drawn from `model`.
    ///
    /// # Errors
    /// [`InstanceError`] for a model out of range or a draw without any entry.
    pub fn draw(
        truth: LowRankMatrix,
        model: ObservationModel,
        key: StreamKey,
    ) -> Result<Self, InstanceError> {
        let entries = model.draw(truth.shape(), key.named("entries"))?;
        Ok(Self::on(truth, &entries)?)
    }

    /// As [`draw`](Self::draw), Ω drawn anew until every row and column has at least k entries, 200 times at most.
    ///
    /// # Errors
    /// [`ObservationError::MinimumDegree`] where no draw has them; others as [`draw`](Self::draw).
    pub fn draw_determined(
        truth: LowRankMatrix,
        model: ObservationModel,
        key: StreamKey,
    ) -> Result<Self, InstanceError> {
        let degree = truth.rank();
        let entries = model.draw_with_degree(truth.shape(), degree, ATTEMPTS, key.named("entries"))?;
        Ok(Self::on(truth, &entries)?)
    }

    /// M known on the given entries.
    ///
    /// # Errors
    /// As [`MatrixCompletion::from_triplets`].
    pub fn on(truth: LowRankMatrix, entries: &[(u32, u32)]) -> Result<Self, Error> {
        let (nrows, ncols) = truth.shape();
        let triplets: Vec<(u32, u32, f64)> =
            entries.iter().map(|&(i, j)| (i, j, truth.entry(i as usize, j as usize))).collect();
        let problem = MatrixCompletion::from_triplet_vec(nrows, ncols, triplets, Duplicates::Refuse)?;
        Ok(Self { truth, problem })
    }

    /// The same with independent N(0, s²) added to each observed value, s = `level`·‖M‖_F/√(mn): the noise of all entries
    /// would have `level` times the norm of M.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for a level that is not finite.
    pub fn with_noise(self, level: f64, key: StreamKey) -> Result<Self, Error> {
        let (nrows, ncols) = self.truth.shape();
        let deviation = level * self.truth.frobenius_norm() / (nrows as f64 * ncols as f64).sqrt();
        let noise = normal_matrix(self.problem.observed(), 1, key);
        let mut noise = noise.iter();
        let noisy = |_, _, value| value + deviation * noise.next().copied().unwrap_or(0.0);
        let problem = self.problem.with_values(noisy)?;
        Ok(Self { truth: self.truth, problem })
    }

    /// ‖U Vᵀ − M‖_F/‖M‖_F over all entries of M, noise aside.
    ///
    /// # Errors
    /// [`linalg::Error::NotFinite`].
    pub fn relative_error(&self, u: &DMatrix<f64>, v: &DMatrix<f64>) -> Result<f64, linalg::Error> {
        self.truth.relative_error(u, v)
    }
}

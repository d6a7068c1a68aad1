//! The theorems of subgradient and gradient matrix sensing as types.
//!
//! Each takes the implementation it is held against as a function, so that a wrong one can be put in its place.

mod accelerated_rate;
mod conserved_imbalance;
mod expected_loss;
mod expected_loss_tail;
mod gaussian_noise_error;
mod imbalanced_rate;
mod incremental_learning;
mod magnitude_blindness;
mod measurement_noise;
mod no_early_stopping;
mod one_step_inequalities;
mod scale_equivariance;
mod search_rank_independence;
mod sensing_instance;
mod sign_rip;
mod signal_residual;
mod small_start;
mod squared_loss_direction;
mod symmetric_tail;

pub use accelerated_rate::AcceleratedRate;
pub use conserved_imbalance::ConservedImbalance;
pub use expected_loss::ExpectedLoss;
pub use expected_loss_tail::{EXPECTED_LOSS_PHASES, EXPECTED_LOSS_TAIL, ExpectedLossTail};
pub use gaussian_noise_error::{GAUSSIAN_NOISE_ERROR, GaussianNoiseError};
pub use imbalanced_rate::{ImbalancedRate, linear_rate};
pub use incremental_learning::IncrementalLearning;
pub use magnitude_blindness::MagnitudeBlindness;
pub use measurement_noise::MeasurementNoise;
pub use no_early_stopping::NoEarlyStopping;
pub use one_step_inequalities::OneStepInequalities;
pub use scale_equivariance::ScaleEquivariance;
pub use search_rank_independence::SearchRankIndependence;
pub use sensing_instance::SensingInstance;
pub use sign_rip::{SignRip, ky_fan_norm, sign_direction};
pub use signal_residual::SignalResidual;
pub use small_start::SmallStart;
pub use squared_loss_direction::SquaredLossDirection;
pub use symmetric_tail::SymmetricTail;

use crate::guarantee::Citation;

/// Ma and Fattahi, at a place.
const fn ma_fattahi(locator: &'static str) -> Citation {
    Citation {
        key: "MaFattahi2023",
        authors: "J. Ma and S. Fattahi",
        title: "Global Convergence of Sub-gradient Method for Robust Matrix Recovery: Small Initialization, Noisy \
            Measurements, and Over-parameterization",
        venue: "Journal of Machine Learning Research 24(96)",
        year: 2023,
        locator,
    }
}

/// Xiong, Ding and Du, at a place.
const fn xiong_ding_du(locator: &'static str) -> Citation {
    Citation {
        key: "XiongDingDu2024",
        authors: "N. Xiong, L. Ding and S. S. Du",
        title: "How Over-Parameterization Slows Down Gradient Descent in Matrix Sensing: The Curses of Symmetry and \
            Initialization",
        venue: "ICLR",
        year: 2024,
        locator,
    }
}

//! regression

mod certificate;
mod error;
mod exact;
mod problem;
mod scaled_factor;
mod sketch_and_solve;
mod sketch_size;
mod warning;

pub use certificate::CoordinateCertificate;
pub use error::Error;
pub use exact::{ExactSolution, solve_exact};
pub use problem::LeastSquares;
pub use sketch_and_solve::{SketchedSolution, sketch_and_solve, solve_from_sketch};
pub use sketch_size::{SketchSize, gaussian_failure_bound};
pub use warning::Warning;

//! What iterative solvers share: how a run ended, what it returns, and the iterations themselves.

mod conjugate_gradient;
mod report;
mod status;

pub use conjugate_gradient::{ConjugateGradient, conjugate_gradient};
pub use report::Report;
pub use status::Status;

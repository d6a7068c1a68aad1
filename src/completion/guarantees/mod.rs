//! The theorems of robust alternating minimization as types.
//!
//! Each takes the implementation it is held against as a function, so that a wrong one can be put in its place.

mod cg_step_bound;
mod error_floor;
mod forward_error;
mod gram_concentration;
mod half_step_contraction;
mod incoherence_kept;
mod no_leak;

pub use cg_step_bound::{CgStepBound, cg_steps};
pub use error_floor::{ERROR_FLOOR, ErrorFloor};
pub use forward_error::{ForwardError, RowRegression};
pub use gram_concentration::{GramConcentration, gram_sample_size, sampled_grams};
pub use half_step_contraction::{HalfStepContraction, HalfStepInstance};
pub use incoherence_kept::IncoherenceKept;
pub use no_leak::{NoLeak, PartlyObserved};

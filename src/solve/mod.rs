//! What iterative solvers share: how they end, what they report, the two Krylov iterations they lean on, and ℓp regression.
//!
//! | what | here |
//! | --- | --- |
//! | how an iteration ended, and with what | [`Status`], [`Report`] |
//! | argmin ‖A x − b‖₂ by products with A and Aᵀ | [`lsqr`], [`LsqrSettings`], [`LsqrRecord`] |
//! | argmin ‖A x − b‖ₚ with a duality gap, 1 ≤ p < ∞ | [`lp_regression`], [`LpRegression`], [`LpRegressionSettings`], [`LpSolution`], [`LpRegressionRecord`], [`LpRegressionError`] |
//! | A x = b for positive definite A | [`preconditioned_cg`], [`CgSettings`], [`CgRecord`], [`CgError`] |

mod lp_regression;
mod lsqr;
mod preconditioned_cg;
mod report;
mod status;

pub use lp_regression::{
    LpRegression, LpRegressionError, LpRegressionRecord, LpRegressionSettings, LpSolution, lp_regression,
};
pub use lsqr::{LsqrRecord, LsqrSettings, lsqr};
pub use preconditioned_cg::{CgError, CgRecord, CgSettings, preconditioned_cg};
pub use report::Report;
pub use status::Status;

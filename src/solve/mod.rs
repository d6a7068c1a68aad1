//! What iterative solvers share: how they end, what they report, and the two Krylov iterations they lean on.
//!
//! | what | here |
//! | --- | --- |
//! | how an iteration ended, and with what | [`Status`], [`Report`] |
//! | argmin ‖A x − b‖₂ by products with A and Aᵀ | [`lsqr`], [`LsqrSettings`], [`LsqrRecord`] |
//! | A x = b for positive definite A | [`preconditioned_cg`], [`CgSettings`], [`CgRecord`], [`CgError`] |

mod lsqr;
mod preconditioned_cg;
mod report;
mod status;

pub use lsqr::{LsqrRecord, LsqrSettings, lsqr};
pub use preconditioned_cg::{CgError, CgRecord, CgSettings, preconditioned_cg};
pub use report::Report;
pub use status::Status;

//! What the test suites share.
#![allow(dead_code, unused_imports)]

use proofsketch::random::StreamKey;
pub use proofsketch::testing::{hard_instances, rank_deficient, with_thread_counts};

/// The root key of this run: fixed, or named by the environment variable `PROOFSKETCH_SEED`.
pub fn seed() -> StreamKey {
    let seed = std::env::var("PROOFSKETCH_SEED").ok().map_or(20_230_202, |text| {
        text.parse().unwrap_or_else(|_| panic!("PROOFSKETCH_SEED is no integer: {text:?}"))
    });
    StreamKey::from_seed(seed)
}

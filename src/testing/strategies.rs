//! Strategies for property tests, behind the feature `proptest`.
//!
//! ```
//! use proofsketch::sketch::Gaussian;
//! use proofsketch::testing::{check_sketch_laws, strategies};
//! use proptest::prelude::*;
//!
//! proptest!(ProptestConfig::with_cases(8), |(m in 1_usize..20, n in 1_usize..400, key in strategies::keys())| {
//!     prop_assert_eq!(check_sketch_laws(&Gaussian::new(m, n).unwrap(), key), Ok(()));
//! });
//! ```

use std::ops::Range;

use nalgebra::DMatrix;
use proptest::prelude::*;

use crate::embedding::Graph;
use crate::random::StreamKey;

/// Every key of a 64-bit seed.
pub fn keys() -> impl Strategy<Value = StreamKey> {
    any::<u64>().prop_map(StreamKey::from_seed)
}

/// Every finite number can occur: subnormal, both zeros, the largest; and numbers as people write them.
pub fn finite() -> impl Strategy<Value = f64> + Clone {
    use proptest::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    prop_oneof![
        POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO,
        (-1000..1000_i32).prop_map(f64::from),
        (-1000..1000_i32).prop_map(|i| f64::from(i) / 100.0)
    ]
}

/// Matrices of these shapes with entries of a strategy.
pub fn matrices<S: Strategy<Value = f64> + Clone>(
    nrows: Range<usize>,
    ncols: Range<usize>,
    entries: S,
) -> impl Strategy<Value = DMatrix<f64>> {
    (nrows, ncols).prop_flat_map(move |(nrows, ncols)| {
        prop::collection::vec(entries.clone(), nrows * ncols)
            .prop_map(move |values| DMatrix::from_vec(nrows, ncols, values))
    })
}

/// Small integers, whose sums and products are exact.
pub fn small_integers() -> impl Strategy<Value = f64> + Clone {
    (-5..=5_i32).prop_map(f64::from)
}

/// Undirected graphs of 2 to `nodes` nodes with up to three edges a node, loops and repeated edges among them.
///
/// # Panics
/// If `nodes` < 2.
pub fn graphs(nodes: u32) -> impl Strategy<Value = Graph> {
    (2..=nodes).prop_flat_map(|n| {
        prop::collection::vec((0..n, 0..n), 0..=3 * n as usize).prop_map(move |edges| {
            Graph::undirected((0..u64::from(n)).collect(), &edges, None).expect("nodes that are there")
        })
    })
}

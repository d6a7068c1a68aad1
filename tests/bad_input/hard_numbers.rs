//! Small matrices of the numbers that break algorithms, and of lines that repeat each other.

use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// 0, ±1, numbers near the ends of the range, and now and then one that is none.
pub fn entry() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => Just(0.0),
        3 => Just(1.0),
        2 => Just(-1.0),
        1 => prop::sample::select(vec![-0.0, 1e300, -1e300, 1e-300, -1e-300, 5e-324, -1e-310, f64::MAX, f64::MIN_POSITIVE]),
        1 => -9.0..9.0_f64,
    ]
}

/// A number of either kind: one in `64` is NaN or infinite.
fn any_entry() -> impl Strategy<Value = f64> {
    prop_oneof![
        63 => entry(),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY]),
    ]
}

/// n × d with n, d in 1..=6; a row and a column may be another one over again.
pub fn matrix() -> impl Strategy<Value = DMatrix<f64>> {
    (1..=6_usize, 1..=6_usize).prop_flat_map(|(nrows, ncols)| {
        let entries = prop::collection::vec(any_entry(), nrows * ncols);
        (entries, prop::option::of((0..nrows, 0..nrows)), prop::option::of((0..ncols, 0..ncols))).prop_map(
            move |(entries, rows, columns)| {
                let mut a = DMatrix::from_vec(nrows, ncols, entries);
                if let Some((from, to)) = rows {
                    let row = a.row(from).clone_owned();
                    a.set_row(to, &row);
                }
                if let Some((from, to)) = columns {
                    let column = a.column(from).clone_owned();
                    a.set_column(to, &column);
                }
                a
            },
        )
    })
}

/// A matrix, and a vector of one entry a row.
pub fn system() -> impl Strategy<Value = (DMatrix<f64>, DVector<f64>)> {
    matrix().prop_flat_map(|a| {
        let b = prop::collection::vec(any_entry(), a.nrows()).prop_map(DVector::from_vec);
        (Just(a), b)
    })
}

/// Whether every number is one.
pub fn all_finite<'a>(numbers: impl IntoIterator<Item = &'a f64>) -> bool {
    numbers.into_iter().all(|number| number.is_finite())
}

/// As many cases as `PROPTEST_CASES` says, else as many as fit into a run of all tests; nothing is kept of failures.
pub fn cases(cases: u32) -> ProptestConfig {
    let wanted = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { cases: wanted.unwrap_or(cases), failure_persistence: None, ..ProptestConfig::default() }
}

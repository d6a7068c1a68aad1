//! The laws every sketch obeys, whatever its family.

use std::ops::Range;

use nalgebra::DMatrix;
use nalgebra_sparse::CsrMatrix;
use proofsketch::linalg::{DataMatrix, LinearOperator};
use proofsketch::random::StreamKey;
use proofsketch::sketch::{SketchDistribution, SketchOperator, StreamingSketch};

use crate::common::with_thread_counts;

/// Integers in −5..=5, a third of them zero, the same for the same shape.
pub fn integers(nrows: usize, ncols: usize) -> DMatrix<f64> {
    DMatrix::from_fn(nrows, ncols, |i, j| {
        let mixed = (i * 7919 + j * 104_729 + i * j * 31) % 33;
        if mixed % 3 == 0 { 0.0 } else { (mixed % 11) as f64 - 5.0 }
    })
}

/// Asserts that two matrices agree to `1e-10` of the norm of the second.
pub fn assert_close(left: &DMatrix<f64>, right: &DMatrix<f64>, what: &str) {
    assert_eq!(left.shape(), right.shape(), "{what}: shapes");
    let gap = (left - right).norm();
    assert!(gap <= 1e-10 * right.norm(), "{what}: differs by {gap:e} of {:e}", right.norm());
}

/// All laws, for one distribution.
pub fn assert_laws<D: SketchDistribution>(distribution: &D, key: StreamKey) {
    let s = distribution.sample(key);
    let n = s.ncols();
    let a = integers(n, 3);
    let dense = s.to_dense();
    assert_eq!(dense.shape(), (s.nrows(), n));
    assert!(dense.same_bits(&distribution.sample(key).to_dense()), "same key, other matrix");
    if n > 64 {
        assert!(!dense.same_bits(&distribution.sample(key.indexed(1)).to_dense()), "other key, same matrix");
    }
    submatrices(&s, &dense);
    products(&s, &dense, &a);
    streams(&s, &a);
    adjoint(&s, &dense);
    threads(distribution, key, &a);
}

/// Any range of columns is that part of the whole.
fn submatrices(s: &impl SketchOperator, dense: &DMatrix<f64>) {
    assert!(s.columns(0..s.ncols()).same_bits(dense), "columns(0..n) is not S");
    for range in ranges(s.ncols()) {
        let part = dense.columns_range(range.clone()).into_owned();
        assert!(s.columns(range.clone()).same_bits(&part), "columns({range:?}) is not that part of S");
    }
}

/// S A by the fast path is S A by the definition; dense, sparse, in parts, and from the right.
fn products(s: &impl SketchOperator, dense: &DMatrix<f64>, a: &DMatrix<f64>) {
    let expected = dense * a;
    assert_close(&s.sketch(a), &expected, "S A");
    assert_close(&s.apply(a), &expected, "apply");
    assert_close(&s.sketch(&CsrMatrix::from(a)), &expected, "S A, A sparse");
    assert_close(&s.sketch_rows(&a.transpose()), &expected.transpose(), "A Sᵀ");
    assert_close(&s.sketch_rows(&CsrMatrix::from(&a.transpose())), &expected.transpose(), "A Sᵀ, A sparse");
    for range in ranges(s.ncols()) {
        let mut out = DMatrix::from_element(s.nrows(), a.ncols(), 1.0);
        let part = dense.columns_range(range.clone()) * a.rows_range(range.clone());
        let expected = &part + &out;
        s.accumulate(range.clone(), &a.row_block(range.clone()), &mut out);
        assert_close(&out, &expected, "out += S[:, columns] · block");
    }
}

/// A stream in any cut has the bits of the whole.
fn streams(s: &impl SketchOperator, a: &DMatrix<f64>) {
    let whole = s.sketch(a);
    let sparse = CsrMatrix::from(a);
    for step in [1, 7, 256, 300, a.nrows()] {
        let mut stream = StreamingSketch::new(s, a.ncols());
        let mut from_sparse = StreamingSketch::new(s, a.ncols());
        for start in (0..a.nrows()).step_by(step) {
            let rows = start..a.nrows().min(start + step);
            stream.push(&a.row_block(rows.clone()));
            from_sparse.push(&DataMatrix::row_block(&sparse, rows));
        }
        assert_eq!(stream.rows_seen(), a.nrows());
        assert!(stream.finish().same_bits(&whole), "a stream cut every {step} rows has other bits");
        assert_close(&from_sparse.finish(), &whole, "a stream of sparse rows");
    }
}

/// ⟨S x, y⟩ = ⟨x, Sᵀ y⟩, entry by entry.
fn adjoint(s: &impl SketchOperator, dense: &DMatrix<f64>) {
    let y = integers(s.nrows(), 2);
    assert_close(&s.adjoint_apply(&y), &(dense.transpose() * y), "Sᵀ Y");
}

/// The bits do not depend on the number of threads.
fn threads<D: SketchDistribution>(distribution: &D, key: StreamKey, a: &DMatrix<f64>) {
    let answers = with_thread_counts(|| {
        let s = distribution.sample(key);
        (s.sketch(a), s.adjoint_apply(&integers(s.nrows(), 2)), s.columns(0..s.ncols()))
    });
    for answer in &answers[1..] {
        assert!(answer.0.same_bits(&answers[0].0), "S A depends on the number of threads");
        assert!(answer.1.same_bits(&answers[0].1), "Sᵀ Y depends on the number of threads");
        assert!(answer.2.same_bits(&answers[0].2), "the entries depend on the number of threads");
    }
}

/// Ranges of columns that start and end inside, at and across blocks.
fn ranges(n: usize) -> Vec<Range<usize>> {
    [
        0..n,
        0..n.min(1),
        0..0,
        n / 3..n / 2,
        n / 2..n,
        n.saturating_sub(1)..n,
        n.min(256)..n,
        n.min(255)..n.min(600),
    ]
    .into_iter()
    .filter(|range| range.start <= range.end)
    .collect()
}

/// Equality to the bit.
pub trait SameBits {
    /// Whether shapes and values agree; −0 and 0 are one value.
    fn same_bits(&self, other: &Self) -> bool;
}

impl SameBits for DMatrix<f64> {
    fn same_bits(&self, other: &Self) -> bool {
        self == other
    }
}

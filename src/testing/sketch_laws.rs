//! The laws every sketch obeys, whatever its family.

use std::ops::Range;

use nalgebra::DMatrix;
use nalgebra_sparse::CsrMatrix;

use super::{BrokenLaw, check_threads, integers};
use crate::linalg::{DataMatrix, LinearOperator};
use crate::random::StreamKey;
use crate::sketch::{SketchDistribution, SketchOperator, StreamingSketch};

type Law = Result<(), BrokenLaw>;

/// Whether ‖left − right‖_F ≤ 10⁻¹⁰‖right‖_F.
///
/// # Errors
/// [`BrokenLaw::Shape`], [`BrokenLaw::Gap`].
pub fn check_close(left: &DMatrix<f64>, right: &DMatrix<f64>, law: &str) -> Law {
    if left.shape() != right.shape() {
        return Err(BrokenLaw::Shape { law: law.into(), left: left.shape(), right: right.shape() });
    }
    let (gap, norm) = ((left - right).norm(), right.norm());
    if gap <= 1e-10 * norm { Ok(()) } else { Err(BrokenLaw::Gap { law: law.into(), gap, norm }) }
}

/// Holds all laws against one distribution; the first that is broken is the error.
///
/// * The same key gives the same bits; for n > 64, another key gives other ones.
/// * Any range of columns is that part of the whole, to the bit.
/// * S A, A Sᵀ, `apply`, `adjoint_apply` and `accumulate` are the products of the matrix of the entries, to 10⁻¹⁰; for dense
///   and for sparse A.
/// * A stream in any cut has the bits of the whole (of dense rows; sparse rows agree to 10⁻¹⁰).
/// * The bits do not depend on the number of threads.
///
/// It takes m·n numbers and a few products of them: m below 100 and n in the thousands are quick. Try n on both sides of
/// every block boundary ([`BLOCK`](crate::random::BLOCK) = 256). Scale and independence are no laws of one draw: hold
/// them by [`mean_test`](crate::guarantee::mean_test) and by a theorem.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::SparseSign;
/// use proofsketch::testing::check_sketch_laws;
///
/// for n in [1, 255, 257, 1000] {
///     check_sketch_laws(&SparseSign::new(32, n, 4)?, StreamKey::from_seed(1))?;
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The first law that is broken.
pub fn check_sketch_laws<D: SketchDistribution>(distribution: &D, key: StreamKey) -> Law {
    let s = distribution.sample(key);
    let (m, n) = (s.nrows(), s.ncols());
    let a = integers(n, 3);
    let dense = s.to_dense();
    if dense.shape() != (m, n) {
        return Err(BrokenLaw::Shape { law: "to_dense".into(), left: dense.shape(), right: (m, n) });
    }
    if dense != distribution.sample(key).to_dense() {
        return Err(BrokenLaw::bits("the same key gives another matrix"));
    }
    if n > 64 && dense == distribution.sample(key.indexed(1)).to_dense() {
        return Err(BrokenLaw::bits("another key gives the same matrix"));
    }
    submatrices(&s, &dense)?;
    products(&s, &dense, &a)?;
    streams(&s, &a)?;
    check_close(&s.adjoint_apply(&integers(m, 2)), &(dense.transpose() * integers(m, 2)), "Sᵀ Y")?;
    let sparse = CsrMatrix::from(&a);
    check_threads("the draw or its product", || {
        let s = distribution.sample(key);
        (s.sketch(&a), s.sketch(&sparse), s.adjoint_apply(&integers(m, 2)), s.columns(0..n))
    })
}

/// Any range of columns is that part of the whole.
fn submatrices(s: &impl SketchOperator, dense: &DMatrix<f64>) -> Law {
    for range in ranges(s.ncols()) {
        if s.columns(range.clone()) != dense.columns_range(range.clone()) {
            return Err(BrokenLaw::bits(format_args!("columns({range:?}) is not that part of S")));
        }
    }
    Ok(())
}

/// S A by the fast path is S A by the definition; dense, sparse, in parts, and from the right.
fn products(s: &impl SketchOperator, dense: &DMatrix<f64>, a: &DMatrix<f64>) -> Law {
    let expected = dense * a;
    check_close(&s.sketch(a), &expected, "S A")?;
    check_close(&s.apply(a), &expected, "apply")?;
    check_close(&s.sketch(&CsrMatrix::from(a)), &expected, "S A, A sparse")?;
    let (rows, transposed) = (a.transpose(), expected.transpose());
    check_close(&s.sketch_rows(&rows), &transposed, "A Sᵀ")?;
    check_close(&s.sketch_rows(&CsrMatrix::from(&rows)), &transposed, "A Sᵀ, A sparse")?;
    for range in ranges(s.ncols()) {
        let mut out = DMatrix::from_element(s.nrows(), a.ncols(), 1.0);
        let expected = dense.columns_range(range.clone()) * a.rows_range(range.clone()) + &out;
        s.accumulate(range.clone(), &a.row_block(range.clone()), &mut out);
        check_close(&out, &expected, "out += S[:, columns] · block")?;
    }
    Ok(())
}

/// A stream in any cut has the bits of the whole.
fn streams(s: &impl SketchOperator, a: &DMatrix<f64>) -> Law {
    let whole = s.sketch(a);
    let sparse = CsrMatrix::from(a);
    for step in [1, 7, 256, 300, a.nrows().max(1)] {
        let mut stream = StreamingSketch::new(s, a.ncols());
        let mut from_sparse = StreamingSketch::new(s, a.ncols());
        for start in (0..a.nrows()).step_by(step) {
            let rows = start..a.nrows().min(start + step);
            stream.push(&a.row_block(rows.clone()));
            from_sparse.push(&DataMatrix::row_block(&sparse, rows));
        }
        if stream.rows_seen() != a.nrows() || stream.finish() != whole {
            return Err(BrokenLaw::bits(format_args!("a stream cut every {step} rows has other bits")));
        }
        check_close(&from_sparse.finish(), &whole, "a stream of sparse rows")?;
    }
    Ok(())
}

/// Ranges of columns that start and end inside, at and across blocks.
fn ranges(n: usize) -> Vec<Range<usize>> {
    let last = n.saturating_sub(1);
    [0..n, 0..n.min(1), 0..0, n / 3..n / 2, n / 2..n, last..n, n.min(256)..n, n.min(255)..n.min(600)].into()
}

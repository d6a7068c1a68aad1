//! S A for A in compressed sparse rows: the columns of S A are shared out among the threads, each of which meets the rows
//! of A in order, so that the bits do not depend on how many there are.

use std::ops::Range;

use nalgebra::DMatrix;
use rayon::prelude::*;

use crate::linalg::CsrRows;

/// Calls `add` with a part of the columns of `out`, and their entries, on each thread.
pub(super) fn for_parts_of_columns(out: &mut DMatrix<f64>, add: impl Fn(Range<usize>, &mut [f64]) + Sync) {
    let (m, d) = out.shape();
    if m == 0 || d == 0 {
        return;
    }
    let width = d.div_ceil(rayon::current_num_threads());
    out.as_mut_slice().par_chunks_mut(width * m).enumerate().for_each(|(part, target)| {
        add(part * width..d.min((part + 1) * width), target);
    });
}

/// out += S A, one column of S after another, where `column` gives all entries of that which row i of A meets.
///
/// Cost: m operations a nonzero of A.
pub(super) fn add_sparse_rows<C: AsRef<[f64]>>(
    out: &mut DMatrix<f64>,
    a: &CsrRows<'_>,
    column: impl Fn(usize) -> C + Sync,
) {
    let m = out.nrows();
    for_parts_of_columns(out, |part, target| {
        for i in 0..a.nrows() {
            let (indices, values) = a.row_within(i, &part);
            if indices.is_empty() {
                continue;
            }
            let s = column(i);
            for (&j, &value) in indices.iter().zip(values) {
                let out = &mut target[(j - part.start) * m..][..m];
                out.iter_mut().zip(s.as_ref()).for_each(|(out, s)| *out += s * value);
            }
        }
    });
}

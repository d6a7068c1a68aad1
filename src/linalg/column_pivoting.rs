use nalgebra::DMatrix;
use rayon::prelude::*;

use super::householder::{Householder, reflect, reflection};
use super::vector_kernels::{dispatch, norm};

/// Entries that are reflected by one task: below this a task costs more than it saves.
const TASK_ENTRIES: usize = 1 << 16;

/// Norms of what is left of a column below the rows already reduced.
#[derive(Clone, Copy, Debug)]
struct Remainder {
    /// Its norm, downdated row by row.
    norm: f64,
    /// Its norm when it was last computed from the entries.
    computed: f64,
}

/// A Π = QR of finite A; entry j of the permutation is the column of A that is column j of A Π.
///
/// The norms that choose the pivots are downdated, and computed anew wherever cancellation could have spoiled them:
/// Z. Drmač and Z. Bujanović, "On the failure of rank-revealing QR factorization software — a case study", ACM Trans.
/// Math. Softw. 35 (2008).
pub(crate) fn reduce_with_pivoting(mut a: DMatrix<f64>) -> (Householder, Vec<usize>) {
    let (nrows, ncols) = a.shape();
    let size = nrows.min(ncols);
    let mut permutation: Vec<usize> = (0..ncols).collect();
    if size == 0 {
        return (Householder::from_reduced(a, &[]), permutation);
    }
    let norms = a.as_slice().chunks_exact(nrows).map(|column| {
        dispatch(
            #[inline(always)]
            || norm(column),
        )
    });
    let mut remainders: Vec<_> = norms.map(|norm| Remainder { norm, computed: norm }).collect();
    let task_columns = (TASK_ENTRIES / nrows).max(1);
    let mut taus = Vec::with_capacity(size);
    for k in 0..size {
        let pivot =
            (k..ncols).fold(k, |best, j| if remainders[j].norm > remainders[best].norm { j } else { best });
        a.swap_columns(k, pivot);
        permutation.swap(k, pivot);
        remainders.swap(k, pivot);
        let (head, tail) = a.as_mut_slice().split_at_mut((k + 1) * nrows);
        let v = &mut head[k * nrows + k..];
        let tau = dispatch(
            #[inline(always)]
            || reflection(v),
        );
        taus.push(tau);
        let columns = tail.par_chunks_mut(nrows * task_columns);
        columns.zip(remainders[k + 1..].par_chunks_mut(task_columns)).for_each(|(columns, remainders)| {
            dispatch(
                #[inline(always)]
                || {
                    for (column, remainder) in columns.chunks_exact_mut(nrows).zip(remainders) {
                        reflect(&v[1..], tau, &mut column[k..]);
                        remainder.drop_row(&column[k..]);
                    }
                },
            );
        });
    }
    (Householder::from_reduced(a, &taus), permutation)
}

impl Remainder {
    /// Takes the first of `column` out of the norm.
    #[inline(always)]
    fn drop_row(&mut self, column: &[f64]) {
        if self.norm == 0.0 {
            return;
        }
        let share = (column[0] / self.norm).abs();
        let left = ((1.0 + share) * (1.0 - share)).max(0.0);
        if left * (self.norm / self.computed).powi(2) <= f64::EPSILON.sqrt() {
            self.norm = norm(&column[1..]);
            self.computed = self.norm;
        } else {
            self.norm *= left.sqrt();
        }
    }
}

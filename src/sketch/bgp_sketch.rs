use std::ops::Range;

use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::column_signs::ColumnSigns;
use super::operator::{assert_accumulates, assert_columns};
use super::sparse_rows::add_sparse_rows;
use super::{Bgp, SketchDistribution, SketchOperator};
use crate::linalg::{LinearOperator, RowBlock, assert_fits, fast_walsh_hadamard, hadamard_entry};
use crate::random::StreamKey;

/// One draw of [`Bgp`].
#[derive(Clone, Debug, PartialEq)]
pub struct BgpSketch {
    pub(super) distribution: Bgp,
    pub(super) signs: StreamKey,
    /// Row `permutation[l]` of F goes to place l.
    pub(super) permutation: Vec<u32>,
    /// γ.
    pub(super) normals: Vec<f64>,
}

impl BgpSketch {
    /// The variance of each entry of S x given σ and Π: ‖(Π F D_σ J x)_{block k}‖² for the k-th pooled block. They add up to
    /// ‖x‖².
    ///
    /// # Panics
    /// If x has other than n entries.
    #[must_use]
    pub fn conditional_covariances(&self, x: &DVector<f64>) -> DVector<f64> {
        assert_fits("S x", self.shape(), x.shape());
        let z = self.rotate(0..x.len(), x.as_slice());
        let pools = self.permutation.chunks_exact(self.distribution.pool());
        let squares = pools.map(|places| places.iter().map(|&place| z[place as usize].powi(2)).sum::<f64>());
        DVector::from_iterator(self.distribution.sketch_rows(), squares) / self.permutation.len() as f64
    }

    /// H_N D_σ J x for x that is zero outside `columns`.
    fn rotate(&self, columns: Range<usize>, x: &[f64]) -> Vec<f64> {
        let mut z = vec![0.0; self.permutation.len()];
        ColumnSigns::new(self.signs, &columns).fill(columns.start, &mut z[columns.clone()]);
        z[columns].iter_mut().zip(x).for_each(|(sign, x)| *sign *= x);
        fast_walsh_hadamard(&mut z);
        z
    }

    fn shape(&self) -> (usize, usize) {
        (self.distribution.sketch_rows(), self.distribution.ncols())
    }

    /// 1/√N.
    fn scale(&self) -> f64 {
        1.0 / (self.permutation.len() as f64).sqrt()
    }

    /// out += `factor`·B D_γ Π z, with `z` giving the entries of a vector in ℝᴺ.
    fn pool(&self, factor: f64, z: impl Fn(usize) -> f64, out: &mut [f64]) {
        let s = self.distribution.pool();
        let pools = self.permutation.chunks_exact(s).zip(self.normals.chunks_exact(s));
        for (out, (places, normals)) in out.iter_mut().zip(pools) {
            let pooled: f64 =
                places.iter().zip(normals).map(|(&place, normal)| normal * z(place as usize)).sum();
            *out += factor * pooled;
        }
    }
}

impl LinearOperator for BgpSketch {
    fn nrows(&self) -> usize {
        self.distribution.sketch_rows()
    }

    fn ncols(&self) -> usize {
        self.distribution.ncols()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("S X", self.shape(), x.shape());
        self.sketch(x)
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        let (m, n) = self.shape();
        assert_fits("Sᵀ Y", (n, m), y.shape());
        let signs = ColumnSigns::new(self.signs, &(0..n));
        let mut out = DMatrix::zeros(n, y.ncols());
        out.as_mut_slice().par_chunks_mut(n).enumerate().for_each(|(k, out)| {
            let mut spread = vec![0.0; self.permutation.len()];
            for (l, (&place, normal)) in self.permutation.iter().zip(&self.normals).enumerate() {
                spread[place as usize] = normal * y[(l / self.distribution.pool(), k)];
            }
            fast_walsh_hadamard(&mut spread);
            signs.fill(0, out);
            out.iter_mut().zip(&spread).for_each(|(sign, value)| *sign *= self.scale() * value);
        });
        out
    }
}

impl SketchOperator for BgpSketch {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert_columns(self.shape(), &columns);
        let m = self.distribution.sketch_rows();
        let signs = ColumnSigns::new(self.signs, &columns);
        let mut dense = DMatrix::zeros(m, columns.len());
        dense.as_mut_slice().par_chunks_mut(m).zip(columns.into_par_iter()).for_each(|(target, j)| {
            self.pool(self.scale() * signs.sign(j), |row| hadamard_entry(row, j), target);
        });
        dense
    }

    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        assert_accumulates(self.shape(), &columns, block, out);
        match block {
            RowBlock::Dense(a) => {
                let targets = out.as_mut_slice().par_chunks_mut(self.distribution.sketch_rows()).enumerate();
                targets.for_each(|(k, out)| {
                    let z = self.rotate(columns.clone(), a.column(k).as_slice());
                    self.pool(self.scale(), |place| z[place], out);
                });
            }
            RowBlock::Csr(a) => {
                let signs = ColumnSigns::new(self.signs, &columns);
                add_sparse_rows(out, a, |i| {
                    let j = columns.start + i;
                    let mut s = vec![0.0; self.distribution.sketch_rows()];
                    self.pool(self.scale() * signs.sign(j), |row| hadamard_entry(row, j), &mut s);
                    s
                });
            }
        }
    }

    /// N: the transform takes all rows.
    fn block_rows(&self) -> usize {
        self.permutation.len()
    }
}

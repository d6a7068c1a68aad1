use std::ops::Range;

use nalgebra::{DMatrix, DVector};
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;

use super::column_signs::ColumnSigns;
use super::error::check_shape;
use super::operator::{assert_accumulates, assert_columns};
use super::{Error, SketchDistribution, SketchOperator};
use crate::linalg::{LinearOperator, RowBlock, assert_fits, fast_walsh_hadamard, hadamard_entry};
use crate::random::{BLOCK, StreamKey, uniform_below};

/// Shortest pooled block by default: from 64 on the error is that of a Gaussian sketch to a few percent.
const SHORTEST_POOL: usize = 64;

/// Balanced Gaussian-pooled sketch: S = B D_γ Π F D_σ J with N = m·s.
///
/// J pads x ∈ ℝⁿ with zeros to ℝᴺ, D_σ holds random signs, F = H_N/√N is the orthonormal Hadamard transform, Π a uniform
/// permutation, D_γ independent standard normal numbers, and B adds up m consecutive blocks of length s. m and s are
/// powers of two. E SᵀS = I. Given σ and Π the rows of S are independent Gaussian vectors.
///
/// Cost of S A: d·N log₂ N, and 12N bytes for Π and γ. A stream is gathered whole, since Π mixes all rows.
///
/// Source: Definition 4.1 of "Hadamard Flattening and Gaussian Pooling Sketch for Least Squares with Coordinate-wise
/// Guarantee" (manuscript dated 7 August 2026, not peer reviewed).
///
/// ```
/// use nalgebra::DVector;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{Bgp, SketchDistribution, SketchOperator};
///
/// let bgp = Bgp::new(100, 1000)?;
/// assert_eq!((bgp.sketch_rows(), bgp.pool()), (128, 64)); // m rounded up, s = max(⌈n/m⌉, 64)
/// let x = DVector::from_element(1000, 0.1_f64.sqrt() / 10.0); // ‖x‖ = 1
/// let sx = bgp.sample(StreamKey::from_seed(1)).sketch_vector(&x);
/// assert!((sx.norm_squared() - 1.0).abs() < 5.0 * (2.0_f64 / 128.0).sqrt());
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Bgp {
    nrows: usize,
    ncols: usize,
    pool: usize,
}

impl Bgp {
    /// m is `nrows` rounded up to a power of two; s is the least power of two that is at least max(⌈n/m⌉, 64).
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0, [`Error::TooLarge`] for N > 2³¹.
    pub fn new(nrows: usize, ncols: usize) -> Result<Self, Error> {
        Self::with_pool(nrows, ncols, SHORTEST_POOL)
    }

    /// As [`new`](Self::new), with s the least power of two that is at least max(⌈n/m⌉, `pool`).
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_pool(nrows: usize, ncols: usize, pool: usize) -> Result<Self, Error> {
        check_shape(nrows, ncols)?;
        let limit = 1 << 31;
        let too_large = |value| Error::TooLarge { what: "N = m·s", value, limit };
        let nrows = nrows.next_power_of_two();
        let pool = pool.max(ncols.div_ceil(nrows));
        match pool.checked_next_power_of_two().and_then(|pool| Some((pool, pool.checked_mul(nrows)?))) {
            Some((pool, padded)) if padded <= limit => Ok(Self { nrows, ncols, pool }),
            _ => Err(too_large(pool.saturating_mul(nrows))),
        }
    }

    /// The s of the theorem for d columns and failure probability δ: at least C·κ⁻²·(d + 1)·Λ² with κ = c₀/√d and
    /// Λ = ln(C·n·m·d/(κδ)). The manuscript leaves C and c₀ open.
    ///
    /// # Errors
    /// [`Error::Constant`] unless C, c₀ > 0 and 0 < δ < 1; otherwise as [`new`](Self::new).
    pub fn theory(
        (nrows, ncols): (usize, usize),
        data_columns: usize,
        delta: f64,
        (large_constant, small_constant): (f64, f64),
    ) -> Result<Self, Error> {
        for (name, value) in [("C", large_constant), ("c₀", small_constant)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::Constant { name, value, range: "a finite number > 0" });
            }
        }
        if !(delta > 0.0 && delta < 1.0) {
            return Err(Error::Constant { name: "δ", value: delta, range: "0 < δ < 1" });
        }
        let d = data_columns.max(1) as f64;
        let kappa = small_constant / d.sqrt();
        let m = nrows.max(1).next_power_of_two() as f64;
        let lambda = (large_constant * ncols as f64 * m * d / (kappa * delta)).ln().max(1.0);
        let pool = large_constant / (kappa * kappa) * (d + 1.0) * lambda * lambda;
        Self::with_pool(nrows, ncols, pool.ceil() as usize)
    }

    /// m, a power of two.
    #[must_use]
    pub fn sketch_rows(&self) -> usize {
        self.nrows
    }

    /// s, the length of a pooled block.
    #[must_use]
    pub fn pool(&self) -> usize {
        self.pool
    }

    /// S with σ and Π named by `rotation` and γ by `pooling`: to draw γ anew while the rest stays.
    #[must_use]
    pub fn sample_conditional(&self, rotation: StreamKey, pooling: StreamKey) -> BgpSketch {
        let padded = self.nrows * self.pool;
        let mut normals = vec![0.0; padded];
        normals.par_chunks_mut(BLOCK).enumerate().for_each(|(index, block)| {
            let mut rng = pooling.block(index as u64);
            block.iter_mut().for_each(|normal| *normal = StandardNormal.sample(&mut rng));
        });
        BgpSketch {
            distribution: self.clone(),
            signs: rotation.named("signs"),
            permutation: permutation(padded, rotation.named("permutation")),
            normals,
        }
    }
}

/// A uniform permutation of 0..N, by Fisher and Yates' shuffle.
fn permutation(padded: usize, key: StreamKey) -> Vec<u32> {
    let mut rng = key.block(0);
    let mut permutation: Vec<u32> = (0..padded as u32).collect();
    for last in (1..padded).rev() {
        permutation.swap(last, uniform_below(&mut rng, last as u32 + 1) as usize);
    }
    permutation
}

impl SketchDistribution for Bgp {
    type Operator = BgpSketch;

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn sample(&self, key: StreamKey) -> BgpSketch {
        self.sample_conditional(key, key.named("normals"))
    }
}

/// One draw of [`Bgp`].
#[derive(Clone, Debug, PartialEq)]
pub struct BgpSketch {
    distribution: Bgp,
    signs: StreamKey,
    /// Row `permutation[l]` of F goes to place l.
    permutation: Vec<u32>,
    /// γ.
    normals: Vec<f64>,
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
        let pools = self.permutation.chunks_exact(self.distribution.pool);
        let squares = pools.map(|places| places.iter().map(|&place| z[place as usize].powi(2)).sum::<f64>());
        DVector::from_iterator(self.distribution.nrows, squares) / self.permutation.len() as f64
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
        (self.distribution.nrows, self.distribution.ncols)
    }

    /// 1/√N.
    fn scale(&self) -> f64 {
        1.0 / (self.permutation.len() as f64).sqrt()
    }

    /// out += `factor`·B D_γ Π z, with `z` giving the entries of a vector in ℝᴺ.
    fn pool(&self, factor: f64, z: impl Fn(usize) -> f64, out: &mut [f64]) {
        let s = self.distribution.pool;
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
        self.distribution.nrows
    }

    fn ncols(&self) -> usize {
        self.distribution.ncols
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
                spread[place as usize] = normal * y[(l / self.distribution.pool, k)];
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
        let m = self.distribution.nrows;
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
                let targets = out.as_mut_slice().par_chunks_mut(self.distribution.nrows).enumerate();
                targets.for_each(|(k, out)| {
                    let z = self.rotate(columns.clone(), a.column(k).as_slice());
                    self.pool(self.scale(), |place| z[place], out);
                });
            }
            RowBlock::Csr(a) => {
                let signs = ColumnSigns::new(self.signs, &columns);
                for (i, j) in columns.enumerate() {
                    let (indices, values) = a.row(i);
                    if indices.is_empty() {
                        continue;
                    }
                    let mut s = vec![0.0; self.distribution.nrows];
                    self.pool(self.scale() * signs.sign(j), |row| hadamard_entry(row, j), &mut s);
                    for (&k, &value) in indices.iter().zip(values) {
                        out.column_mut(k).iter_mut().zip(&s).for_each(|(out, s)| *out += s * value);
                    }
                }
            }
        }
    }

    /// N: the transform takes all rows.
    fn block_rows(&self) -> usize {
        self.permutation.len()
    }
}

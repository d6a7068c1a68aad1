use rayon::prelude::*;

use super::error::check_shape;
use super::{BgpSketch, Error, SketchDistribution};
use crate::random::{BLOCK, StreamKey, fill_standard_normal, uniform_below};

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
            fill_standard_normal(&mut pooling.block(index as u64), block);
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

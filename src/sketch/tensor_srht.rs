use std::ops::Range;

use nalgebra::DMatrix;
use rand_chacha::rand_core::Rng;
use rayon::prelude::*;

use super::error::check_shape;
use super::operator::{assert_accumulates, assert_columns};
use super::{Error, SketchDistribution, SketchOperator};
use crate::linalg::{LinearOperator, RowBlock, assert_fits, fast_walsh_hadamard, hadamard_entry};
use crate::random::{StreamKey, uniform_below};

/// Tensor SRHT for A₁ ⊗ A₂: S = (1/√m) P (H₁D₁ ⊗ H₂D₂), m × n₁n₂.
///
/// Hᵢ is the Sylvester–Hadamard matrix of nᵢ padded to Nᵢ = 2^q with zeros, Dᵢ independent random signs, and P picks m
/// index pairs (p, q), each uniform and independent of the others. Column (i₁, i₂) of S stands at i₁n₂ + i₂, as in the
/// Kronecker product: S\[t, i₁n₂ + i₂\] = H₁\[p_t, i₁\]·D₁\[i₁\]·H₂\[q_t, i₂\]·D₂\[i₂\]/√m. E SᵀS = I.
///
/// Cost: S (A₁ ⊗ A₂) takes Σ dᵢNᵢ log Nᵢ + m d₁d₂ and never forms the product
/// ([`sketch_kronecker`](TensorSrhtSketch::sketch_kronecker)); S vec(B) takes N₁N₂ log(N₁N₂)
/// ([`sketch_matrix`](TensorSrhtSketch::sketch_matrix)).
///
/// Source: Ahle, Kapralov, Knudsen, Pagh, Velingker, Woodruff and Zandieh, SODA 2020 (TensorSRHT).
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{SketchDistribution, SketchOperator, TensorSrht};
///
/// let a1 = DMatrix::from_fn(6, 2, |i, j| (i + j) as f64);
/// let a2 = DMatrix::from_fn(5, 3, |i, j| (i * j) as f64 - 1.0);
/// let s = TensorSrht::new(10, 6, 5)?.sample(StreamKey::from_seed(9));
/// let gap = s.sketch_kronecker(&a1, &a2) - s.sketch(&a1.kronecker(&a2));
/// assert!(gap.amax() < 1e-12);
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TensorSrht {
    nrows: usize,
    factors: [usize; 2],
}

impl TensorSrht {
    /// The m × n₁n₂ tensor SRHTs.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0, n₁ = 0 or n₂ = 0; [`Error::TooLarge`] where n₁n₂ overflows or nᵢ > 2³¹.
    pub fn new(nrows: usize, first: usize, second: usize) -> Result<Self, Error> {
        let too_large = |value, limit| Error::TooLarge { what: "n", value, limit };
        let ncols = first.checked_mul(second).ok_or_else(|| too_large(first.max(second), usize::MAX))?;
        check_shape(nrows, ncols)?;
        const LIMIT: usize = 1 << 31;
        match [first, second].into_iter().find(|&n| n > LIMIT) {
            Some(value) => Err(too_large(value, LIMIT)),
            None => Ok(Self { nrows, factors: [first, second] }),
        }
    }
}

/// One draw of [`TensorSrht`].
#[derive(Clone, Debug, PartialEq)]
pub struct TensorSrhtSketch {
    /// D₁ and D₂.
    signs: [Vec<f64>; 2],
    /// (p_t, q_t).
    pairs: Vec<(usize, usize)>,
    scale: f64,
}

impl SketchDistribution for TensorSrht {
    type Operator = TensorSrhtSketch;

    fn ncols(&self) -> usize {
        self.factors[0] * self.factors[1]
    }

    fn sample(&self, key: StreamKey) -> TensorSrhtSketch {
        let signs = [0, 1].map(|factor| {
            let mut rng = key.named("signs").block(factor as u64);
            let sign = |_| if rng.next_u32() & 1 == 0 { 1.0 } else { -1.0 };
            (0..self.factors[factor]).map(sign).collect()
        });
        let padded = self.factors.map(|n| n.next_power_of_two() as u32);
        let mut rng = key.named("rows").block(0);
        let mut row = |factor: usize| uniform_below(&mut rng, padded[factor]) as usize;
        let pairs = (0..self.nrows).map(|_| (row(0), row(1))).collect();
        TensorSrhtSketch { signs, pairs, scale: 1.0 / (self.nrows as f64).sqrt() }
    }
}

impl TensorSrhtSketch {
    /// S (A₁ ⊗ A₂) ∈ ℝ^{m×d₁d₂} for Aᵢ ∈ ℝ^{nᵢ×dᵢ}; column (j₁, j₂) stands at j₁d₂ + j₂.
    ///
    /// # Panics
    /// If Aᵢ has other than nᵢ rows.
    #[must_use]
    pub fn sketch_kronecker(&self, first: &DMatrix<f64>, second: &DMatrix<f64>) -> DMatrix<f64> {
        let (x, y) = (self.transform(0, first), self.transform(1, second));
        let d = second.ncols();
        DMatrix::from_fn(self.pairs.len(), first.ncols() * d, |t, j| {
            let (p, q) = self.pairs[t];
            self.scale * x[(p, j / d)] * y[(q, j % d)]
        })
    }

    /// S b for b given as B ∈ ℝ^{n₁×n₂}, b\[i₁n₂ + i₂\] = B\[i₁, i₂\]: an m × 1 matrix.
    ///
    /// # Panics
    /// If B is not n₁ × n₂.
    #[must_use]
    pub fn sketch_matrix(&self, b: &DMatrix<f64>) -> DMatrix<f64> {
        let half = self.transform(0, b);
        let whole = self.transform(1, &half.transpose());
        DMatrix::from_fn(self.pairs.len(), 1, |t, _| {
            let (p, q) = self.pairs[t];
            self.scale * whole[(q, p)]
        })
    }

    fn shape(&self) -> (usize, usize) {
        (self.pairs.len(), self.signs[0].len() * self.signs[1].len())
    }

    /// Hᵢ Dᵢ X, zero-padded: Nᵢ × (columns of X).
    fn transform(&self, factor: usize, x: &DMatrix<f64>) -> DMatrix<f64> {
        let signs = &self.signs[factor];
        let padded = signs.len().next_power_of_two();
        assert_fits("Hᵢ Dᵢ X", (padded, signs.len()), x.shape());
        let mut out = DMatrix::zeros(padded, x.ncols());
        out.as_mut_slice().par_chunks_mut(padded).zip(x.as_slice().par_chunks(signs.len())).for_each(
            |(target, source)| {
                target.iter_mut().zip(source.iter().zip(signs)).for_each(|(t, (x, sign))| *t = x * sign);
                fast_walsh_hadamard(target);
            },
        );
        out
    }

    /// The rows of `columns` that share i₁, as (i₁, range of i₂, position in the range).
    fn segments(&self, columns: &Range<usize>) -> impl Iterator<Item = (usize, Range<usize>, usize)> + use<> {
        let (width, columns) = (self.signs[1].len(), columns.clone());
        (columns.start / width..columns.end.div_ceil(width)).map(move |i| {
            let start = columns.start.max(i * width);
            let end = columns.end.min((i + 1) * width);
            (i, start - i * width..end - i * width, start - columns.start)
        })
    }
}

impl LinearOperator for TensorSrhtSketch {
    fn nrows(&self) -> usize {
        self.pairs.len()
    }

    fn ncols(&self) -> usize {
        self.shape().1
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("S X", self.shape(), x.shape());
        self.sketch(x)
    }

    /// Row i₁ of the n₁ × n₂ answer is D₁\[i₁\]·D₂·H₂ applied to the y_t, signed by H₁\[p_t, i₁\] and put at q_t.
    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        let (m, n) = self.shape();
        assert_fits("Sᵀ Y", (n, m), y.shape());
        let second = &self.signs[1];
        let mut out = DMatrix::zeros(n, y.ncols());
        out.as_mut_slice().par_chunks_mut(second.len()).enumerate().for_each(|(index, target)| {
            let (i, k) = (index % self.signs[0].len(), index / self.signs[0].len());
            let mut scratch = vec![0.0; second.len().next_power_of_two()];
            for (t, &(p, q)) in self.pairs.iter().enumerate() {
                scratch[q] += hadamard_entry(p, i) * y[(t, k)];
            }
            fast_walsh_hadamard(&mut scratch);
            let scale = self.scale * self.signs[0][i];
            target
                .iter_mut()
                .zip(scratch.iter().zip(second))
                .for_each(|(out, (x, sign))| *out = scale * sign * x);
        });
        out
    }
}

impl SketchOperator for TensorSrhtSketch {
    fn columns(&self, columns: Range<usize>) -> DMatrix<f64> {
        assert_columns(self.shape(), &columns);
        let width = self.signs[1].len();
        DMatrix::from_fn(self.pairs.len(), columns.len(), |t, j| {
            let (i, k) = ((columns.start + j) / width, (columns.start + j) % width);
            let (p, q) = self.pairs[t];
            let signs = self.signs[0][i] * self.signs[1][k];
            self.scale * (signs * hadamard_entry(p, i) * hadamard_entry(q, k))
        })
    }

    /// Rows of A that share i₁ are transformed together by H₂ D₂ and then sampled.
    fn accumulate(&self, columns: Range<usize>, block: &RowBlock<'_>, out: &mut DMatrix<f64>) {
        assert_accumulates(self.shape(), &columns, block, out);
        let m = self.pairs.len();
        let mut scratch = vec![0.0; self.signs[1].len().next_power_of_two()];
        for (i, within, position) in self.segments(&columns) {
            let rows = block.rows(position..position + within.len()).to_dense();
            let scale = self.scale * self.signs[0][i];
            for (row, out) in rows.column_iter().zip(out.as_mut_slice().chunks_exact_mut(m)) {
                scratch.fill(0.0);
                let signs = &self.signs[1][within.clone()];
                scratch[within.clone()]
                    .iter_mut()
                    .zip(row.iter().zip(signs))
                    .for_each(|(s, (x, sign))| *s = x * sign);
                fast_walsh_hadamard(&mut scratch);
                for (&(p, q), out) in self.pairs.iter().zip(out) {
                    *out += scale * hadamard_entry(p, i) * scratch[q];
                }
            }
        }
    }

    fn block_rows(&self) -> usize {
        self.signs[1].len()
    }
}

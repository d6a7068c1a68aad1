use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use super::error::check_shape;
use super::{DenseColumns, DenseSketch, Error, SketchDistribution};
use crate::random::StreamKey;

/// Sign sketch: the entries of S ∈ ℝᵐˣⁿ are independent and uniform on ±1/√m.
///
/// ‖S e_j‖ = 1 exactly; Var‖Sx‖² = 2(‖x‖₂⁴ − ‖x‖₄⁴)/m. Cost of S A: m·nnz(A), and m·n random bits.
///
/// Source: Achlioptas, JCSS 66 (2003), Theorem 1.1 (the dense case).
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{Rademacher, SketchDistribution, SketchOperator};
///
/// let s = Rademacher::new(16, 100)?.sample(StreamKey::from_seed(2)).columns(40..60);
/// assert!(s.iter().all(|entry| entry.abs() == 0.25));
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Rademacher {
    nrows: usize,
    ncols: usize,
}

/// One draw of [`Rademacher`].
pub type RademacherSketch = DenseSketch<Rademacher>;

impl Rademacher {
    /// The m × n sign sketches.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0.
    pub fn new(nrows: usize, ncols: usize) -> Result<Self, Error> {
        check_shape(nrows, ncols)?;
        Ok(Self { nrows, ncols })
    }
}

impl DenseColumns for Rademacher {
    fn nrows(&self) -> usize {
        self.nrows
    }

    fn ncols(&self) -> usize {
        self.ncols
    }

    /// The bits of a word are used from the lowest up; a set bit is a minus.
    fn draw(&self, rng: &mut ChaCha8Rng, columns: &mut [f64]) {
        let magnitude = (1.0 / (self.nrows as f64).sqrt()).to_bits();
        for entries in columns.chunks_mut(64) {
            let word = rng.next_u64();
            for (bit, entry) in entries.iter_mut().enumerate() {
                *entry = f64::from_bits(magnitude | (word >> bit << 63));
            }
        }
    }
}

impl SketchDistribution for Rademacher {
    type Operator = RademacherSketch;

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn sample(&self, key: StreamKey) -> RademacherSketch {
        DenseSketch::new(self.clone(), key)
    }
}

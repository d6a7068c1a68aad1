use rand_chacha::ChaCha8Rng;

use super::error::check_shape;
use super::{DenseColumns, DenseSketch, Error, SketchDistribution};
use crate::random::{StreamKey, fill_standard_normal};

/// Gaussian sketch: the entries of S ∈ ℝᵐˣⁿ are independent N(0, 1/m).
///
/// The one family with exact theory: for fixed A of full column rank and any b, S A and S (b − A x★) are independent,
/// and the sketched regression problem is a Gaussian linear model. Cost of S A: m·nnz(A), and m·n normal draws.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{Gaussian, SketchDistribution, SketchOperator};
///
/// let distribution = Gaussian::new(400, 900)?;
/// let x = DMatrix::from_element(900, 1, 1.0 / 30.0); // ‖x‖ = 1
/// let sx = distribution.sample(StreamKey::from_seed(11)).sketch(&x);
/// assert!((sx.norm_squared() - 1.0).abs() < 5.0 * (2.0_f64 / 400.0).sqrt()); // sd of ‖Sx‖² is √(2/m)
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Gaussian {
    nrows: usize,
    ncols: usize,
}

/// One draw of [`Gaussian`].
pub type GaussianSketch = DenseSketch<Gaussian>;

impl Gaussian {
    /// The m × n Gaussian sketches.
    ///
    /// # Errors
    /// [`Error::EmptyShape`] for m = 0 or n = 0.
    pub fn new(nrows: usize, ncols: usize) -> Result<Self, Error> {
        check_shape(nrows, ncols)?;
        Ok(Self { nrows, ncols })
    }
}

impl DenseColumns for Gaussian {
    fn nrows(&self) -> usize {
        self.nrows
    }

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn draw(&self, rng: &mut ChaCha8Rng, columns: &mut [f64]) {
        let deviation = 1.0 / (self.nrows as f64).sqrt();
        fill_standard_normal(rng, columns);
        columns.iter_mut().for_each(|entry| *entry *= deviation);
    }
}

impl SketchDistribution for Gaussian {
    type Operator = GaussianSketch;

    fn ncols(&self) -> usize {
        self.ncols
    }

    fn sample(&self, key: StreamKey) -> GaussianSketch {
        DenseSketch::new(self.clone(), key)
    }
}

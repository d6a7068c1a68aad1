use nalgebra::DMatrix;

use crate::linalg::LinearOperator;
use crate::random::StreamKey;
use crate::sketch::{ExplicitSketch, SketchDistribution, SketchOperator};

/// A distribution of sketches changed after the fact: what a mistake in an implementation would draw.
///
/// A check that a mutant passes too says nothing. This one forgets the scale:
///
/// ```
/// use proofsketch::guarantee::{GaussianEmbedding, Verdict, check};
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::Gaussian;
/// use proofsketch::testing::{Altered, hard_subspace};
///
/// let unscaled = Altered { of: Gaussian::new(200, 256)?, change: |s| s * 200_f64.sqrt() };
/// let theorem = GaussianEmbedding { distribution: unscaled, sketch_rows: 200, ncols: 4, t: 3.0 };
/// let space = hard_subspace(256, 4, "identity rows");
/// assert_eq!(check(&theorem, &space, 60, 1e-6, StreamKey::from_seed(1)).verdict, Verdict::Refuted);
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Altered<S> {
    /// What is drawn from.
    pub of: S,
    /// What is done to the matrix S.
    pub change: fn(DMatrix<f64>) -> DMatrix<f64>,
}

impl<S: SketchDistribution> SketchDistribution for Altered<S> {
    type Operator = ExplicitSketch;

    fn ncols(&self) -> usize {
        self.of.ncols()
    }

    fn sample(&self, key: StreamKey) -> ExplicitSketch {
        let sketch = self.of.sample(key);
        ExplicitSketch::new((self.change)(sketch.columns(0..LinearOperator::ncols(&sketch))))
    }
}

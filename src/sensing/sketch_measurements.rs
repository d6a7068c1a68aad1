use nalgebra::{DMatrix, DVector};

use super::error::check_shape;
use super::measurement_map::{assert_matrix, assert_measurements};
use super::{Error, MeasurementMap, symmetric_vectorization};
use crate::sketch::SketchOperator;

/// Any sketch S as a map: 𝒜(X) = √m S vec(X), or √m S svec(X) for symmetric matrices.
///
/// vec stacks columns; svec stacks the upper triangle, off-diagonal entries times √2, and is an isometry. Since E SᵀS = I,
/// E (1/m) 𝒜\*𝒜 is the identity. Nothing of size m·n₁n₂ is stored: dense sketches are drawn again in every product, and
/// [`Srht`](crate::sketch::Srht) costs O(n₁n₂ log(n₁n₂)). For ±1 entries and SRHT restricted isometry in ℓ₂ is known, up to
/// logarithms; Sign-RIP is proved for Gaussian entries only.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sensing::{MeasurementMap, SketchMeasurements};
/// use proofsketch::sketch::{SketchDistribution, Srht};
///
/// let sketch = Srht::new(8, 10)?.sample(StreamKey::from_seed(1)); // d = 4: 10 entries in a triangle
/// let map = SketchMeasurements::symmetric(4, sketch)?;
/// assert_eq!((map.shape(), map.measurements()), ((4, 4), 8));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SketchMeasurements<S> {
    shape: (usize, usize),
    symmetric: bool,
    sketch: S,
}

impl<S: SketchOperator> SketchMeasurements<S> {
    /// 𝒜(X) = √m S vec(X) for n₁×n₂ matrices, S ∈ ℝ^{m×n₁n₂}.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NoMeasurements`]; [`Error::Shape`] unless S has n₁n₂ columns.
    pub fn new(shape: (usize, usize), sketch: S) -> Result<Self, Error> {
        Self::checked(shape, false, sketch)
    }

    /// 𝒜(X) = √m S svec(X) for symmetric d×d matrices, S ∈ ℝ^{m×d(d+1)/2}.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NoMeasurements`]; [`Error::Shape`] unless S has d(d + 1)/2 columns.
    pub fn symmetric(dim: usize, sketch: S) -> Result<Self, Error> {
        Self::checked((dim, dim), true, sketch)
    }

    /// S.
    #[must_use]
    pub fn sketch(&self) -> &S {
        &self.sketch
    }

    fn checked(shape: (usize, usize), symmetric: bool, sketch: S) -> Result<Self, Error> {
        let found = (sketch.nrows(), sketch.ncols());
        check_shape(shape, found.0)?;
        let map = Self { shape, symmetric, sketch };
        let needed = (found.0, map.entries());
        if found == needed { Ok(map) } else { Err(Error::Shape { what: "the sketch", found, needed }) }
    }

    fn entries(&self) -> usize {
        if self.symmetric {
            symmetric_vectorization::length(self.shape.0)
        } else {
            self.shape.0 * self.shape.1
        }
    }

    fn matricize(&self, v: &[f64]) -> DMatrix<f64> {
        let (nrows, ncols) = self.shape;
        if self.symmetric {
            symmetric_vectorization::matrix(nrows, v)
        } else {
            DMatrix::from_column_slice(nrows, ncols, v)
        }
    }

    fn root(&self) -> f64 {
        (self.measurements() as f64).sqrt()
    }
}

impl<S: SketchOperator> MeasurementMap for SketchMeasurements<S> {
    fn shape(&self) -> (usize, usize) {
        self.shape
    }

    fn measurements(&self) -> usize {
        self.sketch.nrows()
    }

    fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    fn matrix(&self, i: usize) -> DMatrix<f64> {
        let entries = self.sketch.columns(0..self.entries());
        let row: Vec<f64> = entries.row(i).iter().map(|entry| entry * self.root()).collect();
        self.matricize(&row)
    }

    fn apply(&self, x: &DMatrix<f64>) -> DVector<f64> {
        assert_matrix(self.shape, x);
        let vector = if self.symmetric {
            DVector::from_vec(symmetric_vectorization::vectorize(x))
        } else {
            DVector::from_column_slice(x.as_slice())
        };
        self.sketch.apply_vector(&vector) * self.root()
    }

    fn adjoint(&self, w: &DVector<f64>) -> DMatrix<f64> {
        assert_measurements(self.measurements(), w);
        self.matricize((self.sketch.adjoint_apply_vector(w) / self.root()).as_slice())
    }
}

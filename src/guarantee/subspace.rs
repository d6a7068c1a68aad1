use nalgebra::DMatrix;

use super::Hypothesis;
use crate::linalg::{Error, PivotedQr, Svd};
use crate::sketch::SketchOperator;

/// The column space of a data matrix A ∈ ℝⁿˣᵈ, by an orthonormal basis U ∈ ℝⁿˣʳ, r = rank A: the instance that
/// subspace embeddings are held against.
///
/// A sketch S embeds the space with distortion ε if |‖Sx‖² − ‖x‖²| ≤ ε‖x‖² for all its vectors x, that is if
/// ‖(SU)ᵀSU − I‖₂ = max |σ² − 1| ≤ ε over the singular values σ of S U.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::guarantee::Subspace;
/// use proofsketch::sketch::ExplicitSketch;
///
/// let a = DMatrix::from_fn(6, 2, |i, j| if j == 0 { 1.0 } else { i as f64 });
/// let space = Subspace::of(&a)?;
/// assert_eq!((space.ambient_dimension(), space.dimension()), (6, 2));
/// assert!((space.leverage_scores().iter().sum::<f64>() - 2.0).abs() < 1e-12);
///
/// let double = ExplicitSketch::new(2.0 * DMatrix::identity(6, 6));
/// assert!((space.distortion(&double) - 3.0).abs() < 1e-12); // |2² − 1|
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Subspace {
    basis: DMatrix<f64>,
    ncols: usize,
}

impl Subspace {
    /// The column space of A, its rank by column-pivoted QR at the default tolerance.
    ///
    /// # Errors
    /// [`Error::NotFinite`].
    pub fn of(a: &DMatrix<f64>) -> Result<Self, Error> {
        let qr = PivotedQr::new(a)?;
        let rank = qr.rank(qr.default_tolerance());
        Ok(Self { basis: qr.q().columns(0, rank).into_owned(), ncols: a.ncols() })
    }

    /// U ∈ ℝⁿˣʳ.
    #[must_use]
    pub fn basis(&self) -> &DMatrix<f64> {
        &self.basis
    }

    /// n.
    #[must_use]
    pub fn ambient_dimension(&self) -> usize {
        self.basis.nrows()
    }

    /// r, the rank of A.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.basis.ncols()
    }

    /// ℓᵢ = ‖eᵢᵀU‖², whose sum is r.
    #[must_use]
    pub fn leverage_scores(&self) -> Vec<f64> {
        self.basis.row_iter().map(|row| row.norm_squared()).collect()
    }

    /// The smallest and the largest of the r singular values of S U; the smallest is 0 where S has fewer than r rows.
    /// NaN where S U is not finite.
    ///
    /// # Panics
    /// If S has other than n columns.
    #[must_use]
    pub fn extreme_singular_values<S: SketchOperator + ?Sized>(&self, sketch: &S) -> (f64, f64) {
        let image = sketch.sketch(&self.basis);
        if image.is_empty() {
            return (0.0, 0.0);
        }
        let Ok(svd) = Svd::new(&image) else {
            return (f64::NAN, f64::NAN);
        };
        let values = svd.singular_values;
        let smallest = if values.len() < self.dimension() { 0.0 } else { values[values.len() - 1] };
        (smallest, values[0])
    }

    /// ‖(SU)ᵀSU − I‖₂, the distortion of the space under S.
    ///
    /// # Panics
    /// If S has other than n columns.
    #[must_use]
    pub fn distortion<S: SketchOperator + ?Sized>(&self, sketch: &S) -> f64 {
        let (smallest, largest) = self.extreme_singular_values(sketch);
        let (below, above) = (1.0 - smallest * smallest, largest * largest - 1.0);
        if below.is_nan() || above.is_nan() { f64::NAN } else { below.max(above) }
    }

    /// ‖(SU)ᵀSU − I‖_F².
    ///
    /// # Panics
    /// If S has other than n columns.
    #[must_use]
    pub fn square_deviation<S: SketchOperator + ?Sized>(&self, sketch: &S) -> f64 {
        let image = sketch.sketch(&self.basis);
        let r = self.dimension();
        (image.tr_mul(&image) - DMatrix::identity(r, r)).norm_squared()
    }

    /// E‖(SU)ᵀSU − I‖_F² = (r² + r + (κ − 3)Σℓᵢ²)/m for m independent rows of independent entries with mean 0,
    /// variance 1/m and kurtosis κ; see [`MomentEmbedding`](super::MomentEmbedding) for the other sketches it holds
    /// for.
    #[must_use]
    pub fn expected_square_deviation(&self, kurtosis: f64, m: usize) -> f64 {
        let r = self.dimension() as f64;
        let concentration: f64 = self.leverage_scores().iter().map(|score| score * score).sum();
        (r * r + r + (kurtosis - 3.0) * concentration) / m as f64
    }

    /// What every embedding theorem asks of its instance: a space of dimension d in ℝⁿ, fixed before S is drawn.
    pub(super) fn hypotheses(&self, d: usize, n: usize) -> Vec<Hypothesis> {
        let Self { basis, ncols } = self;
        let (nrows, rank) = basis.shape();
        vec![
            Hypothesis::require("A has d columns", *ncols == d, || format!("it has {ncols}, d = {d}")),
            Hypothesis::require("A has full column rank", rank == *ncols, || {
                format!("rank {rank} of {ncols}")
            }),
            Hypothesis::require("S has n columns", nrows == n, || format!("it has {n}, n = {nrows}")),
            Hypothesis::assumed("A is fixed before S is drawn"),
        ]
    }
}

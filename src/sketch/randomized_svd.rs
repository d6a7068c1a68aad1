use super::{Error, SketchFamily, SketchOperator};
use crate::linalg::{self, DataMatrix, LinearOperator, Svd, low_rank_svd, range_basis};
use crate::random::StreamKey;
use crate::sketch::SketchDistribution;

/// Settings of [`randomized_svd`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomizedSvd {
    /// k, the singular triplets wanted.
    pub rank: usize,
    /// Columns of the test matrix beyond k.
    pub oversampling: usize,
    /// Power iterations, two products with A each: for spectra that decay slowly.
    pub power_iterations: usize,
    /// Family of the test matrix Ω = Sᵀ.
    pub sketch: SketchFamily,
}

impl RandomizedSvd {
    /// k triplets with 10 extra columns, 2 power iterations and a Gaussian test matrix.
    #[must_use]
    pub fn of_rank(rank: usize) -> Self {
        Self { rank, oversampling: 10, power_iterations: 2, sketch: SketchFamily::Gaussian }
    }
}

/// The leading k singular triplets of A ∈ ℝᴺˣⁿ: Q spans A Ω for a sketch Ω = Sᵀ of k + oversampling columns (the range
/// finder, with power iterations), and the SVD of QᵀA gives U = Q Ũ, Σ and V.
///
/// With a Gaussian Ω of k + p columns and no power iteration, E‖A − QQᵀA‖_F ≤ √(1 + k/(p − 1))·(Σ_{j>k} σⱼ²)^(1/2)
/// (Theorem 10.5 of the source). Cost: 2q + 2 products of A with k + p vectors, for q power iterations.
///
/// Source: Halko, Martinsson and Tropp, SIAM Review 53 (2011), Algorithms 4.4 and 5.1.
///
/// # Errors
/// What the family refuses, as for k = 0; [`Error::Factorization`] for entries that are not finite.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{RandomizedSvd, randomized_svd};
///
/// let a = DMatrix::from_fn(80, 60, |i, j| (i as f64 / 9.0).sin() * (j as f64 / 7.0).cos() + f64::from(i == j) * 1e-6);
/// let svd = randomized_svd(&a, &RandomizedSvd::of_rank(1), StreamKey::from_seed(1))?;
/// let exact = proofsketch::linalg::Svd::new(&a).unwrap().singular_values[0];
/// assert!((svd.singular_values[0] / exact - 1.0).abs() < 1e-12);
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
pub fn randomized_svd<A: DataMatrix + LinearOperator>(
    a: &A,
    settings: &RandomizedSvd,
    key: StreamKey,
) -> Result<Svd, Error> {
    let (nrows, ncols) = (DataMatrix::nrows(a), DataMatrix::ncols(a));
    let columns = settings.rank.saturating_add(settings.oversampling).min(nrows.min(ncols));
    if settings.rank == 0 {
        return Err(Error::EmptyShape { nrows: 0, ncols });
    }
    let sketch = settings.sketch.distribution(columns, ncols)?.sample(key);
    let svd = range_basis(a, &sketch.sketch_rows(a), settings.power_iterations)
        .and_then(|basis| low_rank_svd(a, &basis, settings.rank));
    svd.map_err(|error: linalg::Error| Error::Factorization(error))
}

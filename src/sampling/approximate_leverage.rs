use nalgebra::DMatrix;

use super::error::in_range;
use super::leverage_scores::squares_are_safe;
use super::row_basis::{check_matrix, equilibrated};
use super::{Error, leverage_scores};
use crate::linalg::{Qr, SymmetricEigen, normalise_largest, scaled_gram, solve_upper_triangular};
use crate::random::StreamKey;
use crate::sketch::{SketchDistribution, SketchOperator, SparseSign};

/// Condition of the sketch beyond which columns count as dependent.
const DEPENDENT: f64 = 1e11;

/// Settings of [`approximate_leverage_scores`].
#[derive(Clone, Debug, PartialEq)]
pub struct LeverageSketch {
    /// Rows of the sketch for each column of A, ≥ 2. The distortion falls to 1 as its inverse root.
    pub rows_per_column: f64,
    /// Nonzeros in a column of the sparse sign sketch.
    pub nonzeros: usize,
}

impl Default for LeverageSketch {
    /// 32 rows a column, two nonzeros.
    fn default() -> Self {
        Self { rows_per_column: 32.0, nonzeros: 2 }
    }
}

/// Leverage scores up to a factor that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct ApproximateScores {
    /// τ̃ᵢ, with τᵢ/distortion ≤ τ̃ᵢ ≤ distortion·τᵢ for every row.
    pub scores: Vec<f64>,
    /// The factor, ≥ 1: computed, not assumed.
    pub distortion: f64,
}

/// Leverage scores from a sketch S A = QR with a certified factor: τ̃ᵢ = ‖R⁻ᵀaᵢ‖²/√(λ₁λ_d), with the extreme eigenvalues λ of
/// (AR⁻¹)ᵀ(AR⁻¹).
///
/// τᵢ lies between ‖R⁻ᵀaᵢ‖²/λ₁ and ‖R⁻ᵀaᵢ‖²/λ_d whatever R is, so that the distortion √(λ₁/λ_d) holds with certainty; the key
/// decides only how small it is. One product with A and one pass of a sparse sign sketch, at any condition up to 10¹¹;
/// the scores are exact, with distortion 1, where columns depend on each other or the sketch would be no smaller than A.
/// No random projection follows the product: to keep n rows at once within a factor 1.5 it would need more than a
/// hundred columns.
///
/// Source: P. Drineas, M. Magdon-Ismail, M. Mahoney and D. Woodruff, "Fast approximation of matrix coherence and statistical
/// leverage", JMLR 13 (2012); the certificate is this library's.
///
/// ```
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{LeverageSketch, approximate_leverage_scores, instances, leverage_scores};
///
/// let key = StreamKey::from_seed(1);
/// let a = instances::heavy_tails(2000, 5, 1.0, key.named("data"));
/// let approximate = approximate_leverage_scores(&a, &LeverageSketch::default(), key)?;
/// assert!(approximate.distortion < 1.5);
/// for (found, exact) in approximate.scores.iter().zip(leverage_scores(&a)?) {
///     assert!(found / exact < approximate.distortion && exact / found < approximate.distortion);
/// }
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
///
/// # Errors
/// As [`RowBasis::new`](super::RowBasis::new); [`Error::Setting`] for a setting out of range.
pub fn approximate_leverage_scores(
    a: &DMatrix<f64>,
    settings: &LeverageSketch,
    key: StreamKey,
) -> Result<ApproximateScores, Error> {
    let (per_column, nonzeros) = (settings.rows_per_column, settings.nonzeros);
    in_range("rows_per_column", per_column, (2.0..=1e6).contains(&per_column), "2 ≤ rows_per_column ≤ 10⁶")?;
    in_range("nonzeros", nonzeros as f64, (1..=32).contains(&nonzeros), "1 ≤ nonzeros ≤ 32")?;
    check_matrix(a)?;
    let rows = ((per_column * a.ncols() as f64).ceil() as usize).max(nonzeros);
    if rows < a.nrows() {
        let sketch = SparseSign::new(rows, a.nrows(), nonzeros)?.sample(key.named("leverage sketch"));
        let scaled = (!squares_are_safe(a)).then(|| equilibrated(a));
        let a = scaled.as_ref().unwrap_or(a);
        if let Some(scores) = by_triangle(a, sketch.sketch(a))? {
            return Ok(scores);
        }
    }
    Ok(ApproximateScores { scores: leverage_scores(a)?, distortion: 1.0 })
}

/// The scores from R of the sketch, where its columns are independent.
fn by_triangle(a: &DMatrix<f64>, sketched: DMatrix<f64>) -> Result<Option<ApproximateScores>, Error> {
    let Some((inverse, condition)) = inverse_triangle(sketched)? else { return Ok(None) };
    let (gram, forms) = scaled_gram(a, &inverse, None);
    ApproximateScores::certified(&gram, &forms, condition, a.ncols())
}

impl ApproximateScores {
    /// The scores from the Gram matrix and the squared norms of whitened rows, by a factor of this condition for A of d columns;
    /// `None` where the Gram matrix is not positive definite.
    pub(super) fn certified(
        gram: &DMatrix<f64>,
        forms: &[f64],
        condition: f64,
        ncols: usize,
    ) -> Result<Option<Self>, Error> {
        let eigenvalues = SymmetricEigen::new(gram)?.eigenvalues;
        let (least, greatest) = (eigenvalues[0], eigenvalues[gram.ncols() - 1]);
        if least <= 0.0 {
            return Ok(None);
        }
        let centre = (least * greatest).sqrt();
        // Rounding of a whitened row is at most d·2⁻⁵² of its length, times the condition of the factor.
        let rounding = 1.0 + 4.0 * ncols as f64 * f64::EPSILON * condition;
        let scores = forms.iter().map(|form| form / centre).collect();
        Ok(Some(Self { scores, distortion: (greatest / least).sqrt() * rounding }))
    }
}

/// R⁻¹ of S A = QR and the condition ‖R‖_F‖R⁻¹‖_F with columns scaled to one size; `None` where that is beyond [`DEPENDENT`].
fn inverse_triangle(sketched: DMatrix<f64>) -> Result<Option<(DMatrix<f64>, f64)>, Error> {
    let mut scaled = sketched.clone();
    scaled.as_mut_slice().chunks_exact_mut(sketched.nrows()).for_each(normalise_largest);
    let r = Qr::new(&scaled)?.r();
    if r.diagonal().iter().any(|&pivot| pivot == 0.0) {
        return Ok(None);
    }
    let order = r.ncols();
    let mut inverse = solve_upper_triangular(&r, &DMatrix::identity(order, order))?.upper_triangle();
    let condition = r.norm() * inverse.norm();
    for j in 0..order {
        let scale = scaled.column(j).amax() / sketched.column(j).amax();
        inverse.row_mut(j).scale_mut(scale);
    }
    Ok((condition < DEPENDENT).then_some((inverse, condition)))
}

use nalgebra::DMatrix;
use rayon::prelude::*;

use super::row_basis::check_matrix;
use super::{ApproximateScores, Error};
use crate::linalg::{PivotedQr, PowerOfTwo, first_non_finite, product, scaled_gram, solve_upper_triangular};

/// Size of a column outside the span of the others, beside the column, that counts as rounding.
const OUTSIDE: f64 = 1e-9;

/// Leverage scores, up to a factor that is known in the end, of rows that arrive once, in blocks, after a sketch S A of
/// the same rows: the second of two passes over a matrix that no memory holds.
///
/// With S A Π = QR and r its rank, row i scores ‖R₁₁⁻ᵀ(Πᵀaᵢ)₁‖²/√(λ₁λᵣ), λ the extreme eigenvalues of the Gram matrix of the
/// whitened rows, which the pass sums up: as in [`approximate_leverage_scores`](super::approximate_leverage_scores) the
/// distortion √(λ₁/λᵣ) holds whatever the sketch was. Columns beyond the rank are checked against the rows: one that is
/// no combination of the others is an error. Memory d² and one number a row; cost 3nd² flops. The same cut into blocks
/// gives the same bits.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::linalg::DataMatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sampling::{StreamedLeverage, instances, leverage_scores};
/// use proofsketch::sketch::{SketchDistribution, SparseSign, StreamingSketch};
///
/// let key = StreamKey::from_seed(1);
/// let a = instances::heavy_tails(4000, 4, 1.0, key.named("data"));
/// let blocks = || (0..8).map(|i| a.rows(500 * i, 500).into_owned());
///
/// let sketch = SparseSign::new(200, 4000, 2)?.sample(key.named("sketch"));
/// let mut first = StreamingSketch::new(&sketch, 4);
/// blocks().for_each(|block| first.push(&block.row_block(0..500)));
/// let mut second = StreamedLeverage::new(&first.finish())?;
/// for block in blocks() {
///     second.push(&block)?;
/// }
/// let found = second.finish()?;
/// assert!(found.distortion < 1.5);
/// for (found_score, exact) in found.scores.iter().zip(leverage_scores(&a)?) {
///     assert!(found_score / exact < found.distortion && exact / found_score < found.distortion);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct StreamedLeverage {
    /// 2ᵉ of each column that brings the column of S A to size one; `None` where that is zero.
    scales: Vec<Option<PowerOfTwo>>,
    /// Π [R₁₁⁻¹; 0].
    whitening: DMatrix<f64>,
    /// ‖R₁₁‖_F‖R₁₁⁻¹‖_F.
    condition: f64,
    dependent: Dependent,
    /// Of the whitened rows.
    gram: DMatrix<f64>,
    forms: Vec<f64>,
}

/// The columns that the sketch holds dependent on the others, and what rows leave of them.
#[derive(Clone, Debug)]
struct Dependent {
    columns: Vec<usize>,
    /// Π [−R₁₁⁻¹R₁₂; I].
    remainder: DMatrix<f64>,
    /// Squared norms, of the columns themselves and of the remainders.
    whole: Vec<f64>,
    left: Vec<f64>,
}

impl StreamedLeverage {
    /// For rows of which `sketched` = S A ∈ ℝᵐˣᵈ is a sketch, m ≥ d.
    ///
    /// # Errors
    /// [`Error::Empty`]; [`Error::NotFinite`] with the place in S A; [`Error::Zero`] where S A is zero.
    pub fn new(sketched: &DMatrix<f64>) -> Result<Self, Error> {
        check_matrix(sketched)?;
        let scales: Vec<_> =
            sketched.column_iter().map(|column| PowerOfTwo::normalising(column.as_slice())).collect();
        let mut scaled = sketched.clone();
        scale_columns(&mut scaled, &scales);
        let pivoted = PivotedQr::new(&scaled)?;
        let rank = pivoted.rank(pivoted.default_tolerance());
        let (r, order) = (pivoted.r(), scaled.ncols());
        let head = r.view((0, 0), (rank, rank)).into_owned();
        let inverse = solve_upper_triangular(&head, &DMatrix::identity(rank, rank))?;
        let condition = head.norm() * inverse.norm();
        let (mut whitening, mut remainder) =
            (DMatrix::zeros(order, rank), DMatrix::zeros(order, order - rank));
        let combination = &inverse * r.view((0, rank), (rank, order - rank));
        for (position, &j) in pivoted.permutation().iter().enumerate() {
            if position < rank {
                whitening.row_mut(j).copy_from(&inverse.row(position));
                remainder.row_mut(j).copy_from(&-combination.row(position));
            } else {
                remainder[(j, position - rank)] = 1.0;
            }
        }
        let columns = pivoted.permutation()[rank..].to_vec();
        let (whole, left) = (vec![0.0; order - rank], vec![0.0; order - rank]);
        let dependent = Dependent { columns, remainder, whole, left };
        Ok(Self {
            scales,
            whitening,
            condition,
            dependent,
            gram: DMatrix::zeros(rank, rank),
            forms: Vec::new(),
        })
    }

    /// r, the rank of S A.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.whitening.ncols()
    }

    /// Rows seen so far.
    #[must_use]
    pub fn rows_seen(&self) -> usize {
        self.forms.len()
    }

    /// Takes the next rows of A.
    ///
    /// # Errors
    /// [`Error::NotFinite`] with the place in A.
    ///
    /// # Panics
    /// If the block has other than d columns.
    pub fn push(&mut self, block: &DMatrix<f64>) -> Result<(), Error> {
        if let Some((row, column, value)) = first_non_finite(block) {
            return Err(Error::NotFinite { row: self.rows_seen() + row, column, value });
        }
        let mut rows = block.clone();
        scale_columns(&mut rows, &self.scales);
        let (gram, forms) = scaled_gram(&rows, &self.whitening, None);
        self.gram += gram;
        self.forms.extend(forms);
        self.dependent.add(&rows);
        Ok(())
    }

    /// The rows pushed, whitened: the coordinates in which their Gram matrix is near the identity.
    ///
    /// # Panics
    /// If the block has other than d columns.
    #[must_use]
    pub fn whitened(&self, block: &DMatrix<f64>) -> DMatrix<f64> {
        let mut rows = block.clone();
        scale_columns(&mut rows, &self.scales);
        product(&rows, &self.whitening)
    }

    /// The Gram matrix of the rows seen, whitened.
    #[must_use]
    pub fn gram(&self) -> &DMatrix<f64> {
        &self.gram
    }

    /// The scores of the rows seen.
    ///
    /// # Errors
    /// [`Error::LostBySketch`] where the rows span a direction that the sketch does not, or the other way round.
    pub fn finish(&self) -> Result<ApproximateScores, Error> {
        if self.dependent.lost() {
            return Err(Error::LostBySketch);
        }
        let scores =
            ApproximateScores::certified(&self.gram, &self.forms, self.condition, self.scales.len())?;
        scores.ok_or(Error::LostBySketch)
    }
}

impl Dependent {
    fn add(&mut self, rows: &DMatrix<f64>) {
        if self.columns.is_empty() {
            return;
        }
        let remainders = product(rows, &self.remainder);
        for (k, &j) in self.columns.iter().enumerate() {
            self.whole[k] += rows.column(j).norm_squared();
            self.left[k] += remainders.column(k).norm_squared();
        }
    }

    /// Whether more than rounding is left of a column.
    fn lost(&self) -> bool {
        self.left.iter().zip(&self.whole).any(|(left, whole)| *left > OUTSIDE * OUTSIDE * whole)
    }
}

fn scale_columns(rows: &mut DMatrix<f64>, scales: &[Option<PowerOfTwo>]) {
    let nrows = rows.nrows();
    if nrows == 0 {
        return;
    }
    let columns = rows.as_mut_slice().par_chunks_mut(nrows).zip(scales);
    columns.for_each(|(column, scale)| {
        if let Some(scale) = scale {
            scale.multiply(column);
        }
    });
}

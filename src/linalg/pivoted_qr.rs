use nalgebra::{DMatrix, DVector};

use super::column_pivoting::reduce_with_pivoting;
use super::finite::check_finite;
use super::householder::Householder;
use super::operator::assert_fits;
use super::{Error, Qr, solve_upper_triangular, solve_upper_triangular_transpose};

/// The QR factorization with column pivoting A Π = QR of A ∈ ℝⁿˣᵈ, which reveals its numerical rank.
///
/// Each column of A that enters next is the one with the largest part outside the span of those before it, so
/// |r₀₀| ≥ |r₁₁| ≥ ⋯ up to rounding (P. Businger and G. Golub, "Linear least squares solutions by Householder
/// transformations", Numer. Math. 7, 1965). A tall A is first reduced by [`Qr`] and its triangle is pivoted, which
/// picks the same columns. Cost 2nd² + (4/3)d³ flops.
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::linalg::PivotedQr;
///
/// // The third column is the sum of the others.
/// let a = dmatrix![1.0, 0.0, 1.0; 1.0, 1.0, 2.0; 1.0, 2.0, 3.0; 1.0, 3.0, 4.0];
/// let pivoted = PivotedQr::new(&a)?;
/// let tolerance = pivoted.default_tolerance();
/// assert_eq!(pivoted.rank(tolerance), 2);
/// // Of all solutions (1 − t, 1 − t, t) the shortest.
/// let x = pivoted.minimum_norm_solution_vector(&dvector![1.0, 2.0, 3.0, 4.0], tolerance)?;
/// assert!((x - dvector![1.0, 1.0, 2.0] / 3.0).norm() < 1e-14);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PivotedQr {
    nrows: usize,
    /// Reduction of a tall A to the triangle that is pivoted.
    reduction: Option<Qr>,
    pivoted: Householder,
    permutation: Vec<usize>,
}

impl PivotedQr {
    /// Factors A.
    ///
    /// # Errors
    /// [`Error::NotFinite`].
    pub fn new(a: &DMatrix<f64>) -> Result<Self, Error> {
        check_finite(a)?;
        let (nrows, ncols) = a.shape();
        let reduction = (nrows > ncols).then(|| Qr::of_finite(a));
        let square = reduction.as_ref().map_or_else(|| a.clone(), Qr::r);
        let (pivoted, permutation) = reduce_with_pivoting(square);
        Ok(Self { nrows, reduction, pivoted, permutation })
    }

    /// The columns of A in the order of their pivots: column j of A Π is column `permutation()[j]` of A.
    #[must_use]
    pub fn permutation(&self) -> &[usize] {
        &self.permutation
    }

    /// R ∈ ℝᵏˣᵈ, upper trapezoidal, k = min(n, d).
    #[must_use]
    pub fn r(&self) -> DMatrix<f64> {
        self.pivoted.r()
    }

    /// Q ∈ ℝⁿˣᵏ, with orthonormal columns.
    #[must_use]
    pub fn q(&self) -> DMatrix<f64> {
        let size = self.pivoted.size();
        let mut q = DMatrix::identity(self.pivoted.nrows(), size);
        self.pivoted.apply(&mut q);
        self.reduction.as_ref().map_or_else(|| q.clone(), |reduction| reduction.apply_q(&q))
    }

    /// Qᵀ B ∈ ℝᵏˣᶜ for B ∈ ℝⁿˣᶜ.
    ///
    /// # Panics
    /// If B has other than n rows.
    #[must_use]
    pub fn apply_q_transpose(&self, b: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Qᵀ B", (self.pivoted.size(), self.nrows), b.shape());
        let mut c =
            self.reduction.as_ref().map_or_else(|| b.clone(), |reduction| reduction.apply_q_transpose(b));
        self.pivoted.apply_transpose(&mut c);
        c.rows(0, self.pivoted.size()).into_owned()
    }

    /// The numerical rank: how many leading |r_jj| exceed `relative_tolerance` · |r₀₀|.
    #[must_use]
    pub fn rank(&self, relative_tolerance: f64) -> usize {
        let diagonal = self.pivoted.diagonal();
        let Some(&first) = diagonal.first() else { return 0 };
        let threshold = relative_tolerance * first.abs();
        diagonal.iter().take_while(|pivot| pivot.abs() > threshold).count()
    }

    /// max(n, d) · 2⁻⁵²: pivots below this share of the first are what rounding leaves of a zero.
    #[must_use]
    pub fn default_tolerance(&self) -> f64 {
        self.nrows.max(self.permutation.len()) as f64 * f64::EPSILON
    }

    /// A minimiser of ‖A X − B‖_F with at most r nonzero entries a column, r = [`rank`](Self::rank): those of the first
    /// r pivots.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for an entry of B.
    ///
    /// # Panics
    /// If B has other than n rows.
    pub fn basic_solution(&self, b: &DMatrix<f64>, relative_tolerance: f64) -> Result<DMatrix<f64>, Error> {
        check_finite(b)?;
        let rank = self.rank(relative_tolerance);
        let head = self.pivoted.r().view((0, 0), (rank, rank)).into_owned();
        let c = self.apply_q_transpose(b).rows(0, rank).into_owned();
        Ok(self.unpermute(&solve_upper_triangular(&head, &c)?))
    }

    /// The minimiser of ‖A X − B‖_F whose columns have the least Euclidean norm.
    ///
    /// Below rank r = [`rank`](Self::rank) the trailing rows of R count as zero; [R₁₁ R₁₂]ᵀ = Z T completes the
    /// orthogonal decomposition A Π = Q [Tᵀ; 0] Zᵀ, and X = Π Z T⁻ᵀ (Qᵀ B)₁ (G. Golub and C. Van Loan, *Matrix
    /// Computations*, 4th ed., §5.5.2).
    ///
    /// # Errors
    /// [`Error::NotFinite`] for an entry of B.
    ///
    /// # Panics
    /// If B has other than n rows.
    pub fn minimum_norm_solution(
        &self,
        b: &DMatrix<f64>,
        relative_tolerance: f64,
    ) -> Result<DMatrix<f64>, Error> {
        let rank = self.rank(relative_tolerance);
        if rank == self.permutation.len() {
            return self.basic_solution(b, relative_tolerance);
        }
        check_finite(b)?;
        let completion = Qr::of_finite(&self.pivoted.r().rows(0, rank).transpose());
        let c = self.apply_q_transpose(b).rows(0, rank).into_owned();
        let w = solve_upper_triangular_transpose(&completion.r(), &c)?;
        Ok(self.unpermute(&completion.apply_q(&w)))
    }

    /// [`minimum_norm_solution`](Self::minimum_norm_solution) for one right-hand side.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for an entry of b.
    ///
    /// # Panics
    /// If b has other than n entries.
    pub fn minimum_norm_solution_vector(
        &self,
        b: &DVector<f64>,
        relative_tolerance: f64,
    ) -> Result<DVector<f64>, Error> {
        let column = DMatrix::from_column_slice(b.len(), 1, b.as_slice());
        Ok(self.minimum_norm_solution(&column, relative_tolerance)?.column(0).into_owned())
    }

    /// Π [Y; 0] for Y with at most d rows.
    fn unpermute(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        let mut x = DMatrix::zeros(self.permutation.len(), y.ncols());
        for (row, &column) in y.row_iter().zip(&self.permutation) {
            x.row_mut(column).copy_from(&row);
        }
        x
    }
}

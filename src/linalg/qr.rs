use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::finite::check_finite;
use super::householder::Householder;
use super::operator::assert_fits;
use super::{Error, solve_upper_triangular};

/// The thin QR factorization A = QR of A ∈ ℝⁿˣᵈ, with Q kept as reflections.
///
/// QᵀQ = I_k and R ∈ ℝᵏˣᵈ is upper trapezoidal, k = min(n, d); the signs of R's diagonal are the reflections' own.
/// A tall A is cut into fixed panels of rows that stay in cache; each is reduced by blocked Householder reflections,
/// in parallel, and their stacked triangles are reduced in turn. Cost 2nd² + O(nd) flops.
///
/// Source: J. Demmel, L. Grigori, M. Hoemmen and J. Langou, "Communication-optimal parallel and sequential QR and LU
/// factorizations", SIAM J. Sci. Comput. 34 (2012), Algorithm 1 (TSQR).
///
/// ```
/// use nalgebra::{dmatrix, dvector};
/// use proofsketch::linalg::Qr;
///
/// let a = dmatrix![1.0, 0.0; 1.0, 1.0; 1.0, 2.0];
/// let qr = Qr::new(&a)?;
/// assert!((qr.q() * qr.r() - &a).norm() < 1e-14);
/// // The line through (0, 1), (1, 3), (2, 5).
/// let x = qr.solve_least_squares_vector(&dvector![1.0, 3.0, 5.0])?;
/// assert!((x - dvector![1.0, 2.0]).norm() < 1e-14);
/// # Ok::<(), proofsketch::linalg::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Qr {
    nrows: usize,
    ncols: usize,
    panels: Vec<Householder>,
    /// The factorization of the panels' stacked triangles, where there is more than one.
    top: Option<Box<Qr>>,
}

impl Qr {
    /// Factors A.
    ///
    /// # Errors
    /// [`Error::NotFinite`].
    pub fn new(a: &DMatrix<f64>) -> Result<Self, Error> {
        check_finite(a)?;
        Ok(Self::of_finite(a))
    }

    pub(crate) fn of_finite(a: &DMatrix<f64>) -> Self {
        let (nrows, ncols) = a.shape();
        let count = panel_count(nrows, ncols);
        let starts = (0..count).into_par_iter();
        let panels: Vec<_> = starts
            .map(|i| {
                let rows = panel_rows(i, count, nrows, ncols);
                Householder::reduce(a.rows_range(rows).into_owned())
            })
            .collect();
        let top = (count > 1).then(|| {
            let mut stacked = DMatrix::zeros(count * ncols, ncols);
            for (i, panel) in panels.iter().enumerate() {
                stacked.rows_mut(i * ncols, ncols).copy_from(&panel.r());
            }
            Box::new(Self::of_finite(&stacked))
        });
        Self { nrows, ncols, panels, top }
    }

    /// n, the number of rows of A.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.nrows
    }

    /// d, the number of columns of A.
    #[must_use]
    pub fn ncols(&self) -> usize {
        self.ncols
    }

    /// R ∈ ℝᵏˣᵈ, upper trapezoidal, k = min(n, d).
    #[must_use]
    pub fn r(&self) -> DMatrix<f64> {
        self.top.as_ref().map_or_else(|| self.panels[0].r(), |top| top.r())
    }

    /// Q ∈ ℝⁿˣᵏ, with orthonormal columns. Costs as much as the factorization.
    #[must_use]
    pub fn q(&self) -> DMatrix<f64> {
        let size = self.nrows.min(self.ncols);
        self.apply_q(&DMatrix::identity(size, size))
    }

    /// Q C for C ∈ ℝᵏˣᶜ.
    ///
    /// # Panics
    /// If C has other than k = min(n, d) rows.
    #[must_use]
    pub fn apply_q(&self, c: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Q C", (self.nrows, self.nrows.min(self.ncols)), c.shape());
        let stacked = self.top.as_ref().map(|top| top.apply_q(c));
        let stacked = stacked.as_ref().unwrap_or(c);
        let blocks: Vec<_> = self
            .panels
            .par_iter()
            .enumerate()
            .map(|(i, panel)| {
                let mut block = DMatrix::zeros(panel.nrows(), c.ncols());
                let source = stacked.rows(i * panel.size(), panel.size());
                block.rows_mut(0, panel.size()).copy_from(&source);
                panel.apply(&mut block);
                block
            })
            .collect();
        stack(&blocks, self.nrows, c.ncols())
    }

    /// Qᵀ B ∈ ℝᵏˣᶜ for B ∈ ℝⁿˣᶜ.
    ///
    /// # Panics
    /// If B has other than n rows.
    #[must_use]
    pub fn apply_q_transpose(&self, b: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Qᵀ B", (self.nrows.min(self.ncols), self.nrows), b.shape());
        let count = self.panels.len();
        let heads: Vec<_> = self
            .panels
            .par_iter()
            .enumerate()
            .map(|(i, panel)| {
                let rows = panel_rows(i, count, self.nrows, self.ncols);
                let mut block = b.rows_range(rows).into_owned();
                panel.apply_transpose(&mut block);
                block.rows(0, panel.size()).into_owned()
            })
            .collect();
        let stacked = stack(&heads, heads.iter().map(DMatrix::nrows).sum(), b.ncols());
        match &self.top {
            Some(top) => top.apply_q_transpose(&stacked),
            None => stacked,
        }
    }

    /// argmin ‖A X − B‖_F for A of full column rank, one solution a column.
    ///
    /// # Errors
    /// [`Error::Underdetermined`] where n < d; [`Error::Singular`] where R has an exact zero on its diagonal (for
    /// numerical rank use [`PivotedQr`](super::PivotedQr)); [`Error::NotFinite`] for an entry of B.
    ///
    /// # Panics
    /// If B has other than n rows.
    pub fn solve_least_squares(&self, b: &DMatrix<f64>) -> Result<DMatrix<f64>, Error> {
        if self.nrows < self.ncols {
            return Err(Error::Underdetermined { nrows: self.nrows, ncols: self.ncols });
        }
        check_finite(b)?;
        solve_upper_triangular(&self.r(), &self.apply_q_transpose(b))
    }

    /// argmin ‖A x − b‖₂ for one right-hand side.
    ///
    /// # Errors
    /// As [`solve_least_squares`](Self::solve_least_squares).
    ///
    /// # Panics
    /// If b has other than n entries.
    pub fn solve_least_squares_vector(&self, b: &DVector<f64>) -> Result<DVector<f64>, Error> {
        let column = DMatrix::from_column_slice(b.len(), 1, b.as_slice());
        Ok(self.solve_least_squares(&column)?.column(0).into_owned())
    }
}

/// Rows of a panel: a panel fits a core's cache, and its triangle is at most a quarter of it.
fn panel_height(ncols: usize) -> usize {
    (4 * ncols).max(1024)
}

fn panel_count(nrows: usize, ncols: usize) -> usize {
    (nrows / panel_height(ncols)).max(1)
}

/// Rows of panel `i` of `count`; the last one takes the remainder.
fn panel_rows(i: usize, count: usize, nrows: usize, ncols: usize) -> std::ops::Range<usize> {
    let height = panel_height(ncols);
    i * height..if i + 1 == count { nrows } else { (i + 1) * height }
}

fn stack(blocks: &[DMatrix<f64>], nrows: usize, ncols: usize) -> DMatrix<f64> {
    let mut out = DMatrix::zeros(nrows, ncols);
    if nrows == 0 {
        return out;
    }
    out.as_mut_slice().par_chunks_mut(nrows).enumerate().for_each(|(j, column)| {
        let mut rest = column;
        for block in blocks {
            let (head, tail) = rest.split_at_mut(block.nrows());
            head.copy_from_slice(block.column(j).as_slice());
            rest = tail;
        }
    });
    out
}

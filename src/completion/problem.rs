use nalgebra::DMatrix;

use super::Error;
use super::compressed::Compressed;
use super::observations::{Duplicates, check_shape, grouped_by_row};

/// Which factor a half-step solves for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The rows of M: U ∈ ℝᵐˣᵏ from V.
    Rows,
    /// The columns of M: V ∈ ℝⁿˣᵏ from U.
    Columns,
}

/// The matrix completion problem: M ∈ ℝᵐˣⁿ is known on Ω ⊂ \[m\] × \[n\] only, and a matrix U Vᵀ of rank k is sought that
/// equals M on Ω, or is nearest to it, min Σ_Ω w_ij (uᵢᵀvⱼ − M_ij)².
///
/// Observed entries are stored by rows and by columns, 12 bytes each (20 with weights). Nothing of size m × n is held, and
/// construction needs no more than these two beside the observations given.
///
/// ```
/// use proofsketch::completion::{Duplicates, Error, MatrixCompletion};
///
/// let problem = MatrixCompletion::from_triplets(2, 3, &[(0, 0, 1.0), (1, 2, -4.0)], Duplicates::Refuse)?;
/// assert_eq!((problem.nrows(), problem.ncols(), problem.observed()), (2, 3, 2));
/// assert_eq!(problem.triplets().collect::<Vec<_>>(), [(0, 0, 1.0), (1, 2, -4.0)]);
///
/// let outside = MatrixCompletion::from_triplets(2, 3, &[(0, 3, 1.0)], Duplicates::Refuse);
/// assert!(matches!(outside, Err(Error::OutOfRange { index: 0, column: 3, .. })));
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct MatrixCompletion {
    pub(super) by_rows: Compressed,
    pub(super) by_columns: Compressed,
}

impl MatrixCompletion {
    /// The problem of an m × n matrix from its observed entries (row, column, value), in any order.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::TooLarge`] and [`Error::NothingObserved`] for shapes without an answer;
    /// [`Error::OutOfRange`] and [`Error::NotFinite`] with the first offending observation; [`Error::Duplicate`] where
    /// an entry comes twice and `duplicates` refuses that.
    pub fn from_triplets(
        nrows: usize,
        ncols: usize,
        triplets: &[(u32, u32, f64)],
        duplicates: Duplicates,
    ) -> Result<Self, Error> {
        let rows = grouped_by_row((nrows, ncols), triplets.len(), |index| triplets[index], None, duplicates)?;
        Ok(Self::from_rows(rows, ncols))
    }

    /// [`from_triplets`](Self::from_triplets) that frees the triplets once they are grouped by row: at most 28 bytes an
    /// observation are held at any time, those of `triplets` included, where borrowed ones take 40.
    ///
    /// # Errors
    /// As [`from_triplets`](Self::from_triplets).
    pub fn from_triplet_vec(
        nrows: usize,
        ncols: usize,
        triplets: Vec<(u32, u32, f64)>,
        duplicates: Duplicates,
    ) -> Result<Self, Error> {
        let rows = grouped_by_row((nrows, ncols), triplets.len(), |index| triplets[index], None, duplicates)?;
        drop(triplets);
        Ok(Self::from_rows(rows, ncols))
    }

    /// [`from_triplets`](Self::from_triplets) with a weight w ≥ 0 for each observation: (row, column, value, weight).
    /// An observation of weight 0 counts as not made.
    ///
    /// # Errors
    /// As [`from_triplets`](Self::from_triplets), and [`Error::Weight`] with the first weight that is negative, NaN or
    /// infinite.
    pub fn from_weighted_triplets(
        nrows: usize,
        ncols: usize,
        observations: &[(u32, u32, f64, f64)],
        duplicates: Duplicates,
    ) -> Result<Self, Error> {
        let flaw = observations.iter().position(|o| !(o.3.is_finite() && o.3 >= 0.0));
        if let Some(index) = flaw {
            let (row, column, _, weight) = observations[index];
            return Err(Error::Weight { index, row, column, weight });
        }
        let triplet = |index: usize| {
            let (row, column, value, _) = observations[index];
            (row, column, value)
        };
        let weight = |index: usize| observations[index].3;
        let rows = grouped_by_row((nrows, ncols), observations.len(), triplet, Some(&weight), duplicates)?;
        Ok(Self::from_rows(rows, ncols))
    }

    /// The problem of a dense matrix in which NaN stands for an entry that is not observed.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NothingObserved`] where all is NaN, [`Error::NotFinite`] for an infinity.
    ///
    /// ```
    /// use nalgebra::dmatrix;
    /// use proofsketch::completion::MatrixCompletion;
    ///
    /// let problem = MatrixCompletion::from_dense_with_nan(&dmatrix![1.0, f64::NAN; f64::NAN, 4.0])?;
    /// assert_eq!(problem.triplets().collect::<Vec<_>>(), [(0, 0, 1.0), (1, 1, 4.0)]);
    /// # Ok::<(), proofsketch::completion::Error>(())
    /// ```
    pub fn from_dense_with_nan(m: &DMatrix<f64>) -> Result<Self, Error> {
        let (nrows, ncols) = m.shape();
        check_shape(nrows, ncols)?;
        let mut triplets = Vec::new();
        for i in 0..nrows {
            for j in 0..ncols {
                if !m[(i, j)].is_nan() {
                    triplets.push((i as u32, j as u32, m[(i, j)]));
                }
            }
        }
        Self::from_triplet_vec(nrows, ncols, triplets, Duplicates::Refuse)
    }

    /// The same Ω and weights with other values: `value(row, column, old)`, called once an entry in row order.
    ///
    /// # Errors
    /// [`Error::NotFinite`] with the first new value that is NaN or infinite, counted in row order.
    pub fn with_values(&self, mut value: impl FnMut(u32, u32, f64) -> f64) -> Result<Self, Error> {
        let mut by_rows = self.by_rows.clone();
        for i in 0..by_rows.len() {
            for index in by_rows.range(i) {
                let (row, column) = (i as u32, by_rows.indices[index]);
                let new = value(row, column, by_rows.values[index]);
                if !new.is_finite() {
                    return Err(Error::NotFinite { index, row, column, value: new });
                }
                by_rows.values[index] = new;
            }
        }
        Ok(Self { by_columns: by_rows.transposed(self.ncols()), by_rows })
    }

    /// Mᵀ on Ωᵀ.
    #[must_use]
    pub fn transpose(&self) -> Self {
        Self { by_rows: self.by_columns.clone(), by_columns: self.by_rows.clone() }
    }

    /// m, the number of rows.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.by_rows.len()
    }

    /// n, the number of columns.
    #[must_use]
    pub fn ncols(&self) -> usize {
        self.by_columns.len()
    }

    /// |Ω|, the number of observed entries.
    #[must_use]
    pub fn observed(&self) -> usize {
        self.by_rows.indices.len()
    }

    /// p̂ = |Ω|/(mn).
    #[must_use]
    pub fn sampling_rate(&self) -> f64 {
        self.observed() as f64 / (self.nrows() as f64 * self.ncols() as f64)
    }

    /// ρ = |Ω|/(k(m + n − k)), observed entries for each degree of freedom of a rank-k matrix.
    #[must_use]
    pub fn oversampling(&self, rank: usize) -> f64 {
        let lines = (self.nrows() + self.ncols()) as f64 - rank as f64;
        self.observed() as f64 / (rank as f64 * lines)
    }

    /// dᵢ, the observed entries of row i.
    ///
    /// # Panics
    /// If M has no row i.
    #[must_use]
    pub fn row_degree(&self, i: usize) -> usize {
        self.by_rows.degree(i)
    }

    /// dʲ, the observed entries of column j.
    ///
    /// # Panics
    /// If M has no column j.
    #[must_use]
    pub fn column_degree(&self, j: usize) -> usize {
        self.by_columns.degree(j)
    }

    /// Columns and values of the observed entries of row i, columns ascending.
    ///
    /// # Panics
    /// If M has no row i.
    #[must_use]
    pub fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let line = self.by_rows.line(i);
        (line.indices, line.values)
    }

    /// Rows and values of the observed entries of column j, rows ascending.
    ///
    /// # Panics
    /// If M has no column j.
    #[must_use]
    pub fn column(&self, j: usize) -> (&[u32], &[f64]) {
        let line = self.by_columns.line(j);
        (line.indices, line.values)
    }

    /// The observed entries (row, column, value) in row order.
    pub fn triplets(&self) -> impl Iterator<Item = (u32, u32, f64)> + '_ {
        (0..self.nrows()).flat_map(move |i| {
            let (columns, values) = self.row(i);
            columns.iter().zip(values).map(move |(&j, &value)| (i as u32, j, value))
        })
    }

    /// The weights of [`triplets`](Self::triplets), in the same order; none where all are 1.
    #[must_use]
    pub fn weights(&self) -> Option<&[f64]> {
        self.by_rows.weights.as_deref()
    }

    fn from_rows(by_rows: Compressed, ncols: usize) -> Self {
        Self { by_columns: by_rows.transposed(ncols), by_rows }
    }
}

impl std::fmt::Debug for MatrixCompletion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MatrixCompletion({}×{}, {} observed)", self.nrows(), self.ncols(), self.observed())
    }
}

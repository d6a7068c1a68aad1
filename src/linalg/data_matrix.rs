use std::ops::Range;

use nalgebra::{DMatrix, DMatrixView, DVector};
use nalgebra_sparse::{CooMatrix, CsrMatrix};

/// A matrix A ∈ ℝⁿˣᵈ whose rows can be read a block at a time: what a sketch S A consumes.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::DataMatrix;
///
/// let a = dmatrix![1.0, 2.0; 3.0, 4.0; 5.0, 6.0];
/// assert_eq!(a.row_block(1..3).to_dense(), dmatrix![3.0, 4.0; 5.0, 6.0]);
/// ```
pub trait DataMatrix: Sync {
    /// n, the number of rows.
    fn nrows(&self) -> usize;

    /// d, the number of columns.
    fn ncols(&self) -> usize;

    /// Rows `rows` of A, not copied.
    ///
    /// # Panics
    /// If the range ends beyond the last row.
    fn row_block(&self, rows: Range<usize>) -> RowBlock<'_>;
}

/// Consecutive rows of a data matrix: a dense column-major view, or compressed sparse rows.
#[derive(Clone, Debug)]
pub enum RowBlock<'a> {
    /// A view; its column stride may exceed its row count.
    Dense(DMatrixView<'a, f64>),
    /// Compressed sparse rows.
    Csr(CsrRows<'a>),
}

/// Consecutive rows of a matrix in compressed sparse row form.
#[derive(Clone, Copy, Debug)]
pub struct CsrRows<'a> {
    ncols: usize,
    offsets: &'a [usize],
    columns: &'a [usize],
    values: &'a [f64],
}

impl<'a> CsrRows<'a> {
    /// Number of rows.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Number of columns.
    #[must_use]
    pub fn ncols(&self) -> usize {
        self.ncols
    }

    /// Column indices and values of row `i` of the block.
    ///
    /// # Panics
    /// If the block has no row `i`.
    #[must_use]
    pub fn row(&self, i: usize) -> (&'a [usize], &'a [f64]) {
        let (start, end) = (self.offsets[i], self.offsets[i + 1]);
        (&self.columns[start..end], &self.values[start..end])
    }

    /// The part of row `i` that lies in `columns`: found by bisection, for column indices rise along a row.
    pub(crate) fn row_within(&self, i: usize, columns: &Range<usize>) -> (&'a [usize], &'a [f64]) {
        let (indices, values) = self.row(i);
        let start = indices.partition_point(|&j| j < columns.start);
        let end = start + indices[start..].partition_point(|&j| j < columns.end);
        (&indices[start..end], &values[start..end])
    }

    /// A copy as a matrix of its own; column indices that repeat in a row are added up.
    #[must_use]
    pub fn to_csr(&self) -> CsrMatrix<f64> {
        let mut triplets = CooMatrix::new(self.nrows(), self.ncols);
        for i in 0..self.nrows() {
            let (columns, values) = self.row(i);
            columns.iter().zip(values).for_each(|(&j, &value)| triplets.push(i, j, value));
        }
        CsrMatrix::from(&triplets)
    }
}

impl RowBlock<'_> {
    /// Number of rows.
    #[must_use]
    pub fn nrows(&self) -> usize {
        match self {
            Self::Dense(view) => view.nrows(),
            Self::Csr(rows) => rows.nrows(),
        }
    }

    /// Number of columns.
    #[must_use]
    pub fn ncols(&self) -> usize {
        match self {
            Self::Dense(view) => view.ncols(),
            Self::Csr(rows) => rows.ncols(),
        }
    }

    /// Rows `rows` of the block, not copied.
    ///
    /// # Panics
    /// If the range ends beyond the last row.
    #[must_use]
    pub fn rows(&self, rows: Range<usize>) -> RowBlock<'_> {
        match self {
            Self::Dense(view) => RowBlock::Dense(view.rows_range(rows)),
            Self::Csr(csr) => RowBlock::Csr(CsrRows { offsets: &csr.offsets[rows.start..=rows.end], ..*csr }),
        }
    }

    /// A dense copy.
    #[must_use]
    pub fn to_dense(&self) -> DMatrix<f64> {
        match self {
            Self::Dense(view) => view.into_owned(),
            Self::Csr(csr) => {
                let mut dense = DMatrix::zeros(csr.nrows(), csr.ncols());
                for i in 0..csr.nrows() {
                    let (columns, values) = csr.row(i);
                    for (&j, &value) in columns.iter().zip(values) {
                        dense[(i, j)] += value;
                    }
                }
                dense
            }
        }
    }
}

impl DataMatrix for DMatrix<f64> {
    fn nrows(&self) -> usize {
        self.shape().0
    }

    fn ncols(&self) -> usize {
        self.shape().1
    }

    fn row_block(&self, rows: Range<usize>) -> RowBlock<'_> {
        RowBlock::Dense(self.rows_range(rows))
    }
}

/// One column of data.
impl DataMatrix for DVector<f64> {
    fn nrows(&self) -> usize {
        self.len()
    }

    fn ncols(&self) -> usize {
        1
    }

    fn row_block(&self, rows: Range<usize>) -> RowBlock<'_> {
        let block = &self.as_slice()[rows];
        RowBlock::Dense(DMatrixView::from_slice(block, block.len(), 1))
    }
}

impl DataMatrix for CsrMatrix<f64> {
    fn nrows(&self) -> usize {
        CsrMatrix::nrows(self)
    }

    fn ncols(&self) -> usize {
        CsrMatrix::ncols(self)
    }

    fn row_block(&self, rows: Range<usize>) -> RowBlock<'_> {
        let (offsets, columns, values) = self.csr_data();
        RowBlock::Csr(CsrRows {
            ncols: CsrMatrix::ncols(self),
            offsets: &offsets[rows.start..=rows.end],
            columns,
            values,
        })
    }
}

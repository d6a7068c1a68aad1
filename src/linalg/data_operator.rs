use faer::linalg::matmul::matmul;
use faer::{Accum, Par};
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

use super::faer_view::{view, view_mut};
use super::gemm::packed;
use super::operator::assert_fits;
use super::products::{adjoint_multiply, multiply, task_rows};
use super::{CsrRows, DataMatrix, LinearOperator, RowBlock};

/// A data matrix A ∈ ℝⁿˣᵈ as the linear map x ↦ A x, its products streamed over fixed chunks of rows in parallel.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::linalg::{DataOperator, LinearOperator};
///
/// let a = dmatrix![1.0, 2.0; 3.0, 4.0; 5.0, 6.0];
/// let map = DataOperator(&a);
/// assert_eq!(map.apply(&dmatrix![1.0, 0.0; -1.0, 2.0]), dmatrix![-1.0, 4.0; -1.0, 8.0; -1.0, 12.0]);
/// ```
#[derive(Clone, Copy)]
pub struct DataOperator<'a>(pub &'a dyn DataMatrix);

impl std::fmt::Debug for DataOperator<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DataOperator({}×{})", self.0.nrows(), self.0.ncols())
    }
}

impl DataOperator<'_> {
    /// What `work` makes of each task's rows, in order.
    fn for_tasks<T: Send>(&self, width: usize, work: impl Fn(usize, RowBlock<'_>) -> T + Sync) -> Vec<T> {
        let (nrows, ncols) = (self.0.nrows(), self.0.ncols());
        let height = task_rows(nrows, ncols, width);
        let starts = (0..nrows.div_ceil(height)).into_par_iter().map(|i| i * height);
        starts.map(|start| work(start, self.0.row_block(start..nrows.min(start + height)))).collect()
    }
}

impl LinearOperator for DataOperator<'_> {
    fn nrows(&self) -> usize {
        self.0.nrows()
    }

    fn ncols(&self) -> usize {
        self.0.ncols()
    }

    fn apply(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("A X", (self.nrows(), self.ncols()), x.shape());
        let products = self.for_tasks(x.ncols(), |start, block| (start, product(&block, x)));
        let mut out = DMatrix::zeros(self.nrows(), x.ncols());
        for (start, product) in products {
            out.rows_mut(start, product.nrows()).copy_from(&product);
        }
        out
    }

    fn adjoint_apply(&self, y: &DMatrix<f64>) -> DMatrix<f64> {
        assert_fits("Aᵀ Y", (self.ncols(), self.nrows()), y.shape());
        let terms = self.for_tasks(self.ncols() * y.ncols(), |start, block| {
            adjoint_product(&block, &y.rows(start, block.nrows()).into_owned())
        });
        terms.into_iter().fold(DMatrix::zeros(self.ncols(), y.ncols()), |sum, term| sum + term)
    }

    fn apply_vector(&self, x: &DVector<f64>) -> DVector<f64> {
        multiply(self.0, x)
    }

    fn adjoint_apply_vector(&self, y: &DVector<f64>) -> DVector<f64> {
        adjoint_multiply(self.0, y)
    }
}

fn product(block: &RowBlock<'_>, x: &DMatrix<f64>) -> DMatrix<f64> {
    let mut out = DMatrix::zeros(block.nrows(), x.ncols());
    match block {
        RowBlock::Dense(a) => {
            matmul(view_mut(&mut out), Accum::Replace, view(&packed(a)), view(x), 1.0, Par::Seq);
        }
        RowBlock::Csr(rows) => for_entries(rows, |i, j, value| {
            for k in 0..x.ncols() {
                out[(i, k)] += value * x[(j, k)];
            }
        }),
    }
    out
}

fn adjoint_product(block: &RowBlock<'_>, y: &DMatrix<f64>) -> DMatrix<f64> {
    let mut out = DMatrix::zeros(block.ncols(), y.ncols());
    match block {
        RowBlock::Dense(a) => {
            let a = packed(a);
            matmul(view_mut(&mut out), Accum::Replace, view(&a).transpose(), view(y), 1.0, Par::Seq);
        }
        RowBlock::Csr(rows) => for_entries(rows, |i, j, value| {
            for k in 0..y.ncols() {
                out[(j, k)] += value * y[(i, k)];
            }
        }),
    }
    out
}

fn for_entries(rows: &CsrRows<'_>, mut visit: impl FnMut(usize, usize, f64)) {
    for i in 0..rows.nrows() {
        let (columns, values) = rows.row(i);
        columns.iter().zip(values).for_each(|(&j, &value)| visit(i, j, value));
    }
}

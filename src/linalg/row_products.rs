use faer::linalg::matmul::matmul;
use faer::{Accum, MatRef, Par};
use nalgebra::DMatrix;
use rayon::prelude::*;
use std::ops::Range;

use super::faer_view::{view, view_mut};
use super::operator::assert_fits;
use super::vector_kernels::dispatch;

/// Rows of a chunk of A T, which stays in a core's cache between its product and its use.
const CHUNK_ROWS: usize = 256;
/// Columns of A T formed by one product: of a triangular T it reads only the rows above its diagonal.
const PANEL_COLUMNS: usize = 32;
/// Most sums over panels of rows that are kept apart.
const PANELS: usize = 32;

/// ‖Tᵀaᵢ‖² for every row aᵢ of A ∈ ℝⁿˣᵈ, T ∈ ℝᵈˣᵏ. Zeros at the foot of a column of T cost nothing.
///
/// # Panics
/// If T has other than d rows.
pub(crate) fn row_forms(a: &DMatrix<f64>, t: &DMatrix<f64>) -> Vec<f64> {
    assert_fits("A T", a.shape(), t.shape());
    let product = RowProduct::new(a, t);
    let mut forms = vec![0.0; a.nrows()];
    forms.par_chunks_mut(CHUNK_ROWS).enumerate().for_each_init(
        || product.chunk(),
        |chunk, (i, forms)| {
            let rows = i * CHUNK_ROWS..i * CHUNK_ROWS + forms.len();
            product.form(rows, chunk);
            add_squares(chunk, forms);
        },
    );
    forms
}

/// The Gram matrix (D A T)ᵀ(D A T), exactly symmetric, and ‖Tᵀaᵢ‖² of every row: A ∈ ℝⁿˣᵈ, T ∈ ℝᵈˣᵏ, D = diag(`scales`),
/// by default I.
///
/// # Panics
/// If T has other than d rows, or D another order than n.
pub(crate) fn scaled_gram(
    a: &DMatrix<f64>,
    t: &DMatrix<f64>,
    scales: Option<&[f64]>,
) -> (DMatrix<f64>, Vec<f64>) {
    assert_fits("A T", a.shape(), t.shape());
    assert!(scales.is_none_or(|scales| scales.len() == a.nrows()), "one scale a row is needed");
    let product = RowProduct::new(a, t);
    let order = t.ncols();
    let height = a.nrows().div_ceil(PANELS).max(1).next_multiple_of(CHUNK_ROWS);
    let mut forms = vec![0.0; a.nrows()];
    let partial: Vec<DMatrix<f64>> = forms
        .par_chunks_mut(height)
        .enumerate()
        .map(|(i, forms)| {
            let mut sum = DMatrix::zeros(order, order);
            let mut chunk = product.chunk();
            for (j, forms) in forms.chunks_mut(CHUNK_ROWS).enumerate() {
                let start = i * height + j * CHUNK_ROWS;
                let rows = start..start + forms.len();
                product.form(rows.clone(), &mut chunk);
                add_squares(&chunk, forms);
                scales.inspect(|scales| scale_rows(&mut chunk, &scales[rows]));
                add_gram(&mut sum, &chunk, forms.len());
            }
            sum
        })
        .collect();
    let mut gram = partial.into_iter().fold(DMatrix::zeros(order, order), |sum, term| sum + term);
    gram.fill_upper_triangle_with_lower_triangle();
    (gram, forms)
}

/// A T, formed a chunk of rows at a time.
struct RowProduct<'a> {
    a: &'a DMatrix<f64>,
    /// Columns of T with the number of leading rows that hold all their nonzeros.
    panels: Vec<(Range<usize>, usize)>,
    t: &'a DMatrix<f64>,
}

impl<'a> RowProduct<'a> {
    fn new(a: &'a DMatrix<f64>, t: &'a DMatrix<f64>) -> Self {
        let depth = |j: usize| t.column(j).iter().rposition(|&entry| entry != 0.0).map_or(0, |i| i + 1);
        let panels = (0..t.ncols()).step_by(PANEL_COLUMNS).map(|start| {
            let columns = start..t.ncols().min(start + PANEL_COLUMNS);
            (columns.clone(), columns.map(depth).max().unwrap_or(0))
        });
        Self { a, panels: panels.collect(), t }
    }

    /// Memory for a chunk, whose rows lie `CHUNK_ROWS` apart in a column.
    fn chunk(&self) -> DMatrix<f64> {
        DMatrix::zeros(CHUNK_ROWS, self.t.ncols())
    }

    /// Rows `rows` of A T into the first rows of `chunk`.
    fn form(&self, rows: Range<usize>, chunk: &mut DMatrix<f64>) {
        let a = view(self.a).get(rows.clone(), ..);
        for (columns, depth) in &self.panels {
            let a: MatRef<'_, f64> = a.get(.., ..*depth);
            let t = view(self.t).get(..*depth, columns.clone());
            let out = view_mut(chunk).get_mut(..rows.len(), columns.clone());
            matmul(out, Accum::Replace, a, t, 1.0, Par::Seq);
        }
    }
}

/// forms += squared norms of the first rows of `chunk`.
fn add_squares(chunk: &DMatrix<f64>, forms: &mut [f64]) {
    dispatch(
        #[inline(always)]
        || {
            for column in chunk.as_slice().chunks_exact(CHUNK_ROWS) {
                for (form, entry) in forms.iter_mut().zip(column) {
                    *form += entry * entry;
                }
            }
        },
    );
}

fn scale_rows(chunk: &mut DMatrix<f64>, scales: &[f64]) {
    dispatch(
        #[inline(always)]
        || {
            for column in chunk.as_mut_slice().chunks_exact_mut(CHUNK_ROWS) {
                for (entry, scale) in column.iter_mut().zip(scales) {
                    *entry *= scale;
                }
            }
        },
    );
}

/// sum += XᵀX in its lower triangle, X the first `rows` rows of `chunk`; what is added above it has no meaning.
fn add_gram(sum: &mut DMatrix<f64>, chunk: &DMatrix<f64>, rows: usize) {
    let order = chunk.ncols();
    let x = view(chunk).get(..rows, ..);
    for start in (0..order).step_by(PANEL_COLUMNS) {
        let columns = start..order.min(start + PANEL_COLUMNS);
        let out = view_mut(sum).get_mut(start.., columns.clone());
        matmul(out, Accum::Add, x.get(.., start..).transpose(), x.get(.., columns), 1.0, Par::Seq);
    }
}

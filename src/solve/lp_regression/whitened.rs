use nalgebra::{DMatrix, DVector};

use super::LpRegressionError as Error;
use crate::linalg::{
    Cholesky, PivotedQr, PowerOfTwo, SymmetricEigen, adjoint_multiply, column_norms, euclidean_norm, gram,
    multiply, product, solve_upper_triangular,
};
use crate::random::StreamKey;
use crate::sketch::{SketchDistribution, SketchOperator, SparseSign};

/// Rows from which a sketch finds coordinates faster than a QR factorization of all rows.
const SKETCHED_ROWS: usize = 1 << 14;
/// Rows of that sketch for each column.
const SKETCH_RATIO: usize = 8;
/// Least eigenvalue of YᵀY at which the sketch counts as an embedding.
const LEAST_EIGENVALUE: f64 = 0.1;
/// Column norms that leave room for sums of products.
const SAFE_NORMS: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// A ∈ ℝⁿˣᵈ of rank r in coordinates in which it is near orthonormal: Y = A T ∈ ℝⁿˣʳ, x = T y.
///
/// From a QR factorization with column pivoting of A with equilibrated columns, then YᵀY = I, or, where A is tall, of a
/// sketch of it. Only the r pivot columns take part: x is zero elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Whitened {
    /// Y.
    pub(super) rows: DMatrix<f64>,
    /// T.
    transform: DMatrix<f64>,
    /// A lower bound on σ_min(Y).
    least_singular_value: f64,
}

impl Whitened {
    /// Coordinates for A, which is finite; `None` for A = 0.
    pub(super) fn new(a: &DMatrix<f64>) -> Result<Option<Self>, Error> {
        let (nrows, ncols) = a.shape();
        let sketch_rows = SKETCH_RATIO * ncols + 32;
        if nrows >= SKETCHED_ROWS.max(16 * sketch_rows)
            && let Some(sketched) = Self::from_sketch(a, sketch_rows)?
        {
            return Ok(Some(sketched));
        }
        let mut scaled = a.clone();
        let scales = equilibrate(&mut scaled);
        let pivoted = PivotedQr::new(&scaled)?;
        let rank = pivoted.rank(pivoted.default_tolerance());
        let rows = pivoted.q().columns(0, rank).into_owned();
        let transform = rescaled(inverse_factor(&pivoted, rank)?, &scales);
        Ok((rank > 0).then_some(Self { rows, transform, least_singular_value: 0.999 }))
    }

    /// `None` where the sketch has lost a direction of A, or sums in it could overflow or vanish.
    fn from_sketch(a: &DMatrix<f64>, sketch_rows: usize) -> Result<Option<Self>, Error> {
        let norms = column_norms(a);
        if !norms.iter().all(|norm| SAFE_NORMS.contains(norm)) {
            return Ok(None);
        }
        let key = StreamKey::from_seed(0).named("lp regression");
        let mut sketched = SparseSign::new(sketch_rows, a.nrows(), 2)?.sample(key).sketch(a);
        let scales = equilibrate(&mut sketched);
        let pivoted = PivotedQr::new(&sketched)?;
        let rank = pivoted.rank(a.nrows() as f64 * f64::EPSILON);
        if rank < a.ncols() {
            return Ok(None);
        }
        let transform = rescaled(inverse_factor(&pivoted, rank)?, &scales);
        let rows = product(a, &transform);
        let least = SymmetricEigen::new(&gram(&rows))?.eigenvalues[0];
        let least_singular_value = 0.999 * least.max(0.0).sqrt();
        Ok((least >= LEAST_EIGENVALUE).then_some(Self { rows, transform, least_singular_value }))
    }

    /// x = T y.
    pub(super) fn coefficients(&self, y: &DVector<f64>) -> DVector<f64> {
        &self.transform * y
    }

    /// A bound on |gᵀ(x − x̂)| for g ∈ ℝᵈ in the row space of A, over ‖A(x − x̂)‖₂.
    pub(super) fn dual_norm(&self, g: &DVector<f64>) -> f64 {
        euclidean_norm(self.transform.tr_mul(g).as_slice()) / self.least_singular_value
    }

    /// argmin ‖b − Yy‖₂, refined once.
    pub(super) fn least_squares(&self, b: &DVector<f64>) -> Result<DVector<f64>, Error> {
        let factor = Cholesky::new(&gram(&self.rows))?;
        let first = factor.solve_vector(&adjoint_multiply(&self.rows, b));
        let rest = b - multiply(&self.rows, &first);
        Ok(first + factor.solve_vector(&adjoint_multiply(&self.rows, &rest)))
    }
}

/// Π [R₁₁⁻¹; 0].
fn inverse_factor(pivoted: &PivotedQr, rank: usize) -> Result<DMatrix<f64>, Error> {
    let triangle = pivoted.r().view((0, 0), (rank, rank)).into_owned();
    let inverse = solve_upper_triangular(&triangle, &DMatrix::identity(rank, rank))?;
    let mut transform = DMatrix::zeros(pivoted.permutation().len(), rank);
    for (row, &j) in inverse.row_iter().zip(pivoted.permutation()) {
        transform.row_mut(j).copy_from(&row);
    }
    Ok(transform)
}

/// Brings the largest entry of every column into [1, 2), by the powers of two returned.
fn equilibrate(a: &mut DMatrix<f64>) -> Vec<Option<PowerOfTwo>> {
    let nrows = a.nrows();
    let scale = |column: &mut [f64]| {
        let scale = PowerOfTwo::normalising(column);
        if let Some(scale) = scale {
            scale.multiply(column);
        }
        scale
    };
    a.as_mut_slice().chunks_exact_mut(nrows).map(scale).collect()
}

/// The transform of A from that of A with scaled columns.
fn rescaled(mut transform: DMatrix<f64>, scales: &[Option<PowerOfTwo>]) -> DMatrix<f64> {
    for (mut row, scale) in transform.row_iter_mut().zip(scales) {
        if let Some(scale) = scale {
            row.iter_mut().for_each(|entry| scale.multiply(std::slice::from_mut(entry)));
        }
    }
    transform
}

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use crate::linalg::euclidean_norm;

/// Matrices up to this order are decomposed.
const SMALL: usize = 32;
/// Lanczos steps between two looks at the estimate.
const STRIDE: usize = 4;
/// Strides at most.
const STRIDES: usize = 8;
/// Relative growth of the estimate in a stride below which it is taken.
const SETTLED: f64 = 1e-4;

/// ‖Z‖₂ of matrices that change little from one call to the next: by decomposition if Z is small, else from below and to about
/// a thousandth by the Lanczos method on ZᵀZ, from the last Ritz vector.
#[derive(Default)]
pub(super) struct OperatorNorm {
    vector: Option<DVector<f64>>,
}

impl OperatorNorm {
    /// ‖Z‖₂; the largest entry where that is zero or not finite.
    pub fn of(&mut self, z: &DMatrix<f64>) -> f64 {
        let size = z.amax();
        if size == 0.0 || !size.is_finite() || z.iter().any(|entry| entry.is_nan()) {
            return size;
        }
        let z = z / size;
        if z.nrows().max(z.ncols()) <= SMALL {
            return size * z.singular_values().max();
        }
        let start = self.vector.take().filter(|vector| vector.len() == z.ncols());
        let (value, vector) = largest_eigenpair(&z, start.unwrap_or_else(|| image_of_largest_row(&z)));
        self.vector = Some(vector);
        size * value.sqrt()
    }
}

/// ZᵀZe for the longest row eᵀZ of Z: never orthogonal to the rows that matter.
fn image_of_largest_row(z: &DMatrix<f64>) -> DVector<f64> {
    let lengths = z.row_iter().map(|row| row.norm_squared());
    let largest = lengths.enumerate().max_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |row| row.0);
    z.tr_mul(&(z * z.row(largest).transpose()))
}

/// The largest Ritz value of ZᵀZ and its vector, from a Krylov space of this start that grows until the value settles.
fn largest_eigenpair(z: &DMatrix<f64>, start: DVector<f64>) -> (f64, DVector<f64>) {
    let steps = (STRIDE * STRIDES).min(z.ncols());
    let mut basis = DMatrix::zeros(z.ncols(), steps);
    let mut tridiagonal = DMatrix::zeros(steps, steps);
    let (mut next, mut value) = (start, 0.0);
    for step in 0..steps {
        let length = euclidean_norm(next.as_slice());
        basis.set_column(step, &(next / length));
        next = z.tr_mul(&(z * basis.column(step)));
        let known = basis.columns(0, step + 1);
        tridiagonal[(step, step)] = next.dot(&basis.column(step));
        for _ in 0..2 {
            next -= known * known.tr_mul(&next);
        }
        let coupling = euclidean_norm(next.as_slice());
        let closed = coupling <= f64::EPSILON * tridiagonal[(step, step)].max(value);
        if closed || (step + 1).is_multiple_of(STRIDE) || step + 1 == steps {
            let block = tridiagonal.view((0, 0), (step + 1, step + 1)).into_owned();
            let eigen = SymmetricEigen::new(block);
            let place = eigen.eigenvalues.imax();
            let before = std::mem::replace(&mut value, eigen.eigenvalues[place]);
            if closed || step + 1 == steps || value <= before * (1.0 + SETTLED) {
                return (value, known * eigen.eigenvectors.column(place));
            }
        }
        tridiagonal[(step + 1, step)] = coupling;
        tridiagonal[(step, step + 1)] = coupling;
    }
    unreachable!("the last step returns")
}

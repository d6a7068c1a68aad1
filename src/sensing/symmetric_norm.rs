use nalgebra::{DMatrix, DVector};

use crate::linalg::euclidean_norm;

/// ‖Z‖₂ of matrices that change little from one call to the next, from below and to about a thousandth, by power
/// iteration on ZᵀZ from the last vector or from the largest row of Z, whichever Z stretches more.
#[derive(Default)]
pub(super) struct WarmNorm {
    vector: Option<DVector<f64>>,
}

/// Relative growth of an estimate below which it is taken.
const SETTLED: f64 = 1e-4;
/// Steps at most.
const STEPS: usize = 40;

impl WarmNorm {
    /// ‖Z‖₂.
    pub fn of(&mut self, z: &DMatrix<f64>) -> f64 {
        let size = z.amax();
        if size == 0.0 || !size.is_finite() {
            return size;
        }
        let largest = (0..z.ncols())
            .max_by(|&i, &j| z.column(i).norm_squared().total_cmp(&z.column(j).norm_squared()))
            .expect("a matrix with a nonzero entry has a column");
        let column = z.tr_mul(&(z.column(largest) / size));
        let (mut image, mut estimate) = stretched(z, column);
        if let Some(vector) = self.vector.take().filter(|vector| vector.len() == z.ncols()) {
            let warm = stretched(z, vector);
            if warm.1 > estimate {
                (image, estimate) = warm;
            }
        }
        for _ in 0..STEPS {
            let before = estimate;
            (image, estimate) = stretched(z, z.tr_mul(&image));
            if estimate <= before * (1.0 + SETTLED) {
                break;
            }
        }
        self.vector = Some(z.tr_mul(&image));
        estimate
    }
}

/// Z v/‖v‖, normalised, and its norm.
fn stretched(z: &DMatrix<f64>, vector: DVector<f64>) -> (DVector<f64>, f64) {
    let length = euclidean_norm(vector.as_slice());
    if length == 0.0 {
        return (DVector::zeros(z.nrows()), 0.0);
    }
    let image = z * (vector / length);
    let norm = euclidean_norm(image.as_slice());
    if norm == 0.0 { (image, 0.0) } else { (image / norm, norm) }
}

use nalgebra::{DMatrix, DMatrixView};
/// out += A B.
pub fn accumulate_product(out: &mut DMatrix<f64>, a: &DMatrixView<'_, f64>, b: &DMatrixView<'_, f64>) {
    out.gemm(1.0, a, b, 1.0);
}

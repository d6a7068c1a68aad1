//! Products of thin factors, on one thread where a matrix stays in the cache: a task costs more than such a product.

use nalgebra::DMatrix;

use crate::linalg::{PowerOfTwo, product};

/// Entries of a product from which threads pay.
const PARALLEL_ENTRIES: usize = 64 * 64;

/// U Uᵀ.
pub(super) fn outer_gram(u: &DMatrix<f64>) -> DMatrix<f64> {
    outer_product(u, u)
}

/// F Gᵀ.
pub(super) fn outer_product(f: &DMatrix<f64>, g: &DMatrix<f64>) -> DMatrix<f64> {
    multiply(f, &g.transpose())
}

/// A B.
pub(super) fn multiply(a: &DMatrix<f64>, b: &DMatrix<f64>) -> DMatrix<f64> {
    if a.nrows() * a.ncols().max(b.ncols()) <= PARALLEL_ENTRIES { a * b } else { product(a, b) }
}

/// U − c Z V. The power of two in c goes to V: of data near the ends of the range Z V overflows or vanishes, c Z V does not.
pub(super) fn descend(u: &DMatrix<f64>, c: f64, z: &DMatrix<f64>, v: &DMatrix<f64>) -> DMatrix<f64> {
    let (mut v, mut c) = (v.clone(), [c]);
    if let Some(unit) = PowerOfTwo::normalising(&c) {
        unit.multiply(&mut c);
        unit.divide(v.as_mut_slice());
    }
    let mut moved = multiply(z, &v);
    moved.zip_apply(u, |entry, u| *entry = u - c[0] * *entry);
    moved
}

/// (Z + Zᵀ)/2, exactly symmetric.
pub(super) fn symmetric_part(z: &DMatrix<f64>) -> DMatrix<f64> {
    let mut part = z.transpose();
    part.zip_apply(z, |entry, z| *entry = 0.5 * (*entry + z));
    part
}

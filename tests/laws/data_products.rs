use nalgebra::{DMatrix, DVector};
use nalgebra_sparse::{CooMatrix, CsrMatrix};
use proofsketch::linalg::{
    DataMatrix, DataOperator, LinearOperator, adjoint_multiply, column_norms, first_non_finite,
    frobenius_norm, gram_multiply, multiply, residual_and_gradient,
};
use proptest::prelude::*;

use crate::common::{seed, with_thread_counts};
use crate::matrices::uniform;

/// Integers, most of them zero: every product and sum is exact in any order.
fn integers(nrows: usize, ncols: usize, key: u64) -> DMatrix<f64> {
    uniform(nrows, ncols, seed().named("data").indexed(key)).map(|value| (value * 20.0).trunc())
}

fn sparse(a: &DMatrix<f64>) -> CsrMatrix<f64> {
    CsrMatrix::from(&CooMatrix::from(a))
}

fn column(a: &DMatrix<f64>) -> DVector<f64> {
    a.column(0).into_owned()
}

fn check_exact(a: &DMatrix<f64>, key: u64) {
    let csr = sparse(a);
    let x = column(&integers(a.ncols(), 1, key ^ 1));
    let y = column(&integers(a.nrows(), 1, key ^ 2));
    let (block_x, block_y) = (integers(a.ncols(), 3, key ^ 3), integers(a.nrows(), 3, key ^ 4));
    for data in [a as &dyn DataMatrix, &csr] {
        assert_eq!(multiply(data, &x), a * &x);
        assert_eq!(adjoint_multiply(data, &y), a.tr_mul(&y));
        assert_eq!(gram_multiply(data, &x), a.tr_mul(&(a * &x)));
        let residual = &y - a * &x;
        assert_eq!(residual_and_gradient(data, &x, &y), (residual.clone(), a.tr_mul(&residual)));
        let map = DataOperator(data);
        assert_eq!(map.apply(&block_x), a * &block_x);
        assert_eq!(map.adjoint_apply(&block_y), a.tr_mul(&block_y));
        let squares = a.map(|value| value * value);
        let expected = DVector::from_fn(a.ncols(), |j, _| squares.column(j).sum().sqrt());
        assert!((column_norms(data) - &expected).norm() <= 1e-14 * expected.norm());
        assert!((frobenius_norm(data) - expected.norm()).abs() <= 1e-14 * expected.norm());
        assert_eq!(first_non_finite(data), None);
    }
}

#[test]
fn products_of_integers_are_exact_over_many_chunks() {
    for (n, d) in [(10_007, 13), (3000, 150), (1, 1), (70_000, 1), (5, 2000), (0, 3), (4, 0)] {
        check_exact(&integers(n, d, 7), 7);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn products_of_integers_are_exact(n in 0_usize..400, d in 0_usize..40, key in any::<u64>()) {
        check_exact(&integers(n, d, key), key);
    }
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let a = uniform(20_011, 37, seed().named("threads"));
    let csr = sparse(&a.map(|value| if value > 0.8 { value } else { 0.0 }));
    let (x, y) = (column(&uniform(37, 1, seed())), column(&uniform(20_011, 1, seed())));
    for data in [&a as &dyn DataMatrix, &csr] {
        let runs = with_thread_counts(|| {
            let map = DataOperator(data);
            let block = map.adjoint_apply(&DMatrix::from_columns(&[y.clone(), y.clone()]));
            let fused = residual_and_gradient(data, &x, &y);
            (gram_multiply(data, &x), adjoint_multiply(data, &y), fused, block, column_norms(data))
        });
        assert!(runs.iter().all(|run| *run == runs[0]));
    }
}

#[test]
fn column_norms_neither_overflow_nor_vanish() {
    let a = uniform(5000, 1, seed().named("range"));
    let scales = [1e300, 1e150, 1.0, 0.0, 1e-150, 1e-300];
    let scaled = DMatrix::from_fn(5000, scales.len(), |i, j| a[(i, 0)] * scales[j]);
    let csr = sparse(&scaled);
    for data in [&scaled as &dyn DataMatrix, &csr] {
        let norms = column_norms(data);
        for (norm, scale) in norms.iter().zip(scales) {
            let expected = a.norm() * scale;
            assert!((norm - expected).abs() <= 1e-14 * expected, "{scale}: {norm}");
        }
    }
    assert_eq!(
        column_norms(&DMatrix::from_element(3, 1, 5e-324)).as_slice(),
        [1e-323],
        "√3 units, rounded to 2"
    );
}

/// One huge and one tiny part of a column in different chunks.
#[test]
fn column_norms_add_chunks_of_any_scale() {
    let mut a = DMatrix::zeros(20_000, 1);
    a[(0, 0)] = 3e-200;
    a[(19_999, 0)] = 4e-200;
    assert!((column_norms(&a)[0] / 5e-200 - 1.0).abs() < 1e-15);
    a[(10_000, 0)] = 1e200;
    assert_eq!(column_norms(&a)[0], 1e200);
}

#[test]
fn the_first_bad_entry_is_the_first_in_row_order() {
    let mut a = uniform(9000, 3, seed());
    a[(8999, 0)] = f64::NAN;
    a[(4500, 2)] = f64::INFINITY;
    a[(4500, 1)] = f64::NEG_INFINITY;
    for data in [&a as &dyn DataMatrix, &sparse(&a)] {
        assert_eq!(first_non_finite(data), Some((4500, 1, f64::NEG_INFINITY)));
    }
    let largest = DMatrix::from_element(100, 2, f64::MAX);
    assert_eq!(first_non_finite(&largest), None);
}

#[test]
#[should_panic(expected = "shape mismatch in A x: a 3×2 map cannot act on a 3×1 matrix")]
fn shapes_that_do_not_fit_panic_with_both() {
    let _ = multiply(&DMatrix::zeros(3, 2), &DVector::zeros(3));
}

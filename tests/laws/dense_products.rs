use nalgebra::DMatrix;
use proofsketch::linalg::{
    Error, add_product, adjoint_product, gram, product, solve_upper_triangular,
    solve_upper_triangular_transpose,
};
use proptest::prelude::*;

use crate::common::{seed, with_thread_counts};
use crate::matrices::uniform;

/// Integers small enough that every product and sum is exact in any order.
fn integers(nrows: usize, ncols: usize, key: u64) -> DMatrix<f64> {
    uniform(nrows, ncols, seed().named("integers").indexed(key)).map(|value| (value * 100.0).round())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn products_of_integers_are_exact(m in 0_usize..300, k in 0_usize..90, n in 0_usize..200, key in any::<u64>()) {
        let (a, b) = (integers(m, k, key), integers(k, n, key ^ 1));
        prop_assert_eq!(product(&a, &b), &a * &b);
        prop_assert_eq!(adjoint_product(&a, &integers(m, n, key ^ 2)), a.tr_mul(&integers(m, n, key ^ 2)));
        prop_assert_eq!(gram(&a), a.tr_mul(&a));
        let mut out = integers(m, n, key ^ 3);
        let expected = &out + (&a * &b) * -2.0;
        add_product(&mut out, -2.0, &a, &b);
        prop_assert_eq!(out, expected);
    }

    #[test]
    fn triangular_solves_invert_triangular_products(d in 0_usize..70, key in any::<u64>()) {
        // Unit diagonal and small entries above: well conditioned, and below the diagonal nothing is read.
        let r = uniform(d, d, seed().named("r").indexed(key)) / (d as f64 + 1.0) + DMatrix::identity(d, d);
        let x = uniform(d, 3, seed().named("x").indexed(key));
        let upper = r.upper_triangle();
        prop_assert!((solve_upper_triangular(&r, &(&upper * &x)).unwrap() - &x).norm() < 1e-13 * (1.0 + d as f64));
        let back = solve_upper_triangular_transpose(&r, &(upper.tr_mul(&x))).unwrap();
        prop_assert!((back - &x).norm() < 1e-13 * (1.0 + d as f64));
    }
}

#[test]
fn tall_sums_over_panels_are_exact_on_integers() {
    let (a, b) = (integers(20_011, 13, 1), integers(20_011, 3, 2));
    assert_eq!(gram(&a), a.tr_mul(&a));
    assert_eq!(adjoint_product(&a, &b), a.tr_mul(&b));
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let (a, b) = (uniform(9000, 150, seed()), uniform(150, 170, seed().named("b")));
    let runs = with_thread_counts(|| (product(&a, &b), gram(&a), adjoint_product(&a, &a)));
    assert!(runs.iter().all(|run| *run == runs[0]));
}

#[test]
fn a_zero_on_the_diagonal_is_singular() {
    let mut r = DMatrix::<f64>::identity(4, 4);
    r[(2, 2)] = 0.0;
    let b = DMatrix::zeros(4, 1);
    assert_eq!(solve_upper_triangular(&r, &b), Err(Error::Singular { column: 2, ncols: 4 }));
    assert_eq!(solve_upper_triangular_transpose(&r, &b), Err(Error::Singular { column: 2, ncols: 4 }));
}

#[test]
#[should_panic(expected = "shape mismatch in A B: a 2×3 map cannot act on a 4×5 matrix")]
fn shapes_that_do_not_fit_panic_with_both() {
    let _ = product(&DMatrix::zeros(2, 3), &DMatrix::zeros(4, 5));
}

use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{Error, Qr};
use proptest::prelude::*;

use crate::common::{seed, with_thread_counts};
use crate::matrices::{columnwise_error, conditioned, departure_from_orthonormal, hard, uniform};

#[test]
fn factors_are_orthonormal_and_triangular_and_give_a_back() {
    for (name, a) in hard() {
        let qr = Qr::new(&a).unwrap();
        let (q, r) = (qr.q(), qr.r());
        let size = a.nrows().min(a.ncols());
        assert_eq!((q.shape(), r.shape()), ((a.nrows(), size), (size, a.ncols())), "{name}");
        assert!(departure_from_orthonormal(&q) < 1e-13, "{name}: {}", departure_from_orthonormal(&q));
        assert_eq!(r, r.upper_triangle(), "{name}");
        // Householder QR is backward stable column by column, whatever the scale of each.
        let error = columnwise_error(&(&q * &r), &a);
        assert!(error < 2e-14, "{name}: {error}");
    }
}

/// A column whose part outside the others is far below 16 n ε of its norm is data, not rounding.
#[test]
fn no_column_of_a_tall_matrix_is_dropped() {
    let n = 100_000;
    let mut a = uniform(n, 3, seed().named("nearly dependent"));
    let outside = a.column(2) * 1e-11;
    let third = a.column(0) + a.column(1) + outside;
    a.set_column(2, &third);
    let x = DVector::from_vec(vec![1.0, -2.0, 3.0]);
    let solution = Qr::new(&a).unwrap().solve_least_squares_vector(&(&a * &x)).unwrap();
    assert!((solution - &x).norm() < 1e-3, "condition 1e11 leaves four digits at the least");
}

#[test]
fn the_residual_is_orthogonal_to_the_columns() {
    for condition in [1.0, 1e4, 1e10] {
        let key = seed().named("residual");
        let a = conditioned(4000, 25, condition, key);
        let b = uniform(4000, 3, key.named("b"));
        let x = Qr::new(&a).unwrap().solve_least_squares(&b).unwrap();
        let residual = &b - &a * &x;
        let gradient = a.tr_mul(&residual).norm();
        assert!(gradient < 1e-13 * (b.norm() + x.norm()), "condition {condition}: {gradient}");
    }
}

#[test]
fn agrees_with_nalgebra_up_to_signs() {
    let a = uniform(30, 8, seed().named("nalgebra"));
    let (ours, theirs) = (Qr::new(&a).unwrap().r(), a.clone().qr().r());
    let signs = DMatrix::from_diagonal(&DVector::from_fn(8, |j, _| (ours[(j, j)] * theirs[(j, j)]).signum()));
    assert!((signs * ours - theirs).norm() < 1e-13);
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let a = uniform(9001, 150, seed().named("threads"));
    let b = uniform(9001, 2, seed().named("threads b"));
    let runs = with_thread_counts(|| {
        let qr = Qr::new(&a).unwrap();
        (qr.r(), qr.q(), qr.solve_least_squares(&b).unwrap())
    });
    assert!(runs.iter().all(|run| *run == runs[0]));
}

#[test]
fn says_where_the_first_bad_entry_is() {
    let mut a = uniform(9000, 4, seed());
    a[(8000, 1)] = f64::NAN;
    a[(7000, 2)] = f64::NEG_INFINITY;
    let error = Qr::new(&a).unwrap_err();
    assert_eq!(error, Error::NotFinite { row: 7000, column: 2, value: f64::NEG_INFINITY });
    assert_eq!(error.to_string(), "entry (7000, 2) is -inf: every entry must be finite");
}

#[test]
fn says_why_there_is_no_unique_solution() {
    let wide = Qr::new(&uniform(2, 3, seed())).unwrap();
    let b = DMatrix::zeros(2, 1);
    assert_eq!(wide.solve_least_squares(&b), Err(Error::Underdetermined { nrows: 2, ncols: 3 }));
    let zero_column = DMatrix::from_row_slice(3, 2, &[1.0, 0.0, 2.0, 0.0, 3.0, 0.0]);
    let solution = Qr::new(&zero_column).unwrap().solve_least_squares(&DMatrix::zeros(3, 1));
    assert_eq!(solution, Err(Error::Singular { column: 1, ncols: 2 }));
}

#[test]
#[should_panic(expected = "shape mismatch in Qᵀ B: a 2×5 map cannot act on a 4×1 matrix")]
fn a_right_hand_side_of_another_length_panics_with_both_shapes() {
    let _ = Qr::new(&uniform(5, 2, seed())).unwrap().apply_q_transpose(&DMatrix::zeros(4, 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn q_and_its_transpose_are_the_dense_products(n in 1_usize..90, d in 1_usize..50, seed_value in any::<u64>()) {
        let key = proofsketch::random::StreamKey::from_seed(seed_value);
        let qr = Qr::new(&uniform(n, d, key)).unwrap();
        let (q, b, c) = (qr.q(), uniform(n, 2, key.named("b")), uniform(n.min(d), 2, key.named("c")));
        prop_assert!((qr.apply_q_transpose(&b) - q.tr_mul(&b)).norm() < 1e-13);
        prop_assert!((qr.apply_q(&c) - &q * &c).norm() < 1e-13);
    }
}

use nalgebra::DMatrix;
use proofsketch::linalg::{Error, PivotedQr, Svd};

use crate::common::{seed, with_thread_counts};
use crate::matrices::{columnwise_error, departure_from_orthonormal, hard, uniform};

#[test]
fn factors_give_the_permuted_matrix_back_with_descending_pivots() {
    for (name, a) in hard() {
        let pivoted = PivotedQr::new(&a).unwrap();
        let (q, r) = (pivoted.q(), pivoted.r());
        assert!(departure_from_orthonormal(&q) < 1e-13, "{name}");
        assert_eq!(r, r.upper_triangle(), "{name}");
        let permuted = a.select_columns(pivoted.permutation());
        let mut sorted = pivoted.permutation().to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..a.ncols()).collect::<Vec<_>>(), "{name}");
        let error = columnwise_error(&(&q * &r), &permuted);
        assert!(error < 2e-14, "{name}: {error}");
        let pivots: Vec<f64> = (0..r.nrows()).map(|j| r[(j, j)].abs()).collect();
        assert!(pivots.windows(2).all(|pair| pair[1] <= pair[0] * (1.0 + 1e-7)), "{name}: {pivots:?}");
    }
}

#[test]
fn rank_counts_the_independent_columns() {
    let expected =
        [("zero", 0), ("one entry", 1), ("no columns", 0), ("no rows", 0), ("wide", 5), ("panels", 33)];
    let more =
        [("rank 5 of 12", 5), ("repeated columns", 2), ("identity below zeros", 4), ("condition 1e10", 20)];
    let matrices = hard();
    for (name, rank) in expected.into_iter().chain(more) {
        let (_, a) = matrices.iter().find(|(other, _)| *other == name).unwrap();
        let pivoted = PivotedQr::new(a).unwrap();
        assert_eq!(pivoted.rank(pivoted.default_tolerance()), rank, "{name}");
    }
}

/// The pseudoinverse from an SVD gives the one minimiser of least norm.
#[test]
fn the_minimum_norm_solution_is_the_pseudoinverse_applied() {
    let key = seed().named("minimum norm");
    for (n, d, rank) in
        [(300, 12, 5), (8, 20, 8), (8, 20, 3), (40, 40, 39), (9000, 10, 10), (5, 5, 0), (6, 1, 1)]
    {
        let a = uniform(n, rank, key.indexed(1)) * uniform(rank, d, key.indexed(2));
        let b = uniform(n, 2, key.indexed(3));
        let pivoted = PivotedQr::new(&a).unwrap();
        let tolerance = 1e-12;
        let x = pivoted.minimum_norm_solution(&b, tolerance).unwrap();
        let svd = Svd::new(&a).unwrap();
        let kept = svd.singular_values.iter().take_while(|s| **s > 1e-12 * svd.singular_values[0]).count();
        let inverted =
            DMatrix::from_fn(kept, kept, |i, j| if i == j { 1.0 / svd.singular_values[i] } else { 0.0 });
        let reference = svd.v.columns(0, kept) * inverted * svd.u.columns(0, kept).tr_mul(&b);
        assert!((&x - &reference).norm() <= 1e-10 * reference.norm(), "{n}×{d} of rank {rank}");

        let basic = pivoted.basic_solution(&b, tolerance).unwrap();
        let nonzero = basic.column(0).iter().filter(|value| **value != 0.0).count();
        assert!(nonzero <= rank);
        let residuals = ((&a * &basic - &b).norm(), (&a * &x - &b).norm());
        assert!((residuals.0 - residuals.1).abs() <= 1e-10 * b.norm());
        assert!(x.norm() <= basic.norm() * (1.0 + 1e-12));
    }
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let a = uniform(5000, 20, seed().named("low")) * uniform(20, 130, seed().named("rank"));
    let b = uniform(5000, 1, seed().named("threads b"));
    let runs = with_thread_counts(|| {
        let pivoted = PivotedQr::new(&a).unwrap();
        let x = pivoted.minimum_norm_solution(&b, 1e-10).unwrap();
        (pivoted.permutation().to_vec(), pivoted.r(), x)
    });
    assert!(runs.iter().all(|run| *run == runs[0]));
}

#[test]
fn rejects_what_is_not_finite() {
    let a = DMatrix::from_row_slice(2, 2, &[1.0, 2.0, f64::INFINITY, 4.0]);
    let error = PivotedQr::new(&a).unwrap_err();
    assert_eq!(error, Error::NotFinite { row: 1, column: 0, value: f64::INFINITY });
}

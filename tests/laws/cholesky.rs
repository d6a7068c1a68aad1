use nalgebra::DMatrix;
use proofsketch::linalg::{Cholesky, Error, gram};

use crate::common::seed;
use crate::matrices::{conditioned, uniform};

#[test]
fn the_factor_gives_a_back_and_solves() {
    for order in [0, 1, 2, 15, 40, 130] {
        let key = seed().named("cholesky").indexed(order as u64);
        let a = gram(&uniform(3 * order + 1, order, key)) + DMatrix::identity(order, order);
        let cholesky = Cholesky::new(&a).unwrap();
        let l = cholesky.l();
        assert_eq!(l, l.lower_triangle());
        assert!((&l * l.transpose() - &a).norm() <= 1e-15 * order as f64 * a.norm());
        let x = uniform(order, 3, key.named("x"));
        assert!((cholesky.solve(&(&a * &x)) - &x).norm() <= 1e-11 * (1.0 + x.norm()));
        if let Some(theirs) = a.clone().cholesky() {
            assert!((theirs.l() - l).norm() <= 1e-13 * (1.0 + a.norm()));
        }
    }
}

#[test]
fn solves_the_normal_equations_at_the_ends_of_the_range() {
    for scale in [1e-150, 1e150] {
        let a = conditioned(50, 8, 100.0, seed().named("range")) * scale;
        let x = Cholesky::new(&gram(&a)).unwrap().solve(&(a.tr_mul(&a)));
        assert!((x - DMatrix::identity(8, 8)).norm() < 1e-10, "{scale}");
    }
}

#[test]
fn names_the_pivot_that_is_not_positive() {
    for (order, pivot) in [(1, 0), (5, 3), (100, 77), (200, 0)] {
        let mut a = DMatrix::<f64>::identity(order, order);
        a[(pivot, pivot)] = -1.0;
        assert_eq!(Cholesky::new(&a).unwrap_err(), Error::NotPositiveDefinite { pivot, order });
    }
    // Semidefinite of rank 1, in integers: the second pivot is an exact zero.
    let ones = DMatrix::from_element(3, 3, 1.0);
    assert_eq!(Cholesky::new(&ones).unwrap_err(), Error::NotPositiveDefinite { pivot: 1, order: 3 });
}

#[test]
fn rejects_other_shapes_and_what_is_not_finite() {
    let error = Cholesky::new(&DMatrix::zeros(2, 3)).unwrap_err();
    assert_eq!(error, Error::NotSquare { nrows: 2, ncols: 3 });
    let mut a = DMatrix::identity(3, 3);
    a[(2, 1)] = f64::INFINITY;
    assert_eq!(Cholesky::new(&a).unwrap_err(), Error::NotFinite { row: 2, column: 1, value: f64::INFINITY });
}

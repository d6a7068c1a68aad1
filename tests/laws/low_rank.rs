use nalgebra::{DMatrix, DVector};
use proofsketch::linalg::{
    DataOperator, LinearOperator, Svd, frobenius_norm, low_rank_svd, range_basis, spectral_norm,
};

use crate::common::seed;
use crate::matrices::{conditioned, departure_from_orthonormal, uniform};

#[test]
fn a_matrix_of_low_rank_is_found_exactly() {
    let key = seed().named("low rank");
    let a = uniform(3000, 6, key.indexed(0)) * uniform(6, 80, key.indexed(1));
    let map = DataOperator(&a);
    let sample = map.apply(&uniform(80, 6, key.indexed(2)));
    let basis = range_basis(&map, &sample, 0).unwrap();
    assert!(departure_from_orthonormal(&basis) < 1e-13);
    let svd = low_rank_svd(&map, &basis, 6).unwrap();
    assert!(departure_from_orthonormal(&svd.u) < 1e-13 && departure_from_orthonormal(&svd.v) < 1e-13);
    assert!((svd.reconstruct() - &a).norm() < 1e-11 * a.norm());
    let full = Svd::new(&a).unwrap().singular_values;
    assert!((svd.singular_values - full.rows(0, 6)).norm() < 1e-12 * full[0]);
}

/// No rank-k matrix is nearer than the truncated SVD, and power iterations come near it.
#[test]
fn power_iterations_approach_the_best_approximation() {
    let key = seed().named("power");
    let a = conditioned(400, 60, 1e3, key);
    let best: f64 = Svd::new(&a).unwrap().singular_values.rows_range(10..).norm();
    let sample = &a * uniform(60, 15, key.named("omega"));
    let error = |power| {
        let basis = range_basis(&a, &sample, power).unwrap();
        (low_rank_svd(&a, &basis, 10).unwrap().reconstruct() - &a).norm()
    };
    let errors = [error(0), error(1), error(3)];
    assert!(errors.iter().all(|error| *error >= best * (1.0 - 1e-12)), "{errors:?} against {best}");
    assert!(errors[2] <= errors[0] && errors[2] <= 1.01 * best, "{errors:?} against {best}");
}

#[test]
fn the_spectral_norm_is_bounded_from_below_and_reached() {
    let a = conditioned(300, 25, 1e6, seed().named("spectral")) * 7.0;
    let start = uniform(25, 1, seed().named("start")).column(0).into_owned();
    let few = spectral_norm(&a, &start, 0.0, 2);
    let many = spectral_norm(&a, &start, 1e-14, 1000);
    assert_eq!(few.iterations, 2);
    assert!(few.lower_bound <= many.lower_bound);
    assert!(many.converged && (many.lower_bound - 7.0).abs() < 1e-10);
    assert!(many.lower_bound <= frobenius_norm(&a));
    let zero = spectral_norm(&DMatrix::zeros(3, 2), &DVector::from_element(2, 1.0), 1e-10, 10);
    assert!(zero.converged && zero.lower_bound == 0.0);
}

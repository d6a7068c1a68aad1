//! The randomized SVD: right on what has low rank, near optimal on what has not, the same for any number of threads.

use nalgebra::DMatrix;
use nalgebra_sparse::CsrMatrix;
use proofsketch::linalg::Svd;
use proofsketch::sketch::{RandomizedSvd, SketchFamily, randomized_svd};

use crate::common::{seed, with_thread_counts};
use crate::sketch_suite::integers;

fn reconstruction(svd: &Svd) -> DMatrix<f64> {
    &svd.u * DMatrix::from_diagonal(&svd.singular_values) * svd.v.transpose()
}

#[test]
fn a_matrix_of_low_rank_is_recovered() {
    let a = integers(120, 5) * integers(5, 90);
    for name in ["gaussian", "srht", "sparse-sign:4", "sign"] {
        let sketch: SketchFamily = name.parse().unwrap();
        let settings = RandomizedSvd { sketch, power_iterations: 0, ..RandomizedSvd::of_rank(5) };
        let svd = randomized_svd(&a, &settings, seed().named(name)).unwrap();
        assert!((reconstruction(&svd) - &a).norm() < 1e-11 * a.norm(), "{name}");
        let sparse = randomized_svd(&CsrMatrix::from(&a), &settings, seed().named(name)).unwrap();
        assert!((reconstruction(&sparse) - &a).norm() < 1e-11 * a.norm(), "{name}, sparse");
    }
}

#[test]
fn the_error_is_near_the_best_possible() {
    let full = Svd::new(&integers(200, 150)).unwrap();
    let decaying = nalgebra::DVector::from_fn(150, |i, _| 0.8_f64.powi(i as i32));
    let a = &full.u * DMatrix::from_diagonal(&decaying) * full.v.transpose();
    let svd = randomized_svd(&a, &RandomizedSvd::of_rank(20), seed()).unwrap();
    let best = decaying.rows(20, 130).norm();
    let error = (reconstruction(&svd) - &a).norm();
    assert!(error >= best * (1.0 - 1e-9) && error < 1.01 * best, "{error:e} against {best:e}");
    assert!((svd.singular_values - decaying.rows(0, 20)).amax() < 1e-4);
}

#[test]
fn the_bits_do_not_depend_on_threads() {
    let a = integers(300, 200);
    let answers = with_thread_counts(|| randomized_svd(&a, &RandomizedSvd::of_rank(12), seed()).unwrap());
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
}

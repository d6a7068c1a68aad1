use nalgebra::DMatrix;
use proofsketch::linalg::{Error, Svd};

use crate::common::{seed, with_thread_counts};
use crate::matrices::{conditioned, departure_from_orthonormal, hard, uniform};

#[test]
fn factors_are_orthonormal_and_give_a_back() {
    for (name, a) in hard() {
        let svd = Svd::new(&a).unwrap();
        let size = a.nrows().min(a.ncols());
        assert_eq!((svd.u.shape(), svd.v.shape()), ((a.nrows(), size), (a.ncols(), size)), "{name}");
        assert!(departure_from_orthonormal(&svd.u) < 2e-13, "{name}");
        assert!(departure_from_orthonormal(&svd.v) < 2e-13, "{name}");
        let values = svd.singular_values.as_slice();
        assert!(values.iter().all(|value| *value >= 0.0), "{name}");
        assert!(values.windows(2).all(|pair| pair[0] >= pair[1]), "{name}");
        let scale = a.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
        if scale > 0.0 {
            let error = (svd.reconstruct() / scale - &a / scale).norm() / (&a / scale).norm();
            assert!(error < 1e-13, "{name}: {error}");
        }
    }
}

#[test]
fn singular_values_are_the_planted_ones() {
    let a = conditioned(2500, 20, 1e10, seed().named("planted"));
    let values = Svd::new(&a).unwrap().singular_values;
    for (j, value) in values.iter().enumerate() {
        let planted = 1e10_f64.powf(-(j as f64) / 19.0);
        assert!((value - planted).abs() < 1e-14, "σ{j}: {value} for {planted}");
    }
}

#[test]
fn agrees_with_nalgebra() {
    let a = uniform(12, 7, seed().named("nalgebra"));
    let ours = Svd::new(&a).unwrap().singular_values;
    assert!((ours - a.singular_values()).norm() < 1e-13);
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let a = uniform(5000, 140, seed().named("threads"));
    let runs = with_thread_counts(|| Svd::new(&a).unwrap());
    assert!(runs.iter().all(|run| *run == runs[0]));
}

#[test]
fn rejects_what_is_not_finite() {
    let error = Svd::new(&DMatrix::from_element(1, 1, f64::NEG_INFINITY)).unwrap_err();
    assert_eq!(error, Error::NotFinite { row: 0, column: 0, value: f64::NEG_INFINITY });
}

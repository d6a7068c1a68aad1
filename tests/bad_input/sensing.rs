//! Sensing problems, maps, truths and corruptions that have no answer, and which error says so.

use nalgebra::{DMatrix, DVector, dmatrix, dvector};
use proofsketch::random::StreamKey;
use proofsketch::sensing::{
    Corruption, DenseGaussian, Error, ExplicitMeasurements, Identity, LowRankTruth, MatrixSensing,
    MeasurementMap, OutlierLaw, PackedGaussian, RankOne, SketchMeasurements, sign, with_gaussian_noise,
};
use proofsketch::sketch::{Gaussian, SketchDistribution};

fn key() -> StreamKey {
    StreamKey::from_seed(1)
}

#[test]
fn measurements_that_make_no_problem() {
    let map = PackedGaussian::draw(3, 4, key()).unwrap();
    let refusal = |y: DVector<f64>| MatrixSensing::new(&map, &y).unwrap_err();
    assert_eq!(refusal(dvector![1.0, 2.0]), Error::Length { measurements: 4, entries: 2 });
    assert_eq!(refusal(DVector::zeros(0)), Error::Length { measurements: 4, entries: 0 });
    let refused = refusal(dvector![1.0, f64::NEG_INFINITY, f64::NAN, 0.0]);
    assert_eq!(refused, Error::NotFinite { index: 1, value: f64::NEG_INFINITY });
    let message = "measurement 1 (counted from 0) is -inf: every measurement must be finite";
    assert_eq!(refused.to_string(), message);
    assert!(matches!(refusal(dvector![0.0, 0.0, 0.0, f64::NAN]), Error::NotFinite { index: 3, .. }));
}

/// A map that somebody else wrote, without rows.
#[derive(Debug)]
struct Nothing((usize, usize), usize);

impl MeasurementMap for Nothing {
    fn shape(&self) -> (usize, usize) {
        self.0
    }

    fn measurements(&self) -> usize {
        self.1
    }

    fn is_symmetric(&self) -> bool {
        false
    }

    fn matrix(&self, _: usize) -> DMatrix<f64> {
        DMatrix::zeros(self.0.0, self.0.1)
    }

    fn apply(&self, _: &DMatrix<f64>) -> DVector<f64> {
        DVector::zeros(self.1)
    }

    fn adjoint(&self, _: &DVector<f64>) -> DMatrix<f64> {
        DMatrix::zeros(self.0.0, self.0.1)
    }
}

#[test]
fn empty_maps() {
    let empty = |nrows, ncols| Error::Empty { nrows, ncols };
    assert_eq!(MatrixSensing::new(&Nothing((0, 3), 2), &DVector::zeros(2)).unwrap_err(), empty(0, 3));
    let none = Error::NoMeasurements { nrows: 2, ncols: 3 };
    assert_eq!(MatrixSensing::new(&Nothing((2, 3), 0), &DVector::zeros(0)).unwrap_err(), none);
    assert_eq!(PackedGaussian::draw(0, 4, key()).unwrap_err(), empty(0, 0));
    assert_eq!(DenseGaussian::draw((2, 0), 4, key()).unwrap_err(), empty(2, 0));
    assert_eq!(DenseGaussian::draw((2, 3), 0, key()).unwrap_err(), none);
    assert_eq!(RankOne::draw((0, 3), 1, key()).unwrap_err(), empty(0, 3));
    assert_eq!(
        RankOne::draw_symmetric(2, 0, key()).unwrap_err(),
        Error::NoMeasurements { nrows: 2, ncols: 2 }
    );
    assert_eq!(Identity::new((3, 0)).unwrap_err(), empty(3, 0));
    assert_eq!(Identity::symmetric(0).unwrap_err(), empty(0, 0));
    assert_eq!(ExplicitMeasurements::new(&[]).unwrap_err(), empty(0, 0));
}

#[test]
fn maps_that_no_memory_holds() {
    let huge = usize::MAX / 2;
    assert!(matches!(PackedGaussian::draw(huge, 3, key()), Err(Error::TooLarge { measurements: 3, .. })));
    let refused = DenseGaussian::draw((1 << 30, 1 << 30), 1 << 20, key()).unwrap_err();
    let expected = "1048576 measurement matrices of 1152921504606846976 entries each do not fit into memory";
    assert_eq!(refused.to_string(), expected);
    assert!(matches!(RankOne::draw((huge, 1), 3, key()), Err(Error::TooLarge { .. })));
    assert!(matches!(Identity::new((huge, 5)), Err(Error::TooLarge { .. })));
}

#[test]
fn given_matrices() {
    let (a, wide) = (dmatrix![1.0, 2.0; 3.0, 4.0], DMatrix::zeros(2, 3));
    let refused = ExplicitMeasurements::new(&[a.clone(), wide]).unwrap_err();
    assert_eq!(refused.to_string(), "a measurement matrix is 2×3, need 2×2");
    let flawed = dmatrix![1.0, f64::NAN; 3.0, 4.0];
    let refused = ExplicitMeasurements::new(&[a, flawed]).unwrap_err();
    assert!(matches!(refused, Error::MatrixNotFinite { row: 0, column: 1, .. }));
}

#[test]
fn sketches_of_another_length() {
    let sketch = |n| Gaussian::new(5, n).unwrap().sample(key());
    assert!(SketchMeasurements::new((2, 3), sketch(6)).is_ok());
    let refused = SketchMeasurements::new((2, 3), sketch(7)).unwrap_err();
    assert_eq!(refused, Error::Shape { what: "the sketch", found: (5, 7), needed: (5, 6) });
    assert!(SketchMeasurements::symmetric(3, sketch(6)).is_ok());
    let refused = SketchMeasurements::symmetric(3, sketch(9)).unwrap_err();
    assert_eq!(refused.to_string(), "the sketch is 5×9, need 5×6");
}

#[test]
fn spectra() {
    let rank = |rank| Error::Rank { rank, nrows: 3, ncols: 3 };
    assert_eq!(LowRankTruth::psd(3, &[], key()).unwrap_err(), rank(0));
    assert_eq!(LowRankTruth::psd(3, &[1.0; 4], key()).unwrap_err(), rank(4));
    let wide = LowRankTruth::rectangular((5, 2), &[1.0; 3], key());
    assert_eq!(wide.unwrap_err(), Error::Rank { rank: 3, nrows: 5, ncols: 2 });
    for (spectrum, flaw) in
        [([1.0, 2.0], 2.0), ([1.0, 0.0], 0.0), ([-1.0, -2.0], -1.0), ([f64::INFINITY, 1.0], f64::INFINITY)]
    {
        let refused = LowRankTruth::psd(3, &spectrum, key()).unwrap_err();
        assert!(matches!(refused, Error::Setting { value, .. } if value == flaw), "{spectrum:?}: {refused}");
    }
    assert!(matches!(LowRankTruth::psd(3, &[f64::NAN], key()), Err(Error::Setting { .. })));
    let truth = LowRankTruth::psd(3, &[1.0], key()).unwrap();
    let refused = truth.operator_error(&DMatrix::from_element(3, 3, f64::NAN)).unwrap_err();
    assert!(matches!(refused, Error::MatrixNotFinite { row: 0, column: 0, .. }));
}

#[test]
fn corruptions() {
    let y = dvector![1.0, 2.0];
    let law = OutlierLaw::Cauchy { scale: 1.0 };
    for fraction in [-0.1, 1.1, f64::NAN] {
        let refused = Corruption { fraction, law }.added_to(&y, key()).unwrap_err();
        assert!(refused.to_string().starts_with("the fraction of outliers"), "{refused}");
        assert!(Corruption { fraction, law }.support(2, key()).is_err());
    }
    for size in [-1.0, f64::NAN, f64::INFINITY] {
        for law in [
            OutlierLaw::Normal { deviation: size },
            OutlierLaw::Uniform { bound: size },
            OutlierLaw::Fixed { magnitude: size },
            OutlierLaw::Cauchy { scale: size },
        ] {
            let refused = Corruption { fraction: 0.5, law }.added_to(&y, key()).unwrap_err();
            assert!(matches!(refused, Error::Setting { name: "the size of outliers", .. }), "{law:?}");
        }
        let refused = with_gaussian_noise(&y, size, key()).unwrap_err();
        assert!(matches!(refused, Error::Setting { name: "the deviation of the noise", .. }));
    }
}

/// An outlier near the end of the range of `f64` stays a number: a sum that would overflow is an error of the problem.
#[test]
fn outliers_beyond_the_range_of_numbers_are_found_by_the_problem() {
    let map = PackedGaussian::draw(2, 3, key()).unwrap();
    let corruption = Corruption { fraction: 1.0, law: OutlierLaw::Normal { deviation: f64::MAX } };
    let y = corruption.added_to(&dvector![0.0, 0.0, 0.0], key()).unwrap();
    let outcome = MatrixSensing::new(&map, &y);
    assert_eq!(outcome.is_err(), y.iter().any(|value| !value.is_finite()));
}

#[test]
fn the_smallest_problem() {
    let map = PackedGaussian::draw(1, 1, key()).unwrap();
    let x = dmatrix![2.0];
    let y = map.apply(&x);
    assert!(MatrixSensing::new(&map, &y).is_ok());
    assert_eq!(map.fused(&x, &y, &sign).gradient, dmatrix![0.0]);
}

#[test]
#[should_panic(expected = "shape mismatch in 𝒜(X): the map measures 3×3 matrices, X is 3×2")]
fn a_matrix_of_another_shape_panics() {
    let _ = PackedGaussian::draw(3, 4, key()).unwrap().apply(&DMatrix::zeros(3, 2));
}

#[test]
#[should_panic(expected = "shape mismatch: the map makes 4 measurements, the vector has 5 entries")]
fn a_vector_of_another_length_panics() {
    let _ = DenseGaussian::draw((3, 2), 4, key()).unwrap().adjoint(&DVector::zeros(5));
}
